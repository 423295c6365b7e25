"""Which snapshot is newer, and which may go: by what each of them knows, never by what a clock said.

A clock that once ran ahead would hide every snapshot after it; and a database that was begun anew, empty, counts from
one again while the older snapshots still know people that it never heard of. Must not know where snapshots lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from station.store.snapshot_facts import SnapshotFacts

KEEP_NEWEST, KEEP_DAYS = 3, 7
Rank = tuple[int, int, int]


def rank(facts: SnapshotFacts) -> Rank:
    """The greater, the newer: the chain of packets first, then the trail, then the count of snapshots."""
    return (facts.sequence, facts.audit_number, facts.number)


def knows_more(old: SnapshotFacts, new: SnapshotFacts) -> bool:
    """Whether `old` holds what may be nowhere in `new`. Of one database the later one knows everything."""
    if old.identities > new.identities:
        return True
    same = old.lineage == new.lineage
    return old.audit_number > new.audit_number if same else old.records > new.records


def kept(found: Mapping[str, SnapshotFacts], last: str) -> set[str]:
    """Which of these stay, by their names, which begin with a day in UTC: the `last` one brought, the newest three,
    the newest of each of seven days, and of every database there ever was those that know most.
    """
    newest = sorted(found, key=lambda name: (rank(found[name]), name), reverse=True)
    days: dict[str, str] = {}
    for name in newest:
        days.setdefault(name[:8], name)
    return {last, *newest[:KEEP_NEWEST], *list(days.values())[:KEEP_DAYS], *_richest(newest, found)}


def _richest(newest: Iterable[str], found: Mapping[str, SnapshotFacts]) -> set[str]:
    """Of those that know as much, the newest: `newest` come first."""
    most: dict[tuple[str, str], str] = {}
    for name in newest:
        facts = found[name]
        for what, number in (("records", facts.records), ("identities", facts.identities)):
            best = most.setdefault((facts.lineage, what), name)
            if number > getattr(found[best], what):
                most[facts.lineage, what] = name
    return set(most.values())
