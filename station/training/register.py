"""The register of the training central: the cast who live in the office's kabupaten, and two who are recorded already.

It reaches the station as any list does: made at central, fetched over HTTP, imported after sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from station.central.csv_columns import COLUMNS
from station.central.csv_intake import Listed
from station.central.rosters import Rosters
from station.training.people import EVERYONE, Person, people

AREA, AREA_NAME = "99.01", "KABUPATEN CONTOH"
DAYS = 30.0
_KEYS = frozenset(column.key for column in COLUMNS) | {"village"}


def _neighbours() -> Iterator[Person]:
    return (person for person in people(200, seed=31) if person.answers["village"].startswith(f"{AREA}."))


RECORDED: tuple[Person, ...] = tuple(islice(_neighbours(), 2))
"""Nobody of the cast: all of them can be practised with."""


def make_list(rosters: Rosters) -> None:
    """Make the list, unless a kept folder has it already."""
    if not rosters.cards():
        rosters.import_people(_listed(), AREA, AREA_NAME, DAYS)


def _listed() -> Iterator[Listed]:
    here = [person for person in EVERYONE if person.answers["village"].startswith(f"{AREA}.")]
    for line, person in enumerate([*here, *RECORDED], start=2):
        recorded = person in RECORDED
        answers = {key: value for key, value in person.answers.items() if key in _KEYS}
        yield Listed(line, answers, recorded, "CARD_ISSUED" if recorded else "")
