"""Step 3: the portrait, with the background that the birth year asks for."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import Part
from station.domain.form import parse_date
from station.i18n import _
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage, picture
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.person_card import background_of, background_word


class PhotoPage(DevicePage):
    """A photo may always be taken again; the newest counts."""

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, "photo", parent)
        self._shown: tuple[str, object] = ("", None)
        self._title = label(_("Photo"), "h2")
        self._state = label("", "small", name="step.photo.state")
        self._ground = label("", "strong", wrap=True, name="step.photo.background")
        self.preview.set_oval(True)
        self.preview.invite(_("Sit straight, look into the camera"))
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._state)
        card.body.addLayout(head)
        body = QHBoxLayout()
        body.setSpacing(20)
        body.addWidget(self.preview, 1)
        body.addLayout(self._side())
        card.body.addLayout(body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _side(self) -> QVBoxLayout:
        tips = CheckList()
        tips.setFixedWidth(min(theme.px(240), 300))
        tips.show_checks(
            [
                Check(text, "off")
                for text in (
                    _("Head straight, both ears and shoulders free"),
                    _("Eyes open, mouth closed"),
                    _("No glasses, no hat; a headscarf may stay"),
                    _("Even light, no shadow behind the head"),
                )
            ]
        )
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self._ground)
        side.addWidget(tips)
        side.addStretch(1)
        side.addWidget(self.button)
        return side

    def blank(self) -> None:
        super().blank()
        self._shown = ("", None)  # what was kept before is shown again

    def targets(self) -> tuple[Part, ...]:
        return (Part.FACE,)

    def refresh(self) -> None:
        if self.draft is None:
            return
        taken = self.quality(Part.FACE) is not None
        self.offer(_("Take again · Space") if taken else _("Take the photo · Space"))
        self._state.setText(_("Taken and stored") if taken else _("Not taken yet"))
        self._say_background()
        self._show_kept()

    def _say_background(self) -> None:
        assert self.draft is not None
        answers = self.draft.answers
        ground, birth = background_of(answers), parse_date(answers.get("birth_date", ""))
        if ground is None or birth is None:
            self._ground.setText(_("Background: fill in the date of birth first"))
        else:
            colour = background_word(ground)
            self._ground.setText(_("Background {colour}: born {year}").format(colour=colour, year=birth.year))

    def _show_kept(self) -> None:
        assert self.draft is not None
        card = self.draft.captures.get(Part.FACE)
        wanted = (self.draft.record.record_id, card.taken_at if card else None)
        if wanted == self._shown or self.busy:
            return
        self._shown = wanted
        if card is None:
            self.preview.show_still(None)
        else:
            self.session.image(Part.FACE, lambda data: self.preview.show_still(picture(data)))
