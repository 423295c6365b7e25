"""What a service complains about, as our errors. Branches only on codes whose meaning is fixed.

It must not know HTTP: it is given the error object of an answer.
"""

from __future__ import annotations

from typing import Final

from station.capture.sbi.messages import Trouble
from station.domain.errors import DeviceError

NO_STREAM: Final = "607"
"""It cannot be started; a service that shows one device at a time says so while another is still being let go."""
STREAM_OVER: Final = "609"
STREAM_STOPPED: Final = "700"

OUR_CODE: Final[dict[str, str]] = {
    "100": "sbi.not_registered",
    "101": "sbi.nothing_captured",
    "102": "sbi.nothing_captured",
    "103": "sbi.tampered",
    "105": "sbi.nothing_captured",
    "106": "device.unplugged",
    "107": "sbi.certificate_expired",
    "110": "sbi.not_ready",
    "111": "sbi.busy",
    "115": "sbi.wrong_environment",
    "121": "sbi.wrong_purpose",
    "202": "device.unplugged",
    "503": "device.unplugged",
    STREAM_OVER: "sbi.stalled",
    STREAM_STOPPED: "sbi.stopped",
    "701": "device.timeout",
    "702": "sbi.busy",
    "703": "sbi.busy",
    "708": "sbi.nothing_captured",
    "709": "sbi.wrong_purpose",
}
MAX_SAID = 120


def refused(trouble: Trouble) -> DeviceError:
    """The error of this program for `trouble`; what has no name of its own keeps what the service said about it."""
    said = "".join(letter for letter in trouble.info if letter.isprintable())[:MAX_SAID]
    code = "".join(letter for letter in trouble.code if letter.isalnum())[:8]
    return DeviceError(OUR_CODE.get(code, "sbi.refused"), sbi=code, said=said)
