"""Fourteen words for the recovery key: a list that can be read out, and a reading that names the wrong word."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.config import resources_dir
from station.domain.errors import AccessError
from station.seal.recovery_words import WORDS, place_of, read, same_word, spell
from station.seal.vault import new_recovery_key, recovery_key_of

LIST = (resources_dir() / "recovery-words.txt").read_text(encoding="ascii").split()
KEY = recovery_key_of(bytes(range(16)))


def code_of(typed: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(AccessError) as refused:
        read(typed)
    return refused.value.code, refused.value.data


def test_the_list_has_1024_lower_case_words_of_four_to_eight_letters_in_order() -> None:
    assert len(LIST) == 1024
    assert sorted(set(LIST)) == LIST
    assert all(re.fullmatch("[a-z]{4,8}", word) for word in LIST)


def test_no_two_words_share_their_first_four_letters() -> None:
    assert len({word[:4] for word in LIST}) == len(LIST)


def test_no_word_becomes_another_by_one_slip_of_the_hand() -> None:
    """One letter too many or left out, another letter, two in the wrong order."""

    def slips(word: str) -> set[str]:
        gone = {word[:i] + "·" + word[i + 1 :] for i in range(len(word))}  # another letter
        short = {word[:i] + word[i + 1 :] for i in range(len(word))}
        return gone | short | {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}

    seen: dict[str, set[str]] = {}
    for word in LIST:
        for slip in slips(word) | {word}:
            seen.setdefault(slip, set()).add(word)
    alike = {pair for words in seen.values() for pair in combinations(sorted(words), 2)}
    # The same letters left out of two words are two slips, not one.
    assert {(one, other) for one, other in alike if "·" not in one and _one_slip(one, other)} == set()


def _one_slip(one: str, other: str) -> bool:
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
    places = [i for i in range(len(one)) if one[i] != other[i]]
    swapped = len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]
    return len(places) == 1 or (swapped and one[places[1]] == other[places[0]])


def test_what_a_person_may_not_read_out_is_not_in_the_list() -> None:
    beliefs = {"doa", "dosa", "imam", "gereja", "masjid", "pura", "salat", "nabi", "surga", "neraka", "haji", "kitab"}
    insults = {"anjing", "babi", "bodoh", "gila", "goblok", "monyet", "miskin", "jelek", "gemuk", "botak", "cebong"}
    assert not (beliefs | insults) & set(LIST)


@settings(max_examples=60)
@given(st.binary(min_size=16, max_size=16))
def test_what_is_spelt_is_read_again(raw: bytes) -> None:
    key = recovery_key_of(raw)
    words = spell(key)
    assert len(words) == WORDS
    assert read(" ".join(words)) == key
    assert read("\n".join(f"{n}. {word.upper()}" for n, word in enumerate(words, 1))) == key
    assert read(",".join(word[:4] for word in words)) == key


def test_old_papers_in_symbols_are_still_read() -> None:
    key = new_recovery_key()
    assert read(key) == key
    assert read(f"  {key.lower().replace('-', ' ')} ") == key
    assert read(key.replace("-", "")) == key
    assert code_of(key[:-1] + ("1" if key[-1] != "1" else "2"))[0] == "recovery.mistyped"


def test_the_wrong_word_is_named_by_its_number() -> None:
    words = [*spell(KEY)]
    words[8] = "kucingg"
    assert code_of(" ".join(words)) == ("recovery.mistyped_word", {"word": 9})
    words[8] = "kuc"
    assert code_of(" ".join(words)) == ("recovery.mistyped_word", {"word": 9})


def test_words_too_few_too_many_or_in_another_order_are_no_key() -> None:
    words = spell(KEY)
    assert code_of(" ".join(words[:13])) == ("recovery.mistyped_count", {"count": 13})
    assert code_of(" ".join((*words, words[0]))) == ("recovery.mistyped_count", {"count": 15})
    assert code_of(" ".join((words[1], words[0], *words[2:]))) == ("recovery.mistyped", {})
    assert code_of("") == ("recovery.mistyped_count", {"count": 0})
    assert code_of("kata " * 100_000)[0] == "recovery.mistyped"


def test_four_letters_name_a_word_and_three_do_not() -> None:
    word = LIST[500]
    assert place_of(word) == place_of(word[:4]) == 500
    assert place_of(word[:3]) is None
    assert same_word(f" {word[:4].upper()} ", word)
    assert not same_word(LIST[501], word)
    assert not same_word("", word)


def test_the_recorded_licence_says_whose_the_list_is() -> None:
    notice = (resources_dir() / "NOTICE.md").read_text(encoding="utf-8")
    assert "`recovery-words.txt` is ours" in notice
