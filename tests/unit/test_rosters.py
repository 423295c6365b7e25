"""Target lists in the store: who is found by what, in which order, and what several lists say together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.errors import RuleError, TrustError
from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.bundle_file import open_parts
from station.seal.person_line import Gone
from station.store.rosters import Rosters
from tests.bundles import AREA, ListMaker, somebody
from tests.support import TODAY, Workplace

IDENTITY = new_identity()
UJI_BARU, SUKAMAJU = "99.01.01.1001", "99.01.01.2001"


@pytest.fixture
def maker(tmp_path: Path) -> ListMaker:
    return ListMaker(tmp_path, "station-uji", recipient_of(IDENTITY))


@pytest.fixture
def lists(place: Workplace) -> Rosters:
    return place.office.rosters


def take(lists: Rosters, maker: ListMaker, who: Iterable[Target | Gone], **changed: Any) -> None:
    with open_parts(*maker.parts(who, **changed)) as parts:
        lists.import_bundle(parts, maker.trust(IDENTITY), source="usb", now=TODAY)


def by_nik(target: Target) -> str:
    return target.nik


def names(found: Iterable[Target]) -> list[str]:
    return [target.name for target in found]


def test_somebody_on_the_list_is_found_by_nik_with_all_that_central_said(lists: Rosters, maker: ListMaker) -> None:
    person = somebody(7, recorded=True, central_code="PRINT_READY_RECORD", central_at=TODAY, phone="0800000017")
    take(lists, maker, [somebody(6), person, somebody(8)])
    assert lists.get(person.nik) == person
    assert lists.get("9901016104889999") is None


@pytest.mark.parametrize("typed", ["", "abc", "9901 0161", "-1", "9" * 30, "9901016104880007'; DROP TABLE person"])
def test_what_is_no_nik_finds_nobody_by_nik(lists: Rosters, maker: ListMaker, typed: str) -> None:
    take(lists, maker, [somebody(7)])
    assert lists.get(typed) is None


def test_without_a_list_nobody_is_found_and_nothing_breaks(lists: Rosters) -> None:
    assert lists.cards() == ()
    assert lists.get(somebody(1).nik) is None
    assert lists.find("SITI") == ()
    assert lists.of_area(AREA) == ()
    assert lists.count(AREA) == 0


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("SOEDJATMIKO CONTOH", "sujatmiko"),
        ("SUJATMIKO CONTOH", "SOEDJAT"),
        ("DJOKO TJAHJONO", "joko cahyono"),
        ("JAHJA CONTOH", "yahya"),
        ("MUH. YUSUF CONTOH", "muhammad jusuf"),
        ("MUHAMMAD YUSUF CONTOH", "moch yus"),
        ("MOHAMAD ALI CONTOH", "muh al"),
        ("NUR'AINI CONTOH", "nuraini"),
        ("NUR'AINI CONTOH", "nur aini"),
        ("NURAINI CONTOH", "nur'aini"),
        ("ANNISA  RAHMA CONTOH", "anisa rahma"),
        ("SITI AMINAH CONTOH", "aminah siti"),
        ("SITI AMINAH CONTOH", "conto ami sit"),
        ("SITI AMINAH CONTOH", "  siti   am"),
        ("SITI AMINAH CONTOH", "si"),
    ],
)
def test_a_name_is_found_in_any_spelling_order_and_beginning(
    lists: Rosters, maker: ListMaker, stored: str, typed: str
) -> None:
    take(lists, maker, [somebody(1, "BUDI HARTONO UJI"), somebody(2, stored), somebody(3, "LIM MEI UJI")])
    assert names(lists.find(typed)) == [stored]


@pytest.mark.parametrize(
    "typed", ["aminahx", "siti budi", "minah", "siti aminah contoh lagi", "§99010120", '"', "*", ""]
)
def test_what_fits_nobody_finds_nobody(lists: Rosters, maker: ListMaker, typed: str) -> None:
    take(lists, maker, [somebody(1, "SITI AMINAH CONTOH"), somebody(2, "BUDI HARTONO UJI")])
    assert lists.find(typed) == ()


def test_who_is_called_exactly_so_comes_before_who_is_only_called_alike(lists: Rosters, maker: ListMaker) -> None:
    wanted = ["SITI", "SITI AMINAH", "SITIWATI", "ANI SITI", "DEWI SITI ANI", "ANI SITIWATI"]
    take(lists, maker, [somebody(number, name) for number, name in enumerate(reversed(wanted), start=1)])
    assert names(lists.find("siti")) == wanted


def test_pages_follow_on_each_other_without_gaps_and_doubles(lists: Rosters, maker: ListMaker) -> None:
    people = [somebody(number, f"SITI {chr(65 + number % 26)}NI {'UJI ' * (number % 3)}") for number in range(1, 120)]
    people += [somebody(number, f"ANI SITI{'WATI' * (number % 2)}") for number in range(120, 180)]
    take(lists, maker, people)
    whole = lists.find("siti", limit=1000)
    assert sorted(names(whole)) == sorted(person.name for person in people)
    paged = [target for start in range(0, 200, 7) for target in lists.find("siti", offset=start, limit=7)]
    assert paged == list(whole)


@pytest.mark.parametrize("typed", ["an n", "an", "so e", "m m", "siti t", "muh h"])
def test_nobody_is_shown_twice_however_a_search_may_be_read(lists: Rosters, maker: ListMaker, typed: str) -> None:
    names_there = (
        "AN",
        "AN NA",
        "ANNA",
        "ANI NUR",
        "NUR AN",
        "SO EKO",
        "SOE",
        "MUH HASAN",
        "M. M.",
        "SITI TUTI",
        "SITIT",
    )
    people = [somebody(number, name) for number, name in enumerate(names_there * 3, start=1)]
    take(lists, maker, people)
    niks = [target.nik for target in lists.find(typed, limit=100)]
    assert niks
    assert len(set(niks)) == len(niks)


def test_a_beginning_that_very_many_words_have_finds_them_all(lists: Rosters, maker: ListMaker) -> None:
    people = [somebody(number, f"ANI SI{chr(65 + number % 26)}{chr(65 + number // 26)}") for number in range(1, 300)]
    take(lists, maker, people)
    assert len(lists.find("si", limit=1000)) == len(lists.find("ani si", limit=1000)) == len(people)


def test_part_of_a_nik_finds_people_in_the_order_of_their_niks(lists: Rosters, maker: ListMaker) -> None:
    people = [somebody(serial) for serial in (31, 5, 30, 40)]
    take(lists, maker, people)
    assert [target.nik[-2:] for target in lists.find("990101 610488 00")] == ["05", "30", "31", "40"]
    assert [target.nik[-2:] for target in lists.find("99010161048800" + "3")] == ["30", "31"]
    assert lists.find(people[0].nik) == (people[0],)
    assert lists.find(people[0].nik + "1") == ()


def test_a_search_can_be_held_to_a_village_or_district(lists: Rosters, maker: ListMaker) -> None:
    here, there, away = (
        somebody(number, "SITI AMINAH", village=village)
        for number, village in enumerate((SUKAMAJU, UJI_BARU, "99.01.02.2001"), start=1)
    )
    take(lists, maker, [here, there, away], area="99.01")
    for text in ("siti", "aminah", "990101"):
        assert lists.find(text, village=SUKAMAJU) == (here,)
        assert lists.find(text, village="99.01.02") == (away,)
        assert sorted(lists.find(text, village="99.01.01"), key=by_nik) == [here, there]
        assert sorted(lists.find(text, village="99.01"), key=by_nik) == [here, there, away]
        assert lists.find(text, village="99.01.03") == ()


def test_a_village_is_read_by_rw_rt_and_name(lists: Rosters, maker: ListMaker) -> None:
    rows = [("ZULAIKA", "001", "001"), ("ANI", "002", "001"), ("BUDI", "001", "002"), ("CICI", "001", "001")]
    people = [somebody(number, name, rt=rt, rw=rw) for number, (name, rt, rw) in enumerate(rows, start=1)]
    take(lists, maker, [*people, somebody(9, "AAN", village=UJI_BARU)])
    assert names(lists.of_area(SUKAMAJU)) == ["CICI", "ZULAIKA", "ANI", "BUDI"]
    assert names(lists.of_area(SUKAMAJU, rt="001")) == ["CICI", "ZULAIKA", "BUDI"]
    assert names(lists.of_area(SUKAMAJU, rt="001", rw="001", offset=1, limit=1)) == ["ZULAIKA"]
    assert names(lists.of_area(AREA)) == ["AAN", "CICI", "ZULAIKA", "ANI", "BUDI"]
    counted = [lists.count(), lists.count(SUKAMAJU), lists.count(SUKAMAJU, rt="001"), lists.count(SUKAMAJU, rw="009")]
    assert counted == [5, 4, 3, 0]


NAMES = st.lists(
    st.lists(st.sampled_from("SITI MUH. MOCH AMI AMINAH NUR'AINI DJOKO JOKO SITIWATI".split()), min_size=1, max_size=3),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, st.integers(0, 11), st.integers(2, 25))
def test_whoever_is_on_the_list_is_found_by_any_beginning_of_their_name(
    lists: Rosters, maker: ListMaker, words: list[list[str]], who: int, typed: int
) -> None:
    people = [somebody(number, " ".join(name)) for number, name in enumerate(words, start=1)]
    take(lists, maker, people, version=max((card.version for card in lists.cards()), default=0) + 1)
    person = people[who % len(people)]
    if len(person.name[:typed].split()[-1].replace("'", "")) > 1:
        assert person in lists.find(person.name[:typed])
        assert person in lists.find(" ".join(reversed(person.name.split())))


# ----------------------------------------------------------------------------------------------- versions and lists


def test_a_new_version_takes_the_place_of_the_old_one_and_of_its_file(
    place: Workplace, lists: Rosters, maker: ListMaker
) -> None:
    take(lists, maker, [somebody(1), somebody(2)])
    take(lists, maker, [somebody(2, "BARU"), somebody(3)], version=2)
    assert [card.version for card in lists.cards()] == [2]
    assert (lists.get(somebody(1).nik), names(lists.find("9901"))) == (None, ["BARU", "SITI AMINAH CONTOH"])
    assert len(list((place.root / "rosters").iterdir())) == 1


def test_an_older_version_and_the_same_once_more_are_refused(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(1)], version=5)
    for version, code in ((4, "roster.older"), (5, "roster.same")):
        with pytest.raises(RuleError) as problem:
            take(lists, maker, [somebody(2)], version=version)
        assert problem.value.code == code
    assert names(lists.find("siti")) == ["SITI AMINAH CONTOH"]


def test_a_delta_changes_adds_and_removes(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(number) for number in range(1, 301)])
    delta: list[Target | Gone] = [somebody(2, "BARU NAMA"), somebody(400, "TAMBAHAN")]
    delta += [Gone(somebody(3).nik), Gone(somebody(999).nik)]
    take(lists, maker, delta, version=2, base=1, people=300)
    assert [card.people for card in lists.cards()] == [300]
    assert names(lists.find("baru")) == ["BARU NAMA"]
    assert (lists.get(somebody(3).nik), names(lists.find("tambah"))) == (None, ["TAMBAHAN"])
    assert lists.get(somebody(1).nik) == somebody(1)
    assert lists.count() == len(lists.of_area("", limit=1000)) == 300


@pytest.mark.parametrize("base", [1, 3])
def test_a_delta_upon_a_version_that_is_not_here_is_refused(lists: Rosters, maker: ListMaker, base: int) -> None:
    take(lists, maker, [somebody(1)], version=2)
    with pytest.raises(RuleError) as problem:
        take(lists, maker, [somebody(2)], version=4, base=base, people=2)
    assert problem.value.code == "roster.base_missing"
    with pytest.raises(RuleError) as problem:
        take(lists, maker, [somebody(2)], area="99.02", version=4, base=base, people=2)
    assert problem.value.code == "roster.base_missing"


def test_a_list_that_does_not_have_as_many_people_as_central_says_is_refused(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(1)])
    for changed in ({"people": 3}, {"base": 1, "people": 9}):
        with pytest.raises(TrustError) as problem:
            take(lists, maker, [somebody(2), somebody(3)], version=2, **changed)
        assert problem.value.code == "roster.unreadable"
    assert names(lists.find("siti")) == ["SITI AMINAH CONTOH"]


def test_a_nik_twice_in_a_list_or_delta_is_refused(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(1)])
    for base in (None, 1):
        with pytest.raises(TrustError) as problem:
            take(lists, maker, [somebody(2), somebody(2, "LAIN")], version=2, base=base, people=2)
        assert problem.value.code == "roster.unreadable"
    with pytest.raises(TrustError):
        take(lists, maker, [Gone(somebody(1).nik), somebody(1, "LAIN")], version=2, base=1, people=1)


def test_of_two_lists_the_one_made_last_tells_about_a_person(lists: Rosters, maker: ListMaker) -> None:
    changed = [somebody(1, "SITI LAMA"), somebody(2, "SITI BERSAMA"), somebody(3, "SITI SENDIRI")]
    take(lists, maker, changed, area="99.01", made_at=TODAY - timedelta(days=2))
    take(lists, maker, [somebody(1, "SITI BARU"), somebody(2, "SITI BERSAMA"), somebody(4, "SITI DESA")])
    assert [card.area for card in lists.cards()] == ["99.01", AREA]
    found = lists.get(somebody(1).nik)
    assert found is not None
    assert found.name == "SITI BARU"
    everybody = ["SITI BARU", "SITI BERSAMA", "SITI DESA", "SITI SENDIRI"]
    assert names(lists.find("siti")) == everybody
    assert names(lists.find("99010161")) == ["SITI BARU", "SITI BERSAMA", "SITI SENDIRI", "SITI DESA"]
    assert names(lists.of_area(SUKAMAJU)) == everybody
    assert [names(lists.find("siti", offset=start, limit=1)) for start in range(5)] == [*([n] for n in everybody), []]
    assert lists.find("lama") == ()
    assert lists.count() == lists.count(SUKAMAJU) == lists.count(AREA) == 4


def test_a_page_is_full_although_a_newer_list_hides_many(lists: Rosters, maker: ListMaker) -> None:
    people = [somebody(number, f"SITI {chr(64 + number // 20)}{chr(65 + number % 20)}") for number in range(20, 220)]
    take(lists, maker, people, area="99.01", made_at=TODAY - timedelta(days=2))
    take(lists, maker, [somebody(number, "BUDI") for number in range(20, 170)])
    assert {target.nik for target in lists.find("siti", limit=50)} == {person.nik for person in people[150:]}


# ------------------------------------------------------------------------------------------------------- importing


def test_progress_is_told_in_people_and_ends_with_all_of_them(lists: Rosters, maker: ListMaker) -> None:
    told: list[tuple[int, int]] = []
    people = [somebody(number) for number in range(1, 1000)]
    with open_parts(*maker.parts(people)) as parts:
        lists.import_bundle(
            parts,
            maker.trust(IDENTITY),
            source="usb",
            now=TODAY,
            on_progress=lambda done, total: told.append((done, total)),
        )
    assert told
    assert {total for _, total in told} == {999}
    assert sorted(told) == told


def test_an_import_stops_when_asked_and_leaves_nothing(place: Workplace, lists: Rosters, maker: ListMaker) -> None:
    stop = Event()
    people = [somebody(number) for number in range(1, 1000)]
    with open_parts(*maker.parts(people)) as parts, pytest.raises(RuleError) as problem:
        lists.import_bundle(
            parts,
            maker.trust(IDENTITY),
            source="usb",
            now=TODAY,
            on_progress=lambda _done, _total: stop.set(),
            stop=stop,
        )
    assert problem.value.code == "roster.stopped"
    assert lists.cards() == ()
    assert list((place.root / "rosters").iterdir()) == []


def test_an_import_stops_also_while_the_file_is_only_checked(lists: Rosters, maker: ListMaker) -> None:
    stop = Event()
    stop.set()
    with open_parts(*maker.parts([somebody(1)])) as parts, pytest.raises(RuleError) as problem:
        lists.import_bundle(parts, maker.trust(IDENTITY), source="usb", now=TODAY, stop=stop)
    assert problem.value.code == "roster.stopped"


def test_nothing_is_taken_in_after_signing_out(lists: Rosters, maker: ListMaker) -> None:
    lists.close()
    with pytest.raises(RuleError) as problem:
        take(lists, maker, [somebody(1)], version=2, base=1)
    assert problem.value.code == "roster.stopped"


def test_the_old_list_is_searched_while_the_new_one_is_built(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(1, "SITI LAMA")])
    half_way, go_on = Event(), Event()
    problems: list[Exception] = []

    def wait(_done: int, _total: int) -> None:
        half_way.set()
        assert go_on.wait(30)

    def build() -> None:
        try:
            with open_parts(*maker.parts([somebody(n, "SITI BARU") for n in range(1, 1000)], version=2)) as parts:
                lists.import_bundle(parts, maker.trust(IDENTITY), source="usb", now=TODAY, on_progress=wait)
        except Exception as problem:  # noqa: BLE001  # whatever it is, the test shows it
            problems.append(problem)

    thread = Thread(target=build)
    thread.start()
    assert half_way.wait(30)
    assert names(lists.find("siti")) == ["SITI LAMA"]
    with open_parts(*maker.parts([somebody(1)], area="99.02")) as parts, pytest.raises(RuleError) as busy:
        lists.import_bundle(parts, maker.trust(IDENTITY), source="usb", now=TODAY)
    assert busy.value.code == "roster.busy"
    go_on.set()
    thread.join(30)
    assert problems == []
    assert names(lists.find("siti", limit=2)) == ["SITI BARU", "SITI BARU"]


def test_searching_without_end_neither_stops_an_import_nor_fails(lists: Rosters, maker: ListMaker) -> None:
    take(lists, maker, [somebody(number, "SITI LAMA") for number in range(1, 200)])
    done, found = Event(), [set[str]() for _ in range(3)]
    problems: list[Exception] = []

    def search(seen: set[str]) -> None:
        try:
            while not done.is_set():
                seen.update(names(lists.find("siti", limit=5)))
                assert lists.get(somebody(1).nik) is not None
        except Exception as problem:  # noqa: BLE001  # whatever it is, the test shows it
            problems.append(problem)

    threads = [Thread(target=search, args=(seen,)) for seen in found]
    for thread in threads:
        thread.start()
    take(lists, maker, [somebody(number, "SITI BARU") for number in range(1, 2000)], version=2)
    done.set()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert set().union(*found) <= {"SITI LAMA", "SITI BARU"}


def test_signing_out_stops_an_import(lists: Rosters, maker: ListMaker) -> None:
    begun = Event()
    codes: list[str] = []

    def build() -> None:
        people = [somebody(number) for number in range(1, 9000)]
        with open_parts(*maker.parts(people)) as parts:
            try:
                lists.import_bundle(
                    parts, maker.trust(IDENTITY), source="usb", now=TODAY, on_progress=lambda _done, _total: begun.set()
                )
            except RuleError as problem:
                codes.append(problem.code)

    thread = Thread(target=build)
    thread.start()
    assert begun.wait(30)
    lists.close()
    thread.join(30)
    assert codes == ["roster.stopped"]
