"""The hash chain: the vectors everybody agrees on, and nothing that is not a hash."""

from __future__ import annotations

import pytest

from station.capture.sbi.chain import NOTHING, follows, link

FIRST = "FD9E1957A0C3318778E4019A5BE5E8769BC4158DAE99744C86607008BD9BCBC5"
SECOND = "E0B8FA580C273AD4CDB380539B4C7393C1C3BA4F23D73786537E9D7ACEB285D7"


def test_the_published_vectors() -> None:
    assert link(NOTHING, b"ISO-RECORD-1") == FIRST
    assert link(FIRST, b"ISO-RECORD-2") == SECOND


def test_the_first_may_also_name_the_hash_of_nothing() -> None:
    nothing = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
    assert link(nothing, b"ISO-RECORD-1") == FIRST


def test_a_hash_follows_in_either_case_and_only_after_its_own_predecessor() -> None:
    assert follows(SECOND, FIRST, b"ISO-RECORD-2")
    assert follows(SECOND.lower(), FIRST, b"ISO-RECORD-2")
    assert not follows(SECOND, NOTHING, b"ISO-RECORD-2")
    assert not follows(SECOND, FIRST, b"ISO-RECORD-1")
    assert not follows("", NOTHING, b"ISO-RECORD-1")
    assert not follows("é", NOTHING, b"ISO-RECORD-1")


@pytest.mark.parametrize("previous", ["AB", "not a hash", "é" * 64])
def test_what_is_no_hash_is_no_predecessor(previous: str) -> None:
    with pytest.raises(ValueError):
        link(previous, b"ISO-RECORD-1")
