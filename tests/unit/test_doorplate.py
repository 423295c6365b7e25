"""The doorplate: what is shown before anything is open, and never believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from station.desk import signin
from station.store import doorplate
from station.store.doorplate import NAME, Doorplate
from tests.support import Workplace

PLATE = Doorplate(language="id", place="Stasiun Uji 02 · Stasiun 99.01.01-01", officers=(("op-1", "Siti · Operator"),))
WHOLE = PLATE.model_dump(mode="json")


def test_it_is_read_as_it_was_put_up(tmp_path: Path) -> None:
    doorplate.put_up(tmp_path, PLATE)
    assert doorplate.read(tmp_path) == PLATE
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_what_says_the_same_is_not_written_again(tmp_path: Path) -> None:
    doorplate.put_up(tmp_path, PLATE)
    before = (tmp_path / NAME).stat().st_ino
    doorplate.put_up(tmp_path, PLATE)
    assert (tmp_path / NAME).stat().st_ino == before, "a file that is written is another one"
    doorplate.put_up(tmp_path, PLATE.model_copy(update={"language": "en"}))
    assert (tmp_path / NAME).stat().st_ino != before


def test_where_there_is_none_nothing_is_shown_and_nothing_is_said(tmp_path: Path) -> None:
    assert doorplate.read(tmp_path) is None


@pytest.mark.parametrize(
    "written",
    [
        "", "{", "[]", "null", "\x00" * 100, "x" * 300_000,
        json.dumps({**WHOLE, "officers": []}),
        json.dumps({**WHOLE, "officers": [["op-1"]]}),
        json.dumps({**WHOLE, "officers": [["op-1", "x" * 301]]}),
        json.dumps({**WHOLE, "officers": [["op-1", "Siti"]] * 501}),
        json.dumps({**WHOLE, "place": 7}),
        json.dumps({**WHOLE, "language": "../id"}),
        json.dumps({**WHOLE, "password": "x"}),
    ],
    ids=range(13),
)  # fmt: skip
def test_one_that_is_none_is_not_shown(tmp_path: Path, written: str, said: list[str]) -> None:
    (tmp_path / NAME).write_text(written)
    assert doorplate.read(tmp_path) is None
    assert "doorplate" in said[0]
    assert "Siti" not in said[0]
    doorplate.put_up(tmp_path, PLATE)
    assert doorplate.read(tmp_path) == PLATE


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        (tmp_path / NAME).mkdir()
    else:
        doorplate.put_up(tmp_path / "..", PLATE)
        (tmp_path / NAME).symlink_to(tmp_path.parent / NAME)
    assert doorplate.read(tmp_path) is None


def test_where_nobody_may_sign_in_it_is_taken_down(place: Workplace) -> None:
    root = place.depot.folder.root
    signin.put_up(place.depot, "id", PLATE.place, PLATE.officers)
    assert doorplate.read(root) == PLATE
    signin.put_up(place.depot, "id", PLATE.place, ())
    signin.put_up(place.depot, "id", PLATE.place, ())
    assert not (root / NAME).exists()
