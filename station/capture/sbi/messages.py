"""What devices answer, as types. Tolerant of spellings, strict about size.

It must not know sockets or trust: what is read here is only well-formed, not yet believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from station.capture.sbi.error_codes import SUCCESS
from station.capture.sbi.names import DeviceSub
from station.domain.errors import DeviceError

MAX_DEVICES = 32
MAX_ITEMS = 16
MAX_SHORT = 200
MAX_TOKEN = 64 * 1024
MAX_PICTURE = 12 * 1024 * 1024


def _text(value: object) -> object:
    return "" if value is None else value


def _listed(value: object) -> object:
    """One value where a list should be is a list of one; nothing is an empty one."""
    if value is None or value == "":
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


Short = Annotated[str, StringConstraints(max_length=MAX_SHORT), BeforeValidator(_text)]
Token = Annotated[str, StringConstraints(max_length=MAX_TOKEN), BeforeValidator(_text)]
Large = Annotated[str, StringConstraints(max_length=MAX_PICTURE), BeforeValidator(_text)]
Shorts = Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS), BeforeValidator(_listed)]


class _Heard(BaseModel):
    """Unknown properties are passed over: makers add their own."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        coerce_numbers_to_str=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class Trouble(_Heard):
    """The error object. Old drafts wrote it in lower case."""

    code: Short = Field(default=SUCCESS, validation_alias=AliasChoices("errorCode", "errorcode"))
    info: Annotated[str, BeforeValidator(lambda value: str(value or "")[:MAX_SHORT])] = Field(
        default="", validation_alias=AliasChoices("errorInfo", "errorinfo")
    )

    @property
    def is_error(self) -> bool:
        return self.code not in (SUCCESS, "")


_Error = Annotated[Trouble, BeforeValidator(lambda value: {} if value is None else value)]


class DeviceEntry(_Heard):
    """A device as discovery or a signed info tells it."""

    device_id: Short = ""
    serial_no: Short = ""
    device_status: Short = ""
    certification: Short = ""
    service_version: Short = ""
    device_sub_id: Shorts = ()
    callback_id: Short = ""
    digital_id: Token = ""
    device_code: Short = ""
    env: Short = ""
    purpose: Short = ""
    spec_version: Shorts = ()
    error: _Error = Trouble()

    @property
    def subs(self) -> frozenset[DeviceSub]:
        known = {str(sub.value): sub for sub in DeviceSub}
        return frozenset(known[item] for item in self.device_sub_id if item in known)


class DigitalId(_Heard):
    """Who a device is."""

    serial_no: Short = ""
    make: Short = ""
    model: Short = ""
    type: Short = ""
    device_sub_type: Short = ""
    device_provider: Short = ""
    device_provider_id: Short = ""
    date_time: Short = ""


class InfoItem(_Heard):
    device_info: Token = ""
    error: _Error = Trouble()


class CaptureItem(_Heard):
    spec_version: Short = ""
    data: Large = ""
    hash: Short = ""
    error: _Error = Trouble()


class CaptureAnswer(_Heard):
    biometrics: Annotated[tuple[CaptureItem, ...], Field(max_length=MAX_ITEMS)]


class Captured(_Heard):
    """What a device signs about one finger, eye or face."""

    digital_id: Token = ""
    device_code: Short = ""
    device_service_version: Short = ""
    bio_type: Short = ""
    bio_sub_type: Annotated[Short, BeforeValidator(lambda value: ",".join(map(str, _as_list(value))))] = ""
    purpose: Short = ""
    env: Short = ""
    bio_value: Large
    transaction_id: Short = Field(default="", validation_alias=AliasChoices("transactionId", "registrationId"))
    timestamp: Short = ""
    requested_score: Short = ""
    quality_score: Short = ""


def _as_list(value: object) -> list[object]:
    found = _listed(value)
    return [item for item in found if item is not None] if isinstance(found, (list, tuple)) else []


_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], found: object) -> _Model:
    """`found` as a `model`; DeviceError `sbi.bad_answer`. What is refused is not quoted: it may be a finger."""
    try:
        return model.model_validate(found)
    except (ValidationError, RecursionError):
        raise DeviceError("sbi.bad_answer") from None


def read_list(model: type[_Model], found: object) -> tuple[_Model, ...]:
    """The readable ones of a bounded list; a single one counts as a list of one. One bad item hides no other."""
    items: Sequence[object] = found if isinstance(found, list) else [found]
    if len(items) > MAX_DEVICES:
        raise DeviceError("sbi.bad_answer")
    good: list[_Model] = []
    for item in items:
        try:
            good.append(read(model, item))
        except DeviceError:
            continue
    if items and not good:
        raise DeviceError("sbi.bad_answer")
    return tuple(good)
