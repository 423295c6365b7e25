"""From codes to words: what happened and what to do. The only place where a code becomes a sentence.

Knows no widget. Labels of states are in labels.py and link_words.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from station.domain.checklist import document_of
from station.domain.errors import StationError
from station.domain.form import FIELDS
from station.domain.mark import N_
from station.domain.outcome import Note, Reason, Trouble
from station.domain.permission import Permission
from station.i18n import _
from station.ui import labels
from station.ui.part_names import named, part_name, part_of_field
from station.ui.sentences import HINTS, SENTENCES, TROUBLES


@dataclass(frozen=True)
class Words:
    """What happened, and what to do about it."""

    title: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.title} {self.todo}".strip()


class _Known(dict[str, object]):
    """Fills a sentence; what is missing stays an ellipsis instead of breaking the message."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, data: Mapping[str, object] | None = None) -> Words:
    """The words for an error or finding code. An unknown code is named, so that it can be told over the phone."""
    title, todo = SENTENCES.get(code) or (
        N_("Something is not right ({code})."),
        N_("Try again. If it stays, tell the technician this code."),
    )
    fill = _Known(named(data or {}), code=code)
    fill.update(_who(data or {}))
    return Words(_(title).format_map(fill), _(todo).format_map(fill))


def _who(data: Mapping[str, object]) -> dict[str, object]:
    """Whoever may do what was refused, by the names of their roles: a supervisor is not sent to the supervisor."""
    needs = data.get("needs")
    return {"needs": labels.who_may(needs)} if isinstance(needs, Permission) else {}


def of_error(error: StationError) -> Words:
    """The words for a raised error."""
    return sentence(error.code, error.data)


def of_trouble(trouble: Trouble) -> Words:
    """The words for a delivery trouble."""
    title, todo = TROUBLES[trouble]
    return Words(_(title), _(todo))


def of_note(note: Note) -> str:
    """One line for the technician: what, and the HTTP status when there was one."""
    status = f" · HTTP {note.http_status}" if note.http_status else ""
    return f"{of_trouble(note.trouble).title}{status}"


def of_reason(reason: Reason) -> Words:
    """A refusal of central: the field, our own sentence when we know the rule, otherwise what central wrote."""
    field = field_name(reason.field) if reason.field else ""
    known = SENTENCES.get(reason.code)
    # A sentence that wants numbers cannot be filled from a refusal: then central's own text says more.
    if known is not None and "{" not in known[0]:
        said = sentence(reason.code)
        return Words(f"{field}: {said.title}" if field else said.title, said.todo)
    about = field or _("Refused by central")
    return Words(f"{about}: {reason.detail or reason.code}")


def hint(code: str) -> str:
    """The short live hint of a device; an unknown code says nothing."""
    return _(HINTS.get(code, ""))


def field_name(key: str) -> str:
    """The label of a form field, a document or a captured part; the key itself when it is none of them."""
    if (document := document_of(key)) is not None:
        return _(document.label)
    if (part := part_of_field(key)) is not None:
        return part_name(part)
    for field in FIELDS:
        if field.key == key:
            return _(field.label)
    return _(_PARTS.get(key.split("-")[0], key))


_PARTS = {
    "face": N_("Photo"),
    "photo": N_("Photo"),
    "finger": N_("Fingerprint"),
    "fingers": N_("Fingerprint"),
    "iris": N_("Iris"),
    "irises": N_("Iris"),
    "signature": N_("Signature"),
}
