"""How large everything captured of a person is, sealed."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from station.capture.lab import Lab
from station.desk import recording, sealing, verification
from station.domain.biometrics import Part
from station.training.people import PEOPLE, Person
from tests.bench.failed import BenchFailed
from tests.bench.people import raw_bytes
from tests.bench.row import Row
from tests.bench.simulated_person import captured
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import APPROVED, Workplace, good_answers

CAST = PEOPLE[:5]


def capture_set(site: Site) -> Iterator[Row]:
    """capture.set_bytes: the sealed packet of a person with photo, ten prints, two irises and signature.

    Captured through SBI from the simulator, kept, compared, verified and sealed by the desk: pictures, what the devices
    signed, answers, approval, everything that is sent. The median of five people. Beside: the raw pictures, 8 bits a
    pixel.
    """
    lab, sizes, raw = Lab(), [], []
    try:
        with offline_workplace(site.folder("set")) as place:
            place.lab = lab
            for serial, person in enumerate(CAST, start=1):
                site.say(f"capturing person {serial} of {len(CAST)} through SBI")
                size, pictures = _sealed(place, lab, serial, person)
                sizes.append(size)
                raw.append(pictures)
    finally:
        lab.close()
    yield Row("capture.set_bytes", median(sizes), "bytes", median(raw), "raw pictures, 8 bits a pixel", len(sizes))


def _sealed(place: Workplace, lab: Lab, serial: int, person: Person) -> tuple[int, int]:
    office, taken = place.office, captured(person, lab)
    if {item.part for item in taken} != set(Part):
        raise BenchFailed(f"capture.set_bytes: only {len(taken)} parts were captured")
    record_id = recording.start(office).record.record_id
    for key, value in good_answers(serial).items():
        recording.answer(office, record_id, key, value)
    *others, signature = taken
    recording.keep(office, record_id, others)
    draft = recording.approve(office, record_id, APPROVED, signature)
    draft = verification.verify(office, record_id, [item for item in taken if item.part in draft.to_verify])
    for finding in draft.open_warnings:
        recording.confirm(office, record_id, finding.field, finding.code, "CONTOH")
    row = sealing.seal(office, record_id)
    return len(place.depot.packets.read(row.record.key)), raw_bytes(taken)
