"""Names after Permendagri 73/2022: Latin letters, at most 60 characters with spaces, no digits and no punctuation.

Names given before 21 April 2022 stay valid as they are. So a name that stands in the target list is taken as it is
there, and only what nobody could write on a card is an error. A name that differs from the list is a new one.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator

from station.domain.finding import Finding, Severity, error, warning

MAX_NAME = 60
_PUNCTUATION = frozenset("'’`.,-/")
_LISTED_PUNCTUATION = _PUNCTUATION | frozenset(string.punctuation)
_SHORTENED = frozenset("ABD MOCH MOH MUCH MUH".split())
_VOWELS = frozenset("AEIOUY")


def clean_name(raw: str) -> str:
    """Upper case, single spaces, plain apostrophes. Tabs and invisible characters are kept: the check names them."""
    text = unicodedata.normalize("NFC", raw.upper()).replace("’", "'").replace("`", "'")
    return " ".join(part for part in text.strip(" ").split(" ") if part)


def check_name(name: str, field: str, listed: str = "") -> Iterator[Finding]:
    """Errors and warnings of a full name, already cleaned. `listed` is the name of the target list, if there is one."""
    as_listed, changed = name == listed, bool(listed) and name != listed
    if len(name) > MAX_NAME:
        yield error("name.too_long", field, length=len(name), limit=MAX_NAME)
    signs = _LISTED_PUNCTUATION if as_listed else _PUNCTUATION
    strange = [char for char in name if not _letter(char) and char != " " and char not in signs]
    digits = [char for char in strange if char.isdigit()]
    if as_listed and strange and all(char.isascii() for char in digits) and len(digits) == len(strange):
        yield warning("name.digit_listed", field)
    elif digits:
        yield error("name.digit", field)
    elif strange:
        yield error("name.not_latin", field)
    elif not any(_letter(char) for char in name):
        yield error("name.no_letters", field)
    if any(char in signs for char in name):
        # Without a list nobody here can know how old the name is: the operator says it, with the reason.
        yield error("name.punctuation_new", field) if changed else warning("name.punctuation", field)
    elif not as_listed and any(_shortened(word) for word in name.split(" ")):
        yield warning("name.shortened", field)
    if name and " " not in name:
        yield warning("name.one_word", field)


def check_relative(name: str, field: str) -> Iterator[Finding]:
    """Errors of the name of a parent or sponsor: it stands in papers of others, so nothing is doubted."""
    return (item for item in check_name(name, field) if item.severity is Severity.ERROR)


def _letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def _shortened(word: str) -> bool:
    """One letter, no vowel, or one of the usual ones."""
    if not word or not all(map(_letter, word)):
        return False
    vowels = _VOWELS & set(unicodedata.normalize("NFD", word))
    return len(word) == 1 or not vowels or word in _SHORTENED
