"""The record list on real encrypted stores: search, chips, orders and pages, compared with sorting by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.delivery import Stage
from station.domain.outcome import Accepted, Note, Trouble
from station.domain.record import Record, State
from station.domain.registration import registration_no
from station.domain.rows import Filter, Order, View
from station.domain.service import Service
from station.domain.sought import sought
from station.domain.steps import Step
from station.store import listing, records, standings
from station.store.database import Database
from station.store.migrate import migrate
from station.store.outbox import Outbox, set_central_code
from station.store.records import Stored
from tests.support import TODAY, an_item, good_answers

QUIET_BEFORE = TODAY - timedelta(days=14)
NEWEST = View()
CODES = ("", "SENT_FOR_ENROLLMENT", "PRINT_READY_RECORD", "FOO_BAR", "A_CODE")


class Register:
    """Records in one database and their packets in another, as a station keeps them."""

    def __init__(self, root: Path) -> None:
        self.applicants = Database(root / "applicants.db", bytes(32))
        migrate(self.applicants, "applicants")
        outbox = Database(root / "outbox.db")
        migrate(outbox, "outbox")
        self.outbox = Outbox(outbox)

    def clear(self) -> None:
        for database, table in ((self.applicants, "record"), (self.outbox.database, "packet")):
            with database.write() as connection:
                connection.exec_driver_sql(f"DELETE FROM {table}")

    def add(self, number: int, state: State, *, at: datetime = TODAY, **changed: Any) -> None:
        answers = good_answers(number)
        for key in tuple(answers):
            answers[key] = changed.pop(key, answers[key])
        entry = Record(
            an_item(number).key.record_id, changed.pop("revision", 1), state,
            registration_no("99.01.01", 1, TODAY.date(), number), "", "", "", at, None, at,
        )  # fmt: skip
        stored = Stored(entry, 1, answers, (), (), (), Step.REVIEW, "op-1")
        with self.applicants.write() as connection:
            records.add(connection, replace(stored, **changed))

    def send(self, number: int, stage: Stage, *, code: str = "", at: datetime = TODAY, revision: int = 1) -> None:
        item = an_item(number, revision=revision)
        self.outbox.add(item)
        match stage:
            case Stage.RECEIPTED:
                self.outbox.settle(item.key, Accepted("a.b.c", f"C-{number}", at))
            case Stage.PARKED:
                self.outbox.park(item.key, Note(Trouble.KEY_CONFLICT), at=at)
            case Stage.REJECTED:
                self.outbox.reject(item.key, [], at=at)
        if code:
            with self.outbox.database.write() as connection:
                set_central_code(connection, item.key, code, at, ahead=at)

    def page(
        self, text: str = "", which: Filter = Filter.ALL, view: View = NEWEST, *, offset: int = 0, limit: int = 100
    ) -> tuple[list[int], int]:
        beside = standings.all_standings(self.outbox.database, QUIET_BEFORE)
        with self.applicants.read() as connection:
            standings.lay_beside(connection, beside)
            wanted = sought(text, TODAY.date())
            found, total = listing.page(connection, wanted, which, view, offset=offset, limit=limit)
        return [int(stored.record.record_id[-12:], 16) for stored in found], total

    def counts(self, view: View = NEWEST) -> dict[Filter, int]:
        beside = standings.noteworthy(self.outbox.database, QUIET_BEFORE)
        with self.applicants.read() as connection:
            standings.lay_beside(connection, beside)
            return listing.count(connection, view)

    def close(self) -> None:
        self.applicants.close()
        self.outbox.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    made = Register(tmp_path_factory.mktemp("register"))
    yield made
    made.close()


@pytest.fixture
def register(shared: Register) -> Register:
    shared.clear()
    return shared


# --------------------------------------------------------------------------------------------------------- searching


@pytest.fixture
def people(register: Register) -> Register:
    for number, name in enumerate(["BUDI SANTOSO", "SITI AMINAH", "SITI 50%", "A_B CONTOH", "SITI LAIN"], start=1):
        register.add(number, State.WITHDRAWN if number == 5 else State.DRAFT, name=name)
    return register


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("siti", [2, 3]),
        ("  aminah ", [2]),
        ("aminah siti", [2]),
        ("siti budi", []),
        ("50%", [3]),
        ("%", [3]),
        ("_", [4]),
        ("\\", []),
        ("'; DROP TABLE record; --", []),
        ("9901016104880002", [2]),
        ("9901.0161.0488.0002", [2]),
        ("990101", [1, 2, 3, 4]),
        ("4880002", [2]),
        ("0002", [2]),
        ("9901••••••••0002", [2]),
        (registration_no("99.01.01", 1, TODAY.date(), 3), [3]),
        (registration_no("99.01.01", 1, TODAY.date(), 3).replace("-", "").lower(), [3]),
        (registration_no("99.01.01", 1, TODAY.date(), 3)[:-2], [3]),
        (registration_no("99.01.01", 1, TODAY.date(), 3)[-6:], [3]),
        ("nobody", []),
    ],
)
def test_a_search_finds_names_niks_and_registration_numbers(people: Register, text: str, expected: list[int]) -> None:
    found, total = people.page(text, Filter.DRAFT)
    assert (sorted(found), total) == (expected, len(expected))


# ------------------------------------------------------------------------------------------------------------- chips


@pytest.fixture
def everything(register: Register) -> Register:
    """One of each; 1 draft, 2 waiting, 3 receipted, 4 refused, 5 on hold, 6 cancelled, from 7 on: what central said."""
    old, fresh = TODAY - timedelta(days=15), TODAY - timedelta(days=13)
    register.add(1, State.DRAFT, service=Service.LOST)
    register.add(2, State.SEALED, operator_id="op-2")
    register.send(2, Stage.QUEUED)
    register.add(3, State.ACCEPTED)
    register.send(3, Stage.RECEIPTED)
    register.add(4, State.REJECTED)
    register.send(4, Stage.REJECTED)
    register.add(5, State.SEALED)
    register.send(5, Stage.PARKED)
    register.add(6, State.WITHDRAWN)
    for number, (code, at) in enumerate(
        [("", old), ("SENT_FOR_ENROLLMENT", old), ("SENT_FOR_ENROLLMENT", fresh), ("PRINT_READY_RECORD", old),
         ("FOO_BAR", old), ("PRR", old), ("DUPLICATE_RECORD", old)], start=7,
    ):  # fmt: skip
        register.add(number, State.ACCEPTED, at=TODAY - timedelta(days=20))
        register.send(number, Stage.RECEIPTED, code=code, at=at)
    return register


CHIPS = {
    Filter.ALL: [*range(1, 14)],
    Filter.DRAFT: [1],
    Filter.INCOMPLETE: [],
    Filter.WAITING: [2],
    Filter.RECEIPTED: [3, 7, 8, 9, 10, 11, 12, 13],
    Filter.NEEDS_REPAIR: [4, 5],
    Filter.QUIET: [7, 8, 11, 13],
}


@pytest.mark.parametrize("which", Filter)
def test_each_chip_holds_its_records_and_their_number(everything: Register, which: Filter) -> None:
    found, total = everything.page("", which)
    assert sorted(found) == CHIPS[which]
    assert total == everything.counts()[which] == len(CHIPS[which])


def test_a_packet_of_an_earlier_revision_says_nothing_about_the_record(register: Register) -> None:
    register.add(1, State.SEALED, revision=2)
    register.send(1, Stage.PARKED, revision=1)
    assert register.page("", Filter.WAITING) == ([1], 1)
    assert register.counts()[Filter.NEEDS_REPAIR] == 0


def test_a_packet_without_a_record_here_is_not_counted(register: Register) -> None:
    register.send(1, Stage.RECEIPTED, at=TODAY - timedelta(days=30))
    assert set(register.counts().values()) == {0}


def test_more_than_a_page_of_packets_on_hold_are_all_counted(register: Register) -> None:
    for number in range(1, 1203):
        register.add(number, State.SEALED)
    with register.outbox.database.write() as connection:
        rows = [(an_item(number).key.record_id,) for number in range(1, 1203)]
        connection.exec_driver_sql(
            "INSERT INTO packet (record_id, revision, origin, sha256, size, kind, priority, sealed_at, stage,"
            " acknowledged, restarts, attempts, receipt_no, reasons, central_code, changed)"
            " VALUES (?, 1, 'o', '', 1, 'k', 0, '2026-01-01T00:00:00+00:00', 'parked', 0, 0, 0, '', '[]', '', 1)",
            rows,
        )
    found, total = register.page("", Filter.NEEDS_REPAIR, limit=2000)
    assert len(set(found)) == total == register.counts()[Filter.NEEDS_REPAIR] == 1202


def test_the_list_can_be_narrowed_to_days_officer_and_service(everything: Register) -> None:
    today = TODAY.astimezone().date()
    assert sorted(everything.page("", view=View(first_day=today, last_day=today))[0]) == [1, 2, 3, 4, 5, 6]
    assert everything.page("", view=View(last_day=today - timedelta(days=1)))[1] == 7
    assert everything.page("", view=View(operator_id="op-2")) == ([2], 1)
    assert everything.page("", view=View(service=Service.LOST)) == ([1], 1)
    assert everything.counts(View(service=Service.LOST)) == {
        which: int(which in (Filter.ALL, Filter.DRAFT)) for which in Filter
    }


# ------------------------------------------------------------------------------------------------------ orders, pages


def test_words_go_from_a_to_z_and_what_is_empty_comes_last_both_ways(register: Register) -> None:
    for number, name in enumerate(["WAYAN", "", "AHMAD", "SITI"], start=1):
        register.add(number, State.DRAFT, name=name)
    assert register.page(view=View(Order.NAME, descending=False))[0] == [3, 4, 1, 2]
    assert register.page(view=View(Order.NAME, descending=True))[0] == [1, 4, 3, 2]


def test_states_follow_the_way_of_a_record_and_unknown_codes_come_last(everything: Register) -> None:
    found, _ = everything.page(view=View(Order.STATE, descending=False))
    assert found[:2] == [1, 4]
    assert set(found[2:4]) == {2, 5}
    assert found[4:] == [3, 7, 8, 9, 13, 10, 12, 11, 6]


A_PERSON = st.tuples(
    st.sampled_from(State),
    st.sampled_from(["SITI", "BUDI", "", "ÀNI", "siti"]),
    st.integers(0, 3),
    st.sampled_from([None, *Stage]),
    st.sampled_from(CODES),
    st.integers(0, 30),
)


@given(
    st.lists(A_PERSON, max_size=9),
    st.sampled_from(Order),
    st.booleans(),
    st.sampled_from(Filter),
    st.integers(1, 4),
    st.sampled_from(["", "siti"]),
)
def test_pages_put_together_are_the_list_sorted_by_hand(
    shared: Register,
    drawn: list[tuple[State, str, int, Stage | None, str, int]],
    order: Order,
    descending: bool,
    which: Filter,
    limit: int,
    text: str,
) -> None:
    shared.clear()
    for number, (state, name, hours, stage, code, days) in enumerate(drawn, start=1):
        shared.add(number, state, name=name, at=TODAY - timedelta(hours=hours))
        if stage is not None:
            shared.send(number, stage, code=code, at=TODAY - timedelta(days=days))
    view = View(order, descending)
    whole, total = shared.page(text, which, view)
    pages = [shared.page(text, which, view, offset=at, limit=limit)[0] for at in range(0, total + limit, limit)]
    assert [number for page in pages for number in page] == whole
    assert len(whole) == len(set(whole)) == total
    if not text:
        assert shared.counts()[which] == total
    kept = [number for number, one in enumerate(drawn, start=1) if _under(which, one) and text in one[1].lower()]
    assert whole == _sorted(kept, drawn, order, descending=descending)


def _under(which: Filter, one: tuple[State, str, int, Stage | None, str, int]) -> bool:
    state, _name, _hours, stage, code, days = one
    stopped = stage in (Stage.PARKED, Stage.REJECTED)
    said = stage is Stage.RECEIPTED and days > 14 and code != "PRINT_READY_RECORD"
    return {
        Filter.ALL: True,
        Filter.DRAFT: state is State.DRAFT,
        Filter.INCOMPLETE: False,  # nobody here was captured, see test_incomplete.py
        Filter.WAITING: state is State.SEALED and not stopped,
        Filter.RECEIPTED: state is State.ACCEPTED and not stopped,
        Filter.NEEDS_REPAIR: state is State.REJECTED or stopped,
        Filter.QUIET: state is State.ACCEPTED and said,
    }[which]


_LIFE = (State.DRAFT, State.REJECTED, State.SEALED, State.ACCEPTED, State.WITHDRAWN)


def _sorted(
    kept: list[int],
    drawn: list[tuple[State, str, int, Stage | None, str, int]],
    order: Order,
    *,
    descending: bool,
) -> list[int]:
    """By hand: one sort for each part of the key, the last part first, so that nothing is shared with SQL."""

    def parts(number: int) -> list[Any]:
        state, name, hours, stage, code, days = drawn[number - 1]
        known = stage is not None and (stage is Stage.RECEIPTED or bool(code))
        place = None if stage is None else {"": -1, "SENT_FOR_ENROLLMENT": 1, "PRINT_READY_RECORD": 2}.get(code, 99)
        match order:
            case Order.NAME:
                return [name or None]
            case Order.PLACE:
                return [good_answers(number)["village"]]
            case Order.STATE:
                return [_LIFE.index(state), place, None if stage is None else code]
            case Order.NEWS:
                return [-days if known else None]
            case _:
                return [-hours]

    found = sorted(kept)
    for part in reversed(range(len(parts(1)) if drawn else 0)):
        there = [number for number in found if parts(number)[part] is not None]
        there = sorted(there, key=partial(_part, parts, part), reverse=descending)
        found = there + [number for number in found if parts(number)[part] is None]
    return found


def _part(parts: Callable[[int], list[Any]], at: int, number: int) -> Any:
    return parts(number)[at]
