"""One packet in words: what it is called, what it waits for, whose it is. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.delivery import OutboxItem, Stage
from station.domain.record import RecordKey
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, relay_words, words
from station.ui.labels import Label


def short_key(key: RecordKey) -> str:
    """The end of a record id and the revision: enough to find it in a log, short enough to read aloud."""
    return f"{key.record_id[-8:]}.{key.revision}"


def carried_for(item: OutboxItem) -> str:
    """Whose packet it is that this station only carries: nobody here may know whom it holds."""
    return _("for station {station}").format(station=relay_words.short_id(item.origin))


def queue_state(item: OutboxItem, now: datetime) -> Label:
    """Where a waiting packet is, and when it is tried next; with whom it is when somebody else carries it."""
    if handed := relay_words.of_handed(item):
        return Label(handed, "off")
    if item.next_attempt_at is not None and item.next_attempt_at > now and item.stage is Stage.QUEUED:
        span = shown.span(item.next_attempt_at - now)
        return Label(_("Tries again in {span}").format(span=span), "warn")
    if item.stage is Stage.SENDING and not item.offset:
        return labels.stage(Stage.QUEUED)
    named = labels.delivery_state(item)
    return Label(named.text, "warn") if item.stage is Stage.SENDING else named


def details(item: OutboxItem, now: datetime) -> str:
    """Everything about a packet that a narrow table leaves out, a line each."""
    lines = [
        _("Record {key}").format(key=f"{item.key.record_id}.{item.key.revision}"),
        _("Recorded {time} · {size}").format(time=shown.when(item.sealed_at, now), size=shown.size(item.size)),
    ]
    if item.attempts:
        tried = ngettext("{n} attempt went wrong", "{n} attempts went wrong", item.attempts)
        lines.append(tried.format(n=item.attempts))
    if item.next_attempt_at is not None and item.next_attempt_at > now:
        lines.append(_("Next attempt {time}").format(time=shown.when(item.next_attempt_at, now)))
    if item.last_note is not None and item.stage is not Stage.RECEIPTED:
        lines.append(words.of_note(item.last_note))
    if item.exported_at is not None and item.stage is not Stage.RECEIPTED:
        lines.append(_("Written on a stick {time}").format(time=shown.when(item.exported_at, now)))
    if item.receipt_no:
        lines.append(_("Receipt {number}").format(number=item.receipt_no))
    return "\n".join(lines)
