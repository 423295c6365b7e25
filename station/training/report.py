"""The demo's figures, read back from the packets on disk and from central. Counts nothing that the demo did itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from station.central.central import Central
from station.config import load_settings
from station.domain.ports import SystemClock
from station.store.depot import Depot
from station.sync.client import CentralClient
from station.sync.recheck import Proof, recheck


@dataclass(frozen=True)
class Report:
    """`recorded`: records on this disk; `receipts`: those for which central signs exactly these bytes."""

    recorded: int
    receipts: int
    lost: int
    duplicated: int
    packets: list[dict[str, Any]]
    seconds: float

    def adds_up(self, people: int) -> bool:
        """True when everybody was recorded and central has each record exactly once."""
        return self.recorded == self.receipts == people and self.lost == 0 and self.duplicated == 0


def make_report(data_dir: Path, central: Central | None, seconds: float) -> Report:
    """Ask disk and central. With the embedded central its own list is compared too."""
    proofs = _proofs(data_dir)
    return Report(
        recorded=len({proof.key.record_id for proof in proofs}),
        receipts=sum(1 for proof in proofs if proof.receipt_no),
        lost=sum(1 for proof in proofs if not proof.receipt_no),
        duplicated=_doubled(proofs, central),
        packets=[
            {
                "record_id": proof.key.record_id,
                "revision": proof.key.revision,
                "sha256": proof.sha256,
                "size": proof.size,
            }
            for proof in proofs
        ],
        seconds=round(seconds, 1),
    )


def write_report(report: Report, path: Path) -> None:
    """Write it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")


def _proofs(data_dir: Path) -> tuple[Proof, ...]:
    depot = Depot(data_dir, heal=False)
    enrolment, key = depot.enrolled()
    client = CentralClient(enrolment.central_url, settings=load_settings(data_dir).central, clock=SystemClock())
    client.identify(key, enrolment.central_id)
    try:
        return recheck(depot, client)
    finally:
        client.close()
        depot.close()


def _doubled(proofs: tuple[Proof, ...], central: Central | None) -> int:
    """Receipts given twice, and what the embedded central holds beyond one packet for each of ours."""
    numbers = Counter(proof.receipt_no for proof in proofs if proof.receipt_no)
    doubled = sum(count - 1 for count in numbers.values())
    if central is None:
        return doubled
    held = Counter((item.record_id, item.revision, item.sha256) for item in central.packets())
    ours = {(proof.key.record_id, proof.key.revision, proof.sha256) for proof in proofs}
    return doubled + sum(count - (1 if key in ours else 0) for key, count in held.items())
