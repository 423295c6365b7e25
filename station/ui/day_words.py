"""The last 24 hours of delivery in words: a summary, and what was at one moment. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.desk.panel import Day
from station.domain.link_day import Way
from station.domain.mark import N_
from station.domain.throughput import BUCKET
from station.i18n import _, ngettext
from station.ui import format as shown

_WAYS = {
    Way.CONNECTED: N_("connected"),
    Way.SLOW: N_("slow"),
    Way.CUT: N_("cut"),
    Way.UNKNOWN: N_("not known"),
}


def way_word(way: Way) -> str:
    """What the link was like, in a word."""
    return _(_WAYS[way])


def summary(day: Day) -> str:
    """`Sent 61 records, 14 MB. Connected for 7 h 20 min.`"""
    sent = ngettext("Sent {n} record, {size}.", "Sent {n} records, {size}.", day.records)
    sent = sent.format(n=shown.thousands(day.records), size=shown.size(day.sent_bytes))
    if not day.sent_bytes:
        sent = _("Nothing was sent.")
    connected = _("Connected for {span}.").format(span=shown.hours(day.connected))
    return f"{sent} {connected}"


def moment(day: Day, at: datetime) -> str:
    """What went in the five minutes around `at`, and what the link was like."""
    way = next((stretch.way for stretch in day.link if stretch.start <= at <= stretch.end), Way.UNKNOWN)
    bucket = next((one for one in day.buckets if one.at <= at < one.at + BUCKET), None)
    parts = [shown.clock(at), way_word(way)]
    if bucket is None or not bucket.bytes:
        parts.append(_("nothing sent"))
        return " · ".join(parts)
    records = ngettext("{n} record", "{n} records", bucket.packets).format(n=bucket.packets)
    parts += [shown.size(bucket.bytes), records]
    if bucket.rate_bps:
        parts.append(_("{rate} while sending").format(rate=shown.rate(bucket.rate_bps)))
    return " · ".join(parts)
