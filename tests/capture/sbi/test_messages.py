"""Whatever JSON a service sends: it is read, or refused by name. Nothing else comes out."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from station.capture.sbi.discovery import unsigned
from station.capture.sbi.messages import CaptureAnswer, Captured, DeviceEntry, InfoItem, Trouble, read, read_list
from station.capture.sbi.names import SUBTYPE_OF, DeviceSub, part_of, whole_of
from station.capture.sbi.troubles import refused
from station.capture.sbi.trust import header_of
from station.domain.biometrics import FINGERS, IRISES, Modality, Part
from station.domain.errors import DeviceError

NAMES = st.sampled_from(
    ["deviceId", "deviceSubId", "digitalId", "error", "errorCode", "biometrics", "data", "bioSubType", "bioValue", "x"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read_or_refused(found: Any) -> None:
    for model in (DeviceEntry, InfoItem, Captured, CaptureAnswer, Trouble):
        try:
            read(model, found)
        except DeviceError as problem:
            assert problem.code == "sbi.bad_answer"
    try:
        entries = read_list(DeviceEntry, found)
    except DeviceError:
        return
    assert all(entry.subs <= set(DeviceSub) for entry in entries)


@given(st.text(max_size=300))
def test_any_text_is_an_identity_or_none_and_no_token(text: str) -> None:
    unsigned(text)
    try:
        header_of(text)
    except DeviceError as problem:
        assert problem.code == "sbi.bad_signature"


def test_parts_are_named_both_ways_also_as_old_drafts_did() -> None:
    for part in (*FINGERS, *IRISES):
        assert part_of(part.modality, SUBTYPE_OF[part]) is part
        assert part_of(part.modality, SUBTYPE_OF[part].upper()) is part
    assert part_of(Modality.FINGER, "LF_INDEX") is Part.FINGER_07
    assert part_of(Modality.FINGER, "UNKNOWN") is None
    assert part_of(Modality.FACE, None) is Part.FACE
    assert {part for sub in DeviceSub for part in whole_of(Modality.FINGER, sub)} == set(FINGERS)


def test_what_a_service_says_is_shown_short_and_without_control_characters() -> None:
    problem = refused(Trouble(code="5\n99", info="all\x1b[31m red " + "x" * 500))
    assert problem.code == "sbi.refused"
    assert problem.data["sbi"] == "599"
    said = str(problem.data["said"])
    assert said.isprintable() and len(said) <= 120
