"""Before anything is opened: the list of officers and the enrolment come back from their copies. Opens no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from station.domain.errors import SetupError, StoreError
from station.log import get_logger
from station.store.aside import put_aside
from station.store.enrolment import Enrolment
from station.store.folder import Folder, write_file
from station.store.keyring import load_keyring
from station.store.spare import spare_of
from station.store.wipe_book import WipeBook

MOST_BYTES = 4 * 1024 * 1024
log = get_logger(__name__)

_Good = Callable[[Path], bool]


def mend(folder: Folder, copies: Callable[[], Iterator[Path]]) -> tuple[str, ...]:
    """Put back `enrolment.json` and `keyring.json` where they are lost or damaged; which of them, as stable words.

    `copies`: folders that may hold older ones, best first; asked for only when a spare does not serve. Nothing is
    done for a station that was never enrolled. Where an order to wipe has locked the officers out, their list comes
    back from its spare only: older ones would let them in again.
    """
    mended = []
    if _mend(folder.enrolment, _is_enrolment, copies):
        mended.append("enrolment")
    wipes = WipeBook(folder.root)
    older = _none if wipes.locked or wipes.pending is not None else copies
    if folder.enrolment.exists() and _mend(folder.keyring, _is_keyring, older):
        mended.append("keyring")
    return tuple(mended)


def _mend(path: Path, good: _Good, copies: Callable[[], Iterator[Path]]) -> bool:
    if good(path):
        return False
    for copy in _candidates(path, copies):
        if good(copy):
            put_aside(path)
            write_file(path, copy.read_bytes())
            log.error("%s was damaged or missing; a copy of it is used", path.name)
            return True
    return False


def _candidates(path: Path, copies: Callable[[], Iterator[Path]]) -> Iterator[Path]:
    yield spare_of(path)
    for folder in copies():
        yield folder / path.name


def _none() -> Iterator[Path]:
    yield from ()


def _is_enrolment(path: Path) -> bool:
    try:
        if path.stat().st_size > MOST_BYTES:
            return False
        Enrolment.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return False
    return True


def _is_keyring(path: Path) -> bool:
    try:
        if path.stat().st_size > MOST_BYTES:
            return False
        found = load_keyring(path)
    except (OSError, SetupError, StoreError):
        return False
    # After an order to wipe nobody is in it: it opens by a code of central, and is as it should be.
    return bool(found.holders) or any(batch.delivered and batch.slots for batch in found.resets)
