"""What central last said about a record: finding the words and rules of a code, whoever wrote it and however.

A code never changes the state of a record here. An unknown one is ordinary: it is stored and listed, and shown as it
came but for what could not be read.
"""

from __future__ import annotations

import unicodedata

from station.domain.actor import Actor
from station.domain.central_codes import ASK, OFFICE_WORDS, CentralStatus, Tone
from station.domain.central_codes import STATUSES as STATUSES  # looked up here, by whatever name
from station.domain.mark import N_

LONGEST_CODE = 40
"""Longer codes are cut where they are shown: the longest in use has 27 characters."""
_SHORT = {status.short: status for status in STATUSES.values() if status.short}
_PLACE = {code: place for place, code in enumerate(STATUSES)}


def central_status(code: str) -> CentralStatus:
    """The status for `code`; lists of an office also write it short (`PRR`), with spaces (`CARD PRINTED`), or in words
    of their own (`BELUM REKAM`).

    An unknown code keeps its own name, cleaned and cut for reading, and asks to be followed up.
    """
    known = STATUSES.get(code) or _written_otherwise(code)
    if known is not None:
        return known
    shown = readable(code, LONGEST_CODE) or "?"
    meaning = N_("This station does not know this code of central.")
    return CentralStatus(shown, shown, meaning, ASK, Actor.DINAS, Tone.CARE, recorded=None)


def recorded(code: str) -> bool | None:
    """Whether a person of whom central says `code` counts as recorded; None when the code does not tell."""
    return central_status(code).recorded


def may_record_again(code: str) -> bool:
    """True when the code says that a recording is wanted. False also for a code that does not tell: ask first."""
    return recorded(code) is False


def place_of(code: str) -> int:
    """Where a code stands on the way of a record, for sorting; codes that do not tell come last."""
    known = STATUSES.get(code) or _written_otherwise(code)
    return _PLACE.get(known.code, len(_PLACE)) if known else len(_PLACE)


def readable(text: str, most: int) -> str:
    """`text` of a stranger on one line of at most `most` characters, without what is invisible or turns the line."""
    visible = "".join(" " if char.isspace() else char for char in text[: most * 8] if _visible(char))
    line = " ".join(visible.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _written_otherwise(code: str) -> CentralStatus | None:
    plain = "_".join(code[:80].upper().replace("_", " ").split())
    return STATUSES.get(plain) or _SHORT.get(plain) or OFFICE_WORDS.get(plain)


def _visible(char: str) -> bool:
    """No control, format, surrogate, private or unassigned character; white space is made a blank by the caller."""
    return char.isspace() or not unicodedata.category(char).startswith("C")
