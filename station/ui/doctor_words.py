"""What the connection doctor found in words: one line for each step, and for what is wrong one sentence of remedy.

Knows no widget. Whoever stands before the computer must be able to do what the remedy says, or knows whom to call.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from station.domain.doctor import Examination, Finding, Remedy, State, Step
from station.domain.mark import N_
from station.i18n import _
from station.ui import format as shown
from station.ui.sentences.doctor import REMEDIES

_TONES = {State.OK: "ok", State.WARNING: "warn", State.FAILED: "bad", State.NOT_REACHED: "off"}
_STEPS: dict[Step, str] = {
    Step.ADAPTER: N_("Network adapter"),
    Step.PROXY_NAME: N_("Name of the proxy"),
    Step.PROXY_PORT: N_("Port of the proxy"),
    Step.NAME: N_("Name of central"),
    Step.PORT: N_("Port of central"),
    Step.CERTIFICATE: N_("Certificate"),
    Step.CENTRAL: N_("Really central"),
    Step.STATION: N_("Station known"),
    Step.CLOCK: N_("Clock correct"),
}
_GOOD: dict[Step, str] = {
    Step.ADAPTER: N_("Network adapter active ({kind})"),
    Step.PROXY_NAME: N_("Proxy found ({ms} ms)"),
    Step.PROXY_PORT: N_("Proxy answers at port {port} ({ms} ms)"),
    Step.NAME: N_("Central found by name (DNS {ms} ms)"),
    Step.PORT: N_("Connected to port {port} ({ms} ms)"),
    Step.CERTIFICATE: N_("Certificate trusted, good until {until}"),
    Step.CENTRAL: N_("It is really central ({ms} ms)"),
    Step.STATION: N_("Central knows this station"),
    Step.CLOCK: N_("Clock correct"),
}
_KINDS = {
    "ethernet": N_("cable"),
    "wifi": N_("Wi-Fi"),
    "cellular": N_("cellular"),
    "tunnel": N_("tunnel"),
    "other": N_("other"),
}


def tone(finding: Finding) -> str:
    return _TONES[finding.state]


def step_name(step: Step) -> str:
    """The step in two or three words."""
    return _(_STEPS[step])


def line(finding: Finding) -> str:
    """What was found at this step, in one line."""
    if finding.state is State.NOT_REACHED:
        return step_name(finding.step)
    if finding.remedy is not Remedy.NONE:
        return _filled(_(REMEDIES[finding.remedy][0]), finding)
    return _good(finding)


def remedy(finding: Finding) -> str:
    """What to do, in one sentence, with central's own words behind it; '' when nothing is wrong."""
    if finding.remedy is Remedy.NONE:
        return ""
    todo = _filled(_(REMEDIES[finding.remedy][1]), finding)
    message = str(finding.facts.get("message", ""))
    said = _("Central writes: {note}").format(note=message) if message else ""
    return f"{todo} {said}".strip()


def examined(found: Examination, now: datetime) -> str:
    """When it was."""
    return _("Examined {time}").format(time=shown.when(found.at, now))


def _good(finding: Finding) -> str:
    facts = finding.facts
    kind = str(facts.get("kind", ""))
    if finding.step is Step.ADAPTER and finding.state is State.WARNING:
        return _("The system shows no active network adapter, and the network works")
    if finding.step is Step.ADAPTER and kind not in _KINDS:
        return _("Central is on this very computer") if kind == "loopback" else _("Network adapter not examined")
    if finding.step in (Step.NAME, Step.PROXY_NAME) and "ms" not in facts:
        return _("No name to look up ({host})").format(host=facts.get("host", ""))
    if finding.step is Step.PORT and "via" in facts:
        return _("Connected through the proxy ({ms} ms)").format(ms=facts.get("ms", "?"))
    if finding.step is Step.CERTIFICATE and facts.get("plain"):
        return _("No certificate needed on this computer")
    return _filled(_(_GOOD[finding.step]), finding)


def _filled(text: str, finding: Finding) -> str:
    """`text` with the measured facts as people read them; what was not measured is a question mark."""
    facts: defaultdict[str, object] = defaultdict(lambda: "?", finding.facts)
    for name in ("from", "until"):
        if moment := _moment(finding, name):
            facts[name] = shown.day(moment)
    off_s = float(finding.facts.get("off_s", 0) or 0)
    facts["off"] = shown.span(timedelta(seconds=abs(off_s)))
    facts["direction"] = _("behind") if off_s > 0 else _("ahead")
    facts["kind"] = _(_KINDS.get(str(finding.facts.get("kind", "")), "?"))
    facts["until_text"] = _until(finding)
    return text.format_map(facts)


def _until(finding: Finding) -> str:
    moment = _moment(finding, "until")
    if moment is not None:
        return ", " + _("until {time}").format(time=f"{shown.day(moment)} {shown.clock(moment)}")
    again_s = float(finding.facts.get("again_s", 0) or 0)
    return ", " + _("about {span}").format(span=shown.span(timedelta(seconds=again_s))) if again_s else ""


def _moment(finding: Finding, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(finding.facts[name]))
    except (KeyError, ValueError):
        return None
