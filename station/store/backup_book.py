"""Which media hold the second copy, as somebody chose them: a small file, so that no lost database forgets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from station.domain.errors import StoreError
from station.log import get_logger
from station.store.changing import changing
from station.store.folder import read_bounded, write_file

MOST_MEDIA = 8
log = get_logger(__name__)


class ChosenMedium(BaseModel):
    """`path` is where it was last; `tail` the same below the place where it was mounted, to find it elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    medium_id: str
    path: str
    tail: str = ""
    seen_at: AwareDatetime | None = None
    good_at: AwareDatetime | None = None
    """When everything that was sealed until then had its copy there."""
    snapshot_at: AwareDatetime | None = None
    packets: int = 0
    checked_at: AwareDatetime | None = None
    """When every copy there had last been compared with what was sealed."""


class BackupBook(BaseModel):
    """All media of this station, the one used last first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    media: tuple[ChosenMedium, ...] = ()
    chosen_at: AwareDatetime | None = None

    def with_first(self, medium: ChosenMedium) -> BackupBook:
        """`medium` is the one in use; the one that was chosen longest ago is forgotten when there are too many."""
        others = tuple(item for item in self.media if item.medium_id != medium.medium_id)
        return self.model_copy(update={"media": (medium, *others)[:MOST_MEDIA]})

    def without(self, medium_id: str) -> BackupBook:
        """That one is not used any more."""
        return self.model_copy(update={"media": tuple(one for one in self.media if one.medium_id != medium_id)})


def load_book(path: Path) -> BackupBook:
    """An empty one when there is none, or none that can be read: then somebody has to choose again."""
    if not path.exists():
        return BackupBook()
    try:
        return BackupBook.model_validate_json(read_bounded(path))
    except (ValidationError, StoreError):
        log.error("the list of backup media cannot be read")
        return BackupBook()


def change_book(path: Path, change: Callable[[BackupBook], BackupBook]) -> BackupBook:
    """Read, change and replace it while nobody else does; the new one. StoreError."""
    with changing(path):
        before = load_book(path)
        after = change(before)
        if after != before:
            save_book(path, after)
    return after


def save_book(path: Path, book: BackupBook) -> None:
    """Replace it; it survives a power cut."""
    write_file(path, book.model_dump_json(indent=1).encode())
