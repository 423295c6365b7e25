"""The connection doctor in the window: comes by itself, says what to do, and never stands in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import delivery
from station.domain.delivery import Link, LinkState
from station.domain.doctor import BY_PROXY, DIRECT, Fact, Finding, Remedy, State, Step, not_reached
from station.ui import doctor_words, theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.diagnosis_dialog import save_diagnosis
from station.ui.sentences.doctor import REMEDIES
from station.ui.tasks import Tasks
from station.ui.widgets.doctor_card import AGAIN_AFTER_S, DoctorCard
from station.ui.widgets.mark import Mark
from station.wire import Problem
from tests.fakes.central_faults import problem, slow
from tests.sending import Sender, sending

FACTS: dict[str, Fact] = {
    "kind": "wifi", "ms": 212, "port": 443, "host": "central.contoh", "via": "proxy.contoh", "status": 503,
    "until": datetime(2026, 11, 21, 7, 0, tzinfo=UTC).isoformat(), "from": "2026-11-20T00:00:00+00:00",
    "off_s": -7200, "issuer": "Orang Asing", "subject": "lain.contoh", "message": "Sebentar lagi",
}  # fmt: skip


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as made:
        yield made


@pytest.fixture
def context(sender: Sender, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    i18n.use("en")
    made = Context(sender.depot, Tasks(), Bridge(), sender.clock, training=True, central=sender.settings.central)
    yield made
    made.tasks.stop()


@pytest.fixture
def card(context: Context, qtbot: QtBot) -> Iterator[DoctorCard]:
    made = DoctorCard(context)
    qtbot.addWidget(made)
    yield made
    made.call_off()


def look_at(card: DoctorCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.examined, timeout=10_000):
        card.show()


def asked(sender: Sender) -> int:
    return len(sender.central.asked_for("hello"))


def turn(context: Context, sender: Sender, state: LinkState) -> None:
    """The link is in `state` now, and the window hears of it."""
    found = delivery.delivery(sender.depot)
    context.bridge.delivery_changed.emit(replace(found, link=Link(state, sender.clock.now())))


def test_it_comes_when_it_is_looked_at_and_says_every_step(card: DoctorCard, qtbot: QtBot) -> None:
    assert card.lines == [doctor_words.step_name(step) for step in DIRECT]
    look_at(card, qtbot)
    assert len(card.lines) == len(DIRECT)
    assert card.lines[-2:] == ["Central knows this station", "Clock correct"]
    assert not card.running


def test_what_to_do_stands_under_what_fails_and_what_was_not_reached_makes_room(
    card: DoctorCard, sender: Sender, qtbot: QtBot
) -> None:
    sender.central.stop()
    look_at(card, qtbot)
    assert card.lines[2] == f"127.0.0.1 refuses port {sender.central.port}"
    assert card.lines[3] == REMEDIES[Remedy.PORT_CLOSED][1]
    assert card.lines[4:] == ["Not reached: Certificate · Really central · Station known · Clock correct"]


def test_it_comes_again_by_itself_not_oftener_than_each_half_minute(
    card: DoctorCard, sender: Sender, qtbot: QtBot
) -> None:
    look_at(card, qtbot)
    card.hide()
    card.show()
    assert not card.running and asked(sender) == 1
    sender.clock.pass_time(AGAIN_AFTER_S)
    card.hide()
    look_at(card, qtbot)
    assert asked(sender) == 2


def test_whoever_asks_is_answered_at_once(card: DoctorCard, sender: Sender, qtbot: QtBot) -> None:
    look_at(card, qtbot)
    again = card.findChild(QPushButton, "sync.doctor.again")
    assert isinstance(again, QPushButton)
    with qtbot.waitSignal(card.examined, timeout=10_000):
        again.click()
        assert not again.isEnabled()
    assert again.isEnabled() and asked(sender) == 2


def test_it_comes_when_the_link_turns_bad_and_only_then(
    card: DoctorCard, context: Context, sender: Sender, qtbot: QtBot
) -> None:
    look_at(card, qtbot)
    sender.clock.pass_time(AGAIN_AFTER_S)
    turn(context, sender, LinkState.GOOD)
    assert not card.running
    with qtbot.waitSignal(card.examined, timeout=10_000):
        turn(context, sender, LinkState.OFFLINE)
    sender.clock.pass_time(AGAIN_AFTER_S)
    turn(context, sender, LinkState.CENTRAL_DOWN)
    assert not card.running
    turn(context, sender, LinkState.GOOD)
    card.hide()
    turn(context, sender, LinkState.OFFLINE)
    assert not card.running


def test_what_was_found_before_the_link_broke_is_grey_until_it_is_examined_again(
    card: DoctorCard, context: Context, sender: Sender, qtbot: QtBot
) -> None:
    def tones() -> set[str]:
        return {mark._tone for mark in card.findChildren(Mark) if mark.isVisible()}

    look_at(card, qtbot)
    assert tones() == {"ok"}
    sender.clock.pass_time(1.0)
    turn(context, sender, LinkState.OFFLINE)
    assert tones() == {"off"} and not card.running
    assert (card._due.isActive(), card._due.interval()) == (True, 29_000)
    turn(context, sender, LinkState.GOOD)
    assert tones() == {"ok"} and not card._due.isActive(), "it came back: what was found holds"
    sender.clock.pass_time(AGAIN_AFTER_S - 1.01)
    with qtbot.waitSignal(card.examined, timeout=10_000):
        turn(context, sender, LinkState.OFFLINE)
        assert tones() == {"off"}
    assert asked(sender) == 2 and tones() == {"ok"}


def test_what_was_wrong_before_central_answered_is_grey_and_examined_again(
    card: DoctorCard, context: Context, sender: Sender, qtbot: QtBot
) -> None:
    sender.central.queue("changes", problem(Problem.UNKNOWN_STATION, 401))
    look_at(card, qtbot)
    assert "Central does not know this station" in card.lines
    sender.clock.pass_time(AGAIN_AFTER_S / 2)
    turn(context, sender, LinkState.GOOD)
    when = card.findChild(QWidget, "sync.doctor.when")
    assert isinstance(when, QLabel)
    assert when.text() == "Examined again in a moment"
    turn(context, sender, LinkState.GOOD)
    assert when.text() == "Examined again in a moment", "more of the same is no reason to hold to it"
    sender.clock.pass_time(AGAIN_AFTER_S)
    with qtbot.waitSignal(card.examined, timeout=10_000):
        card._due.timeout.emit()
    assert "Central knows this station" in card.lines
    assert when.text() != "Examined again in a moment"


def test_looking_away_sends_it_home_and_looking_again_calls_it_back(
    card: DoctorCard, sender: Sender, qtbot: QtBot
) -> None:
    held = threading.Event()
    sender.central.queue("hello", slow(held))
    card.show()
    qtbot.waitUntil(lambda: asked(sender) == 1)
    card.hide()
    assert not card.running
    assert not any(thread.name == "doctor" for thread in threading.enumerate())
    held.set()
    look_at(card, qtbot)
    assert card.lines[-1] == "Clock correct"


def test_while_answers_come_in_nothing_jumps(card: DoctorCard, qtbot: QtBot) -> None:
    look_at(card, qtbot)
    heights = set()
    layout = card.layout()
    assert layout is not None
    found = [Finding(step, State.OK, FACTS) for step in DIRECT]
    for number in range(len(found) + 1):
        card.show_findings(found[:number], running=True)
        heights.add(layout.totalHeightForWidth(330))
    card.show_findings(found, running=False)
    heights.add(layout.totalHeightForWidth(330))
    broken = Finding(Step.ADAPTER, State.FAILED, {}, None, Remedy.NO_CABLE)
    card.show_findings([broken, *not_reached(DIRECT[1:])], running=False)
    heights.add(layout.totalHeightForWidth(330))
    assert len(heights) == 1


def test_the_old_picture_stands_until_the_new_one_is_whole(card: DoctorCard, sender: Sender, qtbot: QtBot) -> None:
    look_at(card, qtbot)
    before = card.lines
    held = threading.Event()
    sender.central.queue("hello", slow(held))
    with qtbot.waitSignal(card.examined, timeout=10_000):
        card.examine()
        qtbot.waitUntil(lambda: asked(sender) == 2)
        assert card.lines == before
        held.set()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("remedy", [one for one in Remedy if one is not Remedy.NONE])
def test_everything_that_can_be_found_has_words_and_something_to_do(remedy: Remedy, language: str) -> None:
    i18n.use(language)
    finding = Finding(Step.CENTRAL, State.FAILED, FACTS, None, remedy)
    bare = Finding(Step.CENTRAL, State.FAILED, {}, None, remedy)
    for one in (doctor_words.line(finding), doctor_words.remedy(finding), doctor_words.remedy(bare)):
        assert len(one) > 8 and "{" not in one and "?" not in one
    assert "{" not in doctor_words.line(bare)
    i18n.use("en")


@pytest.mark.parametrize("step", list(dict.fromkeys((*DIRECT, *BY_PROXY))))
def test_every_step_has_words_for_good_and_for_not_reached(step: Step) -> None:
    good = doctor_words.line(Finding(step, State.OK, {name: FACTS[name] for name in FACTS if name != "via"}))
    assert good and "{" not in good and "?" not in good
    assert doctor_words.line(not_reached([step])[0]) == doctor_words.step_name(step)


def test_what_central_writes_stands_behind_the_remedy(card: DoctorCard, sender: Sender, qtbot: QtBot) -> None:
    until = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    sender.central.queue(
        "changes", problem(Problem.STATION_BLOCKED, 403, reason="Alat hilang", until=until.isoformat())
    )
    look_at(card, qtbot)
    told = next(line for line in card.lines if line.startswith("Call the Dinas"))
    assert told.endswith("Central writes: Alat hilang")
    assert any(line.startswith("Central has blocked this station, until 21-11-2026") for line in card.lines)


def test_a_diagnosis_is_saved_where_a_person_says_and_trouble_is_told(
    context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = save_diagnosis(context, window)
    dialog.save(tmp_path / "gone")
    qtbot.waitUntil(lambda: context.tasks.idle and dialog.said.title != "")
    assert not list(tmp_path.glob("*.zip"))
    (tmp_path / "stick").mkdir()
    dialog.save(tmp_path / "stick")
    qtbot.waitUntil(lambda: dialog.said.title.startswith("Saved"))
    assert len(list((tmp_path / "stick").glob("diagnosis-*.zip"))) == 1
    dialog.close()
