"""What is wrong with a data folder is said in one sentence with what to do, and the exit code tells scripts."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from station import cli, i18n
from station.domain.delivery import Stage
from station.store.database import Database
from station.training.mode import TrainingMode
from station.training.people import PEOPLE
from tests.end2end.window import (
    NOBODY_THERE,
    complaint,
    leave_no_trace,
    operator_is_listed,
    said,
    station,
    window_of,
)
from tests.support import CHEAP, files_below

pytestmark = pytest.mark.usefixtures("qapp")

COMMANDS = [(), ("sync", "--once"), ("status",)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("enrolled")
    TrainingMode(folder / "data", cost=CHEAP).close()
    leave_no_trace()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A place with an enrolled station in `data/station`, whose central is away."""
    return Path(shutil.copytree(template, tmp_path / "place"))


@pytest.fixture
def data(folder: Path) -> Path:
    return folder / "data" / "station"


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    """The language the commands speak."""
    i18n.use("id")
    yield
    i18n.use("en")


def one_sentence(told: str, code: str) -> None:
    """`told` is the sentence for `code` and what to do, on one line."""
    assert told.startswith(said(code)), told
    assert len(told) > len(said(code)) + 10, "it does not say what to do"
    assert "\n" not in told, told


def complaints(data: Path, *, before: tuple[str, ...] = ()) -> list[str]:
    """What the window, the sync service and the status say, which all fail.

    In this process, unless something has to stand `before`: starting each anew would take most of a minute in all.
    """
    if not before:
        return [complaint(typed(data, *each)) for each in COMMANDS]
    with ThreadPoolExecutor(max_workers=len(COMMANDS)) as runners:
        return [complaint(done) for done in runners.map(lambda each: station(data, *each, before=before), COMMANDS)]


def typed(data: Path, *arguments: str) -> CompletedProcess[str]:
    """The same command line, answered in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(["--data", str(data), *arguments])
    leave_no_trace()
    i18n.use("id")
    return CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def test_beside_an_open_window_a_second_one_and_a_sync_service_say_so_and_the_status_is_told(
    folder: Path, data: Path
) -> None:
    with window_of(folder, central=(NOBODY_THERE, "")) as operator:
        operator.sign_in()
        operator.seal_prepared(PEOPLE[0])
        for arguments in [(), ("sync", "--once")]:
            done = station(data, *arguments)
            one_sentence(complaint(done), "folder.in_use")
            assert done.returncode == 1
        done = station(data, "status", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert {"queued", "sending", "receipted", "parked", "rejected", "link"} <= set(found)
        assert {"state", "since", "reason"} <= set(found["link"])
        assert [found[name] for name in ("queued", "sending", "receipted", "parked", "rejected")] == [1, 0, 0, 0, 0]
        assert found["link"]["state"] == "port"
        assert found["link"]["reason"] == "refused"
        assert done.stdout.strip().startswith("{") and done.stdout.strip().endswith("}")
        done = station(data, "status")
        assert done.returncode == 0
        assert "1" in done.stdout
        assert [item.stage for item in operator.packets()] == [Stage.QUEUED]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_cannot_be_written_to_is_named(data: Path) -> None:
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:  # the rights of root end where its capabilities do
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to give that up")
        before = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    there = files_below(data)
    data.chmod(0o500)
    try:
        told = complaints(data, before=before)
    finally:
        data.chmod(0o700)
    assert len(told) == len(COMMANDS)
    for line in told:
        one_sentence(line, "store.read_only")
    assert files_below(data) == there


def test_a_folder_of_a_newer_program_is_left_alone(data: Path) -> None:
    database = Database(data / "outbox.db")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    content = (data / "outbox.db").read_bytes()
    for line in complaints(data):
        one_sentence(line, "store.too_new")
    assert (data / "outbox.db").read_bytes() == content
    assert not [path for path in files_below(data) if "broken" in path.name]


def test_records_of_a_newer_program_are_left_alone_and_said_at_sign_in(folder: Path) -> None:
    with window_of(folder, central=(NOBODY_THERE, "")) as operator:
        operator.sign_in()
        with operator.office.applicants.write() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        operator.restart()
        operator_is_listed(operator.player)
        operator.player.type("latihan-2026", into="signin.password")
        operator.player.enter()
        operator.await_text("signin.error", said("store.too_new"))
        assert operator.app.context.office is None


@pytest.mark.parametrize(
    ("settings", "named"),
    [('warna = "merah"\n', "warna"), ("text_scale = 900\n", "text_scale"), ("language = [\n", "station.toml")],
    ids=["unknown key", "out of range", "not TOML"],
)
def test_damaged_settings_are_named_by_file_and_key_with_what_to_do(data: Path, settings: str, named: str) -> None:
    (data / "station.toml").write_text(settings)
    for told in complaints(data):
        assert "station.toml" in told and named in told, told
        assert "Perbaiki" in told, "it does not say what to do"
        assert "\n" not in told, told


def lose(path: Path) -> None:
    path.unlink()


def identity(data: Path) -> dict[str, bytes]:
    """What says who this station is."""
    files = (data / name for name in ("station.key", "enrolment.json", "keyring.json"))
    return {path.name: path.read_bytes() for path in files if path.exists()}


def damage(path: Path) -> None:
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")


@pytest.mark.parametrize("spoil", [lose, damage])
def test_a_lost_or_damaged_key_is_named_by_whoever_needs_it_and_stops_nobody_else(
    data: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(data / "station.key")
    left = identity(data)
    one_sentence(complaint(typed(data, "sync", "--once")), "station_key.unreadable")
    assert typed(data, "status").returncode == 0
    assert identity(data) == left, "another key was made in its place"


def test_a_registration_that_is_damaged_with_its_spare_is_named(data: Path) -> None:
    for name in ("enrolment.json", "enrolment.json.bak"):
        damage(data / name)
    left = identity(data)
    told = complaints(data)
    assert len(told) == len(COMMANDS)
    for line in told:
        one_sentence(line, "enrolment.unreadable")
    assert identity(data) == left, "another key was made in its place"
