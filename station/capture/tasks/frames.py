"""Live frames of a device: decoded, made small enough to paint, and looked at by the coach.

The asking function loads nothing; the run loads the native code, in a child of the lab.
"""

from __future__ import annotations

from station.capture.lab import Lab, Message
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError
from station.domain.policy import STANDARD
from station.domain.ports import Preview

MAX_FRAME_BYTES = 4 * 1024 * 1024
MAX_WIDTH = 960
MAX_HEIGHT = 960
LIMIT_S = 8.0
"""A frame is worth no patience; the first one also waits until a child has started."""


def read(
    lab: Lab, modality: Modality, jpeg: bytes, *, hint: bool = True, floor: int = STANDARD.iris_quality
) -> Preview:
    """The frame as pixels to paint. DeviceError `device.bad_image` for what is no JPEG, `lab.*`.

    Without `hint` it is not measured, and so is there sooner. Faces come in colour and without a hint: `faces` measures
    those. An eye whose quality reaches `floor` needs no hint.
    """
    if len(jpeg) > MAX_FRAME_BYTES:
        raise DeviceError("device.bad_image", format="frame", reason="size")
    answer = lab.ask("frame_read", {"modality": modality.value, "hint": hint, "floor": floor}, jpeg, limit_s=LIMIT_S)
    width, height, channels = answer.side("width"), answer.side("height"), answer.number("channels")
    pixels = answer.blob(0)
    if channels not in (1, 3) or len(pixels) != width * height * channels:
        raise DeviceError("lab.crashed", task="frame_read")
    return Preview(pixels, width, height, channels, answer.text("hint"))


# ------------------------------------------------------------------------------------------------------- in the child


def run_read(question: Message) -> Message:
    """Decode, shrink, hint."""
    from station.capture.live import opened, seen

    modality = Modality(question.text("modality"))
    pixels = opened(question.blob(0), modality, (MAX_WIDTH, MAX_HEIGHT))
    height, width = pixels.shape[:2]
    channels = 3 if pixels.ndim == 3 else 1
    values = {
        "width": width,
        "height": height,
        "channels": channels,
        "hint": seen(pixels, modality, question.number("floor")) if question.values.get("hint") else "",
    }
    return Message(values, (pixels.tobytes(),))
