"""Which rows stand together on which chart, and in which words. Knows no drawing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.growth import SUFFIX

Figure = dict[str, str | float | int]
"""A row as it stands in build/bench.json."""


@dataclass(frozen=True)
class Curve:
    """What grows with how much data: names of rows by size. `bars`: the smaller sizes have a pair of bars too."""

    caption: str
    of: str
    points: dict[int, str]
    bars: bool = False


@dataclass(frozen=True)
class Family:
    """One PNG: every row whose name begins with one of `prefixes`; how they grow stands below."""

    file: str
    title: str
    prefixes: tuple[str, ...]
    only: str
    """What `make bench` is asked for to measure it again; '' when another command does."""
    curves: tuple[Curve, ...] = ()
    shared: bool = False
    """All bars to one scale: they are the same thing at other sizes."""

    @property
    def again(self) -> str:
        """The command that measures it again."""
        return f'make bench ARGS="--only {self.only}"' if self.only else "make bench-link"

    def rows(self, figures: Sequence[Figure]) -> list[Figure]:
        """Its rows but those of growth and of smaller sizes, which the curves show; in the order of the captions."""
        below = {name for curve in self.curves if not curve.bars for name in list(curve.points.values())[:-1]}
        order = {name: place for place, name in enumerate(CAPTIONS)}
        mine = [figure for figure in figures if self.holds(figure)]
        mine.sort(key=lambda figure: order.get(str(figure["name"]), len(order)))
        return [row for row in mine if not str(row["name"]).endswith(SUFFIX) and row["name"] not in below]

    def holds(self, figure: Figure) -> bool:
        return str(figure["name"]).startswith(self.prefixes)


FAMILIES = (
    Family(
        "seal", "Sealing a record, keeping an answer, size of a packet", ("seal.", "packet.", "draft."),
        "seal packet draft",
    ),
    Family(
        "start", "Start to the sign-in window", ("start.",), "start",
        (
            Curve(
                "Start until a password is taken", "packets waiting",
                {1000: "start.ready_ms.queued_1000", 10_000: "start.ready_ms.queued_10000"},
                bars=True,
            ),
        ),
        shared=True,
    ),
    Family(
        "memory", "Memory of the window's process", ("memory.", "people.roster.rss_mb"), "memory people.roster",
        (
            Curve(
                "Resident memory", "packets waiting",
                {1000: "memory.window_mb.queued_1000", 10_000: "memory.window_mb.queued_10000"},
                bars=True,
            ),
        ),
        shared=True,
    ),
    Family(
        "drain", "Delivering what waits, and what central takes",
        ("drain.", "sync.drain.packets", "sync.drain.rss", "central."), "drain sync.drain central",
        (
            Curve(
                "Delivering", "packets waiting",
                {40: "drain.packets_per_s", 400: "drain.packets_per_s.400"},
                bars=True,
            ),
        ),
    ),
    Family(
        "window", "How long the window stands still while packets are delivered", ("gui.", "sync.drain.gui"),
        "gui sync.drain",
    ),
    Family(
        "sync", "Coming back, keeping to a cap, comparing with central", ("sync.return", "sync.cap", "sync.reconcile"),
        "sync.return sync.cap sync.reconcile",
        (Curve("Comparing", "delivered packets", {1000: "sync.reconcile_ms.1000", 10_000: "sync.reconcile_ms"}),),
    ),
    Family(
        "search", "Finding somebody in the record list", ("records.",), "records records.search",
        tuple(
            Curve(f"By {way}", "records", {1000: f"records.search_ms.{key}.1000", 10_000: f"records.search_ms.{key}"})
            for key, way in {"name": "name", "nik": "NIK", "number": "registration number"}.items()
        ),
    ),
    Family(
        "roster", "A target list of a million people", ("people.roster.", "memory.window_mb.targets"),
        "memory people.roster",
        tuple(
            Curve(
                caption, "people on the list",
                {105_338: f"people.roster.{key}.105338", 1_053_378: f"people.roster.{key}"},
            )
            for key, caption in {
                "import_s": "Import", "nik_p99_ms": "Look-up by NIK", "name_p99_ms": "Search by name",
            }.items()
        ),
    ),
    Family(
        "people", "Recording by keyboard, and the region table", ("people.keyboard.", "people.regions."),
        "people.keyboard people.regions",
    ),
    Family(
        "capture", "Devices: pictures, fingers, faces, documents", ("capture.",),
        "capture.preview capture.document capture.set capture.finger capture.wsq capture.face capture.gui_gap",
    ),
    Family(
        "guard", "Signing in, standing idle, restoring, repairing", ("guard.",),
        "guard.idle guard.restore guard.signin",
        (
            Curve("Restoring", "sealed records", {150: "guard.restore_150_s", 1500: "guard.restore_1500_s"}),
            Curve("Repairing", "sealed records", {150: "guard.recover_corrupt_s.150", 1500: "guard.recover_corrupt_s"}),
        ),
    ),
    Family("slow", "A slow station: a third of a core, a slow disk", ("slow.",), "slow"),
    Family("link", "Delivery over bad lines", ("link.", "peer."), ""),
)  # fmt: skip

PEER = "peer."
"""Rows of other programs, which were measured on the same bad lines."""
_LINK = re.compile(r"(?:link|peer\.(\w+))\.(goodput|overhead)\.(\d+)k(?:\.loss(\d+))?")
_MEASURED = {"goodput": "delivered", "overhead": "bytes sent for a byte delivered, with drops"}


def caption(name: str) -> str:
    """What the row says, for people; its name when nobody wrote that down."""
    if found := _LINK.fullmatch(name):
        who, what, rate, loss = found.groups()
        return f"{rate} kbit/s{f', {loss} % lost' if loss else ''}: {_MEASURED[what]} by {who or 'this program'}"
    return CAPTIONS.get(name, name)


CAPTIONS = {
    "seal.ms": "Seal a complete record",
    "packet.bytes": "One sealed packet with all parts",
    "draft.answer_ms": "One answer kept on the disk",
    "start.window_ms": "Nothing waiting",
    "start.window_ms.queued_1000": "1,000 packets waiting",
    "start.window_ms.queued_10000": "10,000 packets waiting",
    "start.ready_ms": "Nothing waiting: a password is taken",
    "start.ready_ms.queued_1000": "1,000 packets waiting: a password is taken",
    "start.ready_ms.queued_10000": "10,000 packets waiting: a password is taken",
    "memory.window_mb.queued_0": "Nothing waiting",
    "memory.window_mb.queued_1000": "1,000 packets waiting",
    "memory.window_mb.queued_10000": "10,000 packets waiting",
    "memory.window_mb.targets": "A target list of 1,053,378 people",
    "people.roster.rss_mb": "Most that importing and searching that list ever held",
    "drain.packets_per_s": "Engine alone, 40 packets",
    "drain.packets_per_s.400": "Engine alone, 400 packets",
    "drain.upload_mbit_per_s": "The same 40 packets in bits",
    "sync.drain.packets_per_s": "Window open, 1,000 packets",
    "sync.drain.rss_growth_mb": "Memory that grew over 1,000 packets",
    "sync.drain.rss_growth_part_mb": "Memory that grew over 200 of them",
    "sync.drain.gui_gap_max_ms": "Longest gap of the event loop over 1,000 packets",
    "central.packets_per_s": "What central takes over four connections",
    "gui.gap_max_ms": "Longest gap while 40 packets go (median of five)",
    "gui.gap_p99_ms": "99 % of the gaps",
    "gui.gap_worst_ms": "Longest gap of all five",
    "sync.return_to_manifest_s": "Line is back to first manifest, central asks for no spread",
    "sync.cap_accuracy": "Sent under a cap of 2,000 kbit/s",
    "sync.reconcile_ms": "10,000 delivered packets compared with central",
    "sync.reconcile_ms.1000": "1,000 of them",
    "records.search_ms": "Mixed searches among 10,000 records",
    "records.by_news_ms": "10,000 records ordered by what central said",
    "records.search_ms.name": "By parts of the name, 10,000 records",
    "records.search_ms.name.1000": "The same, 1,000 records",
    "records.search_ms.nik": "By NIK, 10,000 records",
    "records.search_ms.nik.1000": "The same, 1,000 records",
    "records.search_ms.number": "By registration number, 10,000 records",
    "records.search_ms.number.1000": "The same, 1,000 records",
    "people.roster.import_s": "Import of 1,053,378 people",
    "people.roster.import_s.105338": "The same, 105,338 people",
    "people.roster.nik_p99_ms": "Look-up by NIK (p99)",
    "people.roster.nik_p99_ms.105338": "The same, 105,338 people",
    "people.roster.name_p99_ms": "Search by name, spelling variants (p99)",
    "people.roster.name_p99_ms.105338": "The same, 105,338 people",
    "people.roster.name_importing_p99_ms": "The same while another list is imported",
    "people.keyboard.key_presses": "Keys from NIK to sealed, somebody on the list, devices and reasons left out",
    "people.keyboard.program_s": "Time that the program takes for them",
    "people.regions.search_p99_ms": "Key press to painted list of villages (p99)",
    "people.regions.first_ms": "First search of a process",
    "people.regions.memory_mb": "Memory of the region table",
    "capture.preview.p95_ms": "Live frame received to painted (p95)",
    "capture.document.page_ms": "A photographed paper becomes a page, 12 megapixels",
    "capture.document.page_bytes": "Size of that page",
    "capture.set_bytes": "Photo, prints, irises, signature with statements of devices",
    "capture.finger.ms": "One finger of a slap: cut, NFIQ 2, minutiae, WSQ",
    "capture.wsq_nfiq2_drop": "NFIQ 2 lost by WSQ",
    "capture.face.frames_per_s": "Live frames of a face measured",
    "capture.gui_gap.max_ms": "Longest gap of the event loop in five captures",
    "capture.gui_gap.p99_ms": "99 % of the gaps",
    "slow.start_ms": "Start to the sign-in window",
    "slow.ready_ms": "Start until a password is taken",
    "slow.signin_ms": "Password typed to office open",
    "slow.begin_ms": "NIK entered to the form",
    "slow.key_ms": "A key press, 95 % of all",
    "slow.step_ms": "A change of step, 95 % of all",
    "slow.save_ms": "Enter to sealed",
    "guard.signin_ms": "Password known to office open, 10,000 records, the desk alone",
    "guard.idle_cpu_percent": "A core's share of the window left alone",
    "guard.restore_1500_s": "1,500 records restored from the second medium",
    "guard.restore_150_s": "The same, 150 records",
    "guard.recover_corrupt_s": "Recording again after the database was lost, 1,500 records",
    "guard.recover_corrupt_s.150": "The same, 150 records",
}
