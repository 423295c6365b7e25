"""The person whose NIK was called up, from the target list; or, calmly, that no list here knows them. Knows no desk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.standing import Standing
from station.i18n import _
from station.ui.form.number_entry import grouped
from station.ui.screens.steps.applicant_words import away_words, born_words, eligible_words, home_words
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip
from station.ui.widgets.person_card import Portrait, background_of, background_word

_TONES = {"wajib": "ok", "pemula": "brand", "belum_wajib": "bad", "tanpa_itap": "warn"}


class PersonFound(QWidget):
    """Shows a standing; nothing to press here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._portrait = Portrait(60)
        self._name = label("", "h2", wrap=True, name="applicant.found.name")
        self._nik = label("", "muted", name="applicant.found.nik")
        self._born = label("", "muted", wrap=True, name="applicant.found.born")
        self._home = label("", "muted", wrap=True, name="applicant.found.home")
        self._away = label("", "small", wrap=True, name="applicant.found.away")
        self._ground = label("", "small", wrap=True, name="applicant.found.background")
        self._chip = Chip("", "ok")
        self._chip.setObjectName("applicant.found.eligible")
        words = QVBoxLayout()
        words.setSpacing(3)
        for widget in (self._name, self._nik, self._born, self._home, self._away, self._ground):
            words.addWidget(widget)
        words.addSpacing(5)
        words.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._portrait, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    def show_standing(self, standing: Standing | None) -> None:
        """None hides it, and so does a number that is wrong."""
        known = standing is not None and not (standing.stop and standing.stop.code.startswith("nik."))
        self.setVisible(known)
        if standing is None or not known:
            return
        target, found = standing.target, standing.eligibility
        self._portrait.setVisible(target is not None)
        self._name.setText(target.name if target else _name_here(standing))
        self._nik.setText(grouped(standing.nik))
        self._born.setText(born_words(standing) if target else "")
        self._home.setText(home_words(standing) if target else _not_listed(standing))
        self._away.setText(away_words(standing))
        ground = background_of(target.answers) if target else None
        self._portrait.show_person(None, ground)
        text = _("Photo background: {colour}").format(colour=background_word(ground)) if ground else ""
        self._ground.setText(text)
        self._chip.setVisible(found is not None)
        if found is not None:
            self._chip.show_fact(eligible_words(found), _TONES[found.kind.value])
        for widget in (self._born, self._home, self._away, self._ground):
            widget.setVisible(bool(widget.text()))
        self.setAccessibleName(f"{self._name.text()}. {self._born.text()}")


def _name_here(standing: Standing) -> str:
    """Somebody who is on no list may still have a record here."""
    named = next((row.record.name for row in standing.rows if row.record.name), "")
    return named or _("Not on any target list")


def _not_listed(standing: Standing) -> str:
    if standing.stop is not None:
        return ""
    return _("That is no obstacle: press Enter and type the biodata from the family card.")
