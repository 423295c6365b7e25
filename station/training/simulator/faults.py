"""What can go wrong with a real device, as switches that count down.

It must not know how a fault shows: whoever streams, captures or answers asks whether it is on.
"""

from __future__ import annotations

from enum import StrEnum
from threading import Lock


class Fault(StrEnum):
    """One way in which devices fail."""

    UNPLUG = "unplug"
    """The cable is pulled in the middle of the next capture, and stays out until the fault is taken back."""
    UNPLUGGED = "unplugged"
    """The device is not there."""
    HANG = "hang"
    """A capture is never answered."""
    BUSY = "busy"
    TORN_FRAMES = "torn_frames"
    SLOW_FRAMES = "slow_frames"
    LOW_QUALITY = "low_quality"
    """Dry fingers, moving or half-closed eyes, a blurred face."""
    WRONG_HAND = "wrong_hand"
    """The other hand lies on the glass (or the eyes are swapped); labelled as what was asked for."""
    SAME_FINGER = "same_finger"
    """The second finger is another print of the first; asked for one finger, its neighbour is shown."""
    THREE_OF_FOUR = "three_of_four"
    WHOLE_SLAP = "whole_slap"
    """One picture of all fingers on the glass instead of one per finger."""
    BAD_SIGNATURE = "bad_signature"
    EXPIRED_CERTIFICATE = "expired_certificate"
    UNKNOWN_AUTHORITY = "unknown_authority"
    CLOCK_SKEW = "clock_skew"
    """The device's clock is seventeen minutes ahead."""
    PORT_TAKEN = "port_taken"
    """Another program has the port; the service comes up on the next free one."""


class Faults:
    """Which faults one device has now, and how often each still happens. Callable from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[Fault, int | None] = {}

    def switch(self, fault: Fault, times: int | None) -> None:
        """On for the next `times` captures; None until it is taken back, 0 takes it back."""
        with self._lock:
            if times == 0:
                self._left.pop(fault, None)
            else:
                self._left[fault] = times

    def has(self, fault: Fault) -> bool:
        """True while it is on; asking uses nothing up."""
        with self._lock:
            return fault in self._left

    def met(self, fault: Fault) -> None:
        """It has happened once more, where no capture begins."""
        with self._lock:
            left = self._left.get(fault)
            if left is not None:
                self._left[fault] = left - 1
            if left == 1:
                del self._left[fault]

    def captured(self) -> frozenset[Fault]:
        """What is on for the capture that begins now; each that counts has happened once more."""
        with self._lock:
            now = frozenset(self._left)
        for fault in now:
            self.met(fault)
        return now

    def clear(self) -> None:
        with self._lock:
            self._left.clear()
