"""What a device, a file or central says is shown as it is: never as markup that could look like words of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import station.ui
from station.ui import words
from station.ui.form.note_line import ElidedLabel
from station.ui.widgets.banner import Banner
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.problem_card import Problem, ProblemCard
from tests.fakes.sbi_server import error

MARKUP = '<b style="color:green">Perangkat siap</b>'


def a_banner() -> Banner:
    made = Banner()
    made.say(MARKUP, MARKUP)
    return made


def a_problem() -> ProblemCard:
    made = ProblemCard()
    made.show_problem(Problem(MARKUP, MARKUP))
    return made


@pytest.mark.parametrize(
    "make",
    [lambda: label(MARKUP), lambda: Chip(MARKUP), lambda: ElidingLabel(MARKUP), ElidedLabel, a_banner, a_problem],
)
def test_words_are_no_markup(qtbot: QtBot, make: object) -> None:
    assert callable(make)
    made = make()
    assert isinstance(made, QWidget)
    qtbot.addWidget(made)
    said = [made] if isinstance(made, QLabel) else [one for one in made.findChildren(QLabel) if one.text()]
    assert said
    for one in said:
        assert isinstance(one, QLabel) and one.textFormat() is Qt.TextFormat.PlainText
    assert not made.toolTip().startswith("<b")


def test_a_tooltip_shows_markup_as_it_was_said() -> None:
    assert plain_tip(MARKUP) == "<qt>&lt;b style=&quot;color:green&quot;&gt;Perangkat siap&lt;/b&gt;</qt>"
    assert plain_tip("Slap 4-4-2 & more") == "Slap 4-4-2 & more"


def test_labels_with_words_are_made_in_one_place() -> None:
    """A QLabel guesses what its words are; `card.label` does not let it."""
    made = [
        path.name
        for path in Path(next(iter(station.ui.__path__))).rglob("*.py")
        if re.search(r"\bQLabel\([^)]", path.read_text(encoding="utf-8"))
    ]
    assert made == ["card.py"]


def test_what_a_service_complains_of_is_short_and_in_one_line() -> None:
    from station.capture.sbi.messages import Trouble
    from station.capture.sbi.troubles import refused

    said = words.of_error(refused(Trouble.model_validate(error("999", "\u202eno\n" + MARKUP * 50))))
    assert "\u202e" not in said.title + said.todo and len(said.title + said.todo) < 400
