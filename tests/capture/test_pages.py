"""Photos, scans and PDFs become pages: cut out, straight, small and legible; and nothing a file says is believed."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from station.capture.document_file import read_file
from station.capture.lab import Lab
from station.capture.tasks import pages
from station.capture.tasks.pages import MAX_FILE_BYTES, ReadPage
from station.domain.documents import MAX_PAGE_BYTES, MAX_PAGES
from station.domain.errors import DeviceError
from tests.fakes import drawn_page

CARD = drawn_page.family_card()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    made = Lab(1)
    yield made
    made.close()


def opened(read: ReadPage) -> Image.Image:
    return Image.open(io.BytesIO(read.page.jpeg))


def refused(lab: Lab, data: bytes, *, limit_s: float = 20.0) -> str:
    """The code with which a document is refused, at its first look or at its first page."""
    with pytest.raises(DeviceError) as caught:
        pages.count(lab, data, limit_s=limit_s)
        pages.read(lab, data, limit_s=limit_s)
    assert not set(caught.value.data) - {"limit", "limit_mb", "why"}
    return caught.value.code


def line_angle(picture: Image.Image) -> float:
    """By how many degrees the long lines of the table rise, measured otherwise than by the code under test."""
    ink = np.where(np.asarray(picture.convert("L")) < 160, 255, 0).astype(np.uint8)
    level = np.pi / 2
    found = cv2.HoughLines(ink, 1, np.pi / 1800, 400, min_theta=level - 0.3, max_theta=level + 0.3)
    assert found is not None, "no line of the table is left"
    return float(np.degrees(np.median(found[:16, 0, 1]) - level))


# ------------------------------------------------------------------------------------------------------- good pages


@pytest.mark.parametrize("angle", [-11.0, 4.0])
def test_paper_on_a_dark_table_is_cut_out_and_straightened(lab: Lab, angle: float) -> None:
    read = pages.read(lab, drawn_page.as_jpeg(drawn_page.on_a_table(CARD, angle=angle)))
    assert read.found_paper
    assert abs(line_angle(opened(read))) < 1
    assert read.page.width / read.page.height == pytest.approx(CARD.width / CARD.height, rel=0.06)
    border = np.asarray(opened(read))[30:-30, 30:60]
    assert np.median(border) > 235, "no table is left, and the shadow is gone"
    assert read.remarks == ()


@pytest.mark.parametrize("angle", [-9.0, 2.4, 13.0])
def test_lines_of_a_scan_are_laid_level_within_a_degree(lab: Lab, angle: float) -> None:
    read = pages.read(lab, drawn_page.as_png(drawn_page.skewed(CARD, angle)))
    assert read.skew == pytest.approx(-angle, abs=0.5)
    assert abs(line_angle(opened(read))) < 1


def test_the_frame_of_a_table_is_not_taken_for_the_paper(lab: Lab) -> None:
    read = pages.read(lab, drawn_page.as_png(CARD))
    assert not read.found_paper
    assert (read.page.width, read.page.height) == CARD.size
    assert read.skew == 0


def test_a_picture_without_paper_is_kept_whole(lab: Lab) -> None:
    fog = Image.fromarray(np.random.default_rng(1).normal(120, 3, (600, 800)).clip(0, 255).astype(np.uint8))
    read = pages.read(lab, drawn_page.as_jpeg(fog))
    assert not read.found_paper
    assert (read.page.width, read.page.height) == (800, 600)


def test_every_page_is_grey_and_within_its_budget(lab: Lab) -> None:
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 255, (1500, 1500, 3), np.uint8))
    for picture in (noise, drawn_page.family_card((3508, 2480))):
        read = pages.read(lab, drawn_page.as_jpeg(picture))
        assert opened(read).mode == "L"
        assert opened(read).size == (read.page.width, read.page.height)
        assert len(read.page.jpeg) <= MAX_PAGE_BYTES - 1024
    assert read.letter_px >= 12, "small print is still print"


def test_the_kept_page_says_nothing_of_where_it_came_from(lab: Lab) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "RahasiaKamera", "2026:11:22 03:00:00"
    buffer = io.BytesIO()
    CARD.save(buffer, "JPEG", exif=exif, comment=b"RahasiaKamera")
    kept = pages.read(lab, buffer.getvalue()).page.jpeg
    assert b"Rahasia" not in kept
    assert b"Exif" not in kept


def test_a_telephone_that_was_held_upright_is_believed(lab: Lab) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it
    buffer = io.BytesIO()
    CARD.rotate(90, expand=True).save(buffer, "JPEG", exif=exif)
    read = pages.read(lab, buffer.getvalue())
    assert read.page.width > read.page.height


@pytest.mark.parametrize("kind", ["png", "tiff", "webp", "bmp", "ppm", "deep", "see-through", "pdf"])
def test_whatever_scanners_and_telephones_make_can_be_read(lab: Lab, kind: str) -> None:
    buffer = io.BytesIO()
    if kind == "pdf":
        buffer.write(drawn_page.as_pdf(CARD))
    elif kind == "deep":
        Image.fromarray(np.asarray(CARD, np.uint16) * 257).save(buffer, "PNG")
    elif kind == "see-through":
        clear = Image.new("RGBA", CARD.size, (0, 0, 0, 0))
        clear.paste((20, 20, 20, 255), mask=Image.eval(CARD, lambda grey: 255 - grey))
        clear.save(buffer, "PNG")
    else:
        CARD.save(buffer, kind)
    read = pages.read(lab, buffer.getvalue())
    assert np.median(np.asarray(opened(read))) > 240, "the paper is white"
    assert read.letter_px >= 10
    assert read.remarks == ()


def test_every_page_of_a_document_is_read_in_order(lab: Lab) -> None:
    upright = CARD.rotate(90, expand=True)
    for data in (drawn_page.as_tiff(CARD, upright), drawn_page.as_pdf(CARD, upright)):
        assert pages.count(lab, data) == 2
        first, second = (pages.read(lab, data, number).page for number in (0, 1))
        assert first.width > first.height
        assert second.width < second.height


# ----------------------------------------------------------------------------------------------------- hard to read


def test_what_cannot_be_read_is_said(lab: Lab) -> None:
    lying = drawn_page.on_a_table(CARD, angle=4)
    soft = pages.read(lab, drawn_page.as_jpeg(drawn_page.blurred(lying, 4)))
    fog = pages.read(lab, drawn_page.as_jpeg(drawn_page.blurred(lying, 14)))
    dim = pages.read(lab, drawn_page.as_jpeg(lying.point(lambda grey: grey * 0.25)))
    far = pages.read(lab, drawn_page.as_jpeg(drawn_page.on_a_table(CARD, (760, 560), angle=4)))
    assert "document.blurred" in soft.remarks
    assert "document.blurred" in fog.remarks
    assert dim.remarks == ("document.dark",)
    assert "document.small" in far.remarks


# -------------------------------------------------------------------------------------------------------- bad input


def test_a_document_of_200_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "kk.jpg"
    with file.open("wb") as opened_file:
        opened_file.truncate(200 * 1024 * 1024)
    with pytest.raises(DeviceError) as caught:
        read_file(file)
    assert caught.value.code == "document.too_large"
    assert caught.value.data == {"limit_mb": MAX_FILE_BYTES // 1024**2}


def test_a_file_that_is_none_is_refused_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")  # reading it would wait for ever
    wrong = {"missing.jpg": "document.no_file", "": "document.no_file", "empty.jpg": "document.empty"}
    for name, code in {**wrong, "pipe.jpg": "document.no_file"}.items():
        with pytest.raises(DeviceError) as caught:
            read_file(tmp_path / name)
        assert caught.value.code == code
        assert str(tmp_path) not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_too_many_bytes_are_refused_without_asking_the_lab() -> None:
    with pytest.raises(DeviceError, match=r"document\.too_large"):
        pages.count(Lab(1), bytes(MAX_FILE_BYTES + 1))


def test_bytes_that_are_no_picture_are_refused_whatever_they_are_called(lab: Lab) -> None:
    whole = drawn_page.as_jpeg(CARD)
    assert refused(lab, b"NIK,NAMA\n" * 4000) == "document.not_a_picture"
    assert refused(lab, b"\xff\xd8\xff\xe0" + bytes(5000)) == "document.not_a_picture"
    assert refused(lab, b"%PDF-1.7\n" + bytes(5000)) == "document.not_a_picture"
    assert refused(lab, whole[: len(whole) // 2]) == "document.not_a_picture"
    assert refused(lab, drawn_page.as_png(Image.new("L", (40, 4000)))) == "document.not_a_picture"
    moving = io.BytesIO()
    CARD.save(moving, "GIF")
    assert refused(lab, moving.getvalue()) == "document.not_a_picture"


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is this large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(bytes(2_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000), (2_000_000_000, 4)])
def test_a_picture_that_unpacks_to_gigabytes_is_refused_by_its_head(lab: Lab, size: tuple[int, int]) -> None:
    assert refused(lab, _bomb(*size)) == "document.too_many_pixels"


# ------------------------------------------------------------------------------------------------------- PDF bombs


def _pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    made, starts = bytearray(b"%PDF-1.6\n"), []
    for number, content in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % start for start in starts)
    made += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(made)


def _stream(head: bytes, content: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (head, len(content), content)


def _one_page(page: bytes, *more: bytes, trailer: bytes = b"") -> bytes:
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %b >>" % page,
        *more,
        trailer=trailer,
    )


A4_BOX = b"/MediaBox [0 0 595 842] "


def test_a_pdf_of_ten_thousand_pages_is_refused(lab: Lab) -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = b"<< /Type /Pages /Kids [%b] /Count 10000 >>" % kids
    assert refused(lab, _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * 10_000)) == "document.too_many_pages"
    with pytest.raises(DeviceError) as caught:
        pages.count(lab, drawn_page.as_tiff(*[CARD.resize((200, 150))] * (MAX_PAGES + 1)))
    assert caught.value.code == "document.too_many_pages"


def test_a_locked_pdf_is_named_so(lab: Lab) -> None:
    lock = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%b> /U <%b> >>" % (b"31" * 32, b"32" * 32)
    ids = b"/Encrypt 4 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    assert refused(lab, _one_page(A4_BOX, lock, trailer=ids)) == "document.encrypted"


def test_a_page_the_size_of_a_village_is_painted_no_larger_than_any_other(lab: Lab) -> None:
    read = pages.read(lab, _one_page(b"/MediaBox [0 0 900000 700000]"))
    assert max(read.page.width, read.page.height) <= 2000
    assert refused(lab, _one_page(b"/MediaBox [0 0 9000000 3]")) == "document.not_a_picture"


def test_a_pdf_that_never_stops_painting_is_stopped_and_the_next_document_is_read(lab: Lab) -> None:
    levels = 12
    forms = []
    for level in range(levels):
        inner = b"/X Do " * 20 if level < levels - 1 else b"0 0 400 400 re f "
        uses = b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level) if level < levels - 1 else b""
        forms.append(_stream(b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] %b" % uses, inner))
    page = A4_BOX + b"/Resources << /XObject << /X 5 0 R >> >> /Contents 4 0 R"
    bomb = _one_page(page, _stream(b"", b"/X Do "), *forms)
    assert refused(lab, bomb, limit_s=1.5) == "document.cannot_be_read"
    assert pages.count(lab, drawn_page.as_pdf(CARD)) == 1


def test_a_picture_in_a_pdf_that_unpacks_to_gigabytes_costs_one_answer(lab: Lab) -> None:
    packed = zlib.compress(zlib.compress(bytes(64_000_000), 9), 9)  # packed twice: 64 MB from some hundred bytes
    head = (
        b"/Type /XObject /Subtype /Image /Width 65000 /Height 65000 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter [/FlateDecode /FlateDecode]"
    )
    page = A4_BOX + b"/Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R"
    bomb = _one_page(page, _stream(b"", b"595 0 0 842 0 0 cm /I Do"), _stream(head, packed))
    try:
        assert max(opened(pages.read(lab, bomb, limit_s=3)).size) <= 2000  # painted without it
    except DeviceError as problem:
        assert problem.code in ("document.cannot_be_read", "document.not_a_picture")
    assert pages.count(lab, drawn_page.as_pdf(CARD)) == 1
