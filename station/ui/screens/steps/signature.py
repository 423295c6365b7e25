"""Step 6: the signature from the pad, as it was written."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import Part
from station.i18n import _
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage, picture
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.signature import SignatureView


class SignaturePage(DevicePage):
    """The pad shows itself while the applicant writes; below it stays what was kept. The newest counts."""

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, "signature", parent)
        self._shown: tuple[str, object] = ("", None)
        self._state = label("", "small", name="step.signature.state")
        self.view = SignatureView()
        self.view.setObjectName("step.signature.kept")
        self.view.setAccessibleName(_("Signature as kept"))
        self.preview.invite(_("Signature pad · the applicant signs after Space"))
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(label(_("Signature"), "h2"))
        head.addStretch(1)
        head.addWidget(self._state)
        card.body.addLayout(head)
        card.body.addWidget(self.preview, 3)
        card.body.addWidget(label(_("Signature as kept"), "label"))
        below = QHBoxLayout()
        below.setSpacing(20)
        below.addWidget(self.view, 1)
        below.addWidget(self.button)
        self.button.setMinimumWidth(210)
        card.body.addLayout(below, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def targets(self) -> tuple[Part, ...]:
        return (Part.SIGNATURE,)

    def forget(self) -> None:
        super().forget()
        self.view.show_image(None)

    def refresh(self) -> None:
        if self.draft is None:
            return
        signed = self.quality(Part.SIGNATURE) is not None
        self.offer(_("Clear and sign again · Space") if signed else _("Sign · Space"))
        self._state.setText(_("Signed and stored") if signed else _("Not signed yet"))
        card = self.draft.captures.get(Part.SIGNATURE)
        wanted = (self.draft.record.record_id, card.taken_at if card else None)
        if wanted != self._shown:
            self._shown = wanted
            if card is None:
                self.view.show_image(None)
            else:
                self.session.image(Part.SIGNATURE, lambda data: self.view.show_image(picture(data)))
