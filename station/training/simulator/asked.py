"""What a client asks, read from JSON as the compliance schemas have it: every scalar a string, nothing unknown.

It must not know of the state of devices: `checks` compares it with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from station.capture.sbi.names import DeviceSub, SpecVersion, part_of
from station.domain.biometrics import Modality, Part
from station.training.simulator.models import Model

_TIMEOUT_S = 10.0
_CAPTURE_WORDS = frozenset(
    {"env", "purpose", "specVersion", "timeout", "captureTime", "transactionId", "bio", "customOpts"}
)
_BIO_WORDS = frozenset(
    {
        "type", "count", "bioSubType", "exception", "requestedScore", "deviceId", "serialNo", "deviceSubId",
        "previousHash",
    }
)  # fmt: skip
_HASH = re.compile(r"([0-9a-fA-F]{64})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NUMBER = re.compile(r"\d{1,7}")
_TRANSACTION = re.compile(r"[a-zA-Z0-9-]{4,50}")


class NotJsonError(ValueError):
    """What came is no JSON object, or has members that nobody defined."""


@dataclass(frozen=True)
class CaptureAsked:
    """A question to capture. Words that are missing are empty."""

    whole: Mapping[str, Any]
    bio: Mapping[str, Any]

    @property
    def version(self) -> str:
        return _word(self.whole, "specVersion")

    @property
    def env(self) -> str:
        return _word(self.whole, "env")

    @property
    def purpose(self) -> str:
        return _word(self.whole, "purpose")

    @property
    def transaction(self) -> str:
        return _word(self.whole, "transactionId")

    @property
    def type(self) -> str:
        return _word(self.bio, "type")

    @property
    def device(self) -> str:
        """What names the device: its id, in version 1.0 its serial number."""
        return _word(self.bio, "serialNo") or _word(self.bio, "deviceId")

    @property
    def sub(self) -> DeviceSub | None:
        return sub_of(_word(self.bio, "deviceSubId"))

    @property
    def score(self) -> str:
        return _word(self.bio, "requestedScore")

    @property
    def previous(self) -> str:
        return _word(self.bio, "previousHash")

    @property
    def count(self) -> int:
        return int(self.bio["count"])

    @property
    def timeout_s(self) -> float:
        return seconds(self.whole) or _TIMEOUT_S

    def parts(self, key: str, modality: Modality) -> tuple[Part | None, ...]:
        """The parts that `bioSubType` or `exception` names; None for a name that no part of `modality` has."""
        return tuple(part_of(modality, name) for name in self.bio.get(key) or ())


@dataclass(frozen=True)
class StreamAsked:
    """A question for the live view."""

    whole: Mapping[str, Any] = field(default_factory=dict)

    @property
    def device(self) -> str:
        return _word(self.whole, "serialNo") or _word(self.whole, "deviceId")

    @property
    def sub(self) -> DeviceSub | None:
        return sub_of(_word(self.whole, "deviceSubId"))

    @property
    def timeout_s(self) -> float:
        return seconds(self.whole) or 300.0


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object; NotJsonError for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise NotJsonError from broken
    if not isinstance(found, dict):
        raise NotJsonError
    return found


def read_capture(body: bytes) -> CaptureAsked:
    """The question; NotJsonError when the compliance schema would refuse it."""
    whole = read_object(body)
    bios = whole.get("bio")
    if not isinstance(bios, list) or len(bios) != 1 or not isinstance(bios[0], dict):
        raise NotJsonError
    if whole.keys() - _CAPTURE_WORDS or bios[0].keys() - _BIO_WORDS or whole.get("customOpts"):
        raise NotJsonError
    asked = CaptureAsked(whole, bios[0])
    formed = (
        (_TIME, _word(whole, "captureTime")),
        (_NUMBER, _word(whole, "timeout")),
        (_NUMBER, _word(bios[0], "count")),
        (_NUMBER, asked.score),
        (_HASH, asked.previous),
    )
    if not all(form.fullmatch(text) for form, text in formed) or not _lists_of_words(bios[0]):
        raise NotJsonError
    if "previousHash" not in bios[0] or asked.version not in set(SpecVersion):
        raise NotJsonError
    return asked


def is_transaction(text: str) -> bool:
    return _TRANSACTION.fullmatch(text) is not None


def names(model: Model, asked: str) -> bool:
    """True when `asked` is the id or the serial number of `model`."""
    return asked in (model.device_id, model.serial)


def sub_of(text: str) -> DeviceSub | None:
    return next((sub for sub in DeviceSub if str(sub.value) == text), None)


def seconds(whole: Mapping[str, Any]) -> float:
    """The timeout, 0 when none is said."""
    text = _word(whole, "timeout")
    return int(text) / 1000 if _NUMBER.fullmatch(text) else 0.0


def _word(values: Mapping[str, Any], key: str) -> str:
    found = values.get(key, "")
    if found is None:
        return ""
    if not isinstance(found, str):
        raise NotJsonError
    return found


def _lists_of_words(bio: Mapping[str, Any]) -> bool:
    """Lists of texts; null stands for a face, which has no sub-type."""
    lists = [bio.get("bioSubType") or [], bio.get("exception") or []]
    return all(isinstance(found, list) and all(isinstance(item, str | None) for item in found) for found in lists)
