"""One entry of a timeline in words: what happened, when and how long ago, and what it means. Knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from station.domain.central_status import central_status
from station.domain.outcome import Trouble
from station.domain.rows import Happening, Moment
from station.i18n import _
from station.ui import format as shown
from station.ui import labels, words

_A_DAY_S = 86_400


@dataclass(frozen=True)
class Entry:
    """What happened, when and by whom, and in `more` what that means; plain text, `more` may be empty."""

    title: str
    detail: str
    tone: str
    more: str = ""


def entry(moment: Moment, people: Mapping[str, str], now: datetime) -> Entry:
    """The entry of a moment. `people` are operators' names by id."""
    label = labels.happening(moment.what, moment.text)
    facts = [shown.when(moment.at, now), *_age(moment, now), *_facts(moment, people)]
    meaning = _meaning(moment)
    tone = "warn" if moment.late else label.tone
    return Entry(label.text, " · ".join(fact for fact in facts if fact), tone, more=meaning)


def ago(moment: datetime, now: datetime) -> str:
    """`3 days ago`."""
    return _("{span} ago").format(span=shown.span(now - moment))


def _age(moment: Moment, now: datetime) -> list[str]:
    """How old it is: always for what central said, for the rest once the hour says little."""
    if moment.what is Happening.CENTRAL or (now - moment.at).total_seconds() >= 2 * _A_DAY_S:
        return [ago(moment.at, now)]
    return []


def _facts(moment: Moment, people: Mapping[str, str]) -> list[str]:
    match moment.what:
        case Happening.CENTRAL:
            status = central_status(moment.text)
            return [f"{status.code} ({status.short})" if status.short else status.code]
        case Happening.RECEIPTED | Happening.PURGED:
            return [_("receipt {number}").format(number=moment.text)] if moment.text else []
        case Happening.QUEUED:
            return [shown.size(moment.size)]
        case Happening.SENDING:
            return [shown.percent(round(moment.part * moment.size), moment.size)]
        case Happening.PARKED:
            return [words.of_trouble(Trouble(moment.text)).title] if moment.text else []
        case _:
            return [people.get(moment.text, moment.text)]


def _meaning(moment: Moment) -> str:
    """What it means, and what central wrote beside it."""
    meaning = _(central_status(moment.text).meaning) if moment.what is Happening.CENTRAL else ""
    note = _("Central writes: {note}").format(note=moment.note) if moment.note else ""
    return "\n".join(part for part in (meaning, note) if part)
