"""A station with the window's libraries loaded takes in a whole kabupaten and searches it. Prints what that took.

Beside: the same body opened into one encrypted table with two indexes, by bare sqlcipher3 and json, unchecked.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from typing import Any

import pyrage
import sqlcipher3.dbapi2 as sqlite
import zstandard
from pyrage import x25519

import station.app as window
from station.desk import rosters
from station.domain.target import Target
from station.seal.bundle import ROSTER, BundleHead, sign_head
from station.seal.bundle_file import open_parts
from station.seal.jws import SigningKey
from station.store.rosters import Rosters, Trust
from station.training.population import population, village_codes
from tests.bench.roster_bundle import SEED, VILLAGES_EACH, Made
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

KNOWN = 60_000
"""So many of the people on the list are made again here, to know whom to look for."""
LOOKED_UP, SEARCHED = 4000, 250
WORST = (
    "siti", "muh", "muhammad", "moch", "siti muh", "contoh siti", "contoh", "s", "m", "s m", "siti muhammad contoh",
    "contoh s m", "muhammad siti", "nur siti muh", "a b c", "co", "si mu co", "contoh zz",
)  # fmt: skip
"""First names that tens of thousands bear, a word in nearly every name, single letters, and what fits nobody."""


def take_in(place: Workplace, made: Made, area: str) -> float:
    """Import; the seconds it took."""
    office, key = place.office, SigningKey.generate("central-bench")
    head = BundleHead(
        bundle=ROSTER + area, area_name="Kabupaten Contoh", version=1, station_id=office.station.station_id,
        central_id="central-bench", made_at=office.now(), expires_at=office.now() + timedelta(days=7),
        people=made.people, size=made.size, sha256=made.sha256,
    )  # fmt: skip
    trust = Trust([key.public], "central-bench", office.station.station_id, [made.identity])
    started = perf_counter()
    with open_parts(sign_head(key, head), made.path) as parts:
        office.rosters.import_bundle(parts, trust, source="usb", now=office.now())
    return perf_counter() - started


def typed(people: list[Target], random: Random) -> Iterator[str]:
    """What officers may type for these people: beginnings, other orders, other spellings."""
    for person in people:
        words = person.name.split()
        yield person.name
        yield person.name[: random.randint(2, 6)]
        yield " ".join(word[: random.randint(2, 5)] for word in words[:2])
        yield " ".join(reversed(words))
        yield person.name.replace("U", "OE").replace("J", "DJ").replace("Y", "J")
    for text in WORST:
        yield from [text] * 10


def times(calls: list[str], ask: Callable[[str], object]) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for call in calls:
        started = perf_counter()
        ask(call)
        taken.append((perf_counter() - started) * 1e3)
    return taken


def while_importing(place: Workplace, made: Made, texts: list[str]) -> list[float]:
    """The same searches while another list comes in."""
    done = Event()
    taken: list[float] = []

    def work() -> None:
        take_in(place, made, "99.71")
        done.set()

    thread = Thread(target=work)
    thread.start()
    while not done.is_set():
        taken += times(texts[len(taken) % len(texts) :][:5], place.office.rosters.find)
    thread.join()
    place.office.rosters.drop("99.71")
    return taken


class Bare:
    """The least that could be done instead."""

    def __init__(self, made: Made, path: Path) -> None:
        started = perf_counter()
        self._connection = sqlite.connect(str(path), isolation_level=None)
        self._connection.execute(f"PRAGMA key = \"x'{'ab' * 32}'\"")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("CREATE TABLE person (nik INTEGER, name TEXT, line BLOB)")
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO person VALUES (?, ?, ?)", self._rows(made))
        self._connection.execute("COMMIT")
        self._connection.execute("CREATE UNIQUE INDEX person_nik ON person (nik)")
        self._connection.execute("CREATE INDEX person_name ON person (name)")
        self.seconds = perf_counter() - started

    def nik(self, nik: str) -> Any:
        return self._connection.execute("SELECT line FROM person WHERE nik = ?", (int(nik),)).fetchone()

    def name(self, text: str) -> list[Any]:
        begins, ends = text.upper(), text.upper() + "\U0010ffff"
        sql = "SELECT line FROM person WHERE name >= ? AND name < ? ORDER BY name LIMIT 50"
        return list(self._connection.execute(sql, (begins, ends)))

    @staticmethod
    def _rows(made: Made) -> Iterator[tuple[int, str, bytes]]:
        packed = io.BytesIO()
        with made.path.open("rb") as body:
            pyrage.decrypt_io(body, packed, [x25519.Identity.from_str(made.identity)])
        packed.seek(0)
        for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(packed)):
            row = json.loads(line)
            if "nik" in row:
                yield int(row["nik"]), row["answers"]["name"], line


def main() -> None:
    folder, whole, small = Path(sys.argv[1]), Made(**_made(sys.argv[2])), Made(**_made(sys.argv[3]))
    qt = window.make_qt()
    random = Random(7)  # the same people each time
    everybody = population(KNOWN, SEED, village_codes(int(sys.argv[4]), VILLAGES_EACH))
    known = list(islice(everybody, 0, None, KNOWN // LOOKED_UP))  # all of them would count as memory of the station
    texts = list(typed(random.sample(known, SEARCHED), random))
    random.shuffle(texts)
    niks = [person.nik for person in known]
    random.shuffle(niks)
    with offline_workplace(folder / "place") as place:
        found: dict[str, Any] = {"import_s": take_in(place, whole, "99.01")}
        lists: Rosters = place.office.rosters
        if rosters.count(place.office) != whole.people or not all(lists.get(nik) for nik in niks[:100]):
            raise SystemExit("not everybody is on the list")
        times(texts[:50], lists.find)
        found["nik_ms"] = times(niks, lists.get)
        found["name_ms"] = times(texts, lists.find)
        found["name_while_importing_ms"] = while_importing(place, small, texts)
        found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        found["file_mb"] = sum(file.stat().st_size for file in (place.root / "rosters").iterdir()) / 1e6
        del qt
    bare = Bare(whole, folder / "bare.db")
    found["bare_import_s"] = bare.seconds
    times(texts[:50], bare.name)
    found["bare_nik_ms"] = times(niks, bare.nik)
    found["bare_name_ms"] = times(texts, bare.name)
    print(json.dumps(found))


def _made(text: str) -> dict[str, Any]:
    about = json.loads(text)
    return {**about, "path": Path(about["path"])}


if __name__ == "__main__":
    main()
