"""Target lists for the operator at the real window: made at central, fetched by delivery, taken in after sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from station.central.csv_columns import COLUMNS
from station.central.csv_intake import Listed
from station.desk import rosters
from station.domain.biometrics import Part
from station.training.people import EVERYONE, Person, people
from station.training.register import AREA, AREA_NAME, DAYS
from tests.end2end.window import Operator
from tests.support import APPROVED, a_capture, captured

VILLAGE = "99.01.01.2001"
"""Where the office of the training station is."""
_LISTED = frozenset(column.key for column in COLUMNS) | {"village"}


def cast_member(name: str) -> Person:
    """One of the twenty-four, by name."""
    return next(person for person in EVERYONE if person.answers["name"] == name)


def villagers(count: int) -> list[Person]:
    """So many people of `VILLAGE` who are in no cast, none of them on the list of training."""
    found = (person for person in people(6000, seed=77) if person.answers["village"] == VILLAGE)
    return list(islice(found, count))


def called(person: Person, name: str) -> Person:
    return replace(person, answers={**person.answers, "name": name})


def make_list(operator: Operator, invited: Iterable[Person], recorded: Iterable[Person] = ()) -> None:
    """Central's next list of the kabupaten holds these people, and nobody else."""
    training = operator._training
    assert training.server is not None, "this station has a central of somebody else"
    assert training._clerk is not None, "nobody makes lists at this central"
    training._clerk.join()
    done = list(recorded)
    rows = [_row(line, person, person in done) for line, person in enumerate([*invited, *done], start=2)]
    training.server.central.rosters.import_people(iter(rows), AREA, AREA_NAME, DAYS)


def await_listed(operator: Operator, person: Person) -> None:
    """Until a list with this person has been fetched and taken in."""
    operator.player.wait_until(
        lambda: rosters.person(operator.office, person.nik) is not None, f"{person.answers['name']} is on the list"
    )
    operator.player.wait_until(lambda: not operator.app.context.librarian.busy, "the list is taken in")


def call_up(operator: Operator, nik: str) -> None:
    """Type a NIK on the start page, and wait for the answer of the desk."""
    finder = operator._screen().bench.applicant.finder
    operator.player.type(nik, into="applicant.nik")
    operator.player.wait_until(lambda: finder.standing is not None, "the desk has answered")


def keep_captures(operator: Operator) -> None:
    """Everything the devices would have given; what the pictures show does not matter."""
    draft = operator.draft
    captured(operator.office, draft.record.record_id, draft.record.nik, size=9000)
    operator._screen().session.approve(APPROVED, a_capture(Part.SIGNATURE))
    operator.player.wait_until(lambda: len(operator.draft.captures) == len(Part), "the captures are kept")


def _row(line: int, person: Person, recorded: bool) -> Listed:
    answers = {key: value for key, value in person.answers.items() if key in _LISTED}
    return Listed(line, answers, recorded, "CARD_ISSUED" if recorded else "")
