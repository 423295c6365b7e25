"""Who may open this station, kept in a file that survives a power cut and holds no key in clear."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.errors import SetupError
from station.seal.vault import unwrap, wrap
from station.store.keyring import KeyHolder, Keyring, load_keyring, note_failure, save_keyring
from tests.support import CHEAP, TODAY

KEY = bytes(range(32))


def holder(operator_id: str, name: str) -> KeyHolder:
    wrapped = wrap(KEY, "kata sandi", label=operator_id, cost=CHEAP)
    return KeyHolder(operator_id=operator_id, name=name, role="operator", wrapped=wrapped)


def test_without_a_file_nobody_may_open_it(tmp_path: Path) -> None:
    assert load_keyring(tmp_path / "keyring.json") == Keyring()


def test_a_keyring_survives_its_file_which_shows_no_key(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    ring = Keyring(holders=(holder("op-1", "Siti"), holder("op-2", "Budi")))
    save_keyring(path, ring)
    assert load_keyring(path) == ring
    found = load_keyring(path).holder("op-2")
    assert found is not None
    assert unwrap(found.wrapped, "kata sandi", label="op-2") == KEY
    assert KEY.hex() not in path.read_text()
    assert "sandi" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keyring(path).holder("op-3") is None


def test_a_changed_holder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    ring = Keyring().with_holder(holder("op-1", "Siti")).with_holder(holder("op-2", "Budi"))
    assert [item.name for item in ring.holders] == ["Budi", "Siti"]
    renamed = ring.with_holder(holder("op-1", "Ani"))
    assert [(item.operator_id, item.name) for item in renamed.holders] == [("op-1", "Ani"), ("op-2", "Budi")]


def test_a_mistyped_password_is_remembered_for_that_person_only(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    save_keyring(path, Keyring(holders=(holder("op-1", "Siti"), holder("op-2", "Budi"))))
    until = TODAY + timedelta(minutes=1)
    note_failure(path, "op-1", failures=5, wait_until=until)
    note_failure(path, "nobody", failures=5, wait_until=until)
    failures = {item.operator_id: (item.failures, item.wait_until) for item in load_keyring(path).holders}
    assert failures == {"op-1": (5, until), "op-2": (0, None)}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"holders": [{}]}', b'{"extra": 1}', b"\xff\xfe", b"\0" * 100])
def test_a_damaged_keyring_says_so_instead_of_looking_like_a_new_station(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keyring.json").write_bytes(content)
    with pytest.raises(SetupError) as problem:
        load_keyring(tmp_path / "keyring.json")
    assert problem.value.code == "keyring.unreadable"


def test_a_keyring_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "keyring.json").mkdir()
    with pytest.raises(SetupError):
        load_keyring(tmp_path / "keyring.json")
