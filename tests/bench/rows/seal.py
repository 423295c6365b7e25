"""How long sealing a record takes, and how large the packet is."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from station.desk import sealing
from tests.bench.disk import write_durably
from tests.bench.pairs import beside, milliseconds
from tests.bench.people import captures, raw_bytes
from tests.bench.row import Row
from tests.bench.sealed_station import complete_draft
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace

TURNS = 15
PACKETS = 5


def seal(site: Site) -> Iterator[Row]:
    """seal.ms: `desk.sealing.seal` of a complete draft of about 200 KB, as the officer waits for it.

    Beside: the same bytes as one new file, written, synced and renamed.
    """
    root = site.folder("seal")
    with offline_workplace(root) as place:
        drafts = [complete_draft(place, serial) for serial in range(1, TURNS + 2)]
        sealed = [sealing.seal(place.office, drafts.pop()).record.key]  # the first one warms up

        def one(_turn: int) -> float:
            record_id = drafts.pop()
            return milliseconds(lambda: sealed.append(sealing.seal(place.office, record_id).record.key))

        def raw(turn: int) -> float:
            data = place.depot.packets.read(sealed[-1])
            return milliseconds(lambda: write_durably(root / f"raw-{turn}.bytes", data))

        value, other = beside(TURNS, one, raw)
    yield Row("seal.ms", value, "ms", other, "raw write + fsync + rename + folder fsync of the same bytes", TURNS)


def packet(site: Site) -> Iterator[Row]:
    """packet.bytes: one sealed packet of a person with all parts. Beside: the raw pictures of the sensors.

    The captures are the same in all packets, so the figure changes only when drawing, codecs or the format do.
    """
    with offline_workplace(site.folder("packet")) as place:
        drafts = [complete_draft(place, serial) for serial in range(1, PACKETS + 1)]
        keys = [sealing.seal(place.office, draft).record.key for draft in drafts]
        size = median(len(place.depot.packets.read(key)) for key in keys)
    raw = raw_bytes(captures())
    yield Row("packet.bytes", size, "bytes", raw, "raw pictures of all parts, 8 bits a pixel", PACKETS)
