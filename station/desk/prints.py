"""Comparing new prints with those that may not come again: other fingers of this person, others' fingers, operators'.

Nothing is written here, and no picture is seen: minutiae in, a stop out. What was compared is a `Basis`; whoever writes
afterwards checks that it is still the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station.capture.tasks import likeness
from station.desk.office import Office
from station.domain.biometrics import Capture, Part
from station.domain.errors import DeviceError
from station.domain.repeats import Likeness, objection
from station.store import captures, known_prints, records
from station.store.database import Connection


@dataclass(frozen=True)
class Basis:
    """Minutiae that new prints are compared with: this person's other fingers, the person's before, the operators'."""

    own: Mapping[Part, bytes]
    previous: tuple[bytes, ...]
    operators: tuple[bytes, ...]


def new_prints(taken: Sequence[Capture]) -> dict[Part, bytes]:
    """The minutiae in `taken`; a finger without any is compared with nothing."""
    return {item.part: item.template for item in taken if item.template}


def basis(connection: Connection, record_id: str, new: Mapping[Part, bytes]) -> Basis:
    """What `new` prints of this record are to be compared with."""
    own = {part: known for part, known in captures.templates(connection, record_id).items() if part not in new}
    previous: list[bytes] = []
    operators: list[bytes] = []
    for owner, prints in known_prints.all_of(connection).items():
        before = known_prints.record_of(owner)
        if not before:
            operators += prints.values()
        elif not _same_person(connection, record_id, before):
            previous += prints.values()
    return Basis(own, tuple(previous), tuple(operators))


def stop_at_known(office: Office, new: Mapping[Part, bytes], known: Basis) -> None:
    """RuleError of `repeats.objection` when one of `new` is a finger that may not be: nothing is kept then."""
    others = {**known.own, **new}
    table = scores(office, tuple(new.values()), (*others.values(), *known.previous, *known.operators))
    rows = dict(zip(new, table, strict=True))
    own, end = len(others), len(others) + len(known.previous)
    found = Likeness(
        own={part: dict(zip(others, row, strict=False)) for part, row in rows.items()},
        previous={part: max(row[own:end], default=0) for part, row in rows.items()},
        operators={part: max(row[end:], default=0) for part, row in rows.items()},
    )
    if stop := objection(found):
        raise stop


def scores(office: Office, probes: Sequence[bytes], known: Sequence[bytes]) -> list[list[int]]:
    """How well each probe matches each known print. A crash of the matcher costs one more try, then DeviceError."""
    if not probes or not known:
        return [[] for _ in probes]
    try:
        return likeness.compare(office.lab, probes, known)
    except DeviceError as problem:
        if problem.code != "lab.crashed":
            raise
    return likeness.compare(office.lab, probes, known)


def _same_person(connection: Connection, record_id: str, before: str) -> bool:
    """The person before is this one: the same record, or another record under the same NIK."""
    if record_id == before:
        return True
    this, that = records.get(connection, record_id), records.get(connection, before)
    return this is not None and that is not None and bool(this.record.nik) and this.record.nik == that.record.nik
