"""What both dialogs with a stick have: a heading, a banner, a bar while work is done beside the window, and a foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.i18n import _
from station.ui import format as shown
from station.ui import theme, words
from station.ui.courier_dialogs.job import Job, Line
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class StickDialog(QDialog):
    """Closing it while something is written or taken asks the work to stop, and closes when it has."""

    def __init__(self, name: str, title: str, told: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(min(theme.px(600), 860))
        self._job: Job | None = None
        self._closing = False
        self.said = Banner()
        self.said.setObjectName(f"{name}.said")
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        self.how_far = label("", "small", name=f"{name}.progress")
        self.how_far.setMinimumWidth(theme.px(48))
        self.how_far.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.close_button = button(f"{name}.close", _("Cancel"), self.reject)
        self.stop_button = button(f"{name}.stop", _("Stop"), self._stop)
        self._lay_out(title, told)
        self._show_work(False)

    def reject(self) -> None:
        """Closed at once, or as soon as the work has cleared up."""
        if self._job is not None and self._job.running:
            self._closing = True
            self._stop()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None and self._job.running:
            event.ignore()
            self.reject()
            return
        super().closeEvent(event)

    def run(self, work: Callable[[Line], Any], done: Callable[[Any], None]) -> None:
        """Do `work` beside the window, with a bar and a way to stop; then `done` with its result, or a problem said."""
        self._job = job = Job(self)
        job.progressed.connect(self._show_progress)
        job.failed.connect(self._failed)
        job.done.connect(lambda found: self._finished(done, found))
        self.said.clear()
        self.bar.setRange(0, 0)
        self.how_far.clear()
        self._show_work(True)
        job.begin(work)

    def ask(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Ask something short beside the window: several may be asked at once, and nothing waits for the answer."""
        job = Job(self)
        job.failed.connect(self.say_problem)
        job.done.connect(done)
        job.begin(lambda _line: work())

    def put_last(self, widget: QWidget) -> None:
        """Below the banner: what is left to do after what it says."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.said) + 1, widget)

    def say(self, title: str, todo: str, tone: str) -> None:
        """In the banner, which needs its room."""
        self.said.say(title, todo, tone)
        self.fit()

    def say_problem(self, problem: StationError) -> None:
        """In words, with what to do."""
        said = words.of_error(problem)
        self.say(said.title, said.todo, "bad")

    def fit(self) -> None:
        """As high as what is shown now, once all of it is: lines that wrap tell their height only for a width."""
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = max(self.width(), layout.sizeHint().width())
        self.resize(width, layout.totalHeightForWidth(width))

    def work_changed(self, working: bool) -> None:
        """Something is being done now, or no more: for the buttons of a subclass."""

    def _finished(self, done: Callable[[Any], None], found: Any) -> None:
        self._job = None
        self._show_work(False)
        if self._closing:
            super().reject()
            return
        done(found)

    def _failed(self, problem: StationError) -> None:
        self._job = None
        self._show_work(False)
        if self._closing:
            super().reject()
            return
        self.say_problem(problem)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.stop_button.setEnabled(False)
        self.how_far.setText(_("Stopping …"))

    def _show_progress(self, done: int, total: int) -> None:
        if self._job is None or self._job.cancelled:
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(done * 1000 // max(total, 1))
        self.how_far.setText(shown.percent(done, max(total, 1)))

    def _show_work(self, working: bool) -> None:
        self.bar.setVisible(working)
        self.how_far.setVisible(working)
        self.stop_button.setVisible(working)
        self.stop_button.setEnabled(working)
        self.close_button.setVisible(not working)
        self.work_changed(working)
        self.fit()

    def _lay_out(self, title: str, told: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "h2"))
        if told:
            column.addWidget(label(told, "muted", wrap=True))
        column.addLayout(self.body)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.how_far)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.stop_button)
        column.addLayout(self.foot)
