"""The last 24 hours as a chart and in words, and that the plotting library is loaded for whoever looks at it only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk.panel import Day
from station.domain.delivery import LinkState
from station.domain.link_day import stretches
from station.domain.throughput import Bucket, bucket_start
from station.ui import theme
from station.ui.widgets.chart_card import ChartCard
from tests.support import TODAY

HOUR = timedelta(hours=1)
START = "import sys, station.app.run, station.ui.screens.sync.screen; "


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> Iterator[ChartCard]:
    theme.apply(qapp)
    i18n.use("en")
    made = ChartCard()
    made.resize(330, 300)
    qtbot.addWidget(made)
    made.show()
    yield made


def a_day() -> Day:
    """A megabyte and four records three hours ago, then a cut."""
    buckets = (Bucket(bucket_start(TODAY - 3 * HOUR), 1_200_000, 4, 60.0),)
    history = [(TODAY - 2 * HOUR, LinkState.OFFLINE), (TODAY - 9 * HOUR - HOUR / 3, LinkState.GOOD)]
    return Day(buckets, stretches(history, TODAY), TODAY)


def said(card: ChartCard) -> str:
    found = card.findChild(QLabel, "sync.day.summary")
    assert isinstance(found, QLabel)
    return found.text()


def test_the_program_starts_without_the_plotting_library() -> None:
    program = START + "print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_day_is_told_in_words_before_the_chart_is_there(card: ChartCard) -> None:
    card.show_day(a_day())
    assert card.chart is None
    assert said(card) == "Sent 4 records, 1.2 MB. Connected for 7 h 20 min."
    assert card.accessibleDescription() == said(card)


def test_the_library_is_never_loaded_beside_the_window_s_own_thread(card: ChartCard, qtbot: QtBot) -> None:
    """It makes classes of Qt: another thread would crash the window now and then."""
    made_on: list[bool] = []
    make = card._make
    card._soon.timeout.disconnect()

    def noted() -> None:
        made_on.append(QThread.currentThread() is card.thread())
        make()

    card._soon.timeout.connect(noted)
    card.show_day(a_day())
    qtbot.waitUntil(lambda: card.chart is not None)
    assert made_on == [True]


def test_a_day_without_anything_says_so_also_when_the_chart_is_ready(card: ChartCard, qtbot: QtBot) -> None:
    card.show_day(Day((), stretches([], TODAY), TODAY))
    qtbot.waitUntil(lambda: card.chart is not None)
    empty = card.findChild(QLabel, "sync.day.empty")
    assert empty is not None
    assert empty.isVisible()


def test_the_chart_draws_kilobytes_a_second_and_answers_mouse_and_keys(card: ChartCard, qtbot: QtBot) -> None:
    card.show_day(a_day())
    qtbot.waitUntil(lambda: card.chart is not None)
    chart = card.chart
    assert chart is not None
    assert chart.accessibleDescription() == said(card)
    _edges, rates = chart._curve.getData()
    assert max(rates) == pytest.approx(4.0), "1.2 MB in five minutes are 4 KB/s"
    assert sum(rate > 0 for rate in rates) == 1
    assert set(chart._bars) == {stretch.way for stretch in a_day().link} - {stretch.way for stretch in a_day().link[:1]}

    summary = said(card)
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert said(card).endswith("cut · nothing sent")
    chart._point((21 * HOUR + timedelta(minutes=1)).total_seconds())
    assert "1.2 MB · 4 records · 20 KB/s while sending" in said(card)
    chart.clearFocus()
    assert said(card) == summary
    viewport = chart._view.viewport()
    QTest.mouseMove(viewport, QPoint(viewport.width() // 2, viewport.height() // 3))
    qtbot.waitUntil(lambda: said(card) != summary)


def test_the_chart_has_no_menu_and_cannot_be_zoomed(card: ChartCard, qtbot: QtBot) -> None:
    card.show_day(a_day())
    qtbot.waitUntil(lambda: card.chart is not None)
    assert card.chart is not None
    for plot in (card.chart._plot, card.chart._strip):
        assert not plot.getViewBox().menuEnabled()
        assert plot.getViewBox().state["mouseEnabled"] == [False, False]


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES.keys())
def test_the_strip_can_be_told_apart_without_its_colours(look: theme.Tokens) -> None:
    from station.ui.widgets.way_look import HEIGHTS, TONES

    heights = list(HEIGHTS.values())
    assert min(abs(one - other) for one in heights for other in heights if one != other) >= 0.3
    assert set(TONES) == set(HEIGHTS)
    assert len({look.tone(tone)[0] for tone in TONES.values()}) == len(TONES)
