"""A target list of a whole kabupaten: how long it takes to come in, how quickly somebody is found, how much memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from statistics import quantiles

from station.training.population import REGENCY
from tests.bench.child import ROOT, answer_of
from tests.bench.roster_bundle import Made, made
from tests.bench.row import Row
from tests.bench.site import Site

DISTRICTS = 25
WHILE = 60_000
BARE = "bare sqlcipher3: one table, NIK and name indexed, nothing checked, folded or synced"


def roster(site: Site) -> Iterator[Row]:
    """people.roster.import_s: 1,053,378 people from a sealed bundle to a list that can be searched, synced.

    people.roster.nik_p99_ms, people.roster.name_p99_ms: 99 % of the look-ups, from the call to the people of the first
    page; names by beginnings, other orders and spellings, and the most frequent words. .name_importing_p99_ms is the
    same while another list is imported. people.roster.rss_mb is the most memory the process ever had, import included,
    Qt loaded. One process; the bare one afterwards, and beside its memory: the sealed bundle.
    """
    site.say(f"making lists of {REGENCY:,} and {WHILE:,} people, unless build/ has them")
    whole = made(ROOT / "build", REGENCY, DISTRICTS, "99.01")
    small = made(ROOT / "build", WHILE, DISTRICTS, "99.71")
    site.say("importing and searching")
    folder = site.folder("roster")
    found = answer_of("tests.bench.roster_station", folder, _told(whole), _told(small), DISTRICTS, longest_s=1200.0)
    site.say(f"the list takes {found['file_mb']:.0f} MB on the disk, the bundle {whole.size / 1e6:.0f} MB")
    yield Row("people.roster.import_s", found["import_s"], "s", found["bare_import_s"], BARE, 1)
    nik, name, busy = (_p99(found[key]) for key in ("nik_ms", "name_ms", "name_while_importing_ms"))
    yield Row("people.roster.nik_p99_ms", nik, "ms", _p99(found["bare_nik_ms"]), BARE, len(found["nik_ms"]))
    bare_name = _p99(found["bare_name_ms"])
    yield Row("people.roster.name_p99_ms", name, "ms", bare_name, BARE, len(found["name_ms"]))
    many = len(found["name_while_importing_ms"])
    yield Row("people.roster.name_importing_p99_ms", busy, "ms", name, "the same without an import", many)
    yield Row("people.roster.rss_mb", found["rss_mb"], "MB", whole.size / 1e6, "the sealed bundle", 1)


def _told(list_made: Made) -> str:
    return json.dumps({**asdict(list_made), "path": str(list_made.path)})


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]
