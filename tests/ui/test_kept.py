"""What the window takes for kept while the desk is still writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from station.desk import recording
from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.draft import CaptureCard, Draft
from station.domain.steps import Step
from station.ui.screens.steps.kept import Kept
from tests.support import TODAY, Workplace, a_capture

EYE = Part.IRIS_LEFT
CLEAN = a_capture(EYE)
LENS = replace(CLEAN, remarks=("iris.lens",))


def draft_with(place: Workplace, card: CaptureCard | None = None, excepted: Iterable[Part] = ()) -> Draft:
    draft = recording.start(place.office)
    exceptions = tuple(BiometricException(part, ExceptionCode.BLIND, "buta", "op-2") for part in excepted)
    return replace(draft, step=Step.IRISES, captures={card.part: card} if card else {}, exceptions=exceptions)


def test_nobody_waits_for_what_was_excepted_meanwhile(place: Workplace) -> None:
    """Once the exception has gone again, the part is open: its capture was never kept."""
    kept = Kept()
    kept.show_draft(draft_with(place))
    kept.expect([CLEAN])
    kept.show_draft(draft_with(place, excepted=[EYE]))
    assert not kept.is_open(EYE)
    assert kept.quality(EYE) is None
    kept.show_draft(draft_with(place))
    assert kept.is_open(EYE)


def test_an_eye_as_good_of_which_more_was_said_is_told_as_the_worse_one(place: Workplace) -> None:
    kept = Kept()
    card = CaptureCard(EYE, CLEAN.quality, 1, TODAY, "UJI", (), comparable=False)
    kept.show_draft(draft_with(place, card))
    assert kept.expect([LENS]) == (LENS,)
    assert kept.remarks(EYE) == ()
    assert kept.expect([CLEAN]) == ()
