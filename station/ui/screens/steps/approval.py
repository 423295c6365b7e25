"""What the applicant reads and approves, as rows for the page and as the text that is sealed with the record."""

from __future__ import annotations

from dataclasses import dataclass

from station.domain.biometrics import FINGERS, IRISES, Part
from station.domain.draft import Draft
from station.domain.form import FIELDS, Field, Kind
from station.domain.regions import Village
from station.i18n import _
from station.ui.form.date_entry import shown_date
from station.ui.form.number_entry import grouped


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
    """Every field of the form, in its order."""
    return [Line(field.key, _(field.label), _shown(field, draft, village)) for field in FIELDS]


def captured(draft: Draft) -> list[Line]:
    """What was captured, in one line each."""
    return [
        Line("fingers", _("Fingerprints"), _summary(draft, FINGERS)),
        Line("irises", _("Irises"), _summary(draft, IRISES)),
    ]


def text(draft: Draft, village: Village | None) -> str:
    """The page as text: exactly what was shown."""
    rows = [f"{line.label}: {line.value}" for line in (*lines(draft, village), *captured(draft))]
    return "\n".join([draft.record.registration_no, *rows, question()])


def _shown(field: Field, draft: Draft, village: Village | None) -> str:
    value = draft.answers.get(field.key, "")
    if not value:
        return "–"
    match field.kind:
        case Kind.NUMBER:
            return grouped(value)
        case Kind.DATE:
            return shown_date(value)
        case Kind.CODE:
            return field.codes.label(value) if field.codes else value
        case Kind.VILLAGE:
            if village is None or village.code != value:
                return value
            return f"{village.name} · {village.parents} · {village.province} ({village.code})"
        case _:
            return value


def _summary(draft: Draft, parts: tuple[Part, ...]) -> str:
    cards = [draft.captures[part] for part in parts if part in draft.captures]
    if not cards:
        return _("none yet")
    worst = min(card.quality for card in cards)
    return _("{count} of {all}, lowest quality {worst}").format(count=len(cards), all=len(parts), worst=worst)
