"""The audit trail in words: each action, what kind it is of, and where damage is. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from station.domain.damage import Damage, Examined, Harm, Neighbour
from station.domain.mark import N_
from station.domain.outcome import Trouble
from station.domain.service import Service
from station.domain.trip import WhyNot
from station.domain.turn import Why
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, queue_words, trip_words, words

_MOST = 20


class Kind(StrEnum):
    """By what somebody narrows the list."""

    ACCESS = "access"
    READ = "read"
    RECORD = "record"
    DECISION = "decision"
    PAPER = "paper"
    DELIVERY = "delivery"
    STATION = "station"


KINDS: Mapping[Kind, str] = {
    Kind.ACCESS: N_("Signing in"),
    Kind.READ: N_("Looking and searching"),
    Kind.RECORD: N_("Recording"),
    Kind.DECISION: N_("Exceptions and second officer"),
    Kind.PAPER: N_("Papers, files and export"),
    Kind.DELIVERY: N_("Sending"),
    Kind.STATION: N_("Officers, keys and station"),
}
ACTIONS: Mapping[str, tuple[Kind, str]] = {
    "sign_in": (Kind.ACCESS, N_("Signed in")),
    "sign_out": (Kind.ACCESS, N_("Signed out")),
    "sign_in_failed": (Kind.ACCESS, N_("Password mistyped before this")),
    "sign_in_refused": (Kind.ACCESS, N_("Was not let in")),
    "unlock": (Kind.ACCESS, N_("Unlocked the screen")),
    "factor_finger": (Kind.ACCESS, N_("Showed the own finger")),
    "factor_refused": (Kind.ACCESS, N_("The finger did not fit")),
    "factor_stand_in": (Kind.ACCESS, N_("A colleague stood in for the finger")),
    "view": (Kind.READ, N_("Opened a record")),
    "draft_open": (Kind.READ, N_("Opened a draft")),
    "image_open": (Kind.READ, N_("Saw a picture of somebody")),
    "document_open": (Kind.READ, N_("Saw a document")),
    "look_up": (Kind.READ, N_("Looked a NIK up")),
    "check_without_application": (Kind.READ, N_("Check without application")),
    "record_search": (Kind.READ, N_("Searched the records")),
    "roster_search": (Kind.READ, N_("Searched the target lists")),
    "audit_read": (Kind.READ, N_("Read the audit trail")),
    "inventory": (Kind.READ, N_("Made the list of what is on this station")),
    "start": (Kind.RECORD, N_("Began a recording")),
    "service": (Kind.RECORD, N_("Chose the service")),
    "paper": (Kind.RECORD, N_("Noted a paper")),
    "ready": (Kind.RECORD, N_("Prepared at the counter")),
    "take": (Kind.RECORD, N_("Called from the waiting room")),
    "out_of_queue": (Kind.RECORD, N_("Recorded somebody without a number while others waited")),
    "confirm": (Kind.RECORD, N_("Confirmed a warning")),
    "assist": (Kind.RECORD, N_("Gave more time")),
    "approve": (Kind.RECORD, N_("The applicant signed")),
    "discard": (Kind.RECORD, N_("Threw captures away")),
    "capture_stopped": (Kind.RECORD, N_("A capture was stopped")),
    "verify": (Kind.RECORD, N_("Verified fingers")),
    "document": (Kind.RECORD, N_("Added or changed a document")),
    "document_removed": (Kind.RECORD, N_("Removed a document")),
    "seal": (Kind.RECORD, N_("Sealed")),
    "withdraw": (Kind.RECORD, N_("Withdrew")),
    "wipe": (Kind.RECORD, N_("Wiped an old draft")),
    "outdated": (Kind.RECORD, N_("Set an older packet aside")),
    "recall": (Kind.RECORD, N_("Recalled")),
    "accept": (Kind.RECORD, N_("Central's receipt came")),
    "reject": (Kind.RECORD, N_("Central refused")),
    "reopen": (Kind.RECORD, N_("Opened again to correct")),
    "correct": (Kind.RECORD, N_("Opened again to correct")),
    "recapture": (Kind.RECORD, N_("Came again")),
    "recapture_stopped": (Kind.RECORD, N_("Coming again was stopped")),
    "return": (Kind.RECORD, N_("Nothing came of the visit")),
    "uninvite": (Kind.RECORD, N_("Is not invited again")),
    "refer": (Kind.RECORD, N_("Sent somebody on")),
    "override": (Kind.DECISION, N_("Went on despite a warning")),
    "exception": (Kind.DECISION, N_("Entered an exception")),
    "exception_approve": (Kind.DECISION, N_("An exception was approved")),
    "exception_revoke": (Kind.DECISION, N_("Took an exception back")),
    "exception_take_over": (Kind.DECISION, N_("Took an exception over")),
    "recapture_vouched": (Kind.DECISION, N_("A colleague vouched for somebody")),
    "call_out_of_turn": (Kind.DECISION, N_("Called somebody before their turn")),
    "call_refused": (Kind.DECISION, N_("Tried to call somebody before their turn, without a reason")),
    "vouch": (Kind.DECISION, N_("Agreed as second officer")),
    "void": (Kind.DECISION, N_("Voided a packet")),
    "print": (Kind.PAPER, N_("Printed or saved a paper")),
    "trip_paper": (Kind.PAPER, N_("Printed or saved a list of a trip")),
    "audit_export": (Kind.PAPER, N_("Saved the audit trail")),
    "inventory_export": (Kind.PAPER, N_("Saved or printed what is on this station")),
    "courier.export": (Kind.DELIVERY, N_("Wrote packets on a stick")),
    "courier.import": (Kind.DELIVERY, N_("Read packets from a stick")),
    "courier.receipts": (Kind.DELIVERY, N_("Wrote receipts on a stick")),
    "courier.refused": (Kind.DELIVERY, N_("A stick was refused")),
    "resend": (Kind.DELIVERY, N_("Had a packet sent again")),
    "retry": (Kind.DELIVERY, N_("Tried a packet again")),
    "roster_import": (Kind.STATION, N_("Took a target list in")),
    "roster_drop": (Kind.STATION, N_("Wiped a target list")),
    "roster_expired": (Kind.STATION, N_("A target list expired")),
    "trip_prepare": (Kind.STATION, N_("Prepared a trip")),
    "trip_close": (Kind.STATION, N_("Closed a trip")),
    "trip_delete": (Kind.STATION, N_("Deleted a trip")),
    "officer_add": (Kind.STATION, N_("Let an officer in")),
    "officer_confirm": (Kind.STATION, N_("Confirmed an officer")),
    "officer_named": (Kind.STATION, N_("Named supervisor with the recovery words or a code")),
    "officer_prints": (Kind.STATION, N_("Kept the own fingers")),
    "officer_role": (Kind.STATION, N_("Changed an officer's role")),
    "officer_until": (Kind.STATION, N_("Changed an officer's last day")),
    "factor_of_all": (Kind.STATION, N_("Set whether everybody shows a finger")),
    "factor_of_one": (Kind.STATION, N_("Set whether an officer shows a finger")),
    "officer_end": (Kind.STATION, N_("Ended an officer's rights")),
    "password_change": (Kind.STATION, N_("Changed the own password")),
    "password_give": (Kind.STATION, N_("Gave an officer a new password")),
    "password_by_words": (Kind.STATION, N_("New password by recovery words")),
    "password_by_code": (Kind.STATION, N_("New password by a code of the Dinas")),
    "recovery_words": (Kind.STATION, N_("Made new recovery words")),
    "database_key": (Kind.STATION, N_("Changed the key of the database")),
    "backup.choose": (Kind.STATION, N_("Chose a medium for backups")),
    "backup.forget": (Kind.STATION, N_("Gave a medium for backups up")),
    "recovered": (Kind.STATION, N_("Recovered a damaged database")),
    "without_backup": (Kind.STATION, N_("Went on without the backup medium")),
    "remove_aside": (Kind.STATION, N_("Removed what was put aside")),
    "purge": (Kind.STATION, N_("Destroyed by the rule of retention")),
    "clock_jump": (Kind.STATION, N_("The clock jumped")),
    "audit_check": (Kind.STATION, N_("Checked the audit trail")),
    "trail_cut": (Kind.STATION, N_("Lines of the audit trail were missing")),
}
"""Every action that is ever written; a test looks for those that are missing here."""
_NOBODY = ("", "station")
_CENTRAL = "central"
_WHY = "why."
DETAILS: Mapping[str, str] = {
    "added": N_("new officer: {value}"),
    "after_power_cut": N_("after a power cut"),
    "again": N_("once more"),
    "ahead": N_("{value} waited before"),
    "agreed_by": N_("agreed: {value}"),
    "area": N_("area {value}"),
    "asked_by": N_("asked by {value}"),
    "before": N_("before: {value}"),
    "bundle": N_("file {value}"),
    "bundles": N_("files {value}"),
    "by": N_("agreed: {value}"),
    "by_s": N_("by {value} seconds"),
    "bytes": "{value}",
    "cause": N_("cause: {value}"),
    "code": N_("code {value}"),
    "codes": N_("codes {value}"),
    "damaged": N_("{value} damaged places"),
    "day": N_("day {value}"),
    "days": N_("untouched for {value} days"),
    "entered_by": N_("entered by {value}"),
    "field": N_("field: {value}"),
    "fingers": N_("{value} fingers"),
    "first": N_("from line {value}"),
    "first_ticket": N_("next was number {value}"),
    "given": N_("for {value}"),
    "keys_changed": N_("central has new keys"),
    "kind": N_("kind: {value}"),
    "last": N_("to line {value}"),
    "lines": N_("{value} lines"),
    "listed": N_("is on a target list"),
    "matched": N_("{value} matched"),
    "media": N_("media {value}"),
    "medium": N_("medium {value}"),
    "number": N_("document no. {value}"),
    "off": N_("while the program was off"),
    "officer": N_("officer: {value}"),
    "on": N_("on"),
    "packets": N_("{value} packets"),
    "pages": N_("{value} pages"),
    "paper": N_("paper: {value}"),
    "parts": N_("{value} parts"),
    "people": N_("{value} people"),
    "put_aside_at": N_("put aside {value}"),
    "reason": N_("reason: {value}"),
    "receipt_no": N_("receipt {value}"),
    "receipts": N_("{value} receipts"),
    "records": N_("{value} records"),
    "referral_no": N_("referral {value}"),
    "refusals": N_("{value} refusals"),
    "refused": N_("{value} refused"),
    "replayed": N_("{value} records found again by their packets"),
    "revision": N_("revision {value}"),
    "role": N_("role: {value}"),
    "score": N_("score {value}"),
    "searches": N_("{value} searches"),
    "seen": N_("paper is: {value}"),
    "service": N_("service: {value}"),
    "since": N_("lost since {value}"),
    "source": N_("out of: {value}"),
    "station": N_("station {value}"),
    "stop": N_("stopped: {value}"),
    "taken": N_("{value} taken"),
    "ticket": N_("number {value}"),
    "times": N_("{value} times"),
    "trail_before": N_("trail before: to line {value}"),
    "trip_id": N_("trip {value}"),
    "trouble": N_("trouble: {value}"),
    "version": N_("version {value}"),
    "village": N_("village {value}"),
    "vouched_by": N_("agreed: {value}"),
    "way": N_("way: {value}"),
    "what": N_("what: {value}"),
    "why": N_("reason: {value}"),
    "words": N_("in own words: {value}"),
    "invited": N_("{value} invited"),
    "present": N_("{value} came"),
    "absent": N_("{value} did not come"),
    "moved": N_("{value} moved"),
    "deceased": N_("{value} deceased"),
    "recorded": N_("{value} recorded"),
    "incomplete": N_("{value} not finished"),
    "not_recorded": N_("{value} not recorded"),
    "walk_ins": N_("{value} came without invitation"),
    "walk_ins_recorded": N_("{value} of these recorded"),
    "walk_ins_incomplete": N_("{value} of these not finished"),
    "walk_ins_not_recorded": N_("{value} of these not recorded"),
    "people_with_record": N_("{value} people with a recording"),
    "referrals": N_("{value} sent on"),
}
"""What each detail is called; a test looks for those that are missing here."""
UNSAID = frozenset({"sha256"})
"""For a program only: the CSV file has them."""
_VALUES: Mapping[str, str] = {
    "number": N_("by number"),
    "name": N_("by name"),
    "printer": N_("printer"),
    "print": N_("printer"),
    "pdf": "PDF",
    "csv": "CSV",
    "assumed": N_("taken for seen"),
    "shown": N_("shown"),
    "missing": N_("missing"),
    "not_needed": N_("not needed"),
    "never_listed": N_("in no family card yet"),
    "lost_track": N_("NIK not known"),
    "moved": N_("moved"),
    "from_abroad": N_("from abroad"),
    "other": N_("another"),
    "medium": N_("backup medium"),
    "local": N_("copy on this disk"),
    "packets": N_("the sealed packets"),
    "whole": N_("nothing was lost"),
    "applicants": N_("data of applicants"),
    "outbox": N_("queue for sending"),
    "keyring": N_("passwords of the officers"),
    "enrolment": N_("registration of the station"),
    "rolled_back": N_("an older state came back"),
    "restored": N_("restored on another computer"),
}
_CODED = frozenset({"kind", "way", "seen", "cause", "source", "what"})


def action_word(action: str) -> str:
    """What was done; an action of a newer program is shown as it is called there."""
    known = ACTIONS.get(action)
    return _(known[1]) if known else action


def actions_of(kind: Kind) -> frozenset[str]:
    """The actions of a kind."""
    return frozenset(action for action, (own, _words) in ACTIONS.items() if own is kind)


def detail_text(detail: Mapping[str, object], name: Callable[[str], str] = str) -> str:
    """Everything in words; `name` gives the name of an officer to an id. Unknown ones are shown as they are called."""
    said = []
    for key, value in detail.items():
        if key in UNSAID or value in ("", None, False, [], {}):
            continue
        items = value[:_MOST] if isinstance(value, list) else [value]
        text = ", ".join(_value(key, item, name) for item in items)
        known = DETAILS.get(key)
        said.append(_(known).format(value=text) if known else key if value is True else f"{_key(key)}: {text}")
    return " · ".join(said)


def _key(key: str) -> str:
    """Why people of a trip were not recorded is counted by reason."""
    reason = key.removeprefix(_WHY)
    return trip_words.why_not(WhyNot(reason)) if key.startswith(_WHY) and reason in list(WhyNot) else key


def _value(key: str, value: object, name: Callable[[str], str]) -> str:
    """One value in words."""
    text = str(value)
    if key in ("role", "before"):
        return labels.role(text)
    if key == "bytes" and isinstance(value, int):
        return shown.size(value)
    if key == "service" and text in list(Service):
        return labels.service(Service(text))
    if key == "field":
        return words.field_name(text)
    if key == "trouble" and text in list(Trouble):
        return words.of_trouble(Trouble(text)).title
    if key == "why" and text in list(Why):
        return queue_words.why(Why(text))
    if key in _CODED and text in _VALUES:
        return _(_VALUES[text])
    return name(text)


def is_central(operator_id: str) -> bool:
    """Central decided it."""
    return operator_id == _CENTRAL


def is_nobody(operator_id: str) -> bool:
    """The program itself did it."""
    return operator_id in _NOBODY


# -------------------------------------------------------------------------------------------------------------- damage


def damage_sentence(damage: Damage) -> str:
    """What was done to the trail and where, in one sentence."""
    where = {
        "first": damage.first,
        "last": damage.last,
        "before": _place(damage.before) if damage.before else _("the beginning"),
        "after": _place(damage.after) if damage.after else _("the end"),
        "n": damage.lines,
    }
    return _(_SENTENCES[damage.harm, damage.lines == 1]).format(**where)


def examined_text(found: Examined) -> list[str]:
    """The result of a check as sentences, the first of them the answer."""
    lines = ngettext("{n} line", "{n} lines", found.lines).format(n=found.lines)
    heads = ngettext("{n} signed head", "{n} signed heads", found.heads).format(n=found.heads)
    if found.stopped:
        first = _("Stopped after {lines}.").format(lines=lines)
    elif found.damage:
        first = _("The audit trail is damaged ({lines}, {heads}).").format(lines=lines, heads=heads)
    else:
        first = _("The audit trail is whole: {lines}, {heads}.").format(lines=lines, heads=heads)
    return [first, *(damage_sentence(item) for item in found.damage)]


_SENTENCES: Mapping[tuple[Harm, bool], str] = {
    (Harm.EDITED, True): N_(
        "Line {first} does not fit to the one before it: one of the two was changed after it was written. "
        "It stands between {before} and {after}."
    ),
    (Harm.EDITED, False): N_(
        "Lines {first} to {last} do not fit to those before them: they were changed after they were written. "
        "They stand between {before} and {after}."
    ),
    (Harm.MISSING, True): N_("Line {first} is missing, between {before} and {after}."),
    (Harm.MISSING, False): N_("Lines {first} to {last} ({n}) are missing, between {before} and {after}."),
    (Harm.CUT, True): N_("The last line, {first}, was cut off after {before}; it was signed as {after}."),
    (Harm.CUT, False): N_(
        "The last {n} lines, {first} to {last}, were cut off after {before}; the last of them was signed as {after}."
    ),
    (Harm.REWRITTEN, True): N_("Line {first} was written anew: as {after} it was signed with another content."),
    (Harm.REWRITTEN, False): N_(
        "Somewhere in lines {first} to {last} the trail was written anew, after {before}: "
        "{after} was signed with another content."
    ),
}


def _place(neighbour: Neighbour) -> str:
    if neighbour.at is None:
        return _("line {n}").format(n=neighbour.number)
    return _("line {n} ({moment})").format(n=neighbour.number, moment=f"{neighbour.at.astimezone():%d-%m-%Y %H.%M}")
