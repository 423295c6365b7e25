"""The region table: villages with their parents, searched by typing. Reads the tables under `resources/regions/`."""

from __future__ import annotations

import gzip
from functools import lru_cache

from station.config import resources_dir
from station.domain.regions import Village

SHORTEST_SEARCH = 3


class VillageTable:
    """All villages of the country; in training mode the fictitious province 99 and nothing else."""

    def __init__(self, *, training: bool) -> None:
        self._training = training

    def find(self, typed: str, limit: int) -> tuple[Village, ...]:
        """Villages whose name, code or parents hold every word typed; names that begin with it come first."""
        wanted = " ".join(typed.upper().split())
        if len(wanted) < SHORTEST_SEARCH:
            return ()
        words = wanted.split()
        hits = [entry for entry in _villages(self._training) if all(word in entry[0] for word in words)]
        hits.sort(key=lambda entry: (not entry[1].name.startswith(wanted), entry[1].name, entry[1].code))
        return tuple(village for _, village in hits[:limit])

    def all(self) -> tuple[Village, ...]:
        """Every village, by code."""
        return tuple(village for _, village in _villages(self._training))

    def get(self, code: str) -> Village | None:
        """The village with this code, or None."""
        return _by_code(self._training).get(code)


@lru_cache(maxsize=2)
def _by_code(training: bool) -> dict[str, Village]:
    return {village.code: village for _, village in _villages(training)}


@lru_cache(maxsize=2)
def _villages(training: bool) -> tuple[tuple[str, Village], ...]:
    """Every village with the text that is searched."""
    names = dict(line.split("\t") for line in _table(training).splitlines() if line)
    found = []
    for code, name in names.items():
        if len(code) == 13:
            village = Village(
                code, name.upper(), names[code[:8]].upper(), names[code[:5]].upper(), names[code[:2]].upper()
            )
            found.append((f"{village.name} {village.district} {village.regency} {code}", village))
    return tuple(found)


def _table(training: bool) -> str:
    folder = resources_dir() / "regions"
    if training:
        return (folder / "training.tsv").read_text(encoding="utf-8")
    return gzip.decompress((folder / "regions.tsv.gz").read_bytes()).decode("utf-8")
