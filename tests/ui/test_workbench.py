"""A change of the draft is shown where somebody looks, at once; the hidden pages follow when the window rests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from station.desk import recording
from station.domain.draft import Draft
from station.domain.steps import Step
from station.training.people import PEOPLE
from station.ui.context import Context
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.workbench import Workbench
from tests.support import Workplace

SITI = PEOPLE[1]


class Bench:
    """The pages of one draft, and which of them were told of it."""

    def __init__(self, context: Context, place: Workplace) -> None:
        context.office = self.office = place.office
        self.session = Session(context)
        self.told: list[Step] = []
        self.bench = Workbench(self.session, lambda _kind: None)
        for step, page in self.bench.pages.items():
            self._listen(step, page)

    def _listen(self, step: Step, page: StepPage) -> None:
        show = page.show_draft

        def heard(draft: Draft) -> None:
            self.told.append(step)
            show(draft)

        page.show_draft = heard  # type: ignore[method-assign]

    def begin(self) -> None:
        """Somebody is recorded; the page in front is that of the NIK."""
        self.session.draft = recording.start(self.office, SITI.nik)
        self.bench.show_draft(self.session.draft)

    def change(self) -> None:
        assert self.session.draft is not None
        record_id = self.session.draft.record.record_id
        self.session.draft = recording.answer(self.office, record_id, "name", SITI.answers["name"])
        self.bench.show_draft(self.session.draft)


@pytest.fixture
def seen(qtbot: QtBot, context: Context, place: Workplace) -> Iterator[Bench]:
    made = Bench(context, place)
    qtbot.addWidget(made.bench)
    made.bench.show()
    yield made
    made.session.stop()


def test_the_page_in_front_is_told_at_once_and_every_other_one_once_afterwards(seen: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(seen.bench.all_told):
        seen.begin()
        assert seen.told == [Step.APPLICANT]
    assert sorted(seen.told) == sorted(Step)


def test_a_page_that_is_opened_before_its_turn_knows_the_newest_draft(seen: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(seen.bench.all_told):
        seen.begin()
        seen.change()
        seen.bench.bring(Step.BIODATA)
        assert seen.told == [Step.APPLICANT, Step.APPLICANT, Step.BIODATA]
        assert seen.bench.biodata.form.boxes["name"].editor.value() == SITI.answers["name"]
    assert sorted(seen.told) == sorted([Step.APPLICANT, *Step])


def test_a_draft_that_was_closed_meanwhile_is_shown_to_nobody(seen: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(seen.bench.all_told):
        seen.begin()
        seen.session.put_aside()
    assert seen.told == [Step.APPLICANT]
