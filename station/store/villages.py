"""The region table of this station, read when it is first asked: the shipped one, or a newer one from central."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from station.config import resources_dir
from station.domain.errors import StoreError
from station.domain.regions import TRAINING_PROVINCE, CodeState, Village
from station.log import get_logger
from station.store.region_file import read_regions
from station.store.region_table import RegionTable

if TYPE_CHECKING:
    from station.store.region_search import RegionSearch

log = get_logger(__name__)


class VillageTable:
    """All villages of the country; in training mode the fictitious province 99 and nothing else.

    Making one reads nothing. The first question takes a quarter of a second, so it is asked on the desk thread.
    """

    def __init__(self, *, training: bool, newer: Path | None = None) -> None:
        """`newer` is where central's table is put when there is one. It is used when it is sound and really newer."""
        self._training = training
        self._newer = None if training else newer

    @property
    def version(self) -> str:
        """The day of the newest decree in the table that is used."""
        return self.table.version

    def find(self, typed: str, limit: int, near: str = "") -> tuple[Village, ...]:
        """Villages whose name, parents or code begin with every word typed, those near the office's code first."""
        return _search(self.table).find(typed, limit, near)

    def get(self, code: str) -> Village | None:
        """The village with this code, in use or ended; None when no edition has it."""
        return self.table.village(code)

    def all(self) -> tuple[Village, ...]:
        """Every village in use, by code. Slow: one at a time is got by its code."""
        found = (self.table.village_at(line) for line in range(len(self.table)) if self.table.is_village(line))
        return tuple(village for village in found if not village.ended)

    def district_known(self, code6: str) -> bool:
        """True for six digits that name a district, or named one in an earlier edition."""
        return self.table.district_known(code6)

    def code_state(self, code: str) -> CodeState:
        """Whether a village code is in use, has ended, or is in no edition."""
        return self.table.code_state(code)

    @property
    def table(self) -> RegionTable:
        return _read(self._training, self._newer)


# Both are kept for the life of the program: signing in again must not read them again, and a table that arrives now is
# for the next start. Two, because tests have a country and a training table.
@lru_cache(maxsize=2)
def _read(training: bool, newer: Path | None) -> RegionTable:
    folder = resources_dir() / "regions"
    if training:
        return read_regions(folder / "training.tsv", provinces=frozenset({TRAINING_PROVINCE}), shipped=True)
    shipped = read_regions(folder / "regions.tsv.gz", shipped=True)
    return (newer and _newer_than(shipped, newer)) or shipped


@lru_cache(maxsize=2)
def _search(table: RegionTable) -> RegionSearch:
    from station.store.region_search import RegionSearch  # late: the start of the program waits for no array

    return RegionSearch(table)


def _newer_than(shipped: RegionTable, path: Path) -> RegionTable | None:
    """The table in `path`, or None when there is none that can be used. Codes that were known stay known."""
    try:
        table = read_regions(path)
        if table.version <= shipped.version:
            return None
        lost = set(shipped.columns().code).difference(table.columns().code)
        if lost:
            raise StoreError("regions.refused", why="codes are missing", row=len(lost))
    except FileNotFoundError:
        return None
    except (StoreError, OSError) as problem:
        log.warning("the region table from central is not used: %s", problem)
        return None
    return table
