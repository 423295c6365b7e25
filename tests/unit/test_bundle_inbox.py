"""Target lists that wait in the inbox: which stay there, which go, and of which the whole is fetched again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from station.desk import bundle_inbox, rosters, signin
from station.desk.bundle_inbox import Taken
from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey
from station.seal.person_line import Gone
from station.store.inbox import Inbox
from station.wire import BundleNotice
from tests.bundles import AREA, ListMaker, central_of, somebody
from tests.support import TODAY, Workplace, files_below

OLD = [somebody(number, "SITI LAMA") for number in range(1, 301)]
DELTA: list[Target | Gone] = [somebody(1, "SITI BARU")]


@pytest.fixture
def maker(place: Workplace, tmp_path: Path) -> ListMaker:
    (tmp_path / "stick").mkdir()
    return central_of(place, tmp_path / "stick")


def arrive(place: Workplace, maker: ListMaker, who: Iterable[Target | Gone], **changed: Any) -> None:
    """What the bundles lane leaves when a download is whole and proven."""
    head, body = maker.parts(who, **changed)
    data, inbox = body.read_bytes(), Inbox(place.depot.folder)
    notice = BundleNotice(name=f"roster:{changed.get('area', AREA)}", version=changed.get("version", 1), size=len(data))
    inbox.begin(notice, head)
    inbox.append(notice, data)
    inbox.finish(notice)


def waiting(place: Workplace) -> list[tuple[str, int]]:
    return [(item.name, item.version) for item in Inbox(place.depot.folder).arrived()]


def wanted(place: Workplace) -> list[tuple[str, int, bool]]:
    return [(item.name, item.version, item.whole) for item in place.depot.memory.wanted_bundles]


def codes(found: Iterable[Taken]) -> list[str]:
    return [item.problem.code if item.problem else "" for item in found]


def take_in(place: Workplace) -> list[str]:
    return codes(bundle_inbox.take_in(place.office))


def test_signing_out_in_the_middle_of_an_import_costs_no_list(place: Workplace, maker: ListMaker) -> None:
    arrive(place, maker, OLD)
    assert take_in(place) == [""]
    people = [somebody(number) for number in range(1, 9000)]
    arrive(place, maker, people, version=2, base=1, people=8999)
    arrive(place, maker, DELTA, area="99.02")
    office, begun = place.office, Event()
    found: list[Taken] = []

    def work() -> None:
        found.extend(bundle_inbox.take_in(office, lambda _done, _total: begun.set()))

    thread = Thread(target=work)
    thread.start()
    assert begun.wait(30)
    signin.sign_out(office)
    place._office = None
    thread.join(30)
    assert codes(found) == ["roster.stopped"]
    assert waiting(place) == [(f"roster:{AREA}", 2), ("roster:99.02", 1)]
    assert (wanted(place), place.depot.memory.held_rosters) == ([], {AREA: 1})
    assert take_in(place) == ["", ""]
    assert place.depot.memory.held_rosters == {AREA: 2, "99.02": 1}


def test_a_job_that_runs_after_signing_out_throws_nothing_away(place: Workplace, maker: ListMaker) -> None:
    arrive(place, maker, OLD)
    assert take_in(place) == [""]
    arrive(place, maker, DELTA, version=2, base=1, people=300)
    office = place.office
    office.rosters.close()
    assert codes(bundle_inbox.take_in(office)) == ["roster.stopped"]
    signin.sign_out(office)
    place._office = None
    assert codes(bundle_inbox.take_in(office)) == ["store.closed"]
    bundle_inbox.note_held(office)
    assert waiting(place) == [(f"roster:{AREA}", 2)]
    assert (wanted(place), place.depot.memory.held_rosters) == ([], {AREA: 1})
    assert take_in(place) == [""]


def test_after_a_list_that_was_stopped_no_other_is_begun(place: Workplace, maker: ListMaker) -> None:
    arrive(place, maker, OLD)
    arrive(place, maker, OLD, area="99.02")
    stop = Event()
    stop.set()
    assert codes(bundle_inbox.take_in(place.office, stop=stop)) == ["roster.stopped"]
    assert len(waiting(place)) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"base": 5}, "roster.base_missing"),
        ({"people": 7}, "roster.unreadable"),
        ({"size": 17}, "roster.edited"),
        ({"key": SigningKey.generate("central-uji-1")}, "roster.signature"),
        ({"expires_at": TODAY - timedelta(seconds=1)}, "roster.expired"),
    ],
)
def test_of_a_delta_that_cannot_be_used_the_whole_list_is_fetched(
    place: Workplace, maker: ListMaker, changed: dict[str, Any], code: str
) -> None:
    arrive(place, maker, OLD)
    assert take_in(place) == [""]
    arrive(place, maker, DELTA, **{"version": 6, "base": 1, "people": 300, **changed})
    assert take_in(place) == [code]
    assert (waiting(place), wanted(place)) == ([], [(f"roster:{AREA}", 6, True)])
    assert [card.version for card in rosters.cards(place.office)] == [1]


def test_of_a_delta_upon_a_damaged_list_the_whole_list_is_fetched(place: Workplace, maker: ListMaker) -> None:
    arrive(place, maker, OLD)
    assert take_in(place) == [""]
    (file,) = files_below(place.root / "rosters")
    with file.open("r+b") as stream:
        for page in range(6, file.stat().st_size // 4096):
            stream.seek(page * 4096 + 1000)
            stream.write(b"damage")
    arrive(place, maker, DELTA, version=2, base=1, people=300)
    assert take_in(place) == ["store.corrupt"]
    assert (waiting(place), wanted(place)) == ([], [(f"roster:{AREA}", 2, True)])


def test_a_whole_list_that_is_no_good_is_not_fetched_again_as_it_is(place: Workplace, maker: ListMaker) -> None:
    maker.recipient = recipient_of(new_identity())
    arrive(place, maker, OLD)
    assert take_in(place) == ["roster.locked"]
    assert (waiting(place), wanted(place)) == ([], [])


def test_a_delta_that_is_here_already_is_not_fetched_again(place: Workplace, maker: ListMaker) -> None:
    arrive(place, maker, OLD, version=3)
    assert take_in(place) == [""]
    for version, code in ((2, "roster.older"), (3, "roster.same")):
        arrive(place, maker, DELTA, version=version, base=1, people=300)
        assert take_in(place) == [code]
    assert (waiting(place), wanted(place)) == ([], [])
