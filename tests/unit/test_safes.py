"""The safes of the station key: a file, the keyring of the system, a security chip; and what a lost one costs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from station.desk import delivery, keys, signin
from station.domain.delivery import LinkState
from station.domain.errors import SetupError, StoreError
from station.domain.safe import SafeKind
from station.seal.jws import SigningKey
from station.store.depot import Depot
from station.store.safes import tpm
from station.store.safes.os_keyring import OsKeyring
from station.store.safes.plain_file import PlainFile
from station.store.safes.safe import Safe
from station.store.safes.shelf import chosen_kind
from station.store.safes.tpm import Tpm
from station.store.station_key import load_station_key, save_station_key
from tests.support import PASSWORD, HandClock, Workplace, files_below, running_central, workplace

SECRET = bytes(range(32))
NEEDED = ("swtpm", "tpm2_createprimary", "tpm2_unseal", "tpm2_clear")
Opener = Callable[[Path], Workplace]


class DeskDrawer(KeyringBackend):
    """A keyring of ours behind the library: keeps in memory; `stuck` is a desktop that asks and waits."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.stuck: Event | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        del self.kept[(service, username)]

    def _ask(self) -> None:
        if self.stuck is not None:
            self.stuck.wait(30)


@pytest.fixture
def drawer() -> Iterator[DeskDrawer]:
    made, before = DeskDrawer(), keyring.get_keyring()
    keyring.set_keyring(made)
    yield made
    if made.stuck is not None:
        made.stuck.set()
    keyring.set_keyring(before)


class Chip:
    """A real TPM 2.0 in software."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        port = _two_ports()
        self._process = subprocess.Popen(
            [
                "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self._folder}",
                "--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={port + 1}",
                "--flags", "not-need-init,startup-clear",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.address = f"swtpm:host=127.0.0.1,port={port}"
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port + 1)).close()
                return
            except OSError:
                Event().wait(0.01)
        raise AssertionError("swtpm did not start")

    def clear(self) -> None:
        """What its owner, or the firmware, may do at any time: everything sealed under it is lost."""
        environment = {**os.environ, tpm.OTHER_CHIP: self.address}
        subprocess.run(["tpm2_clear", "-c", "p"], env=environment, check=True, capture_output=True, timeout=20)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


@pytest.fixture
def chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    (tmp_path / "chip").mkdir()
    made = Chip(tmp_path / "chip")
    made.start()
    monkeypatch.setenv(tpm.OTHER_CHIP, made.address)
    yield made
    made.stop()


def _two_ports() -> int:
    """A free port whose next is free too."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except OSError:
                continue
        return port


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises((StoreError, SetupError)) as problem:
        work()
    return problem.value.code


# ---------------------------------------------------------------------------------------------------- each of them


def check_safe(safe: Safe) -> None:
    assert safe.usable
    assert code_of(safe.take) == "safe.empty"
    safe.put(SECRET)
    assert safe.take() == SECRET
    safe.put(SECRET[::-1])
    assert safe.take() == SECRET[::-1]
    safe.forget()
    assert code_of(safe.take) == "safe.empty"


def test_a_file_keeps_a_secret_for_its_owner_only(tmp_path: Path) -> None:
    check_safe(PlainFile(tmp_path / "secret"))
    PlainFile(tmp_path / "secret").put(SECRET)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_file_gives_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    assert code_of(PlainFile(tmp_path / "secret").take) == "safe.empty"


def test_the_keyring_of_the_system_keeps_a_secret(drawer: DeskDrawer) -> None:
    check_safe(OsKeyring("stasiun"))


def test_a_keyring_that_never_answers_is_left_behind(drawer: DeskDrawer) -> None:
    drawer.stuck = Event()
    safe = OsKeyring("stasiun", patience_s=0.05)
    assert code_of(safe.take) == code_of(lambda: safe.put(SECRET)) == "safe.away"
    safe.forget()


def test_without_any_keyring_behind_the_library_there_is_none() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    try:
        safe = OsKeyring("stasiun")
        assert not safe.usable
        assert code_of(lambda: safe.put(SECRET)) == "safe.away"
    finally:
        keyring.set_keyring(before)


def test_a_chip_keeps_a_secret_and_loses_it_when_it_is_cleared(chip: Chip, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    folder.mkdir()
    safe = Tpm(folder)
    assert safe.usable
    assert code_of(safe.take) == "safe.empty"
    safe.put(SECRET)
    assert Tpm(folder).take() == SECRET
    assert {path.name for path in files_below(folder)} == {"tpm.pub", "tpm.priv"}, "what passed between is gone"
    assert not any(SECRET in path.read_bytes() for path in files_below(folder))
    chip.clear()
    assert code_of(safe.take) == "safe.empty"
    chip.stop()
    assert code_of(safe.take) == "safe.away"


def test_a_chip_that_hangs_costs_seconds_and_not_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in tpm._TOOLS:
        (tools / name).write_text("#!/bin/sh\nexec sleep 60\n")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv(tpm.OTHER_CHIP, "device:/dev/null")
    assert code_of(lambda: Tpm(tmp_path, step_s=0.05).put(SECRET)) == "safe.away"


# ---------------------------------------------------------------------------------------------- the key of a station


def test_the_station_key_is_nowhere_in_clear(place: Workplace) -> None:
    secret = place.depot.enrolled()[1].pem().splitlines()[1]
    assert place.office.operator.name == "Siti R."
    assert not any(secret in path.read_bytes() for path in files_below(place.root))


def test_a_key_in_clear_from_before_is_closed_by_the_settling_after_sign_in(place: Workplace) -> None:
    key = place.depot.enrolled()[1]
    place.depot.folder.station_key.write_bytes(key.pem())
    place = place.reopen()
    assert place.depot.enrolled()[1].pem() == key.pem(), "it works as it is"
    keys.settle_safe(place.office.depot, "auto")
    assert b"PRIVATE" not in place.depot.folder.station_key.read_bytes()
    assert place.reopen().depot.enrolled()[1].pem() == key.pem()


def test_the_key_moves_into_the_keyring_and_back(place: Workplace, drawer: DeskDrawer) -> None:
    pem = place.depot.enrolled()[1].pem()
    keys.settle_safe(place.depot, "keyring")
    assert place.depot.key_state is not None and place.depot.key_state.kind is SafeKind.KEYRING
    assert list(drawer.kept) and not (place.depot.folder.safe / "secret").exists()
    assert place.reopen().depot.enrolled()[1].pem() == pem
    keys.settle_safe(place.depot, "file")
    assert not drawer.kept
    assert place.reopen().depot.enrolled()[1].pem() == pem


def test_a_safe_that_is_not_there_leaves_the_key_where_it_was(place: Workplace) -> None:
    assert code_of(lambda: keys.settle_safe(place.depot, "tpm")) == "safe.away"
    assert place.reopen().depot.enrolled()


def test_the_keyring_is_never_taken_unasked(place: Workplace, drawer: DeskDrawer) -> None:
    assert chosen_kind("auto", place.depot.folder, "s") is SafeKind.FILE


def test_a_cleared_chip_stops_delivery_with_one_sentence_and_the_next_sign_in_puts_the_key_back(
    place: Workplace, chip: Chip, said: list[str]
) -> None:
    pem = place.depot.enrolled()[1].pem()
    assert place.seal()
    keys.settle_safe(place.depot, "auto")
    assert place.depot.key_state is not None and place.depot.key_state.kind is SafeKind.TPM
    assert place.reopen().depot.enrolled()[1].pem() == pem
    chip.clear()
    place = place.reopen()
    assert code_of(place.depot.enrolled) == "station_key.locked"
    assert delivery.link(place.depot).state is LinkState.KEY
    assert code_of(lambda: place.engine) == "station_key.locked"
    assert place.seal(2), "recording goes on: signing in has put the key back"
    assert place.depot.enrolled()[1].pem() == pem
    keys.settle_safe(place.depot, "auto")
    assert place.reopen().depot.enrolled()[1].pem() == pem
    assert delivery.link(place.depot).state is not LinkState.KEY
    assert "WARNING station.desk.station_key: the station key was put back from the encrypted database" in said


@pytest.mark.parametrize("lost", ["station.key", "safe/secret"])
def test_a_key_or_a_safe_that_is_gone_comes_back_with_the_next_sign_in(
    place: Workplace, said: list[str], lost: str
) -> None:
    pem = place.depot.enrolled()[1].pem()
    signin.sign_out(place.office)
    place._office = None
    (place.root / lost).unlink()
    place = place.reopen()
    assert place.depot.key is None
    assert place.seal()
    assert place.depot.enrolled()[1].pem() == pem


def test_packets_without_a_row_wait_for_the_key_and_are_not_called_damaged(
    place: Workplace, said: list[str], open_place: Opener
) -> None:
    row = place.seal()
    signin.sign_out(place.office)
    place._office = None
    place.close()
    for path in place.root.glob("outbox.db*"):
        path.unlink()
    (place.root / "safe" / "secret").unlink()
    again = open_place(place.root)
    assert again.depot.outbox.get(row.record.key) is None
    assert again.office
    item = again.depot.outbox.get(row.record.key)
    assert item is not None and item.stage.value == "queued"


def test_a_key_closed_with_another_secret_is_locked_and_not_taken_for_damaged(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()
    depot = Depot(tmp_path / "station")
    save_station_key(depot.folder, SigningKey.generate("s"))
    assert load_station_key(depot.folder, "s")
    (depot.folder.safe / "secret").write_bytes(SECRET)
    assert code_of(lambda: load_station_key(depot.folder, "s")) == "station_key.locked"
    depot.folder.station_key.write_text("{}")
    assert code_of(lambda: load_station_key(depot.folder, "s")) == "station_key.unreadable"
    depot.close()


def test_no_key_of_a_new_station_was_ever_on_the_disk_in_clear(tmp_path: Path) -> None:
    with running_central(tmp_path / "central") as server, workplace(tmp_path / "station", server, HandClock()) as made:
        assert made.depot.folder.station_key.read_bytes().startswith(b"{")
        signin.check_password(made.depot, signin.operators(made.depot)[0].operator_id, PASSWORD)
