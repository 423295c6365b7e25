"""Names after Permendagri 73/2022: Latin letters, at most 60 characters with spaces.

Names given before 21 April 2022 stay valid as they are, so punctuation and single words are warnings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from station.domain.finding import Finding, error, warning

MAX_NAME = 60
_PUNCTUATION = frozenset("'’`.,-/")


def clean_name(raw: str) -> str:
    """Upper case, single spaces, plain apostrophes. Tabs and invisible characters are kept: the check names them."""
    text = unicodedata.normalize("NFC", raw.upper()).replace("’", "'").replace("`", "'")
    return " ".join(part for part in text.strip(" ").split(" ") if part)


def check_name(name: str, field: str) -> Iterator[Finding]:
    """Errors and warnings of a full name, already cleaned."""
    if len(name) > MAX_NAME:
        yield error("name.too_long", field, length=len(name), limit=MAX_NAME)
    strange = [char for char in name if not _letter(char) and char != " " and char not in _PUNCTUATION]
    if any(char.isdigit() for char in strange):
        yield error("name.digit", field)
    elif strange:
        yield error("name.not_latin", field)
    elif not any(_letter(char) for char in name):
        yield error("name.no_letters", field)
    if any(char in _PUNCTUATION for char in name):
        yield warning("name.punctuation", field)
    if name and " " not in name:
        yield warning("name.one_word", field)


def _letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")
