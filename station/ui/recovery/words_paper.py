"""The page for the closed envelope: the words, their QR code, whose they are and where to keep them.

It is printed and never kept: the dialog has no way to make a file of it. No password is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.desk.office import StationCard
from station.domain.paper import Paper, PaperSize
from station.i18n import _
from station.ui.print_dialog import PrintDialog
from station.ui.print_room import PrintRoom
from station.ui.printing import escape, letterhead, table
from station.ui.recovery.qr import png_source, qr_image
from station.ui.recovery.words_sheet import qr_text

_ROWS = 7
_QR = 600


class EnvelopePage(PrintDialog):
    """The usual preview without *Save as PDF*: what opens the data must not lie on a disk."""

    def __init__(self, paper: Paper, printer: PrintRoom, parent: QWidget | None = None) -> None:
        super().__init__(paper, printer, parent)
        self.pdf_button.hide()

    def ask_file(self) -> None:
        """Nothing: also not by its shortcut."""

    def _show_printers(self, names: tuple[str, ...]) -> None:
        super()._show_printers(names)
        if not names:
            self._said.say(
                _("No printer was found."),
                _("Write the words down by hand, with their numbers. A printer can be connected at any time."),
                "off",
            )
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


def print_words(
    parent: QWidget, words: Sequence[str], station: StationCard, at: datetime, printer: PrintRoom
) -> EnvelopePage:
    """Show the page with Print; returns at once."""
    title = _("Recovery words")
    dialog = EnvelopePage(Paper(title, words_html(words, station, at), PaperSize.A4), printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def words_html(words: Sequence[str], station: StationCard, at: datetime) -> str:
    """The page as html."""
    number = f"{station.office}-{station.number:02d}"
    rows = [
        (str(place + 1), words[place], str(place + _ROWS + 1), words[place + _ROWS]) for place in range(len(words) // 2)
    ]
    picture = png_source(qr_image(qr_text(words), _QR))
    keep = [
        _("Put this page into an envelope, close it, and sign over the flap."),
        _("Keep it in the safe of the Dinas, never beside this computer."),
        _("Whoever has these words can open the data of this station. Photograph or copy them for nobody."),
        _("They are needed when every password is forgotten, or the computer is replaced."),
    ]
    name = _("{name} · Station {number}").format(name=station.name, number=number)
    return "".join(
        [
            letterhead(station, _("Recovery words"), at),
            f'<p class="large">{escape(name)}</p>',
            table((_("No."), _("Word"), _("No."), _("Word")), rows),
            f'<p align="center"><img src="{picture}" width="230" height="230"></p>',
            "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in keep) + "</ul>",
        ]
    )
