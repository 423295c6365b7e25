"""Target lists (paket data luring) on this station: taking in, looking up, searching, wiping.

Each list is an encrypted file of its own, whose random key is in its row of table `roster` in `applicants.db`.
A list is here when its row is. A new version is built beside the old one, and the row is switched in one transaction.
Deleting the row makes the file unreadable, whatever becomes of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, RLock

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from station.domain.errors import RuleError, StoreError, TrustError
from station.domain.folding import readings
from station.domain.nik import is_sixteen_digits
from station.domain.target import RosterCard, Target
from station.failpoint import reach
from station.log import get_logger
from station.seal.bundle import check_body, check_head, read_lines
from station.seal.bundle_file import Parts
from station.seal.jws import SigningKey
from station.seal.person_line import PersonLine
from station.store.database import Connection, Database
from station.store.roster_build import build
from station.store.roster_file import Hit, RosterFile, remove
from station.store.roster_progress import Progress as Progress
from station.store.roster_progress import Steps
from station.store.roster_search import digits_of
from station.store.roster_versions import changed, must_follow
from station.store.tables import roster
from station.wire import PublicKey

log = get_logger(__name__)

Also = Callable[[Connection, RosterCard], None]
"""What the desk adds to a transaction about a list: its line in the audit trail."""
_NOTE_AFTER = timedelta(minutes=1)
_BEYOND_REPAIR = ("store.corrupt", "store.wrong_key")
"""Of a list that cannot be opened for any other reason the key is kept: the next sign-in may open it."""


@dataclass(frozen=True)
class Trust:
    """Whose lists are believed, for whom they must be, and what opens them (age identities, the station's key)."""

    keys: Sequence[PublicKey]
    central_id: str
    station_id: str
    identities: Sequence[str | SigningKey]


@dataclass
class _Opened:
    """A list that is here. `seen_at` is the latest time it is known to have lived through."""

    card: RosterCard
    seen_at: datetime
    file: RosterFile
    key: bytes

    def asked(self, area: str) -> str:
        """`area` as a question to this list: everybody, when the whole list lies inside."""
        return "" if self.card.area.startswith(area) else area


class Rosters:
    """All lists of one station. Every method may be called from any thread; an import does not stop a search."""

    def __init__(self, applicants: Database, folder: Path) -> None:
        """Open what the table `roster` names; leftovers of a power cut in `folder` are removed."""
        self._applicants, self._folder = applicants, folder
        # A reader may hold a transaction of `applicants`, so none is begun while `_lock` is held.
        self._lock, self._changing, self._importing = Lock(), RLock(), Lock()
        self._way_free, self._closing = Event(), Event()
        self._way_free.set()
        self._checked_at: float | None = None
        self._lists: dict[str, _Opened] = {}
        self._open_all()

    def cards(self) -> tuple[RosterCard, ...]:
        """The lists here, by area."""
        with self._lock:
            return tuple(self._lists[area].card for area in sorted(self._lists))

    def get(self, nik: str) -> Target | None:
        """The person with this NIK on any list; the list made last wins. None when on no list."""
        if not is_sixteen_digits(nik):
            return None
        with self._reading() as lists:
            found = (opened.file.get(int(nik)) for opened in lists)
            return next((target for target in found if target is not None), None)

    def find(self, text: str, *, village: str = "", offset: int = 0, limit: int = 50) -> tuple[Target, ...]:
        """People whose name (or NIK, when `text` is digits) fits what was typed, best first.

        Any order of words, beginnings of words, variants of spelling. `village` is a region code or its beginning
        (`99.01.01` for a kecamatan) that narrows the search.
        """
        if digits := digits_of(text):
            return self._page(
                lambda opened, most: opened.file.with_nik(digits, opened.asked(village), most), offset, limit
            )
        found = readings(text)
        if not found:
            return ()
        return self._page(lambda opened, most: opened.file.named(found, opened.asked(village), most), offset, limit)

    def of_area(self, area: str, *, rt: str = "", rw: str = "", offset: int = 0, limit: int = 50) -> tuple[Target, ...]:
        """People who live in `area` (a region code or its beginning), by village, RW, RT and name."""
        return self._page(lambda opened, most: opened.file.living_in(opened.asked(area), rt, rw, most), offset, limit)

    def count(self, area: str = "", *, rt: str = "", rw: str = "") -> int:
        """How many people live in `area`; each NIK once, also when on two lists."""
        with self._reading() as lists:
            total = 0
            for place, opened in enumerate(lists):
                total += opened.file.count(opened.asked(area), rt, rw)
                if place:
                    niks = opened.file.niks(opened.asked(area), rt, rw)
                    total -= sum(any(newer.file.has(nik) for newer in lists[:place]) for nik in niks)
            return total

    def import_bundle(
        self,
        parts: Parts,
        trust: Trust,
        *,
        source: str,
        now: datetime,
        latest: datetime | None = None,
        on_progress: Progress = lambda done, total: None,
        stop: Event | None = None,
        also: Also = lambda connection, card: None,
    ) -> RosterCard:
        """Take in a bundle, all or nothing; the list of before can be searched meanwhile. Takes a minute for a million.

        `source` is `central` or `usb`. `latest` is how late it may be, when `now` is not certain: a list that has
        expired by then is refused. `also` runs in the transaction that makes the list valid. TrustError as
        `check_head`, `check_body` and `read_lines` say; RuleError `roster.older`, `roster.same`, `roster.base_missing`,
        `roster.stopped`, `roster.busy`; StoreError `roster.disk_full` and others of the disk.
        """
        if not self._importing.acquire(blocking=False):
            raise RuleError("roster.busy")
        try:
            if self._closing.is_set():
                raise RuleError("roster.stopped")
            head = check_head(
                parts.head,
                trust.keys,
                station_id=trust.station_id,
                central_id=trust.central_id,
                now=max(now, latest or now),
            )
            here = self._lists.get(head.area)
            must_follow(head, here.card if here else None)
            stops = (self._closing,) if stop is None else (self._closing, stop)
            steps = Steps(head.people, on_progress, stops, self._way_free)
            check_body(parts.body, head, steps.pause)
            parts.body.seek(0)
            card = RosterCard(
                head.area, head.area_name, head.version, head.people, head.made_at, head.expires_at, now, source
            )
            with closing(read_lines(parts.body, head, trust.identities)) as people:
                self._take_in(card, people, here if head.base is not None else None, steps, also)
            return card
        finally:
            self._importing.release()

    def drop(self, area: str, also: Also = lambda connection, card: None, *, version: int | None = None) -> None:
        """Wipe the list of `area`: its key, then its file. RuleError `roster.unknown` when there is none.

        With a `version` also when another one has taken its place: nobody has decided about that one.
        """
        with self._changing:
            opened = self._lists.get(area)
            if opened is None or version not in (None, opened.card.version):
                raise RuleError("roster.unknown")
            with self._applicants.write() as connection:
                connection.execute(roster.delete().where(roster.c.area == area))
                also(connection, opened.card)
            reach("roster.dropped")
            self._replace(area, None)

    def drop_expired(
        self, now: datetime, monotonic: float, also: Also = lambda connection, card: None
    ) -> tuple[RosterCard, ...]:
        """Wipe every list that has expired; what was wiped.

        A list lives at least as fast as the program runs: setting the clock back does not make it last longer.
        """
        with self._changing:
            elapsed = timedelta(seconds=monotonic - self._checked_at if self._checked_at is not None else 0.0)
            self._checked_at = monotonic
            gone = []
            for opened in tuple(self._lists.values()):
                seen = max(now, opened.seen_at + elapsed)
                if seen >= opened.card.expires_at:
                    self.drop(opened.card.area, also)
                    gone.append(opened.card)
                elif seen - opened.seen_at >= _NOTE_AFTER:
                    self._note(opened, seen)
            return tuple(gone)

    @property
    def closed(self) -> bool:
        """True from the moment somebody signs out: what `cards` says from then on means nothing."""
        return self._closing.is_set()

    def close(self) -> None:
        """Stop an import and wait for its end; close all files."""
        self._closing.set()
        with self._importing, self._changing, self._lock:
            for opened in self._lists.values():
                opened.file.close()
            self._lists.clear()

    # ------------------------------------------------------------------------------------------------------ reading

    @contextmanager
    def _reading(self) -> Iterator[list[_Opened]]:
        """The lists, the one made last first. An import waits meanwhile: it would take turns with every single row."""
        self._way_free.clear()
        try:
            with self._lock:
                yield sorted(self._lists.values(), key=lambda one: (one.card.made_at, one.card.area), reverse=True)
        finally:
            self._way_free.set()

    def _page(self, ask: Callable[[_Opened, int], list[Hit]], offset: int, limit: int) -> tuple[Target, ...]:
        """A page of the hits of all lists together. Who is on a newer list is not shown from an older one."""
        with self._reading() as lists:
            hits = []
            for place, opened in enumerate(lists):
                hits += [(hit, opened) for hit in _not_on(lists[:place], opened, ask, offset + limit)]
            hits.sort(key=lambda pair: pair[0])
            return tuple(opened.file.person(hit.number) for hit, opened in hits[offset : offset + limit])

    # ------------------------------------------------------------------------------------------------------ changing

    def _open_all(self) -> None:
        with self._applicants.read() as connection:
            rows = connection.execute(select(roster)).all()
        known = {self._folder / row.file for row in rows}
        for row in rows:
            path = self._folder / row.file
            card = RosterCard(
                row.area,
                row.area_name,
                row.version,
                row.people,
                row.made_at,
                row.expires_at,
                row.imported_at,
                row.source,
            )
            try:
                file = RosterFile(path, row.key)
            except StoreError as problem:
                if problem.code not in _BEYOND_REPAIR and path.exists():
                    log.error("the target list of %s cannot be opened at present (%s)", row.area, problem)
                    continue
                log.error("the target list of %s cannot be opened (%s); it must be imported again", row.area, problem)
                with self._applicants.write() as connection:
                    connection.execute(roster.delete().where(roster.c.area == row.area))
                known.discard(path)
                continue
            self._lists[row.area] = _Opened(card, row.seen_at, file, row.key)
        for path in self._folder.glob("*.db*"):
            if path not in known:
                _remove_some_time(path)

    def _take_in(
        self, card: RosterCard, people: Iterator[PersonLine], base: _Opened | None, steps: Steps, also: Also
    ) -> None:
        path, key = self._folder / f"{secrets.token_hex(8)}.db", secrets.token_bytes(32)
        try:
            with changed(people, (base.file.path, base.key) if base else None) as everybody:
                build(path, key, everybody, steps.at)
            file = RosterFile(path, key)
            try:
                if file.people() != card.people:
                    raise TrustError("roster.unreadable")
                self._switch(_Opened(card, max(card.imported_at, card.made_at), file, key), also)
            except BaseException:
                file.close()
                raise
        except Exception as problem:
            remove(path)
            if isinstance(problem, StoreError) and problem.code == "store.disk_full":
                raise StoreError("roster.disk_full") from problem
            raise

    def _switch(self, opened: _Opened, also: Also) -> None:
        card = opened.card
        values = {
            "area_name": card.area_name,
            "version": card.version,
            "people": card.people,
            "made_at": card.made_at,
            "expires_at": card.expires_at,
            "imported_at": card.imported_at,
            "seen_at": opened.seen_at,
            "source": card.source,
            "file": opened.file.path.name,
            "key": opened.key,
        }
        with self._changing:
            with self._applicants.write() as connection:
                connection.execute(
                    insert(roster)
                    .values(area=card.area, **values)
                    .on_conflict_do_update(index_elements=["area"], set_=values)
                )
                also(connection, card)
                reach("roster.switching")
            reach("roster.switched")
            self._replace(card.area, opened)

    def _replace(self, area: str, new: _Opened | None) -> None:
        """From now on `new` is asked. The file of the old list goes; without its key it is noise, so this may fail."""
        with self._lock:
            old = self._lists.pop(area, None)
            if new is not None:
                self._lists[area] = new
            if old is not None:
                old.file.close()
        if old is not None:
            _remove_some_time(old.file.path)

    def _note(self, opened: _Opened, seen: datetime) -> None:
        with self._applicants.write() as connection:
            connection.execute(roster.update().where(roster.c.area == opened.card.area).values(seen_at=seen))
        opened.seen_at = seen


def _remove_some_time(path: Path) -> None:
    try:
        remove(path)
    except StoreError as problem:
        log.warning("the file of a wiped target list is still there until the next start: %s", problem)


def _not_on(
    newer: Sequence[_Opened], opened: _Opened, ask: Callable[[_Opened, int], list[Hit]], wanted: int
) -> list[Hit]:
    """The first `wanted` hits of a list among people who are on none of the newer lists."""
    most = wanted
    while True:
        found = ask(opened, most)
        own = [hit for hit in found if not any(one.file.has(hit.nik) for one in newer)]
        if len(own) >= wanted or len(found) < most:
            return own[:wanted]
        most *= 2
