"""The second copy: where it is, how old, what is missing; choosing another medium, and a backup now."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from station.desk import backup
from station.domain.backup import BackupFacts, Standing
from station.domain.errors import StationError
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _
from station.ui import backup_words, theme, words
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.tasks import Tasks
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class BackupCard(GuardCard):
    """Shows what the thread last told. A medium is asked on a thread of this card's own: it may hang."""

    key = "backup"
    title = N_("Backup")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._standing = label(role="strong", wrap=True, name="guard.backup.standing")
        self._remedy = label(role="muted", wrap=True, name="guard.backup.remedy")
        self._where = label(role="small", wrap=True, name="guard.backup.where")
        self._packets = label(role="small", name="guard.backup.packets")
        self._snapshot = label(role="small", wrap=True, name="guard.backup.snapshot")
        self._said = label(wrap=True, name="guard.backup.said")
        self._said.hide()
        for widget in (self._standing, self._remedy, self._where, self._packets, self._snapshot, self._said):
            self.body.addWidget(widget)
        self.choose_button = button("guard.backup.choose", _("Choose a medium…"), self._ask)
        self.now_button = button("guard.backup.now", _("Back up now"), self._now)
        row = QHBoxLayout()
        row.addWidget(self.choose_button)
        row.addWidget(self.now_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self._before = BackupFacts()
        allowed = context.desk.may(Permission.STORE_BACKUP) and context.backup is not None
        for each in (self.choose_button, self.now_button):
            each.setEnabled(allowed)
        self._tasks = Tasks(self, name="medium")
        context.bridge.signed_out.connect(self._let_go)
        context.bridge.backup_changed.connect(self._show)

    def _let_go(self) -> None:
        # A method, since the bridge outlives this: a function of its own would keep the card for ever.
        self._tasks.stop(0.0)

    def opened(self) -> None:
        self._said.hide()
        self._show(self.context.backup.facts if self.context.backup is not None else BackupFacts())

    def choose(self, place: Path) -> None:
        """Use the folder `place` from now on."""
        office = self.context.desk
        self.choose_button.setEnabled(False)
        self._tasks.run(lambda: backup.choose(office, place), self._chosen, self._refused)

    def _show(self, facts: BackupFacts) -> None:
        self._outdate(facts)
        now = self.context.clock.now()
        fact = backup_words.backup_fact(facts, now)
        self._standing.setText(fact.text or backup_words.standing_name(facts.standing))
        self._standing.setProperty("tone", "ok" if facts.standing is Standing.FINE else fact.tone)
        theme.restyle(self._standing)
        remedy = backup_words.remedy(facts.standing)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        used = facts.standing not in (Standing.OFF, Standing.NOT_CHOSEN)
        self._where.setText(facts.where)
        self._packets.setText(backup_words.packets_line(facts))
        self._snapshot.setText(backup_words.snapshot_line(facts, now))
        for each in (self._where, self._packets):
            each.setVisible(used)
        self._snapshot.setVisible(facts.standing is not Standing.OFF)

    def _outdate(self, facts: BackupFacts) -> None:
        """Take back what was said of a backup that is over by now, or of a medium that is not the one any more."""
        before, self._before = self._before, facts
        over = before.busy and not facts.busy
        changed = (before.standing, before.where, before.snapshot_at) != (
            facts.standing, facts.where, facts.snapshot_at,
        )  # fmt: skip
        tone = self._said.property("tone")
        if (tone == "off" and (over or changed)) or (tone == "bad" and changed):
            self._said.hide()

    def _ask(self) -> None:
        dialog = QFileDialog(self, _("Choose a folder"), "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.choose(Path(path)))
        dialog.open()

    def _now(self) -> None:
        if self.context.backup is not None:
            self.context.backup.now()
            self._say(_("The backup is being made."))

    def _chosen(self, same_disk: bool) -> None:
        self.choose_button.setEnabled(True)
        if not same_disk:  # otherwise how it stands says enough
            self._say(_("From now on every saved record is copied there."), "ok")
        if self.context.backup is not None:
            self.context.backup.now()

    def _refused(self, problem: StationError) -> None:
        self.choose_button.setEnabled(True)
        self._say(str(words.of_error(problem)), "bad")

    def _say(self, text: str, tone: str = "off") -> None:
        self._said.setText(text)
        self._said.setProperty("tone", tone)
        theme.restyle(self._said)
        self._said.show()
