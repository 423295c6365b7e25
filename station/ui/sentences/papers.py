"""What is said about the documents a person has brought."""

from __future__ import annotations

from station.domain.mark import N_

PAPERS: dict[str, tuple[str, str]] = {
    "papers.missing": (
        N_("This document is missing."),
        N_("Mark it when it is here, or write why the recording goes on without it."),
    ),
    "papers.unknown": (
        N_("This document is on no checklist."),
        N_("Open the checklist again and choose a document from it."),
    ),
    "papers.no_reason": (
        N_("A document is not needed only for a reason."),
        N_("Write the reason first."),
    ),
}
