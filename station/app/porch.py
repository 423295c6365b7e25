"""The sign-in page by itself, while the program behind it is loaded and the data are opened.

It shows what the sign-in screen showed last; what is typed and asked for is kept for whoever comes. Must load nothing
but itself: a slow computer is at it for seconds, and everything else takes twice as long.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from station import i18n
from station.config import Settings
from station.i18n import _
from station.store import doorplate
from station.store.doorplate import Doorplate
from station.ui import theme
from station.ui.house import House
from station.ui.screens.sign_in_page import SignInPage


class Porch:
    """Made by `porch_of`; `house` is on the screen, and stays. What was typed in `page` is gone on with."""

    def __init__(self, plate: Doorplate) -> None:
        i18n.use(plate.language)
        self.page = SignInPage(held=True)
        self.page.show_officers(plate.place, plate.officers)
        self.house = House()
        self.house.show_alone(self.page, _("KTP-el Recording"))
        self.page.password.entry.setFocus()


def porch_of(qt: QApplication, data_dir: Path, settings: Settings) -> Porch | None:
    """None where nobody has been shown a sign-in screen yet."""
    plate = doorplate.read(data_dir)
    if plate is None or plate.language not in i18n.LANGUAGES:
        return None
    theme.apply(qt, theme.THEMES[settings.theme], settings.text_scale / 100)
    return Porch(plate)
