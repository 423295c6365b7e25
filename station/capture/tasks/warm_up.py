"""Load what the first capture would otherwise wait for: the child is ready when this is answered."""

from __future__ import annotations

from station.capture.lab_message import Message


def run(question: Message) -> Message:
    """In the child: the codecs, NBIS with its model, and the networks that find a face."""
    from station.capture import coach, codecs, quality
    from station.capture.face import models

    quality.extractor()
    models.load()
    return Message({"ready": [coach.__name__, codecs.__name__]})
