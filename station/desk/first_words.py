"""Recovery words: whether anybody has shown that they wrote them down, and new ones when nobody has. Keeps no word."""

from __future__ import annotations

from station.desk import keys
from station.desk.office import Office
from station.seal.recovery_words import same_word as same_word
from station.seal.recovery_words import spell as spell
from station.store.depot import Depot
from station.store.unconfirmed import confirm, is_unconfirmed, note_unconfirmed


def are_unconfirmed(depot: Depot) -> bool:
    """Words were made, and nobody has shown that they have them: they are nowhere, and new ones must be made."""
    return is_unconfirmed(depot.folder)


def confirm_words(depot: Depot) -> None:
    """Somebody typed the words that were asked for. StoreError."""
    confirm(depot.folder)


def make_new(office: Office, password: str) -> str:
    """A new recovery key, to be shown once; it is unconfirmed until somebody has typed what is asked of its words.

    Errors as of `keys.new_recovery_words`: then the words from before are as good as they were.
    """
    folder = office.depot.folder
    before = is_unconfirmed(folder)
    note_unconfirmed(folder)
    try:
        return keys.new_recovery_words(office, password)
    except BaseException:
        if not before:
            confirm(folder)
        raise
