"""Decisions besides exceptions that need a second officer's word. Must not know how the word is given."""

from __future__ import annotations

from enum import StrEnum


class Consent(StrEnum):
    """What a colleague agrees to. The values are kept with their word and in the audit trail."""

    OVERRIDE = "override"
    """To seal although a finger at the end was not the one that was recorded."""
    BULK_EXPORT = "bulk_export"
    """To put packets on a stick that need not go there any more, or many that have been on one already."""
    NAMES_TAKEN = "names_taken"
    """To take a list with people's names out of the station."""


OVERRIDES = frozenset({"verify.no_match", "verify.other_finger"})
"""Warnings that put in doubt who this person is: a reason alone does not settle them.

The others say that something could not be looked at, or is unusual: a broken reader must stop nobody, and a colleague
who is asked ten times a day no longer looks.
"""

MOST_AGAIN = 50
"""So many packets may be put on a stick again without a second officer: a lost stick, a day of a small office."""


def is_bulk(*, at_central: int, again: int) -> bool:
    """Whether an export needs a second officer: central has some of it already, or much was on a stick before."""
    return at_central > 0 or again > MOST_AGAIN
