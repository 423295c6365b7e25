"""One picture measured whole: faces, pose, light and wall, put together in a report, and the portrait cut out.

It must not know where the picture comes from.
"""

from __future__ import annotations

import cv2
import numpy as np

from station.capture.face import framing
from station.capture.face.eyes import openness
from station.capture.face.ground import ground_of
from station.capture.face.judging import Measured, findings_of, quality_of
from station.capture.face.light import light_of
from station.capture.face.models import Face, Mesh, Rgb, find_faces, mesh_of
from station.capture.face.pose import pose_of
from station.capture.face.report import FaceReport
from station.domain.eligibility import Background

MEASURED_PX = 960
"""Larger pictures are made smaller first: nothing that is measured gains from more."""

_A_FACE = 0.5
_BYSTANDER = 0.3  # width over that of the largest face; smaller ones are patterns, or pictures on a wall
_NIGHT = 35.0


def measure(rgb: Rgb, background: Background | None) -> FaceReport:
    """The report of one picture."""
    rgb = _no_larger(rgb)
    faces = [(face, mesh) for face in find_faces(rgb) if (mesh := mesh_of(rgb, face)).sure >= _A_FACE]
    if not faces:
        dark = ("face.dark",) if float(rgb.mean()) < _NIGHT else ()
        return FaceReport(0, (*dark, "face.none"), 0)
    main = faces[0][0]
    count = sum(face.width >= _BYSTANDER * main.width for face, _mesh in faces)
    report = _report(rgb, *faces[0], background, count)
    if count > 1:
        return FaceReport(**{**report.values(), "findings": ("face.many",), "quality": 0})
    return report


def portrait(rgb: Rgb, report: FaceReport) -> Rgb:
    """The picture cut to the framing of the card, 480 by 640."""
    height, width = rgb.shape[:2]
    if report.faces:
        eyes = report.eyes[0] * height, report.eyes[1] * height
        cut = framing.inside(framing.wanted(eyes, report.apart * height), width, height)
    else:
        cut = framing.middle(width, height)
    left, top = round(cut.left), round(cut.top)
    piece = rgb[top : top + max(1, round(cut.height)), left : left + max(1, round(cut.width))]
    how = cv2.INTER_AREA if piece.shape[0] > framing.HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(piece, (framing.WIDTH, framing.HEIGHT), interpolation=how), np.uint8)


def _report(rgb: Rgb, face: Face, mesh: Mesh, background: Background | None, count: int) -> FaceReport:
    height, width = rgb.shape[:2]
    pose = pose_of(mesh)
    cut = framing.wanted(pose.eyes, pose.apart)
    light, ground = light_of(rgb, mesh, pose), ground_of(rgb, cut)
    seen = Measured(width, height, cut, pose, openness(rgb, mesh), light, ground)
    return FaceReport(
        faces=count,
        findings=findings_of(seen, background),
        quality=quality_of(seen),
        sure=face.score,
        box=(face.left / height, face.top / height, face.width / height, face.height / height),
        eyes=(pose.eyes[0] / height, pose.eyes[1] / height),
        apart=pose.apart / height,
        roll=pose.roll,
        yaw=pose.yaw,
        pitch=pose.pitch,
        eyes_open=seen.eyes_open,
        mouth_open=pose.mouth_open,
        light=light.level,
        shadow=light.shadow,
        sharp=light.sharp,
        hue=ground.hue,
        colour=ground.colour,
        uneven=ground.uneven,
    )


def _no_larger(rgb: Rgb) -> Rgb:
    largest = max(rgb.shape[:2])
    if largest <= MEASURED_PX:
        return rgb
    scale = MEASURED_PX / largest
    return np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
