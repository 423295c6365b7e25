"""An operator at the real window of a real station: signs in, records, looks, leaves and comes back.

Plays with the hands of the guided demo. Run as a program it records one person and tells on standard output what the
window has shown as stored, until somebody pulls its plug.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPushButton, QWidget

from station import i18n
from station.app.app import App
from station.app.run import make_qt
from station.desk import recording
from station.desk.office import Office
from station.domain.biometrics import Part
from station.domain.delivery import OutboxItem, Stage
from station.domain.draft import Draft
from station.domain.form import Kind, field_of
from station.domain.ports import Clock
from station.domain.steps import Step
from station.store.depot import Depot
from station.training.demo import Story
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import PEOPLE, Person
from station.training.player import DemoStuck, Player
from station.training.simulator.process import Simulator
from station.ui.words import sentence
from tests.simulated import Elsewhere, the_simulator
from tests.support import APPROVED, CHEAP, a_capture, captured, filled

ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
PROJECT = Path(__file__).parents[2]
STATION = [sys.executable, "-m", "station"]
CAPTURES = (Step.PHOTO, Step.FINGERS, Step.IRISES)
"""Steps in which a device looks; after them the applicant signs."""

NOBODY_THERE = "http://127.0.0.1:9"
ENGLISH = 'language = "en"\n'
"""A window whose words a test reads as they stand in the source."""


class ForwardClock:
    """The computer's clock, which a test may put forward instead of waiting."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        return monotonic() + self._ahead.total_seconds()

    def pass_time(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class Operator(Story):
    """One person at the window of a station in training mode."""

    def __init__(self, training: TrainingMode, pictures: Path, clock: Clock | None = None) -> None:
        self._clock = clock
        super().__init__(training, pictures)

    @property
    def app(self) -> App:
        return self._app

    @property
    def depot(self) -> Depot:
        return self._app.depot

    @property
    def office(self) -> Office:
        return self._app.context.desk

    @property
    def draft(self) -> Draft:
        draft = self._screen().session.draft
        assert draft is not None, "no draft is open"
        return draft

    @property
    def step(self) -> Step:
        return self._screen().step

    # ----------------------------------------------------------------------------------------------- coming, going

    def sign_in(self) -> None:
        sign_in(self.player, PASSWORD)

    def leave(self) -> None:
        """Close the window with its cross; the program ends."""
        end(self._app)

    def come_back(self) -> None:
        """Start the program again."""
        self._app = self._opened()
        self.player.window = self._app.window

    def restart(self) -> None:
        self.leave()
        self.come_back()

    def open(self, screen: str) -> None:
        self.player.click(f"rail.{screen}")
        self.player.find(screen)

    # --------------------------------------------------------------------------------------------------- recording

    def prepare(self, person: Person) -> str:
        """A complete draft, put there without the window; what the pictures show does not matter."""
        record_id = recording.start(self.office, person.nik).record.record_id
        filled(self.office, record_id, person.answers)
        for finding in recording.resume(self.office, record_id).open_warnings:
            recording.confirm(self.office, record_id, finding.field, finding.code, "Sesuai KK asli")
        captured(self.office, record_id, person.nik, size=9000)
        recording.approve(self.office, record_id, APPROVED, a_capture(Part.SIGNATURE))
        recording.go_to(self.office, record_id, Step.REVIEW)
        return record_id

    def begin(self, person: Person) -> str:
        """Type the NIK of somebody new, who sits down; the record that was begun."""
        self._training.expect(person)
        self.player.type(person.nik, into="applicant.nik")
        self.player.enter()
        self.player.wait_until(lambda: self.step is Step.BIODATA and self.player.sees("form.name"), "the form is open")
        return self.draft.record.record_id

    def resume(self, record_id: str) -> None:
        """Open a draft from the list of the start page."""
        self.open("records")
        self.open("capture")
        self.player.click(f"applicant.resume.{record_id}")
        self.player.wait_until(lambda: self._is_open(record_id), "the draft is open")

    def record(self, person: Person) -> None:
        """Record somebody from NIK to seal."""
        self._record_one(person, 1)

    def capture_all(self, person: Person) -> None:
        """Photo, ten fingers and irises by the devices, the signature by hand; then everything is reviewed."""
        for step in CAPTURES:
            self.go_on(step)
            self._capture(step)
        self.go_on(Step.SIGNATURE)
        self._sign(person)
        for step in (Step.DOCUMENTS, Step.REVIEW):
            self.go_on(step)

    def withdraw(self, reason: str) -> None:
        """Give up the draft that is open, by its menu, and say why."""
        self.player.click("capture.more")
        menu = self.player.find("capture.more.menu", QMenu)
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):  # below *go on later*
            QTest.keyClick(menu, key)
        self.player.type(reason, into="withdraw.reason")
        self.player.enter()
        self.player.click("withdraw.confirm")
        self.player.find("applicant.nik")

    def fill_in_slowly(self, person: Person) -> None:
        """Type one answer after another, each when the one before is stored."""
        for key, value in person.answers.items():
            if self.draft.answers.get(key) != value and self.player.sees(f"form.{key}"):
                typed = f"{value[8:10]}{value[5:7]}{value[:4]}" if field_of(key).kind is Kind.DATE else value
                self.write(key, typed)
                self.player.enter()
                self.player.wait_until(
                    lambda key=key, value=value: self.draft.answers.get(key) == value,  # type: ignore[misc]
                    f"{key} is stored",
                )
        self._confirm_warnings()

    def write(self, key: str, text: str) -> None:
        """Type over what stands in a field of the form, and stay there."""
        self.player.find(f"form.{key}").setFocus(Qt.FocusReason.TabFocusReason)
        self.player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.player.type(text)

    def go_on(self, step: Step) -> None:
        self._go_on(step)

    def explain_prints(self) -> None:
        """A reason for every print that cannot be compared: what is drawn for tests is not read again from a packet."""
        session = self._screen().session
        for finding in self.draft.open_captures:
            session.confirm(finding.field, finding.code, "gambar uji")
        self.player.wait_until(lambda: not self.draft.open_captures, "the prints are explained")

    def seal(self) -> str:
        """Verify and seal what is under review; the registration number that is shown."""
        self._verify()
        self.player.wait_until(lambda: self._screen().bench.review.complete, "everything is complete")
        self.player.click("capture.next")
        self.player.find("sealed.next")
        number = self.read("sealed.number")
        self.player.enter()
        self.player.find("applicant.nik")
        return number

    def seal_prepared(self, person: Person) -> str:
        """Prepare a draft, look at it, seal it; its record id."""
        record_id = self.prepare(person)
        self.resume(record_id)
        self.seal()
        return record_id

    # ----------------------------------------------------------------------------------------------------- looking

    def read(self, name: str) -> str:
        return read(self.player, name)

    def await_text(self, name: str, *wanted: str) -> str:
        return await_text(self.player, name, *wanted)

    def packets(self) -> tuple[OutboxItem, ...]:
        """Every row of the outbox."""
        return self.depot.outbox.page(list(Stage), offset=0, limit=500)

    def _is_open(self, record_id: str) -> bool:
        draft = self._screen().session.draft
        return draft is not None and draft.record.record_id == record_id

    def _opened(self) -> App:
        training = self._training
        app = App(self._qt, training.data_dir, training=training, clock=self._clock)
        app.show()
        return app

    def _say(self, text: str) -> None:
        """A test keeps quiet."""


def read(player: Player, name: str) -> str:
    """What the control called `name` says to whoever looks at it."""
    found: QWidget = player.find(name)
    if isinstance(found, QLabel | QPushButton):
        return found.text()
    return found.accessibleName()


def sign_in(player: Player, password: str) -> None:
    """Type the password of the first operator, and wait for the start page."""
    operator_is_listed(player)
    player.type(password, into="signin.password")
    player.enter()
    player.find("applicant.nik")


def operator_is_listed(player: Player) -> None:
    """Wait for the sign-in screen to know who there is."""
    who = player.find("signin.operator", QComboBox)
    player.wait_until(lambda: who.count() > 0, "the operators are listed")


def await_text(player: Player, name: str, *wanted: str) -> str:
    """Wait until `name` says every one of `wanted`, in whatever case; what it says."""

    def says() -> bool:
        told = read(player, name).casefold() if player.sees(name) else ""
        return bool(told) and all(part.casefold() in told for part in wanted)

    try:
        player.wait_until(says, f"{name} says {wanted}")
    except DemoStuck as stuck:
        told = read(player, name) if player.sees(name) else "nothing"
        raise DemoStuck(f"{stuck}, but it says {told!r}") from None
    return read(player, name)


def said(code: str, **data: object) -> str:
    """The first sentence for an error code, in the language of the window."""
    return sentence(code, data).title


def texts_below(widget: QWidget) -> set[str]:
    """Every word a person can see in `widget`."""
    shown = [item for item in widget.findChildren(QWidget) if item.isVisible()]
    return {item.text() for item in shown if isinstance(item, QLabel | QPushButton) and item.text().strip()}


@contextmanager
def window_of(
    folder: Path,
    *,
    central: tuple[str, str] | None = None,
    clock: Clock | None = None,
    settings: str = "",
    simulator: Simulator | None = None,
    hands: type[Operator] = Operator,
) -> Iterator[Operator]:
    """The window of an enrolled training station below `folder`; `central` and `simulator` instead of its own."""
    data = folder / "data"
    if settings:
        (data / "station").mkdir(parents=True, exist_ok=True)
        (data / "station" / "station.toml").write_text(settings)
    training = TrainingMode(data, central=central, simulator=simulator or the_simulator(), cost=CHEAP)
    try:
        operator = hands(training, folder / "pictures", clock)
        try:
            yield operator
        finally:
            operator.leave()
    finally:
        training.close()
        leave_no_trace()


@contextmanager
def plain_window(data: Path, clock: Clock | None = None) -> Iterator[tuple[App, Player]]:
    """The window of a station as it is delivered: no training, whatever the folder holds."""
    app = App(make_qt(), data, clock=clock)
    try:
        app.show()
        yield app, Player(app.window, data.parent / "pictures")
    finally:
        end(app)
        leave_no_trace()


def end(app: App) -> None:
    """What happens when the window is closed, and then to everything in it when the process ends."""
    app.window.close()
    app.close()
    QCoreApplication.sendPostedEvents(app.window, QEvent.Type.DeferredDelete)


def leave_no_trace() -> None:
    """What a program keeps until it ends, and tests share: the language, and the log's files."""
    i18n.use("en")
    log = logging.getLogger("station")
    for handler in list(log.handlers):
        if isinstance(handler, logging.StreamHandler):
            log.removeHandler(handler)
            handler.close()
    log.propagate = True


def station(data: Path, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run `station … --data DIR` to its end. `before` is a command that starts it, such as setpriv."""
    command = [*before, *STATION, "--data", str(data), *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed wrote for a person: no traceback, and without what Qt says of its own."""
    assert done.returncode != 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line and "propagateSizeHints" not in line]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------- a program to pull the plug of


class Doomed:
    """The window in a process of its own, recording `person`. `told` is all it has shown as stored so far."""

    def __init__(
        self, folder: Path, person: Person, *, failpoint: str = "", program: str = "tests.end2end.window"
    ) -> None:
        command = [sys.executable, "-m", program, str(folder), person.nik]
        command += [str(the_simulator().port), str(the_simulator().trust)]  # it has drawn this person before
        environment = {**ENVIRONMENT, "STATION_FAILPOINT": failpoint}
        self._process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
        self.told: list[dict[str, Any]] = []

    def __enter__(self) -> Doomed:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self.end()

    def hear(self) -> Mapping[str, Any]:
        """The next thing it tells; the last one again once it is dead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            self.told.append(json.loads(line))
        assert self.told, "it died before it said anything"
        return self.told[-1]

    @property
    def speaks(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """Wait for its end, hear the rest; the exit code."""
        assert self._process.stdout is not None
        if not self._process.stdout.closed:
            self.told += [json.loads(line) for line in self._process.stdout if line.endswith("\n")]
            self._process.stdout.close()
        return self._process.wait(60)

    def kill(self) -> None:
        """Pull the plug: SIGKILL, no goodbye."""
        self._process.kill()
        self.end()


def _tell(what: str, operator: Operator | None = None) -> None:
    line: dict[str, Any] = {"what": what}
    if operator is not None:
        draft = operator.draft
        line |= {
            "step": draft.step.value,
            "shown": operator.step.value,
            "answers": dict(draft.answers),
            "captures": sorted(part.value for part in draft.captures),
        }
    print(json.dumps(line), flush=True)


def main(folder: Path, nik: str, simulator: Simulator) -> None:
    """Record the person with this NIK, or go on with the draft that is there, and tell what is stored."""
    person = next(person for person in PEOPLE if person.nik == nik)
    with window_of(folder, central=(NOBODY_THERE, ""), simulator=simulator) as operator:
        operator.sign_in()
        drafts = recording.open_drafts(operator.office)
        if drafts:
            operator.resume(drafts[0].record.record_id)
        elif operator.packets():
            _tell("nothing to finish")
            return
        else:
            operator.begin(person)
        _tell("opened", operator)
        operator._screen().session.saved.connect(lambda _moment: _tell("stored", operator))
        operator._screen().session.changed.connect(lambda _draft: _tell("stored", operator))
        if operator.step is Step.BIODATA:
            operator.fill_in_slowly(person)
        for step in CAPTURES:
            if list(Step).index(operator.step) <= list(Step).index(step):
                operator._go_on(step)
                operator._capture(step)
        if list(Step).index(operator.step) <= list(Step).index(Step.SIGNATURE):
            operator._go_on(Step.SIGNATURE)
            operator._sign(person)
        for step in (Step.DOCUMENTS, Step.REVIEW):
            if operator.step is not Step.REVIEW:
                operator.go_on(step)
        operator.seal()
        _tell("sealed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Elsewhere(int(sys.argv[3]), Path(sys.argv[4])))
