"""A target list of a whole kabupaten: how long it takes to come in, how quickly somebody is found, how much memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from station.training.population import REGENCY
from tests.bench.child import ROOT, answer_of
from tests.bench.failed import BenchFailed
from tests.bench.growth import growth
from tests.bench.roster_bundle import Made, made
from tests.bench.row import Row
from tests.bench.rows.memory import BESIDE as BARE_WINDOW
from tests.bench.rows.memory import bare_mb
from tests.bench.site import Site

DISTRICTS = 25
TENTH = REGENCY // 10 + 1
TURNS = 5
BARE = "bare sqlcipher3: one table, NIK and name indexed, nothing checked, folded or synced"
NAMES = ("siti", "muhammad contoh", "nur siti muh", "s m", "contoh s")


def roster(site: Site) -> Iterator[Row]:
    """people.roster.import_s: 1,053,378 people from a sealed bundle to a list that can be searched, synced.

    people.roster.nik_p99_ms, people.roster.name_p99_ms: 99 % of the look-ups, from the call to the people of the first
    page; names by beginnings, other orders and spellings, and the most frequent words. .name_importing_p99_ms is the
    same while a list of a tenth is imported. people.roster.rss_mb is the most memory the process ever had, import
    included, Qt loaded. All of it for the tenth as well (`….105338`; its import the median of five), and how it grows.
    One process; the bare one right afterwards, of the tenth in turn; beside its memory the sealed bundle.
    memory.window_mb.targets is the window of that station, after some searches; beside, a bare window.
    """
    site.say(f"making lists of {REGENCY:,} and {TENTH:,} people, unless build/ has them")
    whole = made(ROOT / "build", REGENCY, DISTRICTS, "99.01")
    small = made(ROOT / "build", TENTH, DISTRICTS, "99.71")
    site.say("importing and searching")
    folder = site.folder("roster")
    found = answer_of("tests.bench.roster_station", folder, _told(whole), _told(small), DISTRICTS, longest_s=1200.0)
    site.say(f"the list takes {found['whole']['file_mb']:.0f} MB on the disk, the bundle {whole.size / 1e6:.0f} MB")
    few, many = (list(_rows(found[which], people)) for which, people in (("small", TENTH), ("whole", REGENCY)))
    for less, more in zip(few, many, strict=True):
        yield more
        yield less
        yield growth(less, more, "people on the list")
    busy, name = found["whole"]["name_while_importing_ms"], _p99(found["whole"]["name_ms"])
    yield Row("people.roster.name_importing_p99_ms", _p99(busy), "ms", name, "the same without an import", len(busy))
    once = "the sealed bundle; n = 1: the most of one process over its life"
    yield Row("people.roster.rss_mb", found["whole"]["rss_mb"], "MB", whole.size / 1e6, once, 1)
    yield _window(site, folder / "place" / "station")


def _rows(found: dict[str, Any], people: int) -> Iterator[Row]:
    """Import and look-ups of one list."""
    ending = "" if people == REGENCY else f".{people}"
    imports, bare = found["import_s"], found["bare_import_s"]
    once = "; n = 1: half a minute each, the median of five is that of a tenth" if len(imports) == 1 else ""
    yield Row(f"people.roster.import_s{ending}", median(imports), "s", median(bare), BARE + once, len(imports))
    for kind in ("nik", "name"):
        taken, plain = found[f"{kind}_ms"], found[f"bare_{kind}_ms"]
        yield Row(f"people.roster.{kind}_p99_ms{ending}", _p99(taken), "ms", _p99(plain), BARE, len(taken))


def _window(site: Site, station: Path) -> Row:
    site.say("opening windows of that station")
    held, bare = [], []
    for _ in range(TURNS):
        told = answer_of("tests.bench.holding_window", station, *NAMES)
        if told["people"] != REGENCY or not told["found"]:
            raise BenchFailed(f"memory.window_mb.targets: {told['people']} people listed, {told['found']} found")
        held.append(float(told["resident_mb"]))
        bare.append(bare_mb())
    return Row("memory.window_mb.targets", median(held), "MB", median(bare), BARE_WINDOW, TURNS)


def _told(list_made: Made) -> str:
    return json.dumps({**asdict(list_made), "path": str(list_made.path)})


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]
