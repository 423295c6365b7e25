"""Which documents may be scanned, within which limits, and the PDF their pages are kept in."""

from __future__ import annotations

import numpy as np
import pypdfium2
import pytest

from station.capture.page_pdf import make_pdf, pages_of
from station.domain import documents
from station.domain.attachment import Attachment, Role
from station.domain.checklist import DOCUMENTS
from station.domain.documents import MAX_DOCUMENTS, MAX_PAGE_BYTES, MAX_PAGES, MAX_RECORD_BYTES, Page
from station.domain.errors import RuleError, StoreError
from tests.fakes import drawn_page
from tests.support import TODAY

CARD = drawn_page.family_card((600, 424))
PAGE = Page(drawn_page.as_jpeg(CARD), *CARD.size)


def scanned(number: int, kind: str, size: int = 1000) -> Attachment:
    return Attachment(number, Role.DOCUMENT, kind, "", 1, documents.PDF, size, "", TODAY)


def test_a_document_is_listed_where_it_was_asked_for_and_what_is_more_comes_after() -> None:
    asked = tuple(item for item in DOCUMENTS if item.key in ("f102", "kk"))
    here = (scanned(1, "kk"), scanned(2, "other"), scanned(3, "kk"), scanned(4, "police"))
    found = [(line.kind, line.scanned.number if line.scanned else None) for line in documents.lines(asked, here)]
    assert found == [("f102", None), ("kk", 1), ("kk", 3), ("other", 2), ("police", 4), ("other", None)]


def test_every_document_of_every_checklist_can_be_scanned_and_has_a_name() -> None:
    assert {item.key for item in DOCUMENTS} < set(documents.KINDS)
    for kind in documents.KINDS:
        assert documents.label_of(kind) != kind
        assert kind.replace("_", "").isalnum(), "it becomes part of a name inside the packet"


def test_a_number_is_kept_in_one_short_line() -> None:
    assert documents.clean_title("  470/ 123 \n\t/2026\x00 ") == "470/ 123 /2026"
    assert len(documents.clean_title("9" * 300)) == documents.MAX_TITLE
    assert documents.clean_title("\x1b \x07") == ""


def test_limits_are_told_with_their_number() -> None:
    large = Page(bytes(MAX_PAGE_BYTES), 10, 10)
    for pages, code in (((), "no_page"), ((PAGE,) * (MAX_PAGES + 1), "too_many_pages"), ((large,), "page_too_large")):
        with pytest.raises(RuleError, match=code):
            documents.check_pages(pages)
    twelve = [scanned(number, "other") for number in range(MAX_DOCUMENTS)]
    with pytest.raises(RuleError, match="too_many"):
        documents.check_room(twelve, 10, new=True)
    documents.check_room(twelve, 10, new=False)
    with pytest.raises(RuleError, match="no_room"):
        documents.check_room([scanned(1, "kk", MAX_RECORD_BYTES - 10)], 11, new=True)


def test_a_pdf_gives_back_the_very_pages_it_was_made_of() -> None:
    pages = (PAGE, PAGE.turned(), Page(drawn_page.as_jpeg(CARD.rotate(90, expand=True)), 424, 600, 270))
    pdf = make_pdf(pages)
    assert pages_of(pdf) == pages
    assert make_pdf(pages) == pdf, "no date and no chance in it"
    assert len(pdf) <= sum(len(page.jpeg) + documents.PDF_BYTES_A_PAGE for page in pages)
    for word in (b"/Info", b"Producer", b"CreationDate", b"/ID"):
        assert word not in pdf


def test_any_reader_shows_the_pages_upright() -> None:
    pdf = pypdfium2.PdfDocument(make_pdf((PAGE, PAGE.turned())))
    assert len(pdf) == 2
    first, second = (pdf[number].render(scale=600 / 842, grayscale=True).to_numpy() for number in (0, 1))
    flat = np.asarray(CARD, np.int16)
    assert first.shape == flat.shape
    assert np.abs(first.astype(np.int16) - flat).mean() < 8
    assert np.abs(second.astype(np.int16) - np.rot90(flat, -1)).mean() < 8


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.4\n", make_pdf((PAGE,))[:-3], make_pdf((PAGE,)) + b"x"])
def test_another_pdf_is_not_taken_for_our_own(damage: bytes) -> None:
    with pytest.raises(StoreError, match=r"store\.corrupt"):
        pages_of(damage)
