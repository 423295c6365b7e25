"""Makes the target lists of the bench: `python -m tests.bench.roster_bundle FOLDER PEOPLE DISTRICTS AREA`.

A list of a whole kabupaten takes a minute to make, so it is kept in build/ for as long as what makes it is the same.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from station.seal import bundle, person_line
from station.seal.body import new_identity, recipient_of
from station.seal.bundle import write_bundle
from station.training import population as training
from station.training.population import population, village_codes
from tests.bench.child import answer_of

VILLAGES_EACH = 16
SEED = 1


@dataclass(frozen=True)
class Made:
    """A sealed body and what opens it."""

    path: Path
    people: int
    sha256: str
    size: int
    identity: str


def made(folder: Path, people: int, districts: int, area: str) -> Made:
    """The list of so many people, made now or before."""
    path = folder / f"roster-{area}-{people}-{_makers()}.age"
    about = path.with_suffix(".json")
    if not about.exists():
        answer_of("tests.bench.roster_bundle", path, people, districts, area, longest_s=900.0)
    known = json.loads(about.read_text())
    return Made(path, people, known["sha256"], known["size"], known["identity"])


def _makers() -> str:
    """Changes when what makes a list changes."""
    sources = b"".join(Path(module.__file__ or "").read_bytes() for module in (bundle, person_line, training))
    return hashlib.sha256(sources).hexdigest()[:8]


def main() -> None:
    path, people, districts, area = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    path.parent.mkdir(parents=True, exist_ok=True)
    identity = new_identity()
    everybody = population(people, SEED, village_codes(districts, VILLAGES_EACH))
    written = write_bundle(path, everybody, area=area, version=1, base=None, recipients=[recipient_of(identity)])
    told = {"sha256": written.sha256, "size": written.size, "identity": identity}
    path.with_suffix(".json").write_text(json.dumps(told))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
