"""Pages as one PDF, and the pages of such a PDF: JPEGs as they are, and nothing else in it.

The same pages always make the same bytes: no date, no program, no name. It must not know what the pages show, and it
reads only what it has written itself: the PDFs of others go to `capture/tasks/pages.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from station.domain.documents import TURNS, Page
from station.domain.errors import StoreError

_LONG_SIDE = 842
"""Points of the longer side of A4: how large the paper was is not known, and nobody measures on a copy."""
_OWN_LINE = re.compile(
    rb"/Subtype /Image /Width (\d+) /Height (\d+) /ColorSpace /DeviceGray "
    rb"/BitsPerComponent 8 /Filter /DCTDecode /Length (\d+) >>\nstream\n"
)
_TURN = re.compile(rb"/Rotate (\d+)")
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


def make_pdf(pages: Sequence[Page]) -> bytes:
    """One PDF of these pages, in this order."""
    kids = " ".join(f"{3 + 3 * place} 0 R" for place in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()]
    for place, page in enumerate(pages):
        objects += _objects(page, 3 + 3 * place)
    made, starts = bytearray(_HEAD), []
    for number, content in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % start for start in starts)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(made)


def pages_of(pdf: bytes) -> tuple[Page, ...]:
    """The pages of a PDF that `make_pdf` has made; StoreError `store.corrupt` for any other bytes."""
    pages: list[Page] = []
    place = len(_HEAD)
    while (found := _OWN_LINE.search(pdf, place)) is not None:
        turned = _TURN.findall(pdf, place, found.start())
        width, height, length = (int(group) for group in found.groups())
        jpeg = pdf[found.end() : found.end() + length]
        pages.append(Page(jpeg, width, height, int(turned[-1]) if turned else 0))
        place = found.end() + length
    if not pages or make_pdf(pages) != pdf:
        raise StoreError("store.corrupt")
    return tuple(pages)


def _objects(page: Page, first: int) -> tuple[bytes, bytes, bytes]:
    """The page itself, what is drawn on it, and the picture."""
    assert page.turn in TURNS
    scale = _LONG_SIDE / max(page.width, page.height)
    width, height = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    sheet = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {page.turn} "
        f"/Resources << /XObject << /P {first + 2} 0 R >> >> /Contents {first + 1} 0 R >>"
    )
    drawing = f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode()
    content = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing)
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /DeviceGray "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(page.jpeg)} >>"
    )
    return sheet.encode(), content, b"%b\nstream\n%b\nendstream" % (picture.encode(), page.jpeg)
