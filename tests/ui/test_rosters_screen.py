"""Target lists in the window: they come in by themselves or from a stick, show their age, and can be wiped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPushButton

from station.desk import bundle_inbox, rosters, signin
from station.domain.target import Target
from station.store.inbox import Inbox
from station.ui.screens.rosters.screen import RostersScreen
from station.wire import BundleNotice
from tests.bundles import AREA, ListMaker, central_of, somebody
from tests.support import HandClock, Workplace
from tests.ui.conftest import Hands


@pytest.fixture
def maker(place: Workplace, tmp_path: Path) -> ListMaker:
    (tmp_path / "stick").mkdir()
    return central_of(place, tmp_path / "stick")


def people(number: int) -> list[Target]:
    return [somebody(serial) for serial in range(1, number + 1)]


def open_lists(hands: Hands) -> RostersScreen:
    screen = hands.window.open_screen("rosters")
    assert isinstance(screen, RostersScreen)
    hands.settle()
    return screen


def import_from(hands: Hands, screen: RostersScreen, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose `file` in the dialog of the operating system, which is outside of this program."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(file), ""))
    screen.ask_file()
    hands.until(lambda: not hands.context.librarian.busy)
    hands.settle()


def said(screen: RostersScreen) -> str:
    return screen.findChild(QFrame, "rosters.said").accessibleName()  # type: ignore[union-attr]


def test_without_a_list_the_screen_says_where_one_comes_from(signed_in: Hands) -> None:
    screen = open_lists(signed_in)
    first = signed_in.find(QPushButton, "rosters.first")
    assert first.isVisible()
    assert first.hasFocus()
    assert not signed_in.find(QPushButton, "rosters.wipe").isVisible()
    assert "Belum ada daftar sasaran" in {label.text() for label in screen.findChildren(QLabel)}


def test_a_list_from_a_stick_is_shown_with_its_size_and_its_end(
    signed_in: Hands, maker: ListMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    import_from(signed_in, screen, maker.file(people(3)), monkeypatch)
    assert "siap: 3 orang" in said(screen)
    shown = [screen.model.index(0, column).data() for column in range(screen.model.columnCount())]
    assert shown[:4] == ["Kec. Uji Utara", AREA, "1", "3"]
    assert "dari flashdisk" in shown[5]
    assert signed_in.find(QPushButton, "rosters.wipe").isVisible()


def test_a_file_that_is_no_list_is_refused_in_a_sentence_and_the_old_list_stays(
    signed_in: Hands, maker: ListMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    import_from(signed_in, screen, maker.file(people(2)), monkeypatch)
    broken = tmp_path / "broken.roster"
    broken.write_bytes(b"PK\x03\x04 this is nothing")
    import_from(signed_in, screen, broken, monkeypatch)
    assert "bukan daftar sasaran" in said(screen)
    assert [card.people for card in screen.model.rows] == [2]
    assert signed_in.find(QPushButton, "rosters.import").isEnabled()


def test_what_central_sent_is_taken_in_after_sign_in_by_itself(
    hands: Hands, place: Workplace, maker: ListMaker
) -> None:
    arrive(place, maker, people(4))
    assert bundle_inbox.arrived(place.depot)
    hands.window.open_office(place.office)
    hands.until(lambda: bool(rosters.cards(place.office)))
    assert [(card.people, card.source) for card in rosters.cards(place.office)] == [(4, "central")]
    assert not bundle_inbox.arrived(place.depot)
    assert place.depot.memory.held_rosters == {AREA: 1}


def test_what_arrives_while_somebody_works_is_taken_in_at_the_next_news(
    signed_in: Hands, place: Workplace, maker: ListMaker
) -> None:
    arrive(place, maker, people(1))
    signed_in.window.refresh()
    signed_in.until(lambda: bool(rosters.cards(place.office)))
    assert not bundle_inbox.arrived(place.depot)


def test_wiping_takes_a_second_press_and_leaves_nothing(
    signed_in: Hands, place: Workplace, maker: ListMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    import_from(signed_in, screen, maker.file(people(2)), monkeypatch)
    QTest.keyClick(signed_in.find(QPushButton, "rosters.wipe"), Qt.Key.Key_Space)
    assert rosters.cards(place.office)
    sure = signed_in.find(QPushButton, "rosters.wipe.sure")
    assert sure.hasFocus()
    QTest.keyClick(sure, Qt.Key.Key_Space)
    signed_in.until(lambda: not rosters.cards(place.office))
    signed_in.until(lambda: not screen.model.rows)
    assert signed_in.find(QPushButton, "rosters.first").isVisible()
    assert place.depot.memory.held_rosters == {}


def test_a_list_whose_last_days_have_come_is_marked_in_words(
    signed_in: Hands, maker: ListMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    import_from(signed_in, screen, maker.file(people(1)), monkeypatch)
    now = signed_in.context.clock.now()
    ending = replace(screen.model.rows[0], expires_at=now + timedelta(days=2, hours=1))
    screen.model.replace([ending], now)
    assert "2 hari lagi" in screen.model.index(0, 6).data()


def test_a_second_import_is_not_begun_while_one_goes_on(
    signed_in: Hands, maker: ListMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    file = maker.file(people(2))
    asked: list[str] = []

    def choose(*_given: object) -> tuple[str, str]:
        asked.append(str(file))
        return str(file), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    screen.ask_file()
    assert signed_in.context.librarian.busy
    screen.ask_file()
    assert len(asked) == 1
    signed_in.until(lambda: not signed_in.context.librarian.busy)


def test_whoever_signs_in_after_a_list_has_expired_is_told_that_it_was_wiped(
    hands: Hands, place: Workplace, maker: ListMaker
) -> None:
    assert isinstance(place.clock, HandClock)
    rosters.import_file(place.office, maker.file(people(1), expires_at=place.clock.now() + timedelta(days=1)))
    place.clock.wall += timedelta(days=1)
    place.clock.seconds += timedelta(days=1).total_seconds()
    signin.sign_out(place.office)
    place._office = None
    hands.window.open_office(place.office)
    hands.settle()
    assert hands.window.toast.isVisible()
    assert "Kec. Uji Utara sudah kedaluwarsa" in " ".join(
        part.text() for part in hands.window.toast.findChildren(QLabel)
    )


def test_a_wipe_that_fails_does_not_end_an_import_that_was_asked_for_after_it(
    signed_in: Hands, place: Workplace, maker: ListMaker
) -> None:
    librarian, busy = signed_in.context.librarian, list[bool]()
    librarian.refused.connect(lambda _problem: busy.append(librarian.busy))
    librarian.drop(AREA, 1)
    librarian.import_file(maker.file(people(2)))
    signed_in.settle()
    assert busy == [True]
    assert not librarian.busy
    assert [card.people for card in rosters.cards(place.office)] == [2]


def test_a_wipe_meant_for_one_version_does_not_wipe_the_next(
    signed_in: Hands, place: Workplace, maker: ListMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_lists(signed_in)
    import_from(signed_in, screen, maker.file(people(2)), monkeypatch)
    QTest.keyClick(signed_in.find(QPushButton, "rosters.wipe"), Qt.Key.Key_Space)
    rosters.import_file(place.office, maker.file(people(3), version=2))
    QTest.keyClick(signed_in.find(QPushButton, "rosters.wipe.sure"), Qt.Key.Key_Space)
    signed_in.settle()
    assert [card.version for card in rosters.cards(place.office)] == [2]


def test_after_an_import_that_failed_the_next_news_does_not_begin_another(
    signed_in: Hands, place: Workplace, maker: ListMaker, tmp_path: Path
) -> None:
    librarian, begun = signed_in.context.librarian, list[object]()
    librarian.import_file(tmp_path / "none.roster")
    signed_in.settle()
    assert not librarian.busy
    librarian.reading.connect(begun.append)
    arrive(place, maker, people(1))
    signed_in.window.refresh()
    signed_in.settle()
    assert begun == []
    assert bundle_inbox.arrived(place.depot)


def arrive(place: Workplace, maker: ListMaker, who: list[Target]) -> None:
    """What the bundles lane leaves when a download is whole and proven."""
    head, body = maker.parts(who)
    data = body.read_bytes()
    inbox = Inbox(place.depot.folder)
    notice = BundleNotice(name=f"roster:{AREA}", version=1, size=len(data))
    inbox.begin(notice, head)
    inbox.append(notice, data)
    inbox.finish(notice)
