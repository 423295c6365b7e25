"""The guided demo: sign in, pull the cable, record people, pull the plug, start again, plug in, see every receipt.

It plays through the real window with keys and clicks, and judges itself only by what disk and central say.
"""

from __future__ import annotations

import faulthandler
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from station.app.app import App
from station.app.run import make_qt
from station.domain.form import Kind, field_of
from station.domain.steps import Step
from station.i18n import _
from station.training.drawing.signatures import signature
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import DEMO, PEOPLE, Person, people
from station.training.player import DemoStuck, Player
from station.training.report import Report, make_report, write_report
from station.training.seating import Pace
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.device_page import DevicePage
from station.ui.widgets.signature_pad import SignaturePad

PACE = Pace(frame_ms=100, capture_ms=0)
DRAIN_S = 300.0
VERIFY_TRIES = 3
SILENT_S = DRAIN_S + 120
"""Nothing is waited for so long. A window that stands still cannot say so itself: a watchdog prints where every thread
is, and ends the demo with 1."""


def run_demo(*, people: int, data_dir: Path | None, out_dir: Path, central: tuple[str, str] | None) -> int:
    """Play it; 0 when every figure adds up. Pictures and `report.json` are in `out_dir`."""
    started = monotonic()
    _watch()
    training = TrainingMode(data_dir, central=central, pace=PACE)
    try:
        Story(training, out_dir).play(cast(people))
        embedded = training.server.central if training.server else None
        report = make_report(training.data_dir, embedded, monotonic() - started)
    except DemoStuck as problem:
        print(_("The demo is stuck: {what}").format(what=problem))
        return 1
    finally:
        training.close()
        faulthandler.cancel_dump_traceback_later()
    write_report(report, out_dir / "report.json")
    return _judge(report, people, out_dir)


def cast(number: int) -> list[Person]:
    """The first `number` of the cast whose every part can be captured and matches, then strangers."""
    whole = [person for person in PEOPLE if not person.absent and not person.worn and person not in DEMO]
    strangers: Iterable[Person] = people(max(0, number - len(DEMO) - len(whole)), seed=99)
    return list(chain(DEMO, whole, strangers))[:number]


class Story:
    """The scenes, in order."""

    def __init__(self, training: TrainingMode, out_dir: Path) -> None:
        self._training = training
        self._qt = make_qt()
        self._app = self._opened()
        self.player = Player(self._app.window, out_dir, settled=lambda: self._app.context.tasks.idle)

    def play(self, cast: list[Person]) -> None:
        try:
            self._sign_in()
            self._say(_("Cable out. The network is gone; recording goes on."))
            self.player.click("cable.switch")
            self.player.wait_until(lambda: self._training.network.is_cut, "the cable is out")
            half = (len(cast) + 1) // 2
            self._record(cast, range(half))
            self._pull_the_plug()
            self._record(cast, range(half, len(cast)))
            self._look_at("sync", "waiting-without-network")
            self._mend()
            self._wait_for_receipts(len(cast))
            self._look_at("sync", "all-receipted")
            self._look_at("records", "records")
        finally:
            self._app.close()

    def _opened(self) -> App:
        training = self._training
        app = App(self._qt, training.data_dir, training=training)
        app.show()
        return app

    def _sign_in(self) -> None:
        operator = self.player.find("signin.operator", QComboBox)
        self.player.wait_until(lambda: operator.count() > 0, "the operators are listed")
        self.player.picture("sign-in")
        self.player.type(PASSWORD, into="signin.password")
        self.player.enter()
        self.player.find("applicant.nik")
        self._say(_("Signed in."))

    def _record(self, cast: list[Person], numbers: range) -> None:
        for number in numbers:
            if number + 1 < len(cast):
                self._training.expect(cast[number + 1])
            began = monotonic()
            self._record_one(cast[number], number)
            took = f"{monotonic() - began:.1f}"
            self._say(_("Recorded and sealed: {number} of {all} ({seconds} s)").format(
                number=number + 1, all=len(cast), seconds=took
            ))  # fmt: skip

    def _record_one(self, person: Person, number: int) -> None:
        shown = number == 0
        player, screen = self.player, self._screen()
        if shown:
            player.picture("start")
        player.type(person.nik, into="applicant.nik")
        player.enter()
        player.wait_until(lambda: screen.step is Step.BIODATA and player.sees("form.name"), "the form is open")
        self._fill_in(person, shown)
        for step in (Step.PHOTO, Step.FINGERS, Step.IRISES):
            self._go_on(step)
            self._capture(step)
            if shown:
                player.picture(step.value)
        self._go_on(Step.SIGNATURE)
        self._sign(person, shown)
        self._go_on(Step.DOCUMENTS)
        if shown:
            player.picture(Step.DOCUMENTS.value)
        self._go_on(Step.REVIEW)
        self._seal(shown)

    def _fill_in(self, person: Person, shown: bool) -> None:
        """Type what is asked and leave each field with Enter, as an operator does; confirm what is only unusual.

        What is folded because nobody needs it stays folded.
        """
        player, screen = self.player, self._screen()
        for key, value in person.answers.items():
            stored = screen.session.draft.answers.get(key) if screen.session.draft else None
            if stored == value or not player.sees(f"form.{key}"):
                continue
            player.find(f"form.{key}").setFocus(Qt.FocusReason.TabFocusReason)
            player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            player.type(_typed(field_of(key).kind, value))
            player.enter()
        player.wait_until(lambda: not self._draft_errors(), "every answer is stored")
        if shown:
            player.picture("biodata")
        self._confirm_warnings()

    def _confirm_warnings(self) -> None:
        """A person would choose a reason from the menu; the demo chooses the first."""
        session, player = self._screen().session, self.player
        for finding in session.draft.open_warnings if session.draft else ():
            session.confirm(finding.field, finding.code, _("Same as on the family card"))
        player.wait_until(lambda: bool(session.draft and not session.draft.open_warnings), "warnings are confirmed")

    def _capture(self, step: Step) -> None:
        """Press Space until the step is complete; the device shows who sits there."""
        session, player = self._screen().session, self.player

        button = f"step.{step.value}.capture"

        def done() -> bool:
            return bool(session.draft and session.draft.done(step))

        def kept() -> object:
            return session.draft.captures if session.draft else None

        def there() -> bool:
            """As anybody would, wait for the device: a slow computer may take a while to find it."""
            page = self._screen().page
            return not (isinstance(page, DevicePage) and page.looking.missing)

        while not done():
            player.wait_until(lambda: done() or (player.sees(button) and there()), f"{step.value} can be captured")
            before = kept()
            if not done():
                player.press(Qt.Key.Key_Space)
                self._until_changed(kept, before, f"{step.value} is captured")

    def _sign(self, person: Person, shown: bool = False) -> None:
        """The applicant writes on the pad; leaving the step would keep it too."""
        player, session = self.player, self._screen().session
        pad = player.find("step.signature.pad", SignaturePad)
        player.sign(pad, signature(person.seed))
        if shown:
            player.picture(Step.SIGNATURE.value)
        player.press(Qt.Key.Key_Space)
        player.wait_until(
            lambda: session.draft is not None and session.draft.done(Step.SIGNATURE), "the signature is stored"
        )

    def _until_changed(self, kept: Callable[[], object], before: object, what: str) -> None:
        self.player.wait_until(lambda: kept() != before, what)

    def _go_on(self, step: Step) -> None:
        screen = self._screen()
        if screen.step is not step:  # Enter in the last field has gone on already
            self.player.click("capture.next")
        self.player.wait_until(lambda: screen.step is step, f"step {step.value}")

    def _verify(self) -> None:
        """Capture the fingers for the chip once more, until they match what is kept."""
        card, player = self._screen().bench.review.verify, self.player
        for _attempt in range(VERIFY_TRIES):
            player.wait_until(
                lambda: not card.wanted or player.sees("review.verify.capture"), "fingers can be verified"
            )
            if not card.wanted:
                return
            player.click("review.verify.capture")
            player.wait_until(lambda: not card.busy, "the fingers are compared")
        player.wait_until(lambda: not card.wanted, "the fingers match")

    def _seal(self, shown: bool) -> None:
        player = self.player
        self._verify()
        player.wait_until(lambda: self._screen().bench.review.complete, "everything can be read and approved")
        if shown:
            player.picture("review")
        player.click("capture.next")
        player.find("sealed.next")
        if shown:
            player.picture("sealed")
        player.enter()
        player.find("applicant.nik")

    def _pull_the_plug(self) -> None:
        """The program ends without a goodbye to anybody, and starts again on the same folder."""
        self._say(_("Power off in the middle of the day, and on again."))
        self._app.close()
        self._app = self._opened()
        self.player.window = self._app.window
        self._sign_in()

    def _mend(self) -> None:
        self._say(_("Cable in again."))
        self.player.click("cable.switch")
        self.player.wait_until(lambda: not self._training.network.is_cut, "the cable is in")

    def _wait_for_receipts(self, number: int) -> None:
        counts: dict[str, int] = {}

        def arrived() -> bool:
            found = self._app.depot.outbox.counts(day_start=self._app.context.clock.now())
            if counts.get("receipted") != found.receipted:
                counts["receipted"] = found.receipted
                self._say(_("Receipts: {number} of {all}").format(number=found.receipted, all=number))
            return found.waiting == 0 and found.print_ready + found.rejected + found.parked >= number

        self.player.wait_until(arrived, "central has confirmed everything", timeout_s=DRAIN_S)
        self.player.rest(500)

    def _look_at(self, screen: str, picture: str) -> None:
        self.player.click(f"rail.{screen}")
        self.player.rest(300)
        self.player.picture(picture)

    def _screen(self) -> CaptureScreen:
        found = self._app.window.findChild(CaptureScreen)
        assert found is not None, "nobody is signed in"
        return found

    def _draft_errors(self) -> bool:
        draft = self._screen().session.draft
        return draft is None or bool(draft.errors)

    def _say(self, text: str) -> None:
        print(text, flush=True)
        _watch()


def _watch() -> None:
    """Begin to count the silence anew."""
    faulthandler.dump_traceback_later(SILENT_S, exit=True)


def _typed(kind: Kind, value: str) -> str:
    """What an operator types for a stored answer."""
    if kind is Kind.DATE:
        return f"{value[8:10]}{value[5:7]}{value[:4]}"
    return value


def _judge(report: Report, people: int, out_dir: Path) -> int:
    print(
        _("recorded {recorded} · receipts {receipts} · lost {lost} · doubled {doubled} · {seconds} s").format(
            recorded=report.recorded,
            receipts=report.receipts,
            lost=report.lost,
            doubled=report.duplicated,
            seconds=report.seconds,
        )
    )
    print(_("Pictures and report.json are in {folder}").format(folder=out_dir))
    return 0 if report.adds_up(people) else 1
