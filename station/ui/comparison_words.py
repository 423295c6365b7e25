"""A comparison with central in words: when, and what was found on either side."""

from __future__ import annotations

from collections.abc import Callable

from station.domain.comparison import Comparison
from station.i18n import _, ngettext
from station.ui.format import clock, thousands


def comparison_sentence(found: Comparison) -> str:
    """When it was, and the worst that was found, in one sentence."""
    if found.equal:
        return _("Compared with central {time}: both sides equal").format(time=clock(found.at))
    if not found.safe:
        return _("Compared with central {time}: {number} packets differ").format(
            time=clock(found.at), number=thousands(found.missing + found.conflicts)
        )
    return _("Compared with central {time}: central lacks nothing").format(time=clock(found.at))


def comparison_findings(found: Comparison) -> tuple[str, ...]:
    """One sentence for each thing that was not equal; none when all was."""
    told = ((found.missing, _missing), (found.regained, _regained), (found.unknown, _unknown), (found.conflicts, _odd))
    return tuple(_counted(number, sentence) for number, sentence in told if number)


def _counted(number: int, sentence: Callable[[int], str]) -> str:
    return sentence(number).format(number=thousands(number))


def _missing(number: int) -> str:
    return ngettext(
        "Central had lost {number} packet that it had confirmed. It is on this disk and is sent again.",
        "Central had lost {number} packets that it had confirmed. They are on this disk and are sent again.",
        number,
    )


def _regained(number: int) -> str:
    return ngettext(
        "Central has {number} packet whose receipt was not here. The receipt is fetched.",
        "Central has {number} packets whose receipts were not here. The receipts are fetched.",
        number,
    )


def _unknown(number: int) -> str:
    return ngettext(
        "Central has {number} record of this station that is not on this disk, for the disk was lost or replaced.",
        "Central has {number} records of this station that are not on this disk, for the disk was lost or replaced.",
        number,
    )


def _odd(number: int) -> str:
    return ngettext(
        "Central has another packet in the place of {number} of ours. It is kept here; tell the Dinas.",
        "Central has other packets in the place of {number} of ours. They are kept here; tell the Dinas.",
        number,
    )
