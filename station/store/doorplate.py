"""What the sign-in screen showed last: it is shown again at once, while the program and the data are still opened.

Who may sign in is decided by the keyring alone; nothing here opens anything. Must not load more than it needs: a slow
computer reads it before all else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from station.domain.errors import StoreError
from station.log import get_logger
from station.store.folder import read_bounded, translate_os_error, write_file

NAME = "doorplate.json"
_MOST_BYTES = 256 * 1024
_Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]

_log = get_logger(__name__)


class Doorplate(BaseModel):
    """Texts as they were shown, in that language; officers as (id, line)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field(pattern=r"^[a-z]{2}$")
    place: _Line
    officers: tuple[tuple[_Line, _Line], ...] = Field(min_length=1, max_length=500)


def read(root: Path) -> Doorplate | None:
    """None where there is none to be used: then the window comes when everything is open."""
    try:
        return Doorplate.model_validate_json(read_bounded(root / NAME, _MOST_BYTES))
    except StoreError as problem:
        if problem.code != "backup.missing":
            _log.warning("the doorplate cannot be read: %s", problem.code)
    except ValidationError:
        _log.warning("the doorplate is not one of this program")
    return None


def put_up(root: Path, plate: Doorplate) -> None:
    """Write it where it says something else. StoreError."""
    if read(root) != plate:
        write_file(root / NAME, plate.model_dump_json().encode())


def take_down(root: Path) -> None:
    """Nobody may sign in here. StoreError."""
    try:
        (root / NAME).unlink(missing_ok=True)
    except OSError as problem:
        raise translate_os_error(problem) from problem
