"""Asking for the pages of a document that came from outside: a photo, a scan or a PDF, read in a child of the lab.

What a child does with a page is in paper_source (opening), paper (finding and straightening), page_picture (writing).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from station.capture.lab import Lab, Message
from station.capture.lab_message import MAX_SIDE
from station.domain.documents import MAX_PAGES, Page
from station.domain.errors import DeviceError

MAX_FILE_BYTES = 40 * 1024 * 1024
"""More than any camera or scanner makes of one document, and less than a child of the lab takes."""
LIMIT_S = 20.0


@dataclass(frozen=True)
class ReadPage:
    """A page as it will be kept, and what was done to get it.

    `found_paper`: the paper was found in the picture and cut out; otherwise it is the whole picture. `skew` is by how
    many degrees its lines were straightened. `letter_px` is the height of its letters, 0 when there are none.
    `remarks` are codes of what makes it hard to read, such as `document.blurred`.
    """

    page: Page
    found_paper: bool
    skew: float
    letter_px: int
    remarks: tuple[str, ...]


def count(lab: Lab, data: bytes, *, limit_s: float = LIMIT_S) -> int:
    """How many pages this document has.

    DeviceError: `document.too_large`, `document.too_many_pages`, `document.too_many_pixels`, `document.encrypted`,
    `document.not_a_picture`, `document.cannot_be_read`.
    """
    with _read_answer():
        return _ask(lab, {}, data, "document_count", limit_s).number("pages", 1, MAX_PAGES)


def read(lab: Lab, data: bytes, number: int = 0, *, limit_s: float = LIMIT_S) -> ReadPage:
    """Page `number` of it, from 0: cut out, straight, evenly lit, grey, and small. DeviceError as for `count`."""
    with _read_answer():
        answer = _ask(lab, {"number": number}, data, "document_page", limit_s)
        return ReadPage(
            page=Page(answer.blob(0), answer.side("width"), answer.side("height")),
            found_paper=answer.yes("found_paper"),
            skew=answer.ratio("skew"),
            letter_px=answer.number("letter_px", 0, MAX_SIDE),
            remarks=answer.texts("remarks"),
        )


def _ask(lab: Lab, values: dict[str, int], data: bytes, task: str, limit_s: float) -> Message:
    if len(data) > MAX_FILE_BYTES:
        raise DeviceError("document.too_large", limit_mb=MAX_FILE_BYTES // 1024**2)
    return lab.ask(task, values, data, limit_s=limit_s)


@contextmanager
def _read_answer() -> Iterator[None]:
    try:
        yield
    except DeviceError as problem:
        # Whatever ended the child, the document did: there is no other way to say it to a clerk.
        if problem.code in ("lab.crashed", "lab.too_slow", "lab.too_large"):
            raise DeviceError("document.cannot_be_read", why=problem.code) from problem
        raise


# ------------------------------------------------------------------------------------------------- inside the child


def run_count(question: Message) -> Message:
    """How many pages there are."""
    from station.capture.tasks.paper_source import open_paper

    source = open_paper(question.blob(0))
    if not 0 < source.pages <= MAX_PAGES:
        raise DeviceError("document.too_many_pages", limit=MAX_PAGES)
    return Message({"pages": source.pages})


def run_page(question: Message) -> Message:
    """One page, ready to be kept."""
    from station.capture.tasks import page_picture, paper
    from station.capture.tasks.paper_source import open_paper

    picture = open_paper(question.blob(0)).picture(question.number("number"))
    sheet = paper.straighten(picture)
    measured = page_picture.measure(sheet)
    jpeg, width, height = page_picture.encode(paper.even_light(sheet.grey))
    told = {
        "width": width,
        "height": height,
        "found_paper": sheet.found,
        "skew": sheet.skew,
        "letter_px": round(measured.letter_px * max(width, height) / max(sheet.grey.shape)),
        "remarks": page_picture.remarks(measured, max(width, height) / max(sheet.grey.shape)),
    }
    return Message(told, (jpeg,))
