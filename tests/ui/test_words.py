"""No code without a sentence: whatever the program can raise, find or report has words for people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from station.domain.biometrics import Part
from station.domain.central_codes import STATUSES
from station.domain.delivery import Counts, Link, LinkState, Progress, Stage
from station.domain.estimate import Estimate
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import Record, RecordKey, State
from station.domain.rows import Filter, Happening, RecordRow
from station.domain.steps import Step
from station.ui import estimate_words, labels, link_words, words
from station.ui.delivery_words import under_way
from station.ui.form.reasons import CAPTURE_REASONS, PHOTO_REASONS
from station.ui.sentences import HINTS, SENTENCES, TROUBLES

STATION = Path(__file__).parents[2] / "station"
SERVER_SIDE = {"central", "training"}
NOT_OURS = {"ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError", "SettingsError", "OSError"}
CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def _raised(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Codes given to a finding or an error, and the names of the data that go with them."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("error", "warning") or (name.endswith("Error") and name not in NOT_OURS):
            code = node.args[0].value
            if isinstance(code, str):
                yield code, {keyword.arg for keyword in node.keywords if keyword.arg}


@cache
def codes() -> dict[str, list[set[str]]]:
    """Every code the program raises, and the names of the data at each place. Reading the program takes a second."""
    found: dict[str, list[set[str]]] = {}
    for path in sorted(STATION.rglob("*.py")):
        if path.relative_to(STATION).parts[0] in SERVER_SIDE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for code, data in _raised(tree):
            found.setdefault(code, []).append(data)
        # Codes that are looked up in a table before they are raised.
        if path.parent.name == "store":
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("store."):
                    found.setdefault(node.value, [])
    return found


def test_codes_are_found_at_all() -> None:
    assert {"nik.length", "signin.wrong_password", "store.disk_full", "device.bad_image"} <= set(codes())


def test_every_code_has_a_sentence() -> None:
    assert set(codes()) - set(SENTENCES) == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_has_a_title_and_a_remedy(code: str) -> None:
    assert CODE.fullmatch(code)
    title, todo = SENTENCES[code]
    assert title
    assert todo
    assert title.rstrip().endswith(".")
    wanted = {name for text in (title, todo) for _, name, _, _ in Formatter().parse(text) if name}
    for data in codes().get(code, []):
        assert wanted <= data | {"code"}, f"{code} is raised without {wanted - data}"


def test_an_unknown_code_can_be_told_over_the_phone() -> None:
    said = words.sentence("some.thing")
    assert "some.thing" in said.title
    assert said.todo


def test_missing_data_does_not_break_a_sentence() -> None:
    assert "…" in words.sentence("nik.length").title


def test_every_trouble_has_words() -> None:
    assert set(TROUBLES) == set(Trouble)
    for trouble in Trouble:
        said = words.of_trouble(trouble)
        assert said.title
        assert said.todo


def test_no_sentence_knows_how_many_tries_the_policy_allows() -> None:
    said = (*(text for both in SENTENCES.values() for text in both), *CAPTURE_REASONS, *PHOTO_REASONS)
    assert not [text for text in said if "three tries" in text or "third try" in text or "three times" in text]


def test_every_hint_of_the_coach_has_words() -> None:
    from station.capture.coach import HINTS as GIVEN
    from station.capture.face.report import FINDINGS
    from station.capture.sbi.turns import TURNS

    assert set(GIVEN) | set(FINDINGS) | set(TURNS) == set(HINTS)
    assert set(FINDINGS) < set(SENTENCES), "what may be wrong with a photo that was kept"
    assert words.hint("nothing.like.it") == ""


def test_every_state_stage_step_filter_and_happening_has_a_label() -> None:
    for stage in Stage:
        assert labels.stage(stage).text
    for which in Filter:
        assert labels.filter_name(which).text
    for step in Step:
        assert labels.step(step)
    for what in Happening:
        assert labels.happening(what).text
    for part in Part:
        assert words.field_name(part.value) != part.value


@pytest.mark.parametrize("state", State)
def test_every_state_of_a_record_has_a_label_and_a_tone(state: State) -> None:
    record = Record("r", 1, state, "R-1", "", "", "", NOW, None, NOW)
    label = labels.record_state(RecordRow(record, Step.FINGERS, None))
    assert label.text
    assert label.tone in ("ok", "warn", "bad", "off", "brand")


def test_the_words_of_central_are_those_of_its_own_table() -> None:
    for code, status in STATUSES.items():
        assert labels.happening(Happening.CENTRAL, code).text == status.label
    assert labels.happening(Happening.CENTRAL, "FOO_BAR").text == "FOO_BAR"


@pytest.mark.parametrize("state", LinkState)
@pytest.mark.parametrize("waiting", [0, 1, 23])
def test_one_sentence_says_why_things_move_or_not(state: LinkState, waiting: int) -> None:
    said = link_words.link_sentence(Link(state, NOW, reason=Trouble.BLOCKED), Counts(queued=waiting))
    assert said.endswith(".")
    assert "{" not in said
    assert link_words.link_label(Link(state, NOW)).text
    if waiting and state is not LinkState.GOOD:
        assert str(waiting) in said


def test_central_may_word_the_remedy_itself() -> None:
    link = Link(LinkState.MAINTENANCE, NOW, until=NOW + timedelta(hours=1), message="Pemeliharaan s.d. 14.00")
    said = link_words.link_remedy(link)
    assert said == "Nothing to do: the station tries again by itself. Central writes: Pemeliharaan s.d. 14.00"


@pytest.mark.parametrize("state", [state for state in LinkState if state not in (LinkState.GOOD, LinkState.SLOW)])
def test_every_link_that_stands_still_says_what_to_do(state: LinkState) -> None:
    assert link_words.link_remedy(Link(state, NOW)).endswith(".")


def test_what_waits_and_what_moves_make_up_the_number_that_waits() -> None:
    link, moves = Link(LinkState.GOOD, NOW), Progress(RecordKey("r", 1), 1, 2, 1.0)
    counts = Counts(queued=19, sending=3)
    assert under_way(link, counts, Progress()) == 0, "three were begun, none moves"
    assert under_way(Link(LinkState.PAUSED, NOW), counts, moves) == 0
    moving = under_way(link, counts, moves)
    said = link_words.link_sentence(link, counts, moving)
    assert said == "Connected: 21 records wait their turn, 1 is being sent."
    assert link_words.link_sentence(link, Counts(sending=1), 1) == "Connected: 1 record is being sent."


@pytest.mark.parametrize(
    ("state", "when"),
    [
        (LinkState.GOOD, "for everything that waits"),
        (LinkState.PAUSED, "once resumed"),
        (LinkState.BLOCKED, "once central takes it again"),
        (LinkState.OFFLINE, "once connected"),
    ],
)
def test_an_estimate_says_from_when_on_it_counts(state: LinkState, when: str) -> None:
    found = Estimate(60_000, 100.0, timedelta(minutes=10), NOW)
    remark = estimate_words.estimate_remark(found, state)
    assert when in remark and "100 B/s" in remark


def test_a_known_reason_is_said_in_our_words_and_an_unknown_one_in_those_of_central() -> None:
    known = words.of_reason(Reason("kk.equals_nik", "kk", "kk: kk.equals_nik"))
    assert known.title == "Family card number: The family card number is the same as the NIK."
    assert words.of_reason(Reason("iris.blurred", "iris-right", "Too blurred.")).title == "Iris: Too blurred."
    # Our sentence wants a number the refusal does not bring.
    assert words.of_reason(Reason("nik.length", "nik", "Fifteen digits.")).title == "NIK: Fifteen digits."


def test_a_note_names_the_http_status() -> None:
    assert words.of_note(Note(Trouble.BUSY, http_status=503)).endswith("HTTP 503")
