"""A station with the window's libraries loaded takes in a whole kabupaten and searches it. Prints what that took.

Beside: the same body opened into one encrypted table with two indexes, by bare sqlcipher3 and json, unchecked.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from typing import Any

import station.app.run as window
from station.desk import rosters
from station.domain.target import Target
from station.seal.bundle import ROSTER, BundleHead, sign_head
from station.seal.bundle_file import open_parts
from station.seal.jws import SigningKey
from station.store.rosters import Rosters, Trust
from station.training.population import population, village_codes
from tests.bench.bare_roster import BareRoster
from tests.bench.roster_bundle import SEED, VILLAGES_EACH, Made
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

KNOWN = 60_000
"""So many of the people on the list are made again here, to know whom to look for."""
LOOKED_UP, SEARCHED = 4000, 250
IMPORTS = 5
"""Of the smaller list: the larger one takes half a minute."""
WORST = (
    "siti", "muh", "muhammad", "moch", "siti muh", "contoh siti", "contoh", "s", "m", "s m", "siti muhammad contoh",
    "contoh s m", "muhammad siti", "nur siti muh", "a b c", "co", "si mu co", "contoh zz",
)  # fmt: skip
"""First names that tens of thousands bear, a word in nearly every name, single letters, and what fits nobody."""


@dataclass(frozen=True)
class Asked:
    """Names as they are typed, and whole numbers."""

    texts: list[str]
    niks: list[str]


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


def searched(lists: Rosters, asked: Asked) -> dict[str, list[float]]:
    """How long the look-ups took, by number and by name."""
    times(asked.texts[:50], lists.find)
    return {"nik_ms": times(asked.niks, lists.get), "name_ms": times(asked.texts, lists.find)}


def bare_searched(bare: BareRoster, asked: Asked) -> dict[str, list[float]]:
    times(asked.texts[:50], bare.name)
    return {"bare_nik_ms": times(asked.niks, bare.nik), "bare_name_ms": times(asked.texts, bare.name)}


def whole_list(place: Workplace, whole: Made, small: Made, asked: Asked) -> dict[str, Any]:
    """Taken in once, searched, searched while another one comes in; then the bare one with the same."""
    took = take_in(place, whole, "99.01")
    _check(place, whole, asked)
    found: dict[str, Any] = {"import_s": [took], **searched(place.office.rosters, asked)}
    found["name_while_importing_ms"] = while_importing(place, small, asked.texts)
    found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    found["file_mb"] = sum(file.stat().st_size for file in (place.root / "rosters").iterdir()) / 1e6
    bare = BareRoster(whole, place.root.parent / "bare.db")
    return found | {"bare_import_s": [bare.seconds], **bare_searched(bare, asked)}


def tenth(place: Workplace, small: Made, asked: Asked) -> dict[str, Any]:
    """Taken in `IMPORTS` times, the bare one in turn; both searched at the end."""
    lists, taken = place.office.rosters, []
    for turn in range(IMPORTS):
        if turn:
            lists.drop("99.71")
        ours = take_in(place, small, "99.71")
        bare = BareRoster(small, place.root.parent / f"bare-{turn}.db")
        taken.append((ours, bare.seconds))
    _check(place, small, asked)
    imports, bare_imports = (list(column) for column in zip(*taken, strict=True))
    return {"import_s": imports, "bare_import_s": bare_imports, **searched(lists, asked), **bare_searched(bare, asked)}


def _check(place: Workplace, made: Made, asked: Asked) -> None:
    if rosters.count(place.office) != made.people or not all(place.office.rosters.get(nik) for nik in asked.niks[:100]):
        raise SystemExit("not everybody is on the list")


def whom_to_ask(districts: int) -> Asked:
    """The same people each time; all of them are on both lists."""
    random = Random(7)
    everybody = population(KNOWN, SEED, village_codes(districts, VILLAGES_EACH))
    known = list(islice(everybody, 0, None, KNOWN // LOOKED_UP))  # all of them would count as memory of the station
    texts = list(typed(random.sample(known, SEARCHED), random))
    random.shuffle(texts)
    niks = [person.nik for person in known]
    random.shuffle(niks)
    return Asked(texts, niks)


def main() -> None:
    folder, whole, small = Path(sys.argv[1]), Made(**_made(sys.argv[2])), Made(**_made(sys.argv[3]))
    qt = window.make_qt()
    asked = whom_to_ask(int(sys.argv[4]))
    with offline_workplace(folder / "place") as place:
        found = {"whole": whole_list(place, whole, small, asked)}
        del qt
    with offline_workplace(folder / "tenth") as place:
        found["small"] = tenth(place, small, asked)
    print(json.dumps(found))


def _made(text: str) -> dict[str, Any]:
    about = json.loads(text)
    return {**about, "path": Path(about["path"])}


if __name__ == "__main__":
    main()
