"""The look: design tokens, the stylesheet made of them, and the bundled fonts. Knows no screen.

How a widget chooses its look (dynamic properties, read by resources/style.qss):

    QPushButton  look = primary | quiet (default) | danger | link | chip | tab
    QLabel       role = title | h2 | strong | muted | small | number | label | error
                 (not `text`: that name is the label's own text)
    QFrame       card = True; tone = ok | warn | bad | off | brand (chips and banners)
    QLineEdit, QComboBox, …   tone = warn | bad colours the border

After changing a property of a widget that is already shown, call `restyle(widget)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from station.config import resources_dir

FAMILY = "Plus Jakarta Sans"
TONES = ("ok", "warn", "bad", "off", "brand")
_SIZES = {"xs": 11.5, "s": 13, "m": 14, "l": 15, "xl": 20, "xxl": 24, "hero": 40}
_LINES = {"s": 20, "m": 22, "l": 24}
"""The least height of a line that is typed in or pressed; it grows with the text, or the letters are cut."""


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme. `x_soft` is the ground on which `x` is written."""

    name: str
    ink: str
    ink_2: str
    hint: str  # placeholders, key names: quiet, and still readable
    ink_3: str  # disabled only
    line: str
    field: str  # border of an entry
    bg: str
    card: str
    brand: str
    brand_soft: str
    on_brand: str
    brand_deep: str
    brand_hover: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    off: str
    off_soft: str
    track: str

    def tone(self, name: str) -> tuple[str, str]:
        """Foreground and ground of a tone; an unknown one is calm."""
        known = name if name in TONES else "off"
        return getattr(self, known), getattr(self, f"{known}_soft")


LIGHT = Tokens(
    name="light",
    ink="#14213D",
    ink_2="#475569",
    hint="#5A6980",
    ink_3="#94A3B8",
    line="#E2E8F0",
    field="#CBD5E1",
    bg="#F5F7FA",
    card="#FFFFFF",
    brand="#0B5CAD",
    brand_soft="#E7F0FA",
    on_brand="#FFFFFF",
    brand_deep="#0B2545",
    brand_hover="#094C91",
    ok="#137A39",
    ok_soft="#E6F4EA",
    warn="#A94E08",
    warn_soft="#FEF3E2",
    bad="#B91C1C",
    bad_soft="#FDECEC",
    off="#475569",
    off_soft="#EEF2F6",
    track="#E2E8F0",
)
DARK = Tokens(
    name="dark",
    ink="#E6EDF7",
    ink_2="#A9B8CE",
    hint="#94A6C0",
    ink_3="#5C6E8A",
    line="#2C3B57",
    field="#42557A",
    bg="#0F172A",
    card="#18233A",
    brand="#6DB3F8",
    brand_soft="#1B3558",
    on_brand="#0F172A",
    brand_deep="#0A1424",
    brand_hover="#8CC4FB",
    ok="#5BD68A",
    ok_soft="#143524",
    warn="#F5B25B",
    warn_soft="#3A2A12",
    bad="#FF9C96",
    bad_soft="#45201F",
    off="#A9B8CE",
    off_soft="#22304A",
    track="#2C3B57",
)
HIGH_CONTRAST = Tokens(
    name="high-contrast",
    ink="#000000",
    ink_2="#1F2937",
    hint="#374151",
    ink_3="#6B7280",
    line="#000000",
    field="#000000",
    bg="#FFFFFF",
    card="#FFFFFF",
    brand="#003B7A",
    brand_soft="#D6E8FB",
    on_brand="#FFFFFF",
    brand_deep="#001B3A",
    brand_hover="#00264F",
    ok="#0B4F22",
    ok_soft="#D9F2E1",
    warn="#6B2E00",
    warn_soft="#FFE9C7",
    bad="#8A0F0F",
    bad_soft="#FFDCDC",
    off="#1F2937",
    off_soft="#E5E7EB",
    track="#9CA3AF",
)
THEMES: dict[str, Tokens] = {tokens.name: tokens for tokens in (LIGHT, DARK, HIGH_CONTRAST)}


_CHOICES = ("look", "role", "tone", "bulk", "read", "slim", "card", "banner", "ground", "line", "pill", "ring", "toast")
"""Every property that the stylesheet asks for."""
_STYLED = "styled_for"


class _Look:
    """The one look in use: delegates and painted widgets ask for it."""

    def __init__(self) -> None:
        self.tokens = LIGHT
        self.scale = 1.0


_now = _Look()


def tokens() -> Tokens:
    """The tokens of the theme in use."""
    return _now.tokens


def px(size: float) -> int:
    """A length of the design at the text scale in use (1.0 to 1.5)."""
    return round(size * _now.scale)


def font(size: str = "m", weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The bundled font in a size of the design (xs s m l xl xxl hero), with tabular figures."""
    made = QFont(FAMILY)
    made.setPixelSize(px(_SIZES[size]))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def stylesheet(look: Tokens, scale: float = 1.0) -> str:
    """The one QSS template filled with the tokens of a theme."""
    template = Template((resources_dir() / "style.qss").read_text(encoding="utf-8"))
    # The largest is large enough for everybody: growing, it would only break into odd lines.
    grown = {name: size if name == "hero" else round(size * scale) for name, size in _SIZES.items()}
    sizes = {f"size_{name}": f"{round(size)}px" for name, size in grown.items()}
    sizes |= {f"line_{name}": f"{round(least * scale)}px" for name, least in _LINES.items()}
    return template.substitute(asdict(look), **sizes, icons=(resources_dir() / "icons").as_posix(), font=FAMILY)


def apply(app: QApplication, look: Tokens = LIGHT, scale: float = 1.0) -> None:
    """Give the whole program this look. Reads the stylesheet and the fonts from disk: once, before the window.

    The look it has already is not given again: that would draw every widget anew.
    """
    _load_fonts()
    scale = min(max(scale, 1.0), 1.5)
    if app.styleSheet() and (_now.tokens, _now.scale) == (look, scale):
        return
    _now.tokens, _now.scale = look, scale
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_palette(look))
    app.setStyleSheet(stylesheet(look, _now.scale))


def restyle(widget: QWidget) -> None:
    """Read the stylesheet again for a widget whose `look`, `role` or `tone` changed. Nothing is done when none did."""
    chosen = "|".join(str(widget.property(name)) for name in _CHOICES)
    if widget.property(_STYLED) == chosen:
        return  # asked for at every change of a draft: reading the whole stylesheet is the dearest thing a widget does
    widget.setProperty(_STYLED, chosen)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


@contextmanager
def undressed() -> Iterator[None]:
    """While a large screen is made: a widget reads the stylesheet anew each time it or one around it finds its place.

    Nothing is painted meanwhile. Every widget of the program is dressed at the end, so it pays before there are many.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def _load_fonts() -> None:
    if FAMILY not in QFontDatabase.families():
        for file in sorted((resources_dir() / "fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))


def _palette(look: Tokens) -> QPalette:
    palette = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: look.bg,
        QPalette.ColorRole.WindowText: look.ink,
        QPalette.ColorRole.Base: look.card,
        QPalette.ColorRole.AlternateBase: look.bg,
        QPalette.ColorRole.Text: look.ink,
        QPalette.ColorRole.Button: look.card,
        QPalette.ColorRole.ButtonText: look.ink,
        QPalette.ColorRole.Highlight: look.brand_soft,
        QPalette.ColorRole.HighlightedText: look.ink,
        QPalette.ColorRole.PlaceholderText: look.hint,
        QPalette.ColorRole.ToolTipBase: look.ink,
        QPalette.ColorRole.ToolTipText: look.card,
        QPalette.ColorRole.Link: look.brand,
    }.items():
        palette.setColor(role, QColor(colour))
    return palette
