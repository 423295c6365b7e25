"""What the applicant reads and approves, as rows for the page and as the text that is sealed with the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.biometrics import FINGERS, IRISES, Part
from station.domain.draft import Draft
from station.domain.form import Field, Kind, needed_fields, shown_fields
from station.domain.regions import Village
from station.i18n import _
from station.ui.form.shown import shown


@dataclass(frozen=True)
class Line:
    """A label and what stands beside it."""

    key: str
    label: str
    value: str


def question() -> str:
    """What the applicant is asked."""
    return _("Is everything written here correct? Your signature confirms it.")


def lines(draft: Draft, village: Village | None) -> list[Line]:
    """Every question that was asked of this person, in the order of the form; what is optional only when answered."""
    needed = needed_fields(draft.answers)
    asked = [field for field in shown_fields(draft.answers) if field.key in needed or draft.answers.get(field.key)]
    return [Line(field.key, _(field.label), _shown(field, draft, village)) for field in asked]


def captured(draft: Draft) -> list[Line]:
    """What was captured, in one line each."""
    return [
        Line("fingers", _("Fingerprints"), _summary(draft, FINGERS)),
        Line("irises", _("Irises"), _summary(draft, IRISES)),
    ]


def text(draft: Draft, shown_lines: Sequence[Line]) -> str:
    """The page as text: exactly what was shown."""
    rows = [f"{line.label}: {line.value}" for line in shown_lines]
    return "\n".join([draft.record.registration_no, *rows, question()])


def _shown(field: Field, draft: Draft, village: Village | None) -> str:
    value = draft.answers.get(field.key, "")
    if not value:
        return "–"
    if field.kind is Kind.VILLAGE and village is not None and village.code == value:
        return f"{village.name} · {village.parents} · {village.province} ({village.code})"
    return shown(field, value)


def _summary(draft: Draft, parts: tuple[Part, ...]) -> str:
    cards = [draft.captures[part] for part in parts if part in draft.captures]
    if not cards:
        return _("none yet")
    worst = min(card.quality for card in cards)
    return _("{count} of {all}, lowest quality {worst}").format(count=len(cards), all=len(parts), worst=worst)
