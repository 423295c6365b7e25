"""What parts of the body are called, and what the applicant is asked to do. Always the person's own right and left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from station.domain.biometrics import CAPTURE_FIELD, IRISES, LEFT_FOUR, RIGHT_FOUR, THUMBS, Modality, Part
from station.domain.mark import N_
from station.domain.verification import VERIFY_FIELD
from station.i18n import _


def finger_name(part: Part) -> str:
    """`Middle`: the finger alone, its hand stands beside it."""
    return (_("Thumb"), _("Index"), _("Middle"), _("Ring"), _("Little"))[(part.position - 1) % 5]


def part_name(part: Part) -> str:
    """`Right middle finger`."""
    match part.modality:
        case Modality.FACE:
            return _("Photo")
        case Modality.SIGNATURE:
            return _("Signature")
        case Modality.IRIS:
            return _("Right eye") if part is Part.IRIS_RIGHT else _("Left eye")
        case _:  # there are parts of fingers, and none of documents
            return _(_FINGERS[part.position - 1])


def part_of_field(key: str) -> Part | None:
    """The part that findings of `capture.finger-02` or `verify.finger-02` are about."""
    head, _dot, name = key.partition(".")
    return Part(name) if f"{head}." in (CAPTURE_FIELD, VERIFY_FIELD) and name in _PARTS else None


def in_sentence(name: str) -> str:
    """A name as it stands in the middle of a sentence."""
    return name[:1].lower() + name[1:]


def targets_name(targets: Sequence[Part]) -> str:
    """`Right four fingers`, or the names of the parts one by one."""
    whole = _SLAPS.get(tuple(targets))
    return _(whole) if whole else listed(targets)


def listed(parts: Sequence[Part]) -> str:
    """`Right thumb, right index finger`."""
    names = [part_name(part) for part in parts]
    return ", ".join([*names[:1], *(in_sentence(name) for name in names[1:])])


def named(data: Mapping[str, object]) -> dict[str, object]:
    """`data` of an error or a finding with parts by their names: `part` begins a sentence, others stand within."""
    return {key: _named(key, value) for key, value in data.items()}


def _named(key: str, value: object) -> object:
    if isinstance(value, tuple) and value and _PARTS.issuperset(value):
        return ", ".join(in_sentence(part_name(Part(item))) for item in value)
    if not isinstance(value, str) or value not in _PARTS:
        return value
    name = part_name(Part(value))
    return name if key == "part" else in_sentence(name)


_PARTS = frozenset(part.value for part in Part)
_SLAPS: dict[tuple[Part, ...], str] = {
    RIGHT_FOUR: N_("Right four fingers"),
    LEFT_FOUR: N_("Left four fingers"),
    THUMBS: N_("Two thumbs"),
    IRISES: N_("Both eyes"),
}
_FINGERS = (
    N_("Right thumb"),
    N_("Right index finger"),
    N_("Right middle finger"),
    N_("Right ring finger"),
    N_("Right little finger"),
    N_("Left thumb"),
    N_("Left index finger"),
    N_("Left middle finger"),
    N_("Left ring finger"),
    N_("Left little finger"),
)
