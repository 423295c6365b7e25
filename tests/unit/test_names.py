"""Names after the regulation of 2022: what breaks it is an error, what older documents have is a warning."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.finding import Severity
from station.domain.names import MAX_NAME, check_name, check_relative, clean_name

SIXTY = "RADEN AJENG KUSUMANINGTYAS WIDYADHARI PURNAMASARI CONTOH UJI"


def codes(name: str) -> list[str]:
    return [finding.code for finding in check_name(name, "name")]


def severities(name: str) -> set[Severity]:
    return {finding.severity for finding in check_name(name, "name")}


@pytest.mark.parametrize("name", ["SITI AMINAH CONTOH", "WAYAN CONTOH", "JOSÉ ÁLVAREZ", SIXTY])
def test_a_name_of_two_words_in_latin_letters_is_taken(name: str) -> None:
    assert codes(name) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (SIXTY + "A", "name.too_long"),
        ("BUDI2 CONTOH", "name.digit"),
        ("BUDI ٢", "name.digit"),
        ("BUDI 😀", "name.not_latin"),
        ("БУДИ САНТОСО", "name.not_latin"),
        ("ブディ サントソ", "name.not_latin"),
        ("BUDI\tSANTOSO CONTOH", "name.not_latin"),
        ("BUDI\u200b SANTOSO", "name.not_latin"),
        ("BUDI\u00a0SANTOSO CONTOH", "name.not_latin"),
        ("BUDI\nSANTOSO CONTOH", "name.not_latin"),
        ("BUDI @ SANTOSO", "name.not_latin"),
        ("ΑΒ СD", "name.not_latin"),  # Greek and Cyrillic that look Latin
    ],
)
def test_what_the_regulation_forbids_is_an_error(name: str, code: str) -> None:
    assert codes(name) == [code]
    assert severities(name) == {Severity.ERROR}


@pytest.mark.parametrize("name", ["- -", "'' ''", ". ."])
def test_a_name_of_nothing_but_signs_is_an_error(name: str) -> None:
    assert codes(name) == ["name.no_letters", "name.punctuation"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SUPARMAN", "name.one_word"),
        ("NUR'AINI CONTOH", "name.punctuation"),
        ("MOH. CONTOH", "name.punctuation"),
        ("SITI-AMINAH CONTOH", "name.punctuation"),
        ("MUH CONTOH", "name.shortened"),
        ("SITI A CONTOH", "name.shortened"),
        ("MHD CONTOH", "name.shortened"),
    ],
)
def test_what_older_documents_have_is_only_a_warning(name: str, code: str) -> None:
    assert codes(name) == [code]
    assert severities(name) == {Severity.WARNING}


@pytest.mark.parametrize("name", ["MUH CONTOH", "SITI A CONTOH"])
def test_a_shortened_word_that_the_list_has_is_part_of_the_name(name: str) -> None:
    assert list(check_name(name, "name", name)) == []
    assert [finding.code for finding in check_name(name, "name", "OTHER CONTOH")] == ["name.shortened"]


@pytest.mark.parametrize("sign", string.punctuation)
def test_any_mark_that_the_list_has_is_part_of_the_name(sign: str) -> None:
    name = clean_name(f"SITI {sign} AMINAH")
    found = list(check_name(name, "name", name))
    assert [(item.code, item.severity) for item in found] == [("name.punctuation", Severity.WARNING)]
    assert Severity.ERROR in {item.severity for item in check_name(name, "name", "SITI AMINAH")}


def test_a_listed_name_with_a_digit_and_a_mark_is_doubted_for_both() -> None:
    found = list(check_name("BUDI 2 (UJI)", "name", "BUDI 2 (UJI)"))
    assert [item.code for item in found] == ["name.digit_listed", "name.punctuation"]
    assert next(item.code for item in check_name("BUDI (😀)", "name", "BUDI (😀)")) == "name.not_latin"


@pytest.mark.parametrize("name", ["SUPARMAN", "NUR'AINI", "MUH AMIN"])
def test_nothing_is_doubted_in_the_name_of_a_relative(name: str) -> None:
    assert list(check_relative(name, "mother_name")) == []
    assert [finding.code for finding in check_relative(f"{name} 2", "mother_name")] == ["name.digit"]


def test_exactly_sixty_characters_with_spaces_are_allowed() -> None:
    assert len(SIXTY) == MAX_NAME == 60
    assert codes(SIXTY) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  siti   aminah ", "SITI AMINAH"),
        ("nur’aini", "NUR'AINI"),
        ("nur`aini", "NUR'AINI"),
        ("jose\u0301", "JOSÉ"),
        ("a\tb", "A\tB"),
        ("a\u200bb", "A\u200bB"),
        ("", ""),
    ],
)
def test_a_name_is_kept_in_capitals_with_single_spaces(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text(st.characters(), max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_name(clean_name(text)) == clean_name(text)


def test_cleaning_twice_is_cleaning_once_for_every_letter_there_is() -> None:
    different = [hex(number) for number in range(0x20000) if clean_name(once := clean_name(chr(number))) != once]
    assert different == []


@given(st.text(st.characters(), max_size=80))
def test_checking_any_text_never_raises(text: str) -> None:
    codes(text)
    codes(clean_name(text))
