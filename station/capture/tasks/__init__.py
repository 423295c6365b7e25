"""What the children of the lab can do. Each module has a typed function to ask, and the function the child runs.

The table names functions instead of importing them: the window's process never loads the native code.
"""

from __future__ import annotations

from collections.abc import Callable

from station.capture.lab_message import Message

Task = Callable[[Message], Message]
"""Runs in the child. DeviceError is an answer; anything else ends the child, and the asker gets `lab.crashed`."""

TASKS: dict[str, str] = {
    "warm_up": "station.capture.tasks.warm_up:run",
    "finger_read": "station.capture.tasks.fingers:run_read",
    "finger_cut": "station.capture.tasks.fingers:run_cut",
    "finger_measure": "station.capture.tasks.fingers:run_measure",
    "likeness": "station.capture.tasks.likeness:run",
    "iris_read": "station.capture.tasks.irises:run_read",
    "frame_read": "station.capture.tasks.frames:run_read",
    "document_count": "station.capture.tasks.pages:run_count",
    "document_page": "station.capture.tasks.pages:run_page",
    "evidence": "station.capture.tasks.evidence:run",
    "face_read": "station.capture.tasks.faces:run_read",
    "face_crop": "station.capture.tasks.faces:run_crop",
    "face_frame": "station.capture.tasks.faces:run_frame",
    "face_preview": "station.capture.tasks.faces:run_preview",
    "face_whole": "station.capture.tasks.whole:run",
    "face_frame_crop": "station.capture.tasks.faces:run_frame_crop",
}
