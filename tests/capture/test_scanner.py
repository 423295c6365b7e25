"""Scanners are asked through the real command line of SANE, in a real process; whatever is in the way has a name."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest

from station.capture import scanner
from station.capture.scanner import ScannerFound, Scanners
from station.domain.errors import DeviceError
from tests.fakes import drawn_page, scanimage
from tests.fakes.scanimage import FakeSane

PAGE = drawn_page.as_png(drawn_page.family_card((400, 280)))
EPSON = "epson2:libusb:001:004"


@pytest.fixture
def sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSane:
    return scanimage.install(tmp_path / "bin", PAGE, monkeypatch)


def lives(pid: int) -> bool:
    """Not counting one that waits to be buried. One that was just killed is given a moment to die."""
    try:
        for _ in range(200):
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return False
            Event().wait(0.01)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def trouble(scanners: Scanners) -> str:
    with pytest.raises(DeviceError) as caught:
        list(scanners.scan(EPSON))
    assert not {"errno", "path", "address"} & set(caught.value.data)
    return caught.value.code


def test_scanners_are_found_with_a_name_for_people(sane: FakeSane) -> None:
    assert Scanners().look() == (ScannerFound(EPSON, "Epson Contoh V39"),)
    sane.plan(scanners=[])
    assert Scanners().look() == ()


def test_a_flatbed_gives_one_grey_page_at_200_dpi(sane: FakeSane) -> None:
    assert list(Scanners().scan(EPSON)) == [PAGE]
    assert sane.asked()[-1] == ["-d", EPSON, "--format=png", "--resolution=200", "--mode=Gray"]


def test_a_feeder_gives_all_its_sheets(sane: FakeSane) -> None:
    sane.plan(sources="Flatbed|ADF|ADF Duplex", sheets=3)
    assert list(Scanners().scan(EPSON)) == [PAGE] * 3
    assert "--source=ADF" in sane.asked()[-1]


def test_with_an_empty_feeder_the_glass_is_scanned(sane: FakeSane) -> None:
    sane.plan(sources="Flatbed|ADF")
    assert list(Scanners().scan(EPSON)) == [PAGE]
    assert "--source=Flatbed" in sane.asked()[-1]
    sane.plan(sources="ADF")
    assert trouble(Scanners()) == "scanner.no_paper"


def test_a_scanner_that_calls_its_grey_otherwise_is_asked_in_its_words(sane: FakeSane) -> None:
    sane.plan(modes="Black & White|True Gray|24bit Color")
    list(Scanners().scan(EPSON))
    assert "--mode=True Gray" in sane.asked()[-1]
    sane.plan(modes="Binary|Color")
    list(Scanners().scan(EPSON))
    assert not any(item.startswith("--mode") for item in sane.asked()[-1])


@pytest.mark.parametrize(
    ("said", "exit_code", "code"),
    [
        ("Device busy", 3, "scanner.busy"),
        ("Document feeder jammed", 6, "scanner.jammed"),
        ("Scanner cover is open", 8, "scanner.cover_open"),
        ("Error during device I/O", 9, "scanner.unplugged"),
        ("Access to resource has been denied", 11, "scanner.denied"),
        ("Out of memory", 10, "scanner.failed"),
    ],
)
def test_what_is_in_the_way_is_named(sane: FakeSane, said: str, exit_code: int, code: str) -> None:
    sane.plan(trouble=[said, exit_code])
    assert trouble(Scanners()) == code


def test_a_jam_after_two_sheets_keeps_the_two(sane: FakeSane) -> None:
    sane.plan(sources="ADF", sheets=2)
    given = Scanners().scan(EPSON)
    assert [next(given), next(given)] == [PAGE, PAGE]
    sane.plan(sources="ADF", trouble=["Document feeder jammed", 6])
    with pytest.raises(DeviceError, match=r"scanner\.jammed"):
        next(given)


def test_a_scanner_that_was_unplugged_is_said_so(sane: FakeSane) -> None:
    sane.plan(gone=True)
    assert trouble(Scanners()) == "scanner.unplugged"


def test_a_scanner_that_hangs_is_given_up(sane: FakeSane) -> None:
    sane.plan(hang=True)
    assert trouble(Scanners(look_limit_s=0.5)) == "scanner.too_slow"


def test_a_scanner_that_never_ends_its_page_fills_no_memory(sane: FakeSane) -> None:
    sane.plan(endless=True)
    assert trouble(Scanners()) == "document.too_large"


@pytest.mark.parametrize("then", ["page", "hang"])
def test_what_the_program_has_started_and_left_behind_holds_nobody_up(sane: FakeSane, then: str) -> None:
    """It holds the pipes open, so that their end never comes by itself."""
    sane.plan(leaves=True, hang=then == "hang")
    if then == "page":
        assert list(Scanners().scan(EPSON)) == [PAGE]
    else:
        assert trouble(Scanners(look_limit_s=0.5)) == "scanner.too_slow"
    assert sane.heirs() and not any(lives(heir) for heir in sane.heirs())


def test_a_program_that_complains_without_end_does_not_get_stuck(sane: FakeSane) -> None:
    sane.plan(grumbles=True)
    assert list(Scanners().scan(EPSON)) == [PAGE]
    sane.plan(grumbles=True, trouble=["Document feeder jammed", 6])
    assert trouble(Scanners()) == "scanner.failed"  # what comes after so much is not listened to


def test_a_program_that_will_not_stop_is_ended(sane: FakeSane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "_STOPPING_S", 0.1)
    sane.plan(hang=True, stubborn=True)
    scanners = Scanners()
    heard: list[str] = []
    scan = Thread(target=lambda: heard.append(trouble(scanners)))
    scan.start()
    while len(sane.asked()) < 2:  # it says so once more when it has made itself deaf
        scan.join(0.01)
    scanners.stop()
    scan.join(10)
    assert heard == ["scanner.stopped"]


def test_names_of_scanners_are_plain_and_not_without_number(sane: FakeSane) -> None:
    sane.plan(scanners=[[f"net:{number}", "Epson\u202e <b>V39</b>\x07"] for number in range(99)])
    found = Scanners().look()
    assert (len(found), found[0].name) == (scanner.MAX_SCANNERS, "Epson <b>V39</b>")


def test_an_operator_stops_a_scan_that_goes_on(sane: FakeSane, tmp_path: Path) -> None:
    sane.plan(hang=True)
    scanners = Scanners()
    heard: list[str] = []
    scan = Thread(target=lambda: heard.append(trouble(scanners)))
    scan.start()
    while not sane.asked():
        scan.join(0.01)
    scanners.stop()
    scan.join(10)
    assert heard == ["scanner.stopped"]


def test_without_the_program_of_the_scanners_it_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceError, match=r"scanner\.not_here"):
        Scanners().look()
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(DeviceError, match=r"scanner\.not_on_windows"):
        Scanners().look()


def test_no_scan_is_written_to_a_disk(sane: FakeSane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path / "temporary")
    list(Scanners().scan(EPSON))
    assert not list((tmp_path / "temporary").iterdir())
    assert not any("--batch" in item or "-o" in item for start in sane.asked() for item in start)


def test_a_scanner_tests_itself_by_saying_what_it_can_do_and_nothing_moves(sane: FakeSane) -> None:
    Scanners().test(EPSON)
    assert sane.asked()[-1] == ["-d", EPSON, "-A"]
    sane.plan(gone=True)
    with pytest.raises(DeviceError, match=r"scanner\.unplugged"):
        Scanners().test(EPSON)


def test_a_scanner_that_does_not_answer_its_test_is_told_within_the_time(sane: FakeSane) -> None:
    sane.plan(hang=True)
    with pytest.raises(DeviceError, match=r"scanner\.too_slow"):
        Scanners(look_limit_s=0.3).test(EPSON)
