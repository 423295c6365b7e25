"""The look: readable in every theme, complete, and the fonts are ours."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from station.ui import theme
from station.ui.theme import THEMES, TONES, Tokens

READABLE = 4.5


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    asked = QColor(colour)
    red, green, blue = (linear(part) for part in (asked.redF(), asked.greenF(), asked.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", THEMES.values(), ids=list(THEMES))
def test_text_can_be_read_on_every_ground(look: Tokens) -> None:
    for ground in (look.bg, look.card, look.off_soft):
        for ink in (look.ink, look.ink_2, look.hint):
            assert contrast(ink, ground) >= READABLE, (ink, ground)
    assert contrast(look.on_brand, look.brand) >= READABLE
    assert contrast(look.on_brand, look.brand_hover) >= READABLE
    assert contrast(look.ink, look.brand_soft) >= READABLE


@pytest.mark.parametrize("look", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_can_be_read_on_its_own_ground_and_on_a_card(look: Tokens, tone: str) -> None:
    ink, soft = look.tone(tone)
    assert contrast(ink, soft) >= READABLE
    assert contrast(ink, look.card) >= READABLE
    # Remarks inside a banner are written in the second ink on the tone's ground.
    assert contrast(look.ink_2, soft) >= READABLE


@pytest.mark.parametrize("look", THEMES.values(), ids=list(THEMES))
def test_the_stylesheet_is_filled_completely(look: Tokens) -> None:
    sheet = theme.stylesheet(look, 1.5)
    assert "$" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    assert look.brand in sheet
    assert sheet.count("{") == sheet.count("}")


def test_an_unknown_tone_is_calm() -> None:
    assert theme.LIGHT.tone("pink") == theme.LIGHT.tone("off")


def test_figures_are_tabular_in_the_bundled_font(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp)
    label = QLabel("1")
    label.setProperty("role", "number")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.font().family() == theme.FAMILY
    metrics = QFontMetrics(label.font())
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


def test_large_text_stays_within_half_again(qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT, 3.0)
    assert theme.px(100) == 150
    theme.apply(qapp)
    assert theme.px(100) == 100


def test_what_is_typed_in_and_pressed_grows_with_the_text() -> None:
    for scale, least in ((1.0, 22), (1.5, 33)):
        rules = theme.stylesheet(theme.LIGHT, scale).splitlines()
        for widget in ("QPushButton {", "QLineEdit, QComboBox,"):
            assert f"min-height: {least}px" in next(rule for rule in rules if rule.startswith(widget))
