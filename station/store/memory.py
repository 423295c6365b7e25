"""What this station remembers over a restart: the link, a pause, central's pacing, the cursor, the chosen devices.

Plain values in `outbox.db`; losing them costs a few questions to central, never a record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.comparison import Comparison
from station.domain.delivery import Link, LinkState, LogLine
from station.domain.doctor import Examination, plain_examination, read_examination
from station.domain.outcome import Trouble
from station.domain.speed import SpeedRules
from station.domain.stock import Batch, Stock
from station.log import get_logger
from station.store.compared import plain_comparison, read_comparison
from station.store.database import Connection, Database
from station.store.speed import plain_speed, read_speed
from station.store.tables import link_history, state
from station.store.technical_log import put_line
from station.wire import BundleNotice, Pacing

log = get_logger(__name__)

CURSOR = "cursor"
STOCK = "stock"
POLICY = "policy"
WANTED = "wanted_bundles"
MOST_WANTED = 2000
"""More lists than a station can be given; a central gone wrong must not fill the disk."""
LINK_HISTORY = 5000
MOST_NETWORKS = 20
DAYS_WORKED = 30

_VALUE = select(state.c.value).where(state.c.name == bindparam("asked"))  # made once: asked at every step


class Memory:
    """Named values; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def paused(self) -> bool:
        """A person pressed Jeda; it survives a restart."""
        return bool(self._get("paused"))

    @paused.setter
    def paused(self, value: bool) -> None:
        self._set("paused", value)

    @property
    def wish_at(self) -> datetime | None:
        """When a person pressed Kirim sekarang where no engine runs; None once whoever delivers has heard it."""
        kept = self._get("wish_at")
        return datetime.fromisoformat(kept) if kept else None

    @wish_at.setter
    def wish_at(self, value: datetime | None) -> None:
        self._set("wish_at", value.isoformat() if value else None)

    @property
    def language(self) -> str:
        """The language last chosen at sign-in; '' when nobody chose."""
        return str(self._get("language") or "")

    @language.setter
    def language(self, value: str) -> None:
        self._set("language", value)

    @property
    def code_tries(self) -> tuple[int, datetime | None]:
        """How often a wrong code was typed for an enrolment file, and until when nobody may try again."""
        count, until = self._get("code_tries") or (0, None)
        return int(count), datetime.fromisoformat(until) if until else None

    @code_tries.setter
    def code_tries(self, value: tuple[int, datetime | None]) -> None:
        count, until = value
        self._set("code_tries", [count, until.isoformat() if until else None])

    @property
    def chosen_devices(self) -> dict[str, str]:
        """Which device serves which kind, as a person chose."""
        return dict(self._get("chosen_devices") or {})

    @chosen_devices.setter
    def chosen_devices(self, value: dict[str, str]) -> None:
        self._set("chosen_devices", value)

    @property
    def prints_later(self) -> dict[str, int]:
        """How many cards wait for which day (ISO) of somebody's seventeenth birthday; not whose."""
        kept = self._get("prints_later")
        return {str(day): number for day, number in dict(kept or {}).items() if isinstance(number, int)}

    @prints_later.setter
    def prints_later(self, value: dict[str, int]) -> None:
        self._set("prints_later", value)

    @property
    def devices_tested_on(self) -> str:
        """The local day (ISO) of the last test of all devices; '' before the first."""
        return str(self._get("devices_tested_on") or "")

    @devices_tested_on.setter
    def devices_tested_on(self, value: str) -> None:
        self._set("devices_tested_on", value)

    @property
    def days_worked(self) -> tuple[str, ...]:
        """The last local days (ISO) on which somebody worked here, the newest last."""
        return tuple(self._get("days_worked") or ())

    def note_worked(self, day: str) -> None:
        """Somebody works here on this day."""
        known = self.days_worked
        if day not in known:
            self._set("days_worked", sorted((*known, day))[-DAYS_WORKED:])

    @property
    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the last line of the audit trail that was told here; (0, '') before the first."""
        number, head = self._get("audit_head") or (0, "")
        return int(number), str(head)

    @audit_head.setter
    def audit_head(self, value: tuple[int, str]) -> None:
        self._set("audit_head", value)

    @property
    def mistyped_noted(self) -> dict[str, int]:
        """Mistyped passwords of which the audit trail tells already, by officer who has not signed in since."""
        return dict(self._get("mistyped_noted") or {})

    @mistyped_noted.setter
    def mistyped_noted(self, value: dict[str, int]) -> None:
        self._set("mistyped_noted", value)

    @property
    def heartbeat_at(self) -> datetime | None:
        """When central last took a heartbeat of this station."""
        kept = self._get("heartbeat_at")
        return datetime.fromisoformat(kept) if kept else None

    @heartbeat_at.setter
    def heartbeat_at(self, value: datetime) -> None:
        self._set("heartbeat_at", value.isoformat())

    @property
    def cursor(self) -> str:
        """Up to where the change feed has been applied; '' from the beginning."""
        return str(self._get(CURSOR) or "")

    @property
    def policy(self) -> str:
        """The newest policy as central signed it; '' before the first. Whoever uses it checks it."""
        return str(self._get(POLICY) or "")

    def put_policy_back(self, found: str, token: str) -> None:
        """Keep `token` in place of `found`, unless another one has come meanwhile."""
        with self._database.write() as connection:
            if (read_value(connection, POLICY) or "") == found:
                put_policy(connection, token)

    @property
    def stock(self) -> Stock | None:
        """Blank cards as central told them last; None when it never did."""
        kept = self._get(STOCK)
        return read_stock(kept) if kept else None

    @property
    def pacing(self) -> Pacing:
        """What central last asked for."""
        kept = self._get("pacing")
        return Pacing.model_validate(kept) if kept else Pacing()

    @pacing.setter
    def pacing(self, value: Pacing) -> None:
        self._set("pacing", value.model_dump(mode="json"))

    @property
    def speed(self) -> SpeedRules:
        """How fast and when this station sends, as a person chose here."""
        return read_speed(self._get("speed"))

    @speed.setter
    def speed(self, value: SpeedRules) -> None:
        self._set("speed", plain_speed(value))

    @property
    def reconciled(self) -> Comparison | None:
        """What came of the last comparison with central; None before the first."""
        return read_comparison(self._get("reconciled"))

    @reconciled.setter
    def reconciled(self, value: Comparison) -> None:
        self._set("reconciled", plain_comparison(value))

    @property
    def examined(self) -> Examination | None:
        """What the connection doctor found last; None before the first."""
        return read_examination(self._get("examined"))

    @examined.setter
    def examined(self, value: Examination | None) -> None:
        self._set("examined", plain_examination(value) if value is not None else None)

    @property
    def chunk_sizes(self) -> dict[str, int]:
        """Bytes of a chunk that served on a network, by the hash that names it; the one used last is the last."""
        kept = self._get("chunk_sizes")
        return {str(key): size for key, size in dict(kept or {}).items() if isinstance(size, int)}

    def note_chunk_size(self, network: str, size: int) -> None:
        """This size serves on this network."""
        others = {key: kept for key, kept in self.chunk_sizes.items() if key != network}
        self._set("chunk_sizes", dict([*others.items(), (network, size)][-MOST_NETWORKS:]))

    @property
    def wanted_bundles(self) -> tuple[BundleNotice, ...]:
        """What central has told of and is not here yet, first told first."""
        return tuple(BundleNotice.model_validate(item) for item in (self._get(WANTED) or {}).values())

    def want_bundle(self, notice: BundleNotice) -> None:
        """Fetch it, though central does not tell of it again. What is wanted of a newer version stays."""
        with self._database.write() as connection:
            put_wanted(connection, notice)

    def forget_bundle(self, notice: BundleNotice) -> None:
        """It is here, or cannot be had. A newer version of it that was told meanwhile stays wanted."""
        with self._database.write() as connection:
            kept = read_value(connection, WANTED) or {}
            if kept.get(notice.name, {}).get("version") == notice.version:
                del kept[notice.name]
                put_value(connection, WANTED, kept)

    @property
    def held_rosters(self) -> dict[str, int]:
        """Versions of the target lists here, by area. The lists themselves are behind the operator's password."""
        return dict(self._get("held_rosters") or {})

    @held_rosters.setter
    def held_rosters(self, value: dict[str, int]) -> None:
        self._set("held_rosters", value)

    @property
    def clock_offset_s(self) -> float:
        """Central's clock minus ours, in seconds; 0 until central has complained."""
        return float(self._get("clock_offset_s") or 0.0)

    @clock_offset_s.setter
    def clock_offset_s(self, value: float) -> None:
        self._set("clock_offset_s", value)

    @property
    def link(self) -> Link | None:
        """What the engine last found out, or None before its first try."""
        kept = self._get("link")
        return _link(kept) if kept else None

    def set_link(self, link: Link, said: LogLine | None = None) -> None:
        """Remember the link; a change of state or reason goes into its history, what a hello brought into the notes.

        One transaction: a probe that fails costs one, every few minutes, for as long as central is away.
        """
        with self._database.write() as connection:
            kept = read_value(connection, "link")
            if said is not None:
                put_line(connection, at=said.at, lane=said.lane, key=said.key, note=said.note)
            put_value(connection, "link", _plain(link))
            if kept is None or (kept["state"], kept["reason"]) != (link.state.value, _reason(link)):
                done = connection.execute(
                    insert(link_history).values(at=link.since, state=link.state.value, reason=_reason(link))
                )
                newest = done.inserted_primary_key
                if newest is not None:
                    connection.execute(link_history.delete().where(link_history.c.number <= newest[0] - LINK_HISTORY))

    def link_history(self, limit: int) -> tuple[tuple[datetime, LinkState], ...]:
        """Changes of the link, newest first."""
        query = select(link_history.c.at, link_history.c.state).order_by(link_history.c.number.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple((row.at, LinkState(row.state)) for row in connection.execute(query))

    def _get(self, name: str) -> Any:
        with self._database.read() as connection:
            return read_value(connection, name)

    def _set(self, name: str, value: Any) -> None:
        with self._database.write() as connection:
            put_value(connection, name, value)


def put_cursor(connection: Connection, cursor: str) -> None:
    """Move the cursor, inside the transaction that applies the events before it."""
    put_value(connection, CURSOR, cursor)


def put_policy(connection: Connection, token: str) -> None:
    """Keep a checked policy, inside the transaction that applies the event that brought it."""
    put_value(connection, POLICY, token)


def put_stock(connection: Connection, stock: Stock) -> None:
    """Keep the blanks that central told of, inside the transaction that applies the event that told of them."""
    put_value(connection, STOCK, {"at": stock.at.isoformat(), "batches": [[b.name, b.blanks] for b in stock.batches]})


def read_clock_offset(connection: Connection) -> timedelta:
    """How far central's clock is ahead of this station's, as last learnt."""
    return timedelta(seconds=float(read_value(connection, "clock_offset_s") or 0.0))


def read_stock(kept: Mapping[str, Any]) -> Stock:
    """What `put_stock` kept."""
    batches = tuple(Batch(name, blanks) for name, blanks in kept["batches"])
    return Stock(batches, datetime.fromisoformat(kept["at"]))


def put_wanted(connection: Connection, notice: BundleNotice) -> None:
    """Want a bundle, inside the transaction that applies the event that told of it.

    Of two notices the newer version stays; all of it is wanted when either of them wants all of it.
    """
    kept = read_value(connection, WANTED) or {}
    if notice.name in kept:
        before = BundleNotice.model_validate(kept[notice.name])
        newest = max(notice, before, key=lambda one: (one.version, one.size > 0))
        notice = newest.model_copy(update={"whole": notice.whole or before.whole})
    kept[notice.name] = notice.model_dump(mode="json")
    for name in list(kept)[:-MOST_WANTED]:
        log.warning("more than %d bundles are wanted; %s is not fetched any more", MOST_WANTED, name)
        del kept[name]
    put_value(connection, WANTED, kept)


def read_value(connection: Connection, name: str) -> Any:
    """A named value; None when there is none."""
    text = connection.execute(_VALUE, {"asked": name}).scalar()
    return None if text is None else json.loads(text)


def put_value(connection: Connection, name: str, value: Any) -> None:
    """Keep a named value, inside a transaction of the caller."""
    text = json.dumps(value)
    connection.execute(
        upsert(state).values(name=name, value=text).on_conflict_do_update(index_elements=["name"], set_={"value": text})
    )


def _reason(link: Link) -> str:
    return link.reason.value if link.reason else ""


def _plain(link: Link) -> dict[str, Any]:
    def text(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "state": link.state.value,
        "since": text(link.since),
        "reason": _reason(link),
        "tries": link.tries,
        "next_try_at": text(link.next_try_at),
        "until": text(link.until),
        "message": link.message,
        "last_good_at": text(link.last_good_at),
    }


def _link(kept: dict[str, Any]) -> Link:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(kept[name]) if kept.get(name) else None

    return Link(
        state=LinkState(kept["state"]),
        since=moment("since") or datetime.now(UTC),
        reason=Trouble(kept["reason"]) if kept.get("reason") else None,
        tries=int(kept.get("tries", 0)),
        next_try_at=moment("next_try_at"),
        until=moment("until"),
        message=str(kept.get("message", "")),
        last_good_at=moment("last_good_at"),
    )
