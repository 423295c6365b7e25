"""Something to be printed: what stands on it and how large the sheet is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PaperSize(StrEnum):
    """Sheets an office has at hand, upright."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True)
class Paper:
    """`title` names the kind of paper and never a person: it becomes a file name and is seen in the spooler's list.

    `html` is the body; whatever a person typed in it has been escaped.
    """

    title: str
    html: str
    size: PaperSize = PaperSize.A4
