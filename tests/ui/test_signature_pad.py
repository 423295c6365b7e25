"""The pad the applicant signs on: pen with pressure, finger, mouse; a line is a signature, a dot is not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.domain.biometrics import MAX_BYTES, Modality, Stroke
from station.domain.signature import HEIGHT, MAX_POINTS, WIDTH, is_signature, quality
from station.training.drawing.signatures import signature
from station.ui.widgets.ink import picture_of, png_of
from station.ui.widgets.signature_pad import SignaturePad


@pytest.fixture
def pad(qtbot: QtBot) -> SignaturePad:
    made = SignaturePad()
    qtbot.addWidget(made)
    made.resize(602, 202)  # one unit of the pad is one pixel
    made.show()
    qtbot.waitExposed(made)
    return made


def pen(pad: SignaturePad, kind: QEvent.Type, place: QPointF, pressure: float) -> None:
    stylus = QPointingDevice(
        "Papan Uji",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.TabletRelease else Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, stylus, place, place, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, button, button
    )
    QApplication.sendEvent(pad, event)


def draw(pad: SignaturePad, *places: tuple[int, int]) -> None:
    """One stroke with the mouse."""
    first, last = QPoint(*places[0]), QPoint(*places[-1])
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    for place in places[1:]:
        QTest.mouseMove(pad, QPoint(*place))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)


def test_a_pen_is_followed_with_its_pressure(pad: SignaturePad) -> None:
    pen(pad, QEvent.Type.TabletPress, QPointF(11, 51), 0.2)
    for number in range(1, 10):
        pen(pad, QEvent.Type.TabletMove, QPointF(11 + 20 * number, 51), number / 10)
    pen(pad, QEvent.Type.TabletRelease, QPointF(211, 51), 0.0)
    (stroke,) = pad.strokes
    assert [point[3] for point in stroke.points] == [0.2, *(number / 10 for number in range(1, 10)), 0.0]
    assert [point[:2] for point in stroke.points][:2] == [(10.0, 50.0), (30.0, 50.0)]
    assert (pad.device.kind, pad.device.model, pad.device.driver) == (Modality.SIGNATURE, "Papan Uji", "pen")
    assert is_signature(pad.strokes)


def test_the_mouse_signs_too_and_every_lift_ends_a_stroke(pad: SignaturePad) -> None:
    draw(pad, (21, 101), (121, 101), (221, 61))
    draw(pad, (31, 31), (61, 31))
    assert [len(stroke.points) for stroke in pad.strokes] == [4, 3]
    assert pad.device.driver == "mouse"


def test_a_stroke_does_not_leave_the_paper(pad: SignaturePad) -> None:
    draw(pad, (300, 100), (900, -50))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for stroke in pad.strokes for x, y, _, _ in stroke.points)


def test_a_signature_is_the_same_on_a_pad_of_another_size(pad: SignaturePad, qtbot: QtBot) -> None:
    draw(pad, (101, 101), (201, 101))
    small = pad.strokes
    pad.clear()
    pad.resize(1202, 402)
    draw(pad, (201, 201), (401, 201))
    for before, after in zip(small[0].points, pad.strokes[0].points, strict=True):
        assert before[:2] == pytest.approx(after[:2], abs=1.0)


def test_a_pen_that_never_lifts_does_not_fill_the_packet(pad: SignaturePad) -> None:
    pen(pad, QEvent.Type.TabletPress, QPointF(11, 51), 0.5)
    for number in range(MAX_POINTS + 500):
        pen(pad, QEvent.Type.TabletMove, QPointF(11 + number % 500, 51), 0.5)
    pen(pad, QEvent.Type.TabletRelease, QPointF(11, 51), 0.0)
    assert sum(len(stroke.points) for stroke in pad.strokes) == MAX_POINTS


def test_clearing_leaves_empty_paper(pad: SignaturePad) -> None:
    draw(pad, (21, 101), (221, 101))
    pad.clear()
    assert pad.strokes == ()
    assert not is_signature(pad.strokes)


@pytest.mark.parametrize(
    ("points", "right"),
    [((), False), (((10.0, 10.0, 0, 0.5),), False), (((10.0, 10.0, 0, 0.5), (60.0, 10.0, 90, 0.5)), True)],
    ids=["nothing", "a dot", "a line"],
)
def test_a_simple_line_is_a_signature_and_a_dot_is_not(
    points: tuple[tuple[float, float, int, float], ...], right: bool
) -> None:
    assert is_signature([Stroke(points)]) is right


def test_the_picture_is_ink_on_white_small_and_says_when_it_is_a_sample(qapp: QApplication) -> None:
    strokes = signature(11)
    plain, marked = picture_of(strokes), picture_of(strokes, "CONTOH")
    data = png_of(plain)
    assert data.startswith(b"\x89PNG")
    assert len(data) <= MAX_BYTES[Modality.SIGNATURE]
    assert (plain.width(), plain.height(), plain.depth()) == (WIDTH, HEIGHT, 8)
    dark = sum(plain.pixelColor(x, y).red() < 80 for x in range(0, WIDTH, 2) for y in range(0, HEIGHT, 2))
    assert dark > 200
    assert plain != marked
    assert quality(strokes) == 100
