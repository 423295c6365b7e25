"""From what a request came to, to a finding of the doctor. Says the same as delivery would: classify.py has judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlsplit

from station.domain.doctor import Fact, Finding, Remedy, State, Step
from station.domain.errors import TrustError
from station.domain.outcome import Later, Note, Outcome, Trouble
from station.seal.hello import first_hello
from station.sync.classify import judge_failure
from station.sync.client import Answer
from station.sync.doorway import ProxyRefused
from station.wire import JSON_LIMIT_BYTES

_TEXT = 300
_REMEDIES: dict[Trouble, Remedy] = {
    Trouble.OFFLINE: Remedy.BROKEN_OFF,
    Trouble.NAME: Remedy.NAME_UNKNOWN,
    Trouble.RESET: Remedy.BROKEN_OFF,
    Trouble.PROXY: Remedy.BETWEEN,
    Trouble.REFUSED: Remedy.PORT_CLOSED,
    Trouble.TIMEOUT: Remedy.SILENT,
    Trouble.STALLED: Remedy.SILENT,
    Trouble.CERTIFICATE: Remedy.CERTIFICATE_STRANGER,
    Trouble.PORTAL: Remedy.PORTAL,
    Trouble.BUSY: Remedy.BUSY,
    Trouble.MAINTENANCE: Remedy.MAINTENANCE,
    Trouble.SERVER_ERROR: Remedy.SERVER_ERROR,
    Trouble.NO_SPACE: Remedy.NO_SPACE,
    Trouble.UNREADABLE: Remedy.UNREADABLE,
    Trouble.CLOCK: Remedy.CLOCK_OFF,
    Trouble.UNKNOWN_STATION: Remedy.UNKNOWN_STATION,
    Trouble.BAD_SIGNATURE: Remedy.BAD_SIGNATURE,
    Trouble.BLOCKED: Remedy.BLOCKED,
    Trouble.TOO_OLD: Remedy.TOO_OLD,
}


def failed(step: Step, failure: BaseException, facts: Mapping[str, Fact], remedy: Remedy | None = None) -> Finding:
    """A request that came to nothing. `remedy` when the step knows better than the error."""
    trouble = judge_failure(failure).note.trouble
    if isinstance(failure, ProxyRefused):
        facts = {**facts, "status": failure.status}
        remedy = _of_proxy(failure.status)
    return Finding(step, State.FAILED, facts, trouble, remedy or _REMEDIES.get(trouble, Remedy.REFUSED_ODDLY))


def answered(step: Step, outcome: Outcome, answer: Answer, facts: Mapping[str, Fact]) -> Finding:
    """An answer that is no success, with what it says about itself."""
    note = getattr(outcome, "note", None)
    trouble = note.trouble if isinstance(note, Note) else Trouble.MALFORMED
    told = {**facts, **_told(answer), **_until(outcome, answer)}
    state = State.WARNING if trouble in (Trouble.BUSY,) else State.FAILED
    remedy = _REMEDIES.get(trouble, Remedy.REFUSED_ODDLY)
    if trouble is Trouble.PROXY and answer.status == 407:
        remedy = Remedy.PROXY_PASSWORD
    return Finding(step, state, told, trouble, remedy)


def not_central(answer: Answer, facts: Mapping[str, Fact]) -> Finding:
    """Something answered the hello well, and it is not the hello of our central."""
    told = {**facts, **_told(answer)}
    if _is_hello(answer):
        return Finding(Step.CENTRAL, State.FAILED, told, Trouble.PORTAL, Remedy.STRANGER)
    page = answer.body.lstrip()[:1] == b"<" or "html" in answer.headers.get("content-type", "")
    if page:
        return Finding(Step.CENTRAL, State.FAILED, told, Trouble.PORTAL, Remedy.PORTAL)
    return Finding(Step.CENTRAL, State.FAILED, told, Trouble.UNREADABLE, Remedy.UNREADABLE)


def _of_proxy(status: int) -> Remedy:
    if status == 407:
        return Remedy.PROXY_PASSWORD
    return Remedy.PROXY_STRANGE if status == 0 else Remedy.PROXY_REFUSES


def _is_hello(answer: Answer) -> bool:
    """A whole hello, signed by whoever it names: of another central, or of one that pretends."""
    try:
        first_hello(answer.body[:JSON_LIMIT_BYTES].decode("ascii"))
    except (TrustError, UnicodeDecodeError):
        return False
    return True


def _told(answer: Answer) -> dict[str, Fact]:
    """What the answer says about itself; the body of a page is nobody's business."""
    found: dict[str, Fact] = {"status": answer.status}
    if answer.echoed and (body := answer.problem) is not None:
        problem = body.problem.value if body.problem else ""
        texts = {"problem": problem, "message": _line(body.reason or body.message), "min_client": body.min_client}
        return found | {name: text for name, text in texts.items() if text}
    host = _host_in(answer.headers.get("location", "")[:2000])
    media = answer.headers.get("content-type", "").split(";")[0].strip()
    return found | {name: _line(text) for name, text in (("location", host), ("media", media)) if text}


def _host_in(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # a strange network writes what it likes
        return ""


def _until(outcome: Outcome, answer: Answer) -> dict[str, Fact]:
    """Until when central says, or for how long at least."""
    body = answer.problem if answer.echoed else None
    if body is not None and body.until is not None:
        return {"until": body.until.astimezone(UTC).isoformat()}
    if isinstance(outcome, Later) and outcome.floor_s > 0:
        return {"again_s": round(outcome.floor_s)}
    return {}


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_TEXT]
