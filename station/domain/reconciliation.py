"""The end of a trip: everybody invited is accounted for once, or it is said who is open and why.

Four sums have to come out. Who was recorded is read from the records and never typed:

    invited   = present + absent + refused + moved + deceased
    present   = recorded + incomplete + not recorded, with a reason
    walk-ins  = recorded + incomplete + not recorded, with a reason
    people with a record of this trip = recorded and incomplete among present and walk-ins
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from station.domain.record import State
from station.domain.steps import Step
from station.domain.trip import Mark, TripPerson, WhyNot


class Made(StrEnum):
    """What was made of a person on this trip, as their records say."""

    NOTHING = ""
    INCOMPLETE = "incomplete"
    RECORDED = "recorded"


class Gap(StrEnum):
    """Why a trip cannot be closed yet."""

    UNMARKED = "unmarked"
    UNEXPLAINED = "unexplained"  # present, not recorded, and nobody said why
    CONTRADICTED = "contradicted"  # marked as not there, and yet there is a record


@dataclass(frozen=True)
class TripRecord:
    """A record of this trip, withdrawn ones left out. `next_step` is what is still to be done in a draft."""

    record_id: str
    nik: str
    name: str
    state: State
    next_step: Step | None = None

    @property
    def made(self) -> Made:
        return Made.INCOMPLETE if self.state is State.DRAFT else Made.RECORDED


@dataclass(frozen=True)
class OpenPoint:
    """One person who keeps the trip open. `record_id` is there when a record contradicts the mark."""

    gap: Gap
    person: TripPerson
    record_id: str = ""


@dataclass(frozen=True)
class Counts:
    """The numbers of a trip, without a name. Once closed they are all that is kept as its report."""

    invited: int
    present: int
    absent: int
    refused: int
    moved: int
    deceased: int
    recorded: int
    incomplete: int
    not_recorded: int
    walk_ins: int
    walk_ins_recorded: int
    walk_ins_incomplete: int
    walk_ins_not_recorded: int
    people_with_record: int
    referrals: int

    @property
    def adds_up(self) -> bool:
        """All four sums come out."""
        accounted = self.present + self.absent + self.refused + self.moved + self.deceased
        with_record = self.recorded + self.incomplete + self.walk_ins_recorded + self.walk_ins_incomplete
        return (
            self.invited == accounted
            and self.present == self.recorded + self.incomplete + self.not_recorded
            and self.walk_ins == self.walk_ins_recorded + self.walk_ins_incomplete + self.walk_ins_not_recorded
            and self.people_with_record == with_record
        )

    def as_report(self, reasons: Mapping[WhyNot, int]) -> dict[str, int]:
        """What is stored at closing: counts only."""
        return {**asdict(self), **{f"why.{reason.value}": number for reason, number in reasons.items()}}

    @classmethod
    def of_report(cls, report: Mapping[str, int]) -> Counts:
        """The counts of a stored report."""
        return cls(**{name: report.get(name, 0) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Reconciliation:
    """Counts, who is open, and drafts that are to be finished later (they do not keep a trip open)."""

    counts: Counts
    reasons: Mapping[WhyNot, int]
    gaps: tuple[OpenPoint, ...]
    unfinished: tuple[TripRecord, ...]


def made_of(records: Iterable[TripRecord]) -> dict[str, TripRecord]:
    """The record that counts for each person, by NIK: a sealed one before a draft. A record without NIK is a person."""
    found: dict[str, TripRecord] = {}
    for record in records:
        key = record.nik or record.record_id
        if key not in found or record.made is Made.RECORDED:
            found[key] = record
    return found


def effective_mark(person: TripPerson, made: Made) -> Mark:
    """The mark as it counts: who was recorded and is not marked was present."""
    return Mark.PRESENT if person.mark is Mark.NONE and made is not Made.NOTHING else person.mark


def reconcile(people: Sequence[TripPerson], records: Sequence[TripRecord], referrals: int = 0) -> Reconciliation:
    """Count everybody once and name whoever keeps the sums from coming out."""
    made = made_of(records)
    marks: Counter[Mark] = Counter()
    listed: Counter[Made] = Counter()
    walk_ins: Counter[Made] = Counter()
    reasons: Counter[WhyNot] = Counter()
    explained: Counter[bool] = Counter()
    gaps = []
    for person in people:
        record = made.get(person.nik)
        what = record.made if record else Made.NOTHING
        mark = effective_mark(person, what) if person.invited else Mark.PRESENT
        if person.invited:
            marks[mark] += 1
        if mark is not Mark.PRESENT:
            if mark is Mark.NONE:
                gaps.append(OpenPoint(Gap.UNMARKED, person))
            elif record is not None:
                gaps.append(OpenPoint(Gap.CONTRADICTED, person, record.record_id))
            continue
        (listed if person.invited else walk_ins)[what] += 1
        if what is Made.NOTHING and person.explained:
            reasons[person.why_not] += 1
            explained[person.invited] += 1
        elif what is Made.NOTHING:
            gaps.append(OpenPoint(Gap.UNEXPLAINED, person))
    on_sheet = {person.nik for person in people}
    for key, record in made.items():
        if key not in on_sheet:
            walk_ins[record.made] += 1
    counts = Counts(
        invited=sum(person.invited for person in people),
        present=marks[Mark.PRESENT],
        absent=marks[Mark.ABSENT],
        refused=marks[Mark.REFUSED],
        moved=marks[Mark.MOVED],
        deceased=marks[Mark.DECEASED],
        recorded=listed[Made.RECORDED],
        incomplete=listed[Made.INCOMPLETE],
        not_recorded=explained[True],
        walk_ins=walk_ins.total(),
        walk_ins_recorded=walk_ins[Made.RECORDED],
        walk_ins_incomplete=walk_ins[Made.INCOMPLETE],
        walk_ins_not_recorded=explained[False],
        people_with_record=len(made),
        referrals=referrals,
    )
    unfinished = tuple(record for record in records if record.state is State.DRAFT)
    return Reconciliation(counts, reasons, tuple(gaps), unfinished)
