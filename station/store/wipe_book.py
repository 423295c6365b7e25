"""The orders of central to wipe this station, and what came of them: a small file, so that a lost outbox forgets none.

An order is carried out once. Must not know who signed it, nor how anything is wiped.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from station.log import get_logger
from station.store.changing import changing
from station.store.folder import write_file
from station.wire import SignedWipe, WipeDone

MOST_ORDERS = 50
MOST_BYTES = 256 * 1024
_log = get_logger(__name__)


class WipeOrder(BaseModel):
    """One order. `done` is what was removed and what remains; `told_at`: central knows it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    order_id: str
    issued_at: AwareDatetime
    reason: str = ""
    came_at: AwareDatetime
    done: WipeDone | None = None
    told_at: AwareDatetime | None = None


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    orders: tuple[WipeOrder, ...] = Field(default=(), max_length=10 * MOST_ORDERS)


class WipeBook:
    """`wipe.json`; read again whenever it was replaced, for another process may deliver here."""

    def __init__(self, root: Path) -> None:
        self._path = root / "wipe.json"
        self._state: tuple[int, int] | None = None
        self._kept = _Kept()

    def take(self, order: SignedWipe, at: datetime) -> bool:
        """Keep an order that was checked; False when it was told before, whatever became of it."""
        with changing(self._path):
            known = self._read()
            if any(item.order_id == order.order_id for item in known):
                return False
            new = WipeOrder(order_id=order.order_id, issued_at=order.issued_at, reason=order.reason, came_at=at)
            self._write((*known, new)[-MOST_ORDERS:])
            return True

    @property
    def pending(self) -> WipeOrder | None:
        """The first that was not carried out to its end."""
        return next((item for item in self._read() if item.done is None), None)

    @property
    def untold(self) -> WipeOrder | None:
        """The first that was carried out, and central does not know it."""
        return next((item for item in self._read() if item.done is not None and item.told_at is None), None)

    @property
    def last(self) -> WipeOrder | None:
        """The last one that was carried out."""
        return next((item for item in reversed(self._read()) if item.done is not None), None)

    @property
    def locked(self) -> bool:
        """Officers were locked out here once: an older list of them is never to come back by itself."""
        return any(item.done is not None and item.done.locked for item in self._read())

    def finish(self, order: WipeOrder, done: WipeDone) -> None:
        """Everything that is to be removed is gone."""
        self._change(order.model_copy(update={"done": done}))

    def tell(self, order: WipeOrder, at: datetime) -> None:
        """Central knows it."""
        self._change(order.model_copy(update={"told_at": at}))

    def _change(self, order: WipeOrder) -> None:
        with changing(self._path):
            self._write(tuple(order if item.order_id == order.order_id else item for item in self._read()))

    def _write(self, orders: tuple[WipeOrder, ...]) -> None:
        write_file(self._path, _Kept(orders=orders).model_dump_json(indent=1).encode())

    def _read(self) -> tuple[WipeOrder, ...]:
        """A damaged file is an empty one: the worst of it is that an order is carried out a second time."""
        try:
            found = self._path.stat()
            state = (found.st_mtime_ns, found.st_ino)
            if state != self._state:
                with self._path.open("rb") as file:
                    self._kept = _Kept.model_validate_json(file.read(MOST_BYTES))
                self._state = state
        except FileNotFoundError:
            self._kept, self._state = _Kept(), None
        except (OSError, ValidationError):
            _log.error("the book of orders to wipe cannot be read")
            self._kept, self._state = _Kept(), None
        return self._kept.orders
