"""The bench tells the truth: its arithmetic, what it refuses to print, and its charts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.bench import __main__ as bench
from tests.bench.book import write_rows
from tests.bench.charts import canvas, page, words
from tests.bench.charts.__main__ import measured_together
from tests.bench.charts.drawing import draw_all, of, undrawn
from tests.bench.charts.families import CAPTIONS, FAMILIES
from tests.bench.child import ROOT
from tests.bench.failed import BenchFailed
from tests.bench.goals import GOALS, over
from tests.bench.growth import growth
from tests.bench.row import Row
from tests.bench.site import Site

MACHINE: dict[str, Any] = {
    "date": "2026-11-22T15:09:26+00:00",
    "cpus": 2,
    "system": "Linux 6.1.0-some-host x86_64",
    "python": "3.11.7",
    "pyside": "6.11.3",
    "filesystem": "ext4",
    "load_average_before": 0.25,
}


def a_row(name: str, value: float = 20.0, unit: str = "ms", beside: float = 2.0, n: int = 5) -> Row:
    return Row(name, value, unit, beside, "something bare", n)


class TestGrowth:
    def test_twice_the_time_for_ten_times_the_data_is_a_fifth_of_even_growth(self) -> None:
        row = growth(a_row("x.1000", 10.0, n=7), a_row("x", 20.0, n=5), "records")
        assert (row.name, row.value, row.beside, row.unit, row.n) == ("x.growth", 2.0, 10.0, "×", 5)
        assert row.as_json()["ratio"] == 0.2
        assert "records" in row.beside_what

    def test_half_the_rate_for_ten_times_the_data_is_twenty_times_the_time(self) -> None:
        row = growth(a_row("x.40", 50.0, "packets/s"), a_row("x", 25.0, "packets/s"), "packets")
        assert row.value == 20.0

    def test_different_units_are_not_compared(self) -> None:
        with pytest.raises(BenchFailed):
            growth(a_row("x.1000", unit="s"), a_row("x", unit="ms"), "records")


class TestWhatIsNoFigure:
    @pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
    def test_nothing_and_nonsense_are_no_figures(self, value: float) -> None:
        with pytest.raises(BenchFailed):
            a_row("x", value)
        with pytest.raises(BenchFailed):
            a_row("x", beside=value)

    def test_a_figure_that_cannot_be_had_is_an_error_and_the_others_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fails(_site: Site) -> Iterator[Row]:
            yield a_row("draft.good")
            raise BenchFailed("draft.bad: no figure")

        assert self._run(tmp_path, monkeypatch, fails) == 1
        assert "draft.bad: no figure" in capsys.readouterr().err
        (row,) = json.loads((tmp_path / "build" / "bench.json").read_text())
        assert row["name"] == "draft.good"
        assert not (tmp_path / "build" / "bench").exists()

    def test_without_any_figure_the_last_ones_stay(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(_site: Site) -> Iterator[Row]:
            raise BenchFailed("draft.bad: no figure")
            yield

        assert self._run(tmp_path, monkeypatch, fails) == 1
        assert not (tmp_path / "build" / "bench.json").exists()

    def test_what_was_measured_is_written_with_the_seconds_it_took(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def measures(_site: Site) -> Iterator[Row]:
            yield a_row("capture.gui_gap.max_ms", 51.0)

        assert self._run(tmp_path, monkeypatch, measures) == 0
        told = capsys.readouterr().out
        assert "OVER ITS GOAL: capture.gui_gap.max_ms: 51 ms" in told
        assert "something bare" in told
        (row,) = json.loads((tmp_path / "build" / "bench.json").read_text())
        assert list(row) == ["name", "value", "unit", "beside", "ratio", "n", "beside_what"]
        assert list(json.loads((tmp_path / "build" / "bench-machine.json").read_text())["seconds"]) == ["records"]

    def test_a_bench_that_takes_too_long_says_so_and_its_figures_count(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bench, "LIMIT_S", 0.0)
        assert self._run(tmp_path, monkeypatch, lambda _site: iter([a_row("seal.ms")])) == 0
        assert "OVER ITS GOAL: the bench itself" in capsys.readouterr().out

    @staticmethod
    def _run(root: Path, monkeypatch: pytest.MonkeyPatch, measures: Any) -> int:
        """The bench with one part, in a folder of its own, its charts left out."""
        (root / "build").mkdir()
        monkeypatch.setattr(bench, "ROOT", root)
        monkeypatch.setattr(bench, "BENCHES", {"records": measures})
        monkeypatch.setattr(bench, "require_disk", lambda _folder: None)
        monkeypatch.setattr(bench, "answer_of", lambda *_arguments: {"drawn": [], "undrawn": []})
        monkeypatch.setattr("sys.argv", ["bench"])
        return bench.main()


class TestGoals:
    def test_only_a_figure_above_its_goal_is_named(self) -> None:
        rows = [a_row("guard.signin_ms", 1000.0), a_row("gui.gap_max_ms", 50.1), a_row("seal.ms", 1e9)]
        assert [sentence.split(":")[0] for sentence in over(rows)] == ["gui.gap_max_ms"]

    def test_every_goal_is_of_a_row_that_a_chart_names(self) -> None:
        assert set(GOALS) <= set(CAPTIONS)


class TestTheBook:
    def test_rows_of_before_stay_and_the_same_names_are_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "bench.json"
        write_rows(path, [a_row("a", 1.0), a_row("b", 2.0)])
        write_rows(path, [a_row("b", 3.0)])
        assert [(item["name"], item["value"]) for item in json.loads(path.read_text())] == [("a", 1.0), ("b", 3.0)]


class TestCharts:
    def test_a_family_becomes_a_picture_with_a_bar_for_the_program_and_one_for_what_is_beside_it(
        self, tmp_path: Path, qtbot: QtBot
    ) -> None:
        rows = [a_row("records.search_ms", 20.0, beside=10.0)]
        assert draw_all(tmp_path, [row.as_json() for row in rows], MACHINE) == ["search.png"]
        ours, beside = self._coloured(tmp_path / "search.png")
        assert 1.6 < ours / beside < 2.6  # the legend has a square of each

    def test_how_it_grows_is_drawn_below_when_both_sizes_were_measured(self, tmp_path: Path, qtbot: QtBot) -> None:
        large = a_row("records.search_ms.nik", 20.0)
        small = a_row("records.search_ms.nik.1000", 10.0)
        draw_all(tmp_path, [large.as_json()], MACHINE)
        alone = QImage(str(tmp_path / "search.png")).height()
        draw_all(tmp_path, [large.as_json(), small.as_json(), growth(small, large, "records").as_json()], MACHINE)
        assert QImage(str(tmp_path / "search.png")).height() > alone + 100

    def test_a_chart_tells_nothing_by_which_the_computer_could_be_found(self) -> None:
        said = of(MACHINE)
        assert "22 November 2026" in said and "2 cores" in said and "0.2" in said
        assert "some-host" not in said and os.sep not in said

    def test_a_row_on_no_chart_is_named(self) -> None:
        assert undrawn([a_row("seal.ms").as_json(), a_row("new.ms").as_json()]) == ["new.ms"]

    def test_every_curve_and_every_caption_is_of_a_row_of_its_family(self) -> None:
        for family in FAMILIES:
            for curve in family.curves:
                assert all(family.holds({"name": name}) for name in curve.points.values())
        assert undrawn([{"name": name} for name in CAPTIONS]) == []

    def test_every_chart_is_explained_beside_it(self) -> None:
        explained = (ROOT / "docs" / "measurements" / "README.md").read_text(encoding="utf-8")
        assert [family.file for family in FAMILIES if f"`{family.file}.png`" not in explained] == []
        assert [family.file for family in FAMILIES if f"`{family.again}`" not in explained] == []

    def test_a_chart_never_mixes_what_was_measured_on_two_days(self) -> None:
        figures = [a_row(name).as_json() for name in ("seal.ms", "packet.bytes", "start.window_ms")]
        together = measured_together(figures, ["seal.ms", "start.window_ms"], whole=False)
        assert [figure["name"] for figure in together] == ["start.window_ms"]
        assert len(measured_together(figures, ["seal.ms", "start.window_ms"], whole=True)) == 2

    def test_the_page_names_the_goal_that_was_missed_and_the_command_that_measures_it_again(
        self, tmp_path: Path
    ) -> None:
        slow = a_row("slow.start_ms", 7159.0, beside=1907.0).as_json()
        page.write(tmp_path / "figures.md", [slow], "today")
        said = (tmp_path / "figures.md").read_text(encoding="utf-8")
        assert "| Start to the sign-in window | 7.16 s | 1.91 s: " in said
        assert "| 5 s, **missed** |" in said
        assert 'today · again: `make bench ARGS="--only slow"` · chart: [slow.png](slow.png)' in said

    def test_a_family_that_was_measured_again_takes_its_old_place_on_the_page_and_the_others_stay(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "figures.md"
        page.write(path, [a_row(name).as_json() for name in ("slow.start_ms", "seal.ms")], "yesterday")
        page.write(path, [a_row("seal.ms").as_json()], "today")
        said = path.read_text(encoding="utf-8")
        assert said.count("## ") == 2
        assert said.index('today · again: `make bench ARGS="--only seal') < said.index("yesterday")

    def test_every_part_of_the_bench_is_named_with_the_figures_it_measures(self) -> None:
        named = {part for family in FAMILIES for part in family.only.split()}
        assert named == set(bench.BENCHES)

    @pytest.mark.parametrize(
        ("value", "unit", "said"),
        [
            (1906.0, "ms", "1.91 s"),
            (222388, "bytes", "222 KB"),
            (3656000, "bytes", "3.66 MB"),
            (-8.0, "NFIQ 2", "−8 NFIQ 2"),
            (2035.0, "kbit/s", "2,035 kbit/s"),
            (0.0997, "ms", "0.0997 ms"),
        ],
    )
    def test_figures_are_written_for_people(self, value: float, unit: str, said: str) -> None:
        assert words.figure(value, unit) == said

    @staticmethod
    def _coloured(path: Path) -> tuple[int, int]:
        """How many points have the colour of the program, and of what is beside it."""
        image = QImage(str(path))
        places = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
        colours = [image.pixelColor(x, y) for x, y in places]
        ours, beside = QColor(canvas.OURS), QColor(canvas.BESIDE)
        return colours.count(ours), colours.count(beside)
