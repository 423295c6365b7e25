"""One list becomes another by removals and insertions only, and no more of them than needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station.ui.models.difference import runs, to_remove

keys = st.lists(st.integers(0, 30), unique=True, max_size=20)


@given(keys, keys)
def test_what_is_left_stands_in_the_new_order(old: list[int], new: list[int]) -> None:
    gone = set(to_remove(old, new))
    left = [key for at, key in enumerate(old) if at not in gone]
    assert left == [key for key in new if key in left]


def test_a_queue_that_moves_up_loses_its_head_only() -> None:
    assert to_remove([1, 2, 3, 4], [2, 3, 4, 5]) == [0]


def test_a_row_that_jumps_ahead_is_the_only_one_that_moves() -> None:
    assert to_remove([1, 2, 3, 4], [4, 1, 2, 3]) == [3]
    assert to_remove([1, 2, 3, 4], [2, 3, 4, 1]) == [0]


def test_the_same_rows_cost_nothing() -> None:
    assert to_remove(list(range(1000)), list(range(1000))) == []


def test_places_are_told_in_runs() -> None:
    assert runs([0, 1, 2, 5, 7, 8]) == [(0, 2), (5, 5), (7, 8)]
    assert runs([]) == []
