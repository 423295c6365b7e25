"""Icons by name. The icon library takes a quarter of a second to import, so it is never imported with this module."""

from __future__ import annotations

from PySide6.QtGui import QIcon, QPixmap

from station.ui import theme


def prepare() -> None:
    """Import the icon library ahead of the first icon, on the window's thread: it makes classes of Qt."""
    import qtawesome  # late on purpose, see above

    assert qtawesome is not None


def icon(name: str, colour: str = "", active: str = "") -> QIcon:
    """The qtawesome icon `name` (such as `mdi6.fingerprint`) in a colour; `active` is its colour when checked."""
    import qtawesome  # late on purpose, see above

    plain = colour or theme.tokens().ink_2
    made: QIcon = qtawesome.icon(name, color=plain, color_on=active or plain)
    return made


def pixmap(name: str, size: int, colour: str = "") -> QPixmap:
    """The icon as a square picture of `size` design pixels."""
    return icon(name, colour).pixmap(theme.px(size), theme.px(size))
