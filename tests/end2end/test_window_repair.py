"""Central refuses a record: the operator reads why, corrects it, and it is accepted as the next revision."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from station.domain.delivery import Stage
from station.domain.record import RecordKey
from station.domain.rows import Happening
from station.domain.steps import Step
from station.training.people import PEOPLE
from station.ui.labels import happening
from station.ui.widgets.record_pane import RecordPane
from station.ui.widgets.timeline import TimelineView
from station.wire import RefusalReason
from tests.end2end.window import Operator, window_of

pytestmark = pytest.mark.usefixtures("qapp")

NEWS_SOON = "[sync]\nchanges_every_s = 0.3\n"
WHY = "Nama tidak sama dengan KK."


def settled(operator: Operator, key: RecordKey, stage: Stage) -> None:
    def arrived() -> bool:
        item = operator.depot.outbox.get(key)
        return item is not None and item.stage is stage

    operator.player.wait_until(arrived, f"{key} is {stage.value}")


def story_of(operator: Operator) -> list[str]:
    """The titles and details of the timeline beside the list, newest first."""
    pane = operator.app.window.findChild(RecordPane)
    assert pane is not None
    view = pane.findChild(TimelineView)
    assert view is not None
    layout = view.layout()
    assert layout is not None
    rows = [layout.itemAt(place).widget() for place in range(layout.count())]  # type: ignore[union-attr]
    return [row.accessibleName() for row in rows if row is not None]


def test_a_refused_record_is_corrected_in_the_window_and_accepted_as_its_second_revision(tmp_path: Path) -> None:
    with window_of(tmp_path, settings=NEWS_SOON) as operator:
        player = operator.player
        server = operator._training.server
        assert server is not None
        operator.sign_in()
        record_id = operator.seal_prepared(PEOPLE[0])
        first, second = RecordKey(record_id, 1), RecordKey(record_id, 2)
        settled(operator, first, Stage.RECEIPTED)

        server.central.refuse(first, [RefusalReason(code="dinas.name_differs", field="name", detail=WHY)])
        operator.await_text("strip.repair", "1")
        operator.open("records")
        player.click("records.filter.needs_repair")
        operator.await_text("records.filter.needs_repair", "1")
        player.press(Qt.Key.Key_Down)
        told = operator.await_text("records.pane.refusal", "Nama lengkap", WHY)
        assert "KK asli" not in told
        player.click("records.pane.repair")

        told = operator.await_text("biodata.refused", WHY)
        assert operator.step is Step.BIODATA
        assert operator.draft.record.key == second
        name = player.find("form.name", QLineEdit)
        player.wait_until(name.hasFocus, "the refused field has the cursor")
        assert name.text() == PEOPLE[0].answers["name"]
        operator.await_text("form.name.note", WHY)
        player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        player.type("budi santoso contoh jaya")
        player.enter()
        player.wait_until(
            lambda: operator.draft.answers["name"] == "BUDI SANTOSO CONTOH JAYA", "the correction is stored"
        )
        assert operator.draft.approval_lapsed, "the applicant signed under the other name"
        player.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        operator._sign(PEOPLE[0])
        player.press(Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
        player.wait_until(lambda: operator.step is Step.REVIEW, "the review is open")
        operator.explain_prints()
        operator.seal()
        settled(operator, second, Stage.RECEIPTED)

        player.wait_until(lambda: not player.sees("strip.repair"), "nothing needs repair any more")
        operator.open("sync")
        operator.await_text("sync.tab.repair")
        operator.open("records")
        player.click("records.filter.all")
        player.press(Qt.Key.Key_Down)
        operator.await_text("records.pane.number", "revisi 2")
        assert not player.sees("records.pane.refusal")
        assert not player.sees("records.pane.repair")

        story = "\n".join(story_of(operator))
        receipts = [item.receipt_no for item in operator.packets()]
        assert len(set(receipts)) == 2 and all(receipts)
        assert all(f"{number}" in story for number in receipts), story
        assert story.count(happening(Happening.SEALED, "").text) == 2, story
        assert happening(Happening.REJECTED, "").text in story
        assert happening(Happening.REOPENED, "").text in story
        assert {item.key: item.stage for item in operator.packets()} == {
            first: Stage.REPLACED,
            second: Stage.RECEIPTED,
        }
        assert [packet.key for packet in server.central.packets()] == [first, second]

        operator.restart()
        operator.sign_in()
        operator.open("records")
        operator.await_text("records.filter.needs_repair", "0")
        assert not player.sees("strip.repair")
