"""Versions of a target list: which one may follow which, and a new one made of an old one and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.domain.errors import RuleError, TrustError
from station.domain.target import RosterCard
from station.seal.bundle import BundleHead
from station.seal.person_line import PersonLine
from station.store.roster_file import RosterFile


def must_follow(head: BundleHead, here: RosterCard | None) -> None:
    """RuleError `roster.older`, `roster.same` or `roster.base_missing` when the bundle cannot follow what is here."""
    if here is not None and head.version < here.version:
        raise RuleError("roster.older", version=head.version, here=here.version)
    if here is not None and head.version == here.version:
        raise RuleError("roster.same", version=head.version)
    if head.base is not None and (here is None or here.version != head.base):
        raise RuleError("roster.base_missing", base=head.base)


@contextmanager
def changed(people: Iterator[PersonLine], base: tuple[Path, bytes] | None) -> Iterator[Iterator[PersonLine]]:
    """Everybody of the new version: the lines that came, then those of `base` that they do not speak of.

    `base` is file and key of the list a delta builds upon. TrustError `roster.unreadable` when a delta speaks of
    somebody twice.
    """
    if base is None:
        yield people
        return
    before = RosterFile(*base)  # a connection of its own: the list is searched meanwhile
    try:
        yield _merged(people, before)
    finally:
        before.close()


def _merged(people: Iterator[PersonLine], before: RosterFile) -> Iterator[PersonLine]:
    told: set[str] = set()
    for person in people:
        if person.nik in told:
            raise TrustError("roster.unreadable")
        told.add(person.nik)
        if person.answers is not None:
            yield person
    for person in before.lines():
        if person.nik not in told:
            yield person
