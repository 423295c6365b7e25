"""A picture of a face device as it is, for what is no face: a document, a bandaged hand.

The asking function loads nothing; the run loads the native code, in a child of the lab.
"""

from __future__ import annotations

from station.capture.lab import Lab, Message

LONGEST_SIDE = 2000
MAX_BYTES = 1024 * 1024


def read(lab: Lab, image: bytes) -> tuple[bytes, int, int]:
    """The whole picture as JPEG, its width and height. DeviceError `device.bad_image`, `lab.*`."""
    answer = lab.ask("face_whole", {}, image)
    return answer.blob(0), answer.side("width"), answer.side("height")


def run(question: Message) -> Message:
    """In the child: decode, shrink, encode."""
    import numpy as np
    from PIL import Image

    from station.capture import codecs, pictures

    picture = Image.fromarray(pictures.face(question.blob(0)).pixels)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    jpeg = codecs.encode_jpeg(np.asarray(picture, dtype=np.uint8), MAX_BYTES)
    return Message({"width": picture.width, "height": picture.height}, (jpeg,))
