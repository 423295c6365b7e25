"""What a device says of itself is one line of letters that are what they seem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.biometrics import DeviceInfo, Modality
from station.domain.plain_text import MAX_NAME, plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Slap 4-4-2 (rev. B)", "Slap 4-4-2 (rev. B)"),
        ("  two \t lines\r\nare\x0bone ", "two lines are one"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("a\u200b\u00adb\ufeff", "ab"),
        ("e\u0301", "é"),
        ("Z\u0351\u036b\u0343al", "Z al"),
        ("指紋 スキャナ", "指紋 スキャナ"),
        ("\ud800x\ue000", "x"),
        ("x" * 999, "x" * MAX_NAME),
        ("", ""),
    ],
)
def test_it_says_what_it_seems_to_say(said: str, shown: str) -> None:
    assert plain(said) == shown


@given(st.text())
def test_whatever_is_said_is_one_short_line(said: str) -> None:
    shown = plain(said)
    assert len(shown) <= MAX_NAME
    assert shown.isprintable() and shown == shown.strip()
    assert plain(shown) == shown


def test_a_device_has_no_other_names() -> None:
    info = DeviceInfo(Modality.FACE, "1\n2", "a\u202eb", "<i>" * 99, "camera\x00")
    assert (info.serial, info.make, info.model, info.driver) == ("1 2", "ab", ("<i>" * 99)[:64], "camera")
