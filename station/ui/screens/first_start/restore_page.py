"""Out of a backup: what is on the medium, and then everything of it brought here, with a number and a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from station.desk import restoring
from station.desk.restoring import BackupFound
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.context import Context
from station.ui.courier_dialogs.job import Job, Line
from station.ui.courier_dialogs.place_box import PlaceBox
from station.ui.courier_dialogs.sticks import sticks
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class RestorePage(Page):
    """Enter looks first, and brings the station here when it was looked at."""

    key = "restore"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        said = _("Connect the second medium of the station that is gone. Nothing on it is changed.")
        self.intro.setText(said)
        self.place = PlaceBox("first.restore", _("Where the backup is"))
        self.place.again.clicked.connect(self._look_for_sticks)
        self.place.changed.connect(self._another)
        self.place.chosen.connect(self.place.list.setFocus)
        self._found: BackupFound | None = None
        self._job: Job | None = None
        self.facts = label(wrap=True, name="first.restore.facts")
        self.bar = QProgressBar()
        self.bar.setObjectName("first.restore.bar")
        self.bar.setTextVisible(False)
        self.far = label(role="small", name="first.restore.far")
        self.halt = button("first.restore.stop", _("Stop"), self.stop)
        for widget in (self.place, self.facts, self.bar, self.far):
            self.body.addWidget(widget)
        self.body.addWidget(self.halt, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_progress(False)

    @property
    def title(self) -> str:
        return _("Restore from a backup")

    @property
    def next_text(self) -> str:
        return _("Restore now") if self._found is not None else _("Look at the backup")

    def stops(self) -> Sequence[QWidget]:
        return [self.place.list]

    def opened(self) -> None:
        self._look_for_sticks()
        super().opened()

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def go_on(self) -> None:
        place = self.place.place
        self.say_nothing()
        if place is None:
            self.warn(_("No medium was chosen."), _("Connect it and press Look again."))
            self.place.again.setFocus()
        elif self._found is None:
            self._begin(_("Looking at the backup…"), lambda _line: restoring.look(place), self._show)
        else:
            self._restore(place)

    def _restore(self, place: Path) -> None:
        folder = self.context.depot.folder
        self._show_progress(True)
        self._begin(
            _("Restoring…"),
            lambda line: restoring.restore(folder, place, progress=line.progress, stopped=lambda: line.cancelled),
            self._restored,
        )
        self.halt.setFocus()

    def _begin(self, text: str, work: Callable[[Line], BackupFound], done: Callable[[BackupFound], None]) -> None:
        self.work(text)
        job = self._job = Job(self)
        job.progressed.connect(self._far)
        job.done.connect(done)
        job.failed.connect(self._failed)
        job.begin(work)

    def _show(self, found: BackupFound) -> None:
        self._found, self._job = found, None
        name = f"{found.station_name} · {found.office}"
        counts = ngettext("{n} record", "{n} records", found.records).format(n=shown.thousands(found.records))
        drafts = ngettext("{n} draft", "{n} drafts", found.drafts).format(n=shown.thousands(found.drafts))
        at = f"{shown.day(found.made_at.astimezone())} {shown.clock(found.made_at.astimezone())}"
        lines = [name, f"{counts} · {drafts} · {shown.size(found.bytes)}", _("Backup of {time}").format(time=at)]
        self.facts.setText("\n".join(lines))
        if not found.complete:
            said = _("Some packets that the backup knows are missing on this medium.")
            self.warn(said, _("Everything that is there is restored. Tell the technician afterwards."))
        self.work("")

    def _restored(self, _found: BackupFound) -> None:
        """What was brought here counts from the opening of the folder on."""
        depot = self.context.depot
        self._job = None
        self.context.tasks.run(depot.reopen, lambda _none: self._over(), self._failed)

    def _over(self) -> None:
        self._show_progress(False)
        self.work("")
        self.finished.emit()

    def _failed(self, error: StationError) -> None:
        self._job = None
        self._show_progress(False)
        self.work("")
        if error.code == "restore.stopped":
            self.warn(_("Restoring was stopped. Nothing was kept here."), "", "off")
        else:
            self.refuse(error)
        self.place.list.setFocus()

    def _far(self, done: int, total: int) -> None:
        if total:
            self.bar.setMaximum(1000)
            self.bar.setValue(int(1000 * done / total))
            self.far.setText(_("{done} of {total}").format(done=shown.size(done), total=shown.size(total)))

    def _show_progress(self, on: bool) -> None:
        for widget in (self.bar, self.far, self.halt):
            widget.setVisible(on)
        self.place.setEnabled(not on)

    def _look_for_sticks(self) -> None:
        self.context.tasks.run(sticks, self.place.show_sticks)

    def _another(self) -> None:
        """What was said of the place before is not true of this one."""
        if self._job is None:
            self.say_nothing()
        if self._found is not None:
            self._found = None
            self.facts.setText("")
            self.changed.emit()
