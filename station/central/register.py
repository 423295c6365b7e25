"""The register: the people of each area, imported whole or not at all, with versions and what changed between them.

A version fixes who is on the list and what central says of them. Versions count within a regency, so that the list of
a desa can be cut out of any import around it. Knows no HTTP, no stations and no files of lists.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from station.central.areas import REGENCY, covers, inside
from station.central.batches import BATCH, batches
from station.central.csv_intake import Listed
from station.central.database import Database, insert_if_new
from station.central.keys import CentralKeys
from station.central.register_lists import ListCard, count, last_version, newest, overlapping, standing
from station.central.register_merge import Difference, forget_departed, merge
from station.central.register_packets import take_over_packets
from station.central.register_tables import departed, incoming, lists, people, unread
from station.domain.errors import RuleError
from station.domain.target import Target
from station.seal.person_line import Gone


@dataclass(frozen=True)
class Reading:
    """A list being read: the card is None when there is no list of that area."""

    card: ListCard | None
    people: Iterator[Target | Gone]


class Register:
    """`make` a new version; read the newest one with `cards` and `reading`."""

    def __init__(self, database: Database, packets: Database, keys: CentralKeys) -> None:
        self._database, self._packets = database, packets
        self._keys = keys
        self._box = AESGCM(keys.register_key)

    def make(
        self,
        area: str,
        area_name: str,
        now: datetime,
        life: timedelta,
        listed: Iterable[Listed] | None,
        refuse: Callable[[Listed, int], None],
        *,
        kept: Collection[str] = (),
        accept_losses: bool = True,
    ) -> Difference:
        """One more version of `area`, in one transaction.

        `listed` replaces everybody of the area; None keeps them and takes over what central has received meanwhile.
        `refuse` hears of a NIK that another line (its number) has brought already. The NIKs in `kept`, looked at when
        `listed` has ended, stay as they were. An error of `listed` changes nothing, nor does RuleError
        `csv.many_gone`, which comes unless `accept_losses` when more than half of the area would be gone.
        """
        regency = area[:REGENCY]
        with self._database.write() as rows:
            version = last_version(rows, regency) + 1
            difference = Difference(0, 0, 0)
            if listed is not None:
                incoming.create(rows)
                self._take_in(rows, listed, refuse)
                unread.create(rows)
                self._note_unread(rows, kept)
                before = count(rows, area)
                difference = merge(rows, regency, area, version)
                if difference.gone * 2 > before and not accept_losses:
                    raise RuleError("csv.many_gone", gone=difference.gone, people=before)
                unread.drop(rows)
                incoming.drop(rows)
            with self._packets.read() as packets:
                take_over_packets(rows, packets, regency, area, version)
            rows.execute(
                insert(lists).values(
                    regency=regency,
                    version=version,
                    area=area,
                    area_name=area_name,
                    made_at=now,
                    expires_at=now + life,
                )
            )
            forget_departed(rows, regency, now)
        return difference

    def newest(self, area: str, now: datetime) -> ListCard | None:
        """The newest list of `area` that has not expired; None when there is none."""
        with self._database.read() as rows:
            return newest(rows, area, now)

    def version(self, area: str, now: datetime) -> int | None:
        """The version of the newest list of `area`, without counting it."""
        with self._database.read() as rows:
            found = standing(rows, area, now)
        return found and found.last.version

    def newest_ever(self, area: str) -> ListCard | None:
        """The newest list of `area`, also when it has expired."""
        with self._database.read() as rows:
            return newest(rows, area, None)

    def cards(self, now: datetime) -> list[ListCard]:
        """The newest lists of all areas that were imported."""
        with self._database.read() as rows:
            found = [newest(rows, area, now) for area in self._areas(rows)]
        return [card for card in found if card is not None]

    def versions(self, now: datetime) -> dict[str, int]:
        """The same as versions by area, without counting anybody."""
        with self._database.read() as rows:
            found = {area: standing(rows, area, now) for area in self._areas(rows)}
        return {area: item.last.version for area, item in found.items() if item is not None}

    def _areas(self, rows: Connection) -> list[str]:
        return sorted(set(rows.scalars(select(lists.c.area))))

    def knows_base(self, area: str, base: int, now: datetime) -> bool:
        """True when what changed in `area` since version `base` can still be told."""
        with self._database.read() as rows:
            made = overlapping(rows, area)
        covering = [row.version for row in made if covers(row.area, area)]
        held = max((row for row in made if row.version <= base), key=lambda row: int(row.version), default=None)
        return held is not None and min(covering, default=base + 1) <= base and held.expires_at > now

    @contextmanager
    def reading(self, area: str, base: int | None, now: datetime) -> Iterator[Reading]:
        """The newest list of `area` and its people, of one moment; with `base` only what changed since."""
        with self._database.read() as rows:
            yield Reading(newest(rows, area, now), self._persons(rows, area, base))

    def _persons(self, rows: Connection, area: str, base: int | None) -> Iterator[Target | Gone]:
        regency = area[:REGENCY]
        query = select(people).where(people.c.regency == regency, inside(people.c.village, area))
        if base is not None:
            query = query.where(people.c.changed_in > base)
        for row in rows.execution_options(yield_per=BATCH).execute(query):
            answers = self._open(row.sealed, row.nik_hidden)
            yield Target(answers.pop("nik"), answers, row.recorded, row.code, row.at)
        if base is None:
            return
        still = select(people.c.nik_hidden).where(
            people.c.regency == regency,
            people.c.nik_hidden == departed.c.nik_hidden,
            inside(people.c.village, area),
        )
        left = select(departed).where(
            departed.c.regency == regency,
            departed.c.version > base,
            inside(departed.c.village, area),
            ~still.exists(),
        )
        told = b""
        for row in rows.execution_options(yield_per=BATCH).execute(left.order_by(departed.c.nik_hidden)):
            if row.nik_hidden != told:  # who moved out of two villages is gone once
                yield Gone(self._open(row.sealed, row.nik_hidden)["nik"])
            told = row.nik_hidden

    # -------------------------------------------------------------------------------------------------- taking in

    def _take_in(self, rows: Connection, listed: Iterable[Listed], refuse: Callable[[Listed, int], None]) -> None:
        for batch in batches(listed):
            values = [self._incoming(person) for person in batch]
            done = rows.execute(insert_if_new(incoming), values)
            if done.rowcount == len(batch):
                continue
            hidden = [bytes.fromhex(self._keys.hide_nik(person.answers["nik"])) for person in batch]
            first: dict[bytes, int] = {
                row.nik_hidden: row.line
                for row in rows.execute(
                    select(incoming.c.nik_hidden, incoming.c.line).where(incoming.c.nik_hidden.in_(hidden))
                )
            }
            for person, key in zip(batch, hidden, strict=True):
                if first[key] != person.line:
                    refuse(person, first[key])

    def _note_unread(self, rows: Connection, niks: Iterable[str]) -> None:
        for batch in batches(niks):
            rows.execute(insert(unread), [{"nik_hidden": bytes.fromhex(self._keys.hide_nik(nik))} for nik in batch])

    def _incoming(self, person: Listed) -> dict[str, object]:
        answers = person.answers
        plain = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
        hidden = bytes.fromhex(self._keys.hide_nik(answers["nik"]))
        nonce = os.urandom(12)
        said = f"{person.recorded}{person.central_code}".encode()
        return {
            "nik_hidden": hidden,
            "line": person.line,
            "village": answers["village"],
            "digest": hmac.digest(self._keys.register_key, said + plain, hashlib.sha256)[:16],
            "sealed": nonce + self._box.encrypt(nonce, plain, hidden),
            "said_recorded": person.recorded,
            "said_code": person.central_code,
        }

    def _open(self, sealed: bytes, hidden: bytes) -> dict[str, str]:
        answers: dict[str, str] = json.loads(self._box.decrypt(sealed[:12], sealed[12:], hidden))
        return answers
