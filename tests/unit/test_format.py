"""Numbers are written as the language in use writes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from station import i18n
from station.ui import format as shown
from station.ui.screens.devices import device_words


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.use(before)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("id", ("4,1", "1.482", "6,4 MB")), ("en", ("4.1", "1,482", "6.4 MB"))],
)
def test_a_number_has_the_marks_of_the_language(language: str, wanted: tuple[str, str, str]) -> None:
    i18n.use(language)
    assert (shown.decimal(4.1), shown.thousands(1482), shown.size(6_400_000)) == wanted


def test_seconds_of_a_device_are_written_so_too() -> None:
    i18n.use("en")
    assert device_words.seconds(4100).startswith("4.1 ")
    i18n.use("id")
    assert device_words.seconds(4100).startswith("4,1 ")
