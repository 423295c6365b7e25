"""A device behind an SBI service as a CaptureDevice: one person's orders become signed, checked and measured captures.

It must not know who asks, nor decode a picture: the lab does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from station.capture.sbi.chains import Chains
from station.capture.sbi.claims import claims
from station.capture.sbi.client import ask_info, listen
from station.capture.sbi.discovery import Spot
from station.capture.sbi.house import House
from station.capture.sbi.identity import check_same
from station.capture.sbi.line import Line
from station.capture.sbi.names import DeviceSub
from station.capture.sbi.plan import Take, takes
from station.capture.sbi.taking import captured, stated
from station.capture.sbi.troubles import NO_STREAM
from station.capture.sbi.turns import turn
from station.capture.sbi.watching import Watching
from station.domain.biometrics import Capture, DeviceInfo, Part
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview

BUSY_TRIES = 8
BUSY_WAIT_S = 0.3
"""A slow computer may need a second until the service has seen that nobody looks through the device before."""
_PASSING = frozenset({"sbi.busy", "sbi.stopped"})
_GONE = frozenset({"sbi.no_service", "sbi.not_sbi"})
_GONE_WHEN_MET = _GONE | {"device.unplugged"}
_Answer = TypeVar("_Answer")


class SbiDevice:
    """`spot` is where discovery saw it; it is looked for once more when it is not there any longer.

    `disputed`: others claim to be it too. It is not opened before that is settled.
    """

    def __init__(self, spot: Spot, house: House, chains: Chains | None = None, *, disputed: bool = False) -> None:
        self._spot = spot
        self._disputed = disputed
        self._house = house
        self._chains = chains or Chains()
        self._line = Line()
        self._key = b""
        self._is_open = False

    @property
    def info(self) -> DeviceInfo:
        return self._spot.info

    def open(self) -> None:
        self._line.mend()
        if self._disputed:
            self._look_again(stranger=False)
        self._patiently(self._meet)
        self._is_open = True

    def close(self) -> None:
        self._is_open = False
        self._line.cut()

    def cancel(self) -> None:
        self._line.cut()

    def self_test(self) -> None:
        """It is who it was, and it sees: one frame is enough."""
        self._line.mend()
        self._patiently(self._meet)
        seen: list[bytes] = []

        def enough(frame: bytes) -> None:
            seen.append(frame)
            self._line.cut()

        try:
            sub = min(self._spot.entry.subs, default=DeviceSub.UNKNOWN)
            self._patiently(lambda: listen(self._line, self._spot, sub, enough))
        except DeviceError as problem:
            if problem.code != "device.cancelled" or not seen:
                raise
        if not seen:
            raise DeviceError("sbi.stalled", port=self._spot.port)

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        """Live frames as fast as the device sends and the lab reads them: the newest, never a queue."""
        sub = self._takes(order)[0].sub
        self._line.mend()

        def stream(on_frame: Callable[[bytes], None]) -> None:
            self._patiently(lambda: self._found_again(lambda: listen(self._line, self._spot, sub, on_frame)))

        Watching(self._line, stream, self._house.reader, self._spot.kind).show(order, on_preview)

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        """One Capture per target, in their order. Live is only whose turn it is, where several follow each other."""
        planned = self._takes(order)
        self._line.mend()
        found: dict[Part, Capture] = {}
        for take in planned:
            if len(planned) > 1:
                on_preview(turn(take))
            found |= {capture.part: capture for capture in self._take(order, take)}
        return tuple(found[part] for part in order.targets)

    # ------------------------------------------------------------------------------------------------------ meeting

    def _meet(self) -> None:
        """Ask who is there, and believe nobody else than whom discovery saw."""
        self._found_again(self._check, _GONE_WHEN_MET)

    def _check(self) -> None:
        entry, who, signed = ask_info(self._line, self._spot, self._house.trust, self._house.clock.now())
        check_same(self._spot, entry, who, self._house.environment)
        self._key = signed.key

    def _found_again(self, ask: Callable[[], _Answer], gone: frozenset[str] = _GONE) -> _Answer:
        """Do `ask`; when somebody else or nobody is there, look for the device once more and do it again."""
        try:
            return ask()
        except DeviceError as problem:
            if problem.code not in gone:
                raise
            self._look_again(stranger=problem.code == "sbi.not_sbi")
        return ask()

    def _look_again(self, *, stranger: bool) -> None:
        mine, port = device_id(self._spot.info), self._spot.port
        found = claims(self._line, self._house)
        self._line.wait(0)
        here = next((claim for claim in found if device_id(claim.spot.info) == mine), None)
        if here is None:
            raise DeviceError("sbi.port_taken" if stranger else "device.unplugged", port=port)
        if here.dispute is not None:
            raise here.dispute
        if stranger and here.spot.port == port:
            raise DeviceError("sbi.bad_answer")  # it was no stranger: asking again would capture a second time
        self._spot, self._disputed = here.spot, False
        self._check()

    def _patiently(self, ask: Callable[[], _Answer]) -> _Answer:
        """Do `ask`; a device or service that is just letting go of the last call is asked again a moment later."""
        for _ in range(BUSY_TRIES - 1):
            try:
                return ask()
            except DeviceError as problem:
                if problem.code not in _PASSING and problem.data.get("sbi") != NO_STREAM:
                    raise
            self._line.wait(BUSY_WAIT_S)
        return ask()

    # ---------------------------------------------------------------------------------------------------- capturing

    def _takes(self, order: Order) -> tuple[Take, ...]:
        if not self._is_open:
            raise DeviceError("device.not_open", serial=self.info.serial)
        if not order.targets or any(part.modality is not self._spot.kind for part in order.targets):
            raise DeviceError("device.wrong_part", serial=self.info.serial)
        return takes(order.targets, self._spot.entry.subs, one_at_a_time=self._spot.takes_one)

    def _take(self, order: Order, take: Take) -> list[Capture]:
        previous = self._chains.last(order.subject) or order.after
        statements = self._patiently(
            lambda: self._found_again(
                lambda: stated(self._line, self._spot, self._house, self._key, order, take, previous)
            )
        )
        self._chains.reached(order.subject, statements[-1].hash)
        found = captured(self._spot, self._house, order, take, statements)
        self._line.wait(0)  # cancelled meanwhile
        return found
