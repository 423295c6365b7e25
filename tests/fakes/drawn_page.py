"""Draws documents that never existed: a family card of province 99 marked CONTOH, flat, or lying askew on a table."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from station.config import resources_dir

A4 = (1754, 1240)
"""A family card lies across: 150 dots per inch."""
_PEOPLE = ("BUDI CONTOH", "SITI CONTOH", "AGUS CONTOH", "DEWI CONTOH", "RINI CONTOH", "JOKO CONTOH")
_HEADS = ("Nama Lengkap", "NIK", "Jenis Kelamin", "Tempat Lahir", "Tanggal Lahir", "Agama", "Pendidikan")


def family_card(size: tuple[int, int] = A4) -> Image.Image:
    """White paper, a frame, a table of small print, CONTOH across it."""
    width, height = size
    page = Image.new("L", size, 248)
    draw = ImageDraw.Draw(page)
    unit = width / 1754
    draw.text((width / 2, 70 * unit), "KARTU KELUARGA", 20, _font(46 * unit), anchor="mm")
    draw.text((width / 2, 122 * unit), "No. 9901010101260001  ·  CONTOH", 20, _font(30 * unit), anchor="mm")
    left, right, top = 60 * unit, width - 60 * unit, 190 * unit
    columns = np.linspace(left, right, len(_HEADS) + 1)
    for row in range(17):
        y = top + row * 58 * unit
        draw.line((left, y, right, y), 60, max(1, round(2 * unit)))
        texts = _HEADS if row == 0 else _row(row)
        for place, text in enumerate(texts):
            if row < 16:
                draw.text((columns[place] + 8 * unit, y + 18 * unit), text, 25, _font(19 * unit))
    for x in columns:
        draw.line((x, top, x, top + 16 * 58 * unit), 60, max(1, round(2 * unit)))
    big = Image.new("L", size, 0)
    ImageDraw.Draw(big).text((width / 2, height / 2), "CONTOH", 42, _font(260 * unit), anchor="mm")
    page.paste(150, mask=big.rotate(18))
    return page


def _row(row: int) -> tuple[str, ...]:
    name = _PEOPLE[row % len(_PEOPLE)]
    return (name, f"99010101018{row:05d}", "PEREMPUAN", "KOTA CONTOH", f"{row:02d}-03-19{60 + row}", "ISLAM", "SLTA")


def on_a_table(page: Image.Image, size: tuple[int, int] = (2400, 1800), *, angle: float = 7.0) -> Image.Image:
    """The page photographed: dark wood, the paper turned by `angle` and leaning back, light falling off to one side."""
    width, height = size
    rng = np.random.default_rng(99)
    wood = 62 + 10 * np.sin(np.linspace(0, 60, height))[:, None] + rng.normal(0, 4, (height, width))
    away = page.width / page.height
    half_w = 0.36 * width
    half_h = half_w / away
    turn = np.radians(angle)
    corners = np.array([(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)])
    spun = corners @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    spun *= 1 + 0.06 * spun[:, 1:2] / height * 2  # nearer below, farther above
    onto = (spun + np.array([width / 2, height / 2])).astype(np.float32)
    flat = np.array([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)], np.float32)
    view = cv2.getPerspectiveTransform(flat, onto)
    paper = cv2.warpPerspective(np.asarray(page, np.float32), view, size, flags=cv2.INTER_AREA, borderValue=-1)
    there = cv2.warpPerspective(np.ones(page.size[::-1], np.float32), view, size)
    scene = np.where(there > 0.5, paper, wood)
    light = np.linspace(1.0, 0.62, width)[None, :]
    return Image.fromarray(np.clip(scene * light + rng.normal(0, 2, scene.shape), 0, 255).astype(np.uint8))


def skewed(page: Image.Image, angle: float) -> Image.Image:
    """White all around: as a sheet lies in a flatbed scanner. Turned clockwise by `angle`."""
    return page.rotate(-angle, Image.Resampling.BICUBIC, fillcolor=252)


def blurred(page: Image.Image, radius: float) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(radius))


def as_jpeg(image: Image.Image, quality: int = 90) -> bytes:
    return _saved(image, "JPEG", quality=quality)


def as_png(image: Image.Image) -> bytes:
    return _saved(image, "PNG")


def as_tiff(*images: Image.Image) -> bytes:
    return _saved(images[0], "TIFF", save_all=True, append_images=list(images[1:]))


def as_pdf(*images: Image.Image) -> bytes:
    """A PDF as a telephone makes it."""
    return _saved(images[0], "PDF", save_all=True, append_images=list(images[1:]), resolution=150)


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


def _font(size: float) -> ImageFont.FreeTypeFont:
    path = resources_dir() / "fonts" / "PlusJakartaSans-Medium.ttf"
    return ImageFont.truetype(str(path), round(size), layout_engine=ImageFont.Layout.BASIC)
