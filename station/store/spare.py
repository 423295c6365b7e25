"""Small files without which nobody gets in are kept twice: the second time beside the first. Knows no format."""

from __future__ import annotations

from pathlib import Path

from station.domain.errors import StoreError
from station.log import get_logger
from station.store.folder import write_file

_SUFFIX = ".bak"
log = get_logger(__name__)


def spare_of(path: Path) -> Path:
    """Where the second copy of a small file is."""
    return path.with_name(path.name + _SUFFIX)


def write_twice(path: Path, data: bytes) -> None:
    """Replace `path`, then its spare. The file itself counts: a spare that cannot be written is only told."""
    write_file(path, data)
    try:
        write_file(spare_of(path), data)
    except StoreError as problem:
        log.error("the spare copy of %s could not be written: %s", path.name, problem.code)
