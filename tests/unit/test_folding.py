"""Folding names for search: spellings of one name meet, and typing on never loses anybody."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.domain.folding import MOST_WORDS, fold_name, readings

LETTERS = st.text("abcdeijlmnostuyhkr", min_size=2, max_size=9)
COMMON = st.sampled_from(
    ["muhammad", "mochammad", "muh", "moh", "achmad", "soedjatmiko", "tjahjono", "djoko", "noer", "st", "abd", "jahja"]
)
WORD = st.one_of(LETTERS, COMMON)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SOEDJATMIKO", "SUJATMIKO"),
        ("DJOKO", "JOKO"),
        ("JAHJA", "YAHYA"),
        ("JUSUF", "YUSUF"),
        ("TJAHJONO", "CAHYONO"),
        ("NJOMAN", "NYOMAN"),
        ("SJARIF", "SYARIF"),
        ("WIDJAJA", "WIJAYA"),
        ("MUH. ALI", "MUHAMMAD ALI"),
        ("MUH ALI", "MUHAMMAD ALI"),
        ("MOCH ALI", "MUHAMAD ALI"),
        ("MOHAMAD ALI", "MUHAMMAD ALI"),
        ("MOCHAMMAD ALI", "M. ALI"),
        ("MOEHAMMAD ALI", "MOHD ALI"),
        ("M.ALI", "MUHAMMAD ALI"),
        ("ACHMAD", "AHMAD"),
        ("ST. AMINAH", "SITI AMINAH"),
        ("NOOR HAYATI", "NUR HAJATI"),
        ("ABD RAHMAN", "ABDUL RAHMAN"),
        ("NUR'AINI", "NURAINI"),
        ("NUR’AINI", "NUR`AINI"),
        ("ANNISA", "ANISA"),
        ("SITI  AMINAH", "SITI AMINAH"),
        ("SUPRIYADI", "SUPRIADI"),
        ("WIDYA", "WIDIA"),
        ("JOSÉ", "JOSE"),
        ("siti aminah", "SITI AMINAH"),
        ("SITI-AMINAH", "SITI AMINAH"),
    ],
)
def test_two_spellings_of_a_name_are_one_in_a_search(old: str, new: str) -> None:
    assert fold_name(old) == fold_name(new)


@pytest.mark.parametrize(
    ("one", "other"),
    [("BUDI", "BUDA"), ("SITI", "SARI"), ("DEWI", "DEDI"), ("MUHLIS", "MUHAMMAD"), ("NUR AINI", "NURAINI"), ("T", "C")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("empty", ["", "   ", "...", "'", "-_-"])
def test_what_has_no_letter_cannot_be_searched_for(empty: str) -> None:
    assert fold_name(empty) == ""
    assert readings(empty) == ()


def test_names_in_other_scripts_can_still_be_found() -> None:
    assert fold_name("王小明") == "王小明"


@given(st.text(max_size=80))
def test_any_text_folds_to_words_with_single_spaces_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold_name(text)
    assert folded == " ".join(folded.split())
    assert fold_name(folded) == folded


@given(WORD, st.integers(min_value=2, max_value=10))
@example("soedjatmiko", 4)
@example("widjaja", 3)
@example("mochammad", 4)
@example("mohamad", 3)
@example("tjahjono", 2)
def test_every_beginning_from_two_letters_on_finds_the_name(word: str, typed: int) -> None:
    (reading,) = readings(word[:typed])
    assert any(fold_name(word).startswith(start) for start in reading[0].starts)


@given(st.lists(WORD, min_size=1, max_size=4))
def test_a_whole_name_is_its_own_first_reading(words: list[str]) -> None:
    name = " ".join(words)
    assert " ".join(word.whole for word in readings(name)[0]) == fold_name(name)


def test_a_space_too_many_is_read_as_a_joined_word_as_well() -> None:
    assert [" ".join(word.whole for word in one) for one in readings("NUR AINI")] == ["nur aini", fold_name("NURAINI")]


def test_no_beginning_of_a_word_repeats_another() -> None:
    for typed in ("muh", "moch", "so", "sit", "m", "nu", "achm"):
        starts = readings(typed)[0][0].starts
        assert not [(one, two) for one in starts for two in starts if one != two and one.startswith(two)]


def test_a_pasted_page_is_no_endless_search() -> None:
    found = readings("SATU DUA TIGA EMPAT LIMA ENAM TUJUH DELAPAN " * 1000)
    assert max(len(words) for words in found) == MOST_WORDS
    assert len(found) == MOST_WORDS
