"""The window starts without what it does not need to ask for a password."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from station import cli
from station.ui import rooms
from station.ui.unpacking import PARTS, Unpacking

TREE = Path(__file__).parents[2]
LOADED = """
import sys
from station import cli
options = cli._window_alone(["--data", "there"])
assert options is not None and options.run is cli._window
from station.ui.loading import loading
with loading():
    import station.app.run
import linecache, gc
read = [name for name in linecache.cache if "station" in name]
print(*[name for name in sys.argv[1:] if name in sys.modules], *read, "enabled" if gc.isenabled() else "off")
"""
LATER = (
    "station.commands.courier",
    "station.ui.rooms",
    "station.ui.screens.capture",
    "station.ui.screens.first_start.wizard",
    "station.training.mode",
    "qtawesome",
    "numpy",
    "pyqtgraph",
    "zeroconf",
    "httpx",
    "station.sync.engine",
    "station.relay.runner",
)


def test_neither_screens_nor_commands_nor_icons_nor_anybodys_source_is_loaded_to_sign_in() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *LATER], cwd=TREE, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["enabled"]


OTHERS = (["status"], ["--help"], ["--data", "x", "sync", "--once"], ["--nonsense"], ["--data"])


@pytest.mark.parametrize("words", OTHERS)
def test_whoever_asks_for_something_else_gets_the_whole_command_line(words: list[str]) -> None:
    assert cli._window_alone(words) is None


@pytest.mark.parametrize(("words", "training"), [([], False), (["--training"], True), (["--data", "x"], False)])
def test_the_window_alone_is_what_the_whole_command_line_says_too(words: list[str], training: bool) -> None:
    alone = cli._window_alone(words)
    assert alone is not None
    assert alone.training is training
    assert vars(alone) == vars(cli._parser().parse_args(words, argparse.Namespace(data=None)))


def test_all_that_is_unpacked_exists_and_brings_every_screen() -> None:
    for part in PARTS:
        importlib.import_module(part)
    assert PARTS[-1] == rooms.__name__


def test_a_part_that_cannot_be_loaded_is_logged_and_the_others_come(qtbot: QtBot, said: list[str]) -> None:
    owner = QObject()
    unpacking = Unpacking(owner, ("station.ui.no_such_part", "station.ui.rooms"))
    unpacking.start()
    qtbot.waitUntil(lambda: unpacking.done)
    assert [line for line in said if "station.ui.no_such_part" in line]


@pytest.mark.parametrize("words", [["--dat", "x"], ["sync", "--dat", "x"], ["--train"]])
def test_a_mistyped_option_is_never_taken_for_another(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli._parser().parse_args(words)
    assert ended.value.code == 2
    assert words[-2 if "x" in words else -1] in capsys.readouterr().err
