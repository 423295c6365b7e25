"""Comparing new prints with those that may not come again: other fingers of this person, others' fingers, operators'.

And with the earlier try of the same finger, which must be the same one.

Others are whoever was sealed last, all ten fingers, and the drafts of today that are still open, finger by finger.

Nothing is written here, and no picture is seen: minutiae in, a stop out. What was compared is a `Basis`; whoever writes
afterwards checks that it is still the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC

from station.capture.tasks import likeness
from station.desk.office import Office
from station.domain.biometrics import FINGERS, Capture, Part
from station.domain.errors import DeviceError
from station.domain.repeats import Likeness, objection
from station.domain.tries import tells
from station.store import captures, known_prints, records
from station.store.database import Connection

OPEN_DRAFTS = 20
"""So many drafts, the newest, are looked at: more people than wait with prints between two devices of one office.

Only two of their fingers for each new one: on a machine with five times its load a slap then took 0.9 s against twenty
drafts, 4.5 s against all ten fingers of each, and 0.5 s against this person's own and those of the person before.
"""


@dataclass(frozen=True)
class Basis:
    """Minutiae that new prints are compared with: this person's other fingers, the person's before, the operators'.

    `earlier` are those kept of the same fingers, of which a new try can tell. `open`: for each new finger the same one,
    and its counterpart of the other hand, of people whose draft is open.
    """

    own: Mapping[Part, bytes]
    previous: tuple[bytes, ...]
    operators: tuple[bytes, ...]
    earlier: Mapping[Part, bytes] = field(default_factory=dict)
    open: Mapping[Part, tuple[bytes, ...]] = field(default_factory=dict)


def new_prints(taken: Sequence[Capture]) -> dict[Part, Capture]:
    """Those of `taken` with minutiae; a finger without any is compared with nothing, and a warning says so."""
    return {item.part: item for item in taken if item.template}


def basis(office: Office, connection: Connection, record_id: str, new: Mapping[Part, Capture]) -> Basis:
    """What `new` prints of this record are to be compared with."""
    kept = captures.templates(connection, record_id)
    own = {part: known for part, known in kept.items() if part not in new}
    cards = captures.cards(connection, record_id)
    earlier = {part: kept[part] for part in new if part in kept and tells(part, cards[part].quality, office.policy)}
    previous: list[bytes] = []
    operators: list[bytes] = []
    for owner, prints in known_prints.all_of(connection).items():
        before = known_prints.record_of(owner)
        if not before:
            operators += prints.values()
        elif not _same_person(connection, record_id, before):
            previous += prints.values()
    open_ = _of_open_drafts(office, connection, record_id, new)
    return Basis(own, tuple(previous), tuple(operators), earlier, open_)


def stop_at_known(office: Office, new: Mapping[Part, Capture], known: Basis) -> None:
    """RuleError of `repeats.objection` when one of `new` is a finger that may not be: nothing is kept then."""
    prints = {part: item.template for part, item in new.items()}
    others = {**known.own, **prints}
    columns = (*others.values(), *known.previous, *known.operators, *known.earlier.values())
    rows = dict(zip(prints, scores(office, tuple(prints.values()), columns), strict=True))
    own, end = len(others), len(others) + len(known.previous)
    same = end + len(known.operators)
    open_ = _with_open_drafts(office, prints, known)
    found = Likeness(
        own={part: dict(zip(others, row, strict=False)) for part, row in rows.items()},
        previous={part: max((*row[own:end], *open_[part]), default=0) for part, row in rows.items()},
        operators={part: max(row[end:same], default=0) for part, row in rows.items()},
        earlier={part: rows[part][same + place] for place, part in enumerate(known.earlier)},
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


def _of_open_drafts(
    office: Office, connection: Connection, record_id: str, new: Collection[Part]
) -> dict[Part, tuple[bytes, ...]]:
    wanted = {part: {part, _counterpart(part)} for part in new}
    since = office.local_now().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    found: dict[Part, list[bytes]] = {part: [] for part in new}
    drafts = captures.templates_of_drafts(
        connection, besides=record_id, since=since, most=OPEN_DRAFTS, parts=set().union(*wanted.values())
    )
    for other, templates in drafts.items():
        if not _same_person(connection, record_id, other):
            for part, parts in wanted.items():
                found[part] += (template for known, template in templates.items() if known in parts)
    return {part: tuple(templates) for part, templates in found.items()}


def _with_open_drafts(office: Office, new: Mapping[Part, bytes], known: Basis) -> dict[Part, list[int]]:
    """The scores of each new finger with the ones it is compared with; two fingers at a time, for the lab has two."""

    def of(part: Part) -> list[int]:
        return scores(office, (new[part],), known.open.get(part, ()))[0]

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(new, pool.map(of, new), strict=True))


def _counterpart(part: Part) -> Part:
    """The same finger of the other hand."""
    return FINGERS[(part.position + 4) % 10]


def _same_person(connection: Connection, record_id: str, before: str) -> bool:
    """The person before is this one: the same record, or another record under the same NIK."""
    if record_id == before:
        return True
    this, that = records.get(connection, record_id), records.get(connection, before)
    return this is not None and that is not None and bool(this.record.nik) and this.record.nik == that.record.nik
