"""Each fault of the simulated devices, at the real window: the sentence that is read, what stays, and going on after.

One window, in Indonesian as at a station, and one simulator in a process of its own serve the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station.capture.sbi.device import SbiDevice
from station.desk import recording
from station.domain.biometrics import IRISES, LEFT_FOUR, RIGHT_FOUR, THUMBS, Capture, Modality, Part
from station.domain.steps import Step
from station.store import captures
from station.training.patient_device import PatientDevice
from station.training.people import PEOPLE
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from station.ui.screens.steps.device_page import DevicePage
from tests.end2end.window import Operator, window_of
from tests.support import filled

pytestmark = pytest.mark.usefixtures("qapp")
SITI = PEOPLE[1]
SLAPS = (RIGHT_FOUR, LEFT_FOUR, THUMBS)
HASTE_S = 1.5
"""How long a capture may take where the device hangs."""

NOTHING = ("", "")


@dataclass(frozen=True)
class Trouble:
    """A fault that stops a capture of `parts`, and what the operator reads then."""

    fault: Fault
    title: str
    todo: str
    parts: tuple[Part, ...] = THUMBS
    times: int | None = 1

    def __str__(self) -> str:
        return f"{self.fault.value}-{self.parts[0].modality.value}"


REPLUG = "Cabut lalu pasang kembali perangkatnya. Langkah lain tetap bisa dikerjakan."
RESTART = "Cabut perangkat, pasang lagi, lalu tunggu setengah menit. Langkah lain tetap bisa dikerjakan."
WEAK: tuple[Trouble, ...] = (
    Trouble(
        Fault.LOW_QUALITY,
        "2 jari belum cukup jelas",
        "Jari basah: keringkan, tekan lebih ringan. Hanya yang kurang yang diulang. "
        "Percobaan 2 dari 3. Hasil terbaik disimpan.",
    ),
    Trouble(
        Fault.LOW_QUALITY,
        "Belum cukup: mata kanan, mata kiri",
        "Diam sebentar. Buka mata lebih lebar. Percobaan 2 dari 3. Hasil terbaik disimpan.",
        IRISES,
    ),
)
STOPS: tuple[Trouble, ...] = (
    Trouble(
        Fault.THREE_OF_FOUR,
        "Belum semua terekam. Yang kurang: jari tengah kiri.",
        "Tempatkan semuanya lagi lalu tekan Spasi. Yang tidak bisa direkam dicatat sebagai pengecualian.",
        LEFT_FOUR,
    ),
    Trouble(
        Fault.WRONG_HAND,
        "Ini tangan yang lain, yang sudah direkam.",
        "Minta pemohon menaruh tangan yang diminta, lalu tekan Spasi. Percobaan ini tidak disimpan.",
        LEFT_FOUR,
    ),
    Trouble(
        Fault.SAME_FINGER,
        "Telunjuk kiri dan jari tengah kiri dalam perekaman ini jari yang sama.",
        "Minta pemohon menaruh setiap jari satu kali, berdampingan, lalu tekan Spasi. Percobaan ini tidak disimpan.",
        LEFT_FOUR,
    ),
    Trouble(
        Fault.BUSY,
        "Perangkat sedang sibuk.",
        "Tutup program lain yang memakainya, tunggu sebentar, lalu tekan Spasi.",
        times=None,
    ),
    Trouble(
        Fault.BAD_SIGNATURE,
        "Tanda tangan digital perangkat tidak benar.",
        "Tidak ada yang direkam. Rekam sekali lagi; kalau terulang, pakai perangkat lain dan beri tahu teknisi.",
    ),
    Trouble(
        Fault.EXPIRED_CERTIFICATE,
        "Sertifikat perangkat sudah habis masa berlakunya.",
        "Periksa tanggal komputer. Kalau sudah benar, perangkat perlu diperbarui: beri tahu teknisi.",
    ),
    Trouble(
        Fault.UNKNOWN_AUTHORITY,
        "Stasiun ini tidak mengenal pembuat perangkat.",
        "Tidak ada yang diambil. Teknisi perlu memasang sertifikat pembuatnya; pakai perangkat lain dulu.",
    ),
)
HARMLESS = (Fault.WHOLE_SLAP, Fault.TORN_FRAMES, Fault.SLOW_FRAMES)
ALONE = (Fault.CLOCK_SKEW, Fault.UNPLUG, Fault.UNPLUGGED, Fault.HANG, Fault.PORT_TAKEN)
"""Each has a test of its own below."""


class Counter:
    """Siti at the fingers step; her right hand is captured."""

    def __init__(self, operator: Operator) -> None:
        self.operator, self.player = operator, operator.player
        operator.sign_in()
        self.record_id = recording.start(operator.office, SITI.nik).record.record_id
        filled(operator.office, self.record_id, SITI.answers)
        recording.go_to(operator.office, self.record_id, Step.FINGERS)
        operator.resume(self.record_id)
        self.come_to(RIGHT_FOUR)
        self.space()
        assert set(self.kept) == set(RIGHT_FOUR)

    # ------------------------------------------------------------------------------------------------------- looking

    @property
    def page(self) -> DevicePage:
        page = self.operator._screen().page
        assert isinstance(page, DevicePage)
        return page

    @property
    def kept(self) -> Mapping[Part, Capture]:
        """All that is on the disk of her, picture and everything."""
        with self.operator.office.applicants.read() as connection:
            return {item.part: item for item in captures.all_of(connection, self.record_id)}

    @property
    def said(self) -> tuple[str, str]:
        """What happened and what to do, as it stands on the screen."""
        if not self.player.sees("capture.problem"):
            return NOTHING
        return self.operator.read("capture.problem.title"), self.operator.read("capture.problem.todo")

    def device(self, kind: Modality) -> SbiDevice:
        found = self.operator.app.context.rack.device(kind)
        assert isinstance(found, PatientDevice)
        assert isinstance(found.device, SbiDevice)
        return found.device

    # --------------------------------------------------------------------------------------------------------- doing

    def come_to(self, parts: tuple[Part, ...]) -> None:
        """Go to the step of `parts` and look through its device, which is well."""
        step = {Modality.FINGER: Step.FINGERS, Modality.IRIS: Step.IRISES, Modality.FACE: Step.PHOTO}[parts[0].modality]
        if self.operator.step is not step:
            number = list(Step).index(step) + 1
            self.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)
            self.player.wait_until(lambda: self.operator.step is step, f"step {step.value}")
        if step is Step.FINGERS:
            self.player.click(f"step.fingers.slap.{SLAPS.index(parts) + 1}")
        self.look()

    def look(self) -> None:
        """Until the device shows something: after trouble Space looks again before it captures."""
        looking, preview = self.page.looking, self.page.preview
        self.player.wait_until(lambda: preview.live or not looking.watching, "the device has been asked")
        if looking.missing:
            self.operator.app.context.look_for_devices()  # as the program does by itself each half minute
            self.player.wait_until(lambda: not looking.missing, "the device was found")
        elif not looking.watching:
            self.press(Qt.Key.Key_Space)
        self.player.wait_until(lambda: preview.live, "the device shows a picture")

    def space(self) -> None:
        """Capture, and wait until the device has answered and the desk has stored."""
        page = self.page
        self.press(Qt.Key.Key_Space)
        self.player.wait_until(lambda: not page.busy, "the device has answered")
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)

    def settle(self) -> None:
        tasks = self.operator.app.context.tasks
        self.player.wait_until(lambda: tasks.idle, "the desk is done")

    def throw_away(self, parts: tuple[Part, ...]) -> None:
        """For the next test."""
        self.operator._screen().session.discard(parts, lambda: None)
        self.settle()

    def frames(self, number: int) -> None:
        """Wait for so many live pictures."""
        seen: list[None] = []
        heard = self.page.looking.frame.connect(lambda: seen.append(None))
        self.player.wait_until(lambda: len(seen) >= number, f"{number} live pictures")
        self.page.looking.frame.disconnect(heard)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Counter]:
    with window_of(tmp_path_factory.mktemp("faults")) as operator:
        yield Counter(operator)


@pytest.fixture
def counter(window: Counter, simulator: Simulator) -> Counter:
    """With a simulator that is well before and after."""
    return window


@contextmanager
def nothing_lost(counter: Counter) -> Iterator[None]:
    """What was captured before is there afterwards, byte for byte, and nothing beside it."""
    before = counter.kept
    assert before.keys() >= set(RIGHT_FOUR)
    yield
    assert counter.kept == before


def goes_on(counter: Counter, simulator: Simulator, parts: tuple[Part, ...]) -> None:
    """The fault is over: the same parts are captured, and what was there before stays as it was."""
    before = counter.kept
    simulator.mend()
    counter.come_to(parts)
    counter.space()
    after = counter.kept
    assert after.keys() - before.keys() == set(parts)
    assert {part: after[part] for part in before} == before
    counter.throw_away(parts)


def test_every_fault_that_the_simulator_has_is_tested_here() -> None:
    assert {*(trouble.fault for trouble in (*STOPS, *WEAK)), *HARMLESS, *ALONE} == set(Fault)


@pytest.mark.parametrize("trouble", STOPS, ids=str)
def test_the_operator_reads_what_happened_and_nothing_is_lost(
    counter: Counter, simulator: Simulator, trouble: Trouble
) -> None:
    counter.come_to(trouble.parts)
    with nothing_lost(counter):
        simulator.fault(trouble.fault, trouble.times)
        counter.space()
        assert counter.said == (trouble.title, trouble.todo)
    goes_on(counter, simulator, trouble.parts)


@pytest.mark.parametrize("trouble", WEAK, ids=str)
def test_what_is_too_weak_is_said_and_a_better_one_takes_its_place(
    counter: Counter, simulator: Simulator, trouble: Trouble
) -> None:
    counter.come_to(trouble.parts)
    before = counter.kept
    simulator.seat(SITI)  # whether her fingers are too dry or too wet depends on how often they were drawn
    simulator.fault(trouble.fault, trouble.times)
    counter.space()
    assert counter.said == (trouble.title, trouble.todo)
    weak = counter.kept
    assert {part: weak[part] for part in before} == before
    counter.look()
    counter.space()
    better = counter.kept
    assert better.keys() - before.keys() == set(trouble.parts)
    assert {part: better[part] for part in before} == before
    assert set(trouble.parts) <= weak.keys(), "the best of the tries is kept, also when it is weak"
    assert all(better[part].quality > weak[part].quality for part in trouble.parts)
    assert counter.said == NOTHING
    counter.throw_away(trouble.parts)


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_spoils_no_picture_stops_nobody(counter: Counter, simulator: Simulator, fault: Fault) -> None:
    parts = LEFT_FOUR if fault is Fault.WHOLE_SLAP else THUMBS
    counter.come_to(parts)
    before = counter.kept
    simulator.fault(fault)
    counter.frames(2)  # the live picture goes on, with whatever frames can be read
    assert counter.said == NOTHING
    counter.space()
    after = counter.kept
    assert after.keys() - before.keys() == set(parts)
    assert {part: after[part] for part in before} == before
    counter.throw_away(parts)


def test_a_device_with_a_wrong_clock_captures_and_is_told_of(counter: Counter, simulator: Simulator) -> None:
    clocks = counter.operator.depot.clocks
    counter.player.wait_until(lambda: clocks.check is not None, "central has said what time it is")
    counter.come_to(THUMBS)
    before = counter.kept
    simulator.fault(Fault.CLOCK_SKEW, 1)
    counter.space()
    after = counter.kept
    assert after.keys() - before.keys() == set(THUMBS)
    assert {part: after[part] for part in before} == before
    counter.player.wait_until(lambda: counter.said != NOTHING, "something is said")
    assert counter.said == (
        "Jam perangkat salah: Pemindai Sidik Jari 4-4-2 (simulasi) · SIMSLAP000001.",
        "Hasilnya tetap disimpan. Matikan lalu nyalakan lagi perangkatnya; bila tetap salah, "
        "teknisi harus menyetel jamnya.",
    )
    counter.player.click("capture.problem.action")
    assert counter.said == NOTHING
    counter.throw_away(THUMBS)
    goes_on(counter, simulator, THUMBS)


def test_a_blurred_photo_is_kept_with_a_word_and_a_better_one_takes_its_place(
    counter: Counter, simulator: Simulator
) -> None:
    before = counter.kept
    counter.come_to((Part.FACE,))
    simulator.fault(Fault.LOW_QUALITY, 1)
    counter.space()
    assert counter.said == ("Foto kurang tajam.", "Ambil foto sekali lagi, atau simpan dengan alasannya.")
    blurred = counter.kept[Part.FACE]
    assert counter.kept == {**before, Part.FACE: blurred}
    counter.press(Qt.Key.Key_Space)
    counter.look()
    counter.space()
    assert counter.said == NOTHING
    assert counter.kept[Part.FACE].image != blurred.image
    counter.throw_away((Part.FACE,))


@pytest.mark.parametrize("fault", [Fault.UNPLUG, Fault.UNPLUGGED])
def test_a_cable_that_is_pulled_is_said_and_once_it_is_in_again_the_device_comes_back(
    counter: Counter, simulator: Simulator, fault: Fault
) -> None:
    counter.come_to(THUMBS)
    page, read = counter.page, list[str]()
    heard = page.problem_changed.connect(lambda: read.append(counter.said[0]))
    simulator.tell("fault", fault="unplugged", type="Finger", subType="Single")  # the slap scanner is the only one
    with nothing_lost(counter):
        simulator.fault(fault, 1 if fault is Fault.UNPLUG else None)
        if fault is Fault.UNPLUG:  # in the middle of a capture; otherwise while somebody looks
            counter.press(Qt.Key.Key_Space)
        counter.player.wait_until(lambda: page.looking.missing, "the device is gone")
        assert "Perangkat berhenti menjawab." in read
        assert counter.said in {("Perangkat berhenti menjawab.", REPLUG), ("Perangkat tidak terdeteksi.", REPLUG)}
    page.problem_changed.disconnect(heard)
    goes_on(counter, simulator, THUMBS)


def test_a_device_that_hangs_is_told_in_time(
    counter: Counter, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.come_to(IRISES)
    device = counter.device(Modality.IRIS)
    monkeypatch.setattr(device, "_house", replace(device._house, capture_s=HASTE_S))
    with nothing_lost(counter):
        simulator.fault(Fault.HANG, 1)
        counter.space()
        assert counter.said == ("Perangkat tidak menjawab.", RESTART)
    monkeypatch.undo()
    goes_on(counter, simulator, IRISES)


def test_a_program_in_the_place_of_the_device_is_told_until_the_device_is_found_elsewhere(
    counter: Counter, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.come_to(THUMBS)
    device = counter.device(Modality.FINGER)
    monkeypatch.setattr(device, "_house", replace(device._house, ports=(simulator.port,)))
    with nothing_lost(counter):
        simulator.fault(Fault.PORT_TAKEN)
        counter.space()
        assert counter.said == (
            "Program lain menempati tempat perangkat di komputer ini.",
            "Tutup program lain atau nyalakan ulang komputer. Yang sudah direkam tetap tersimpan.",
        )
    monkeypatch.undo()
    before = counter.kept
    counter.come_to(THUMBS)  # the other program is still there
    counter.space()
    assert counter.kept.keys() - before.keys() == set(THUMBS)
    counter.throw_away(THUMBS)
    goes_on(counter, simulator, THUMBS)
