"""Pictures are opened on the desk's thread while the window paints."""

from __future__ import annotations

import io
import subprocess
import sys

from PIL import Image

from station.ui.picture import picture

STANDS_STILL_S = 60.0
TWO_THREADS = """
import sys
from threading import Thread
from PySide6.QtGui import QGuiApplication, QImage
from station.ui.picture import picture
app = QGuiApplication(["test", "-platform", "offscreen"])
data = sys.stdin.buffer.read()
def open_many():
    for _ in range(400):
        assert not picture(data).isNull()
desk = Thread(target=open_many, daemon=True)
desk.start()
while desk.is_alive():
    QImage.fromData(data)
print("done")
"""


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_kept_picture_is_opened_and_nothing_is_none() -> None:
    opened = picture(jpeg())
    assert opened is not None
    assert (opened.width(), opened.height()) == (256, 256)
    assert picture(None) is None
    assert picture(b"") is None


def test_the_window_and_the_desk_open_pictures_at_once_and_neither_waits_for_the_other_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWO_THREADS], input=jpeg(), capture_output=True, timeout=STANDS_STILL_S, check=True
    )
    assert done.stdout == b"done\n"
