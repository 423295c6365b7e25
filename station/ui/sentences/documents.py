"""What is said about scanning: the document, the scanner, and a page that is hard to read."""

from __future__ import annotations

from station.domain.mark import N_

_KINDS = N_("Photos (JPEG, PNG, TIFF) and PDF can be read. Take a photo of the paper instead.")
_CLOSER = N_("Take it again: hold still, come closer, more light.")
_OTHER_WAY = N_("Use the camera or a file instead.")

DOCUMENTS: dict[str, tuple[str, str]] = {
    "document.too_large": (
        N_("This file is too large for a document (over {limit_mb} MB)."),
        N_("Scan it in grey at 200 dpi, or take a photo of the paper."),
    ),
    "document.too_many_pixels": (
        N_("This picture is too large to be opened safely."),
        N_("Scan it in grey at 200 dpi, or take a photo of the paper."),
    ),
    "document.too_many_pages": (
        N_("A document has {limit} pages at most."),
        N_("Keep only the pages that are needed."),
    ),
    "document.encrypted": (
        N_("This PDF is locked with a password."),
        N_("Take a photo of the paper instead."),
    ),
    "document.not_a_picture": (N_("This is no picture and no PDF that can be read."), _KINDS),
    "document.cannot_be_read": (N_("This document cannot be opened safely."), _KINDS),
    "document.empty": (N_("This file is empty."), _KINDS),
    "document.no_file": (
        N_("The file cannot be read."),
        N_("Check that the stick is plugged in, then choose the file again."),
    ),
    "document.unknown_kind": (
        N_("This kind of document is not known."),
        N_("Choose the kind from the list."),
    ),
    "document.no_page": (N_("There is no page to keep."), N_("Scan the page again.")),
    "document.page_too_large": (
        N_("The page is too large to be kept (over {limit_kb} KB)."),
        N_("Scan the page again."),
    ),
    "document.too_many": (
        N_("One person has {limit} documents at most."),
        N_("Keep only the documents that are needed."),
    ),
    "document.no_room": (
        N_("The documents of this person are too large together (over {limit_kb} KB)."),
        N_("Take out pages that are not needed."),
    ),
    "document.gone": (N_("This page is not here any more."), N_("Choose it again in the list.")),
    "document.blurred": (N_("The page is not sharp."), _CLOSER),
    "document.dark": (N_("The page is too dark."), _CLOSER),
    "document.small": (N_("The writing is too small to be read."), _CLOSER),
    "scanner.not_here": (
        N_("This computer has no program for scanners (SANE)."),
        N_("Use the camera or a file instead. The technician can install it."),
    ),
    "scanner.not_on_windows": (N_("Scanners are not supported on Windows."), _OTHER_WAY),
    "scanner.none": (
        N_("No scanner was found."),
        N_("Switch it on, plug it in, then try again. Or use the camera or a file."),
    ),
    "scanner.busy": (N_("The scanner is busy."), N_("Wait until it has finished, then try again.")),
    "scanner.jammed": (N_("Paper is stuck in the scanner."), N_("Take the paper out, then try again.")),
    "scanner.no_paper": (N_("The feeder of the scanner is empty."), N_("Put the paper in, then try again.")),
    "scanner.cover_open": (N_("The cover of the scanner is open."), N_("Close it, then try again.")),
    "scanner.unplugged": (
        N_("The scanner stopped answering."),
        N_("Check cable and power, then try again. Pages that were scanned are stored."),
    ),
    "scanner.denied": (
        N_("This program may not use the scanner."),
        N_("Ask the technician for permission to use it. Use the camera or a file meanwhile."),
    ),
    "scanner.too_slow": (
        N_("The scanner took too long."),
        N_("Switch it off and on, then try again. Pages that were scanned are stored."),
    ),
    "scanner.failed": (N_("The scanner could not scan."), N_("Try again. Or use the camera or a file.")),
    "scanner.stopped": (N_("Scanning was stopped."), N_("Pages that were scanned are stored.")),
}
