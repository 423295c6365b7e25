"""A scanner is told from fingers by its speed."""

from __future__ import annotations

from station.ui.screens.steps.wedge import GAP_MS, LONGEST, Wedge

NIK = "9901016104880001"


def typed(text: str, gap_ms: int, wedge: Wedge | None = None, start_ms: int = 1000) -> tuple[Wedge, int]:
    wedge, at = wedge or Wedge(), start_ms
    for char in text:
        wedge.type(char, at)
        at += gap_ms
    return wedge, at


def test_a_burst_that_ends_with_enter_is_a_scan() -> None:
    wedge, at = typed(NIK, 4)
    assert wedge.finish(at)
    assert wedge.payload == NIK


def test_fingers_are_never_a_scan() -> None:
    wedge, at = typed(NIK, GAP_MS + 1)
    assert not wedge.finish(at)
    wedge, at = typed(NIK, 4)
    assert not wedge.finish(at + 500), "the Enter of a person after a fast paste of keys"


def test_without_times_nothing_is_a_scan() -> None:
    wedge, _ = typed(NIK, 0, start_ms=0)
    assert not wedge.finish(0)


def test_what_was_typed_before_the_scan_is_not_part_of_it() -> None:
    wedge, at = typed("9901", 200)
    wedge, at = typed(NIK, 3, wedge, at + 900)
    assert wedge.finish(at)
    assert wedge.payload == NIK


def test_a_few_quick_keys_are_no_scan() -> None:
    wedge, at = typed("1234567", 2)
    assert not wedge.finish(at)


def test_lines_after_the_first_belong_to_the_payload_and_nothing_grows_without_end() -> None:
    wedge, at = typed("NAMA: SITI", 2)
    assert wedge.finish(at)
    wedge.add("\n")
    for char in NIK:
        wedge.add(char)
    assert wedge.payload == f"NAMA: SITI\n{NIK}"
    for _ in range(LONGEST * 2):
        wedge.add("x")
    assert len(wedge.payload) == LONGEST
