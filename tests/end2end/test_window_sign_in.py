"""Signing in at the real window: five mistakes and a wait that no restart shortens; the language that was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from station.config import resources_dir
from station.domain.steps import Step
from station.training.mode import PASSWORD
from station.training.people import PEOPLE
from tests.end2end.window import ForwardClock, Operator, operator_is_listed, read, said, texts_below, window_of

pytestmark = pytest.mark.usefixtures("qapp")


def mistype(operator: Operator) -> str:
    """A wrong password; what is said about it."""
    player = operator.player
    operator_is_listed(player)
    before = operator.read("signin.error") if player.sees("signin.error") else ""
    player.type("salah sekali", into="signin.password")
    player.enter()
    player.wait_until(
        lambda: player.sees("signin.error") and operator.read("signin.error") != before, "the mistake is answered"
    )
    return operator.read("signin.error")


def test_after_five_wrong_passwords_a_restart_does_not_shorten_the_wait_and_then_the_right_one_opens(
    tmp_path: Path,
) -> None:
    clock = ForwardClock()
    with window_of(tmp_path, clock=clock) as operator:
        player = operator.player
        player.find("signin.password")
        for left in (4, 3, 2, 1):
            told = mistype(operator)
            assert said("signin.wrong_password") in told
            assert f" {left} " in told
        assert said("signin.wait").rstrip(".") in mistype(operator)
        player.type("satu lagi", into="signin.password")
        player.enter()
        assert player.find("signin.password", QLineEdit).text() == "", "the next guess can be typed at once"
        assert not player.sees("signin.enter")

        operator.restart()
        operator_is_listed(player)
        player.type(PASSWORD, into="signin.password")
        player.enter()
        operator.await_text("signin.error", said("signin.wait").rstrip("."))
        assert operator.app.context.office is None

        operator.restart()
        clock.pass_time(61)
        operator.sign_in()
        player.find("applicant.nik")
        operator.restart()
        assert f" {4} " in mistype(operator), "after signing in there are five tries again"


def indonesian() -> dict[str, str]:
    """Sentences of the catalogue that differ from their English source, and that source."""
    found = {}
    with (resources_dir() / "locale/id/LC_MESSAGES/station.po").open("rb") as file:
        for message in read_po(file):
            source, told = message.id, message.string
            if isinstance(source, str) and isinstance(told, str) and told != source and "{" not in told:
                found[told] = source
    english = set(found.values())
    return {told: source for told, source in found.items() if told not in english}


def test_english_chosen_at_sign_in_is_shown_everywhere_in_the_frame_and_is_remembered(tmp_path: Path) -> None:
    foreign = indonesian()
    with window_of(tmp_path) as operator:
        player = operator.player
        player.find("signin.password")
        player.wait_until(lambda: "Masuk" in texts_below(operator.app.window), "it starts in Indonesian")
        player.click("signin.language.en")
        player.wait_until(lambda: "Sign in" in texts_below(operator.app.window), "it goes on in English")
        operator.sign_in()
        operator.begin(PEOPLE[0])
        for number, step in enumerate(Step, start=1):
            player.press(getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.AltModifier)
            player.wait_until(lambda step=step: operator.step is step, f"step {number}")  # type: ignore[misc]
            shown = texts_below(operator.app.window)
            assert not shown & foreign.keys(), f"{step}: {shown & foreign.keys()}"
        for screen, word in {"records": "Records", "sync": "Synchronisation", "capture": "Recording"}.items():
            operator.open(screen)
            shown = texts_below(operator.app.window)
            assert word in shown
            assert not shown & foreign.keys(), f"{screen}: {shown & foreign.keys()}"
        assert "training mode" in operator.read("strip.training").casefold()
        assert player.find("rail.lock", QPushButton).text() == "Lock screen"

        operator.restart()
        player.find("signin.password")
        assert "Sign in" in texts_below(operator.app.window)
        assert player.find("signin.language.en", QPushButton).isChecked()
        player.press(Qt.Key.Key_Tab)
        operator.sign_in()
        assert "Lock screen" in texts_below(operator.app.window)


def test_the_title_of_the_window_and_the_lock_follow_the_language_that_was_chosen(tmp_path: Path) -> None:
    foreign = indonesian()
    with window_of(tmp_path) as operator:
        operator.player.click("signin.language.en")
        operator.sign_in()
        operator.player.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        operator.player.find("lock.password")
        shown = texts_below(operator.app.window.lock)
        assert read(operator.player, "lock.enter") == "Unlock · Enter"
        assert not shown & foreign.keys()
        assert operator.app.window.windowTitle() == "KTP-el Recording"
