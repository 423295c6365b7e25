"""What a person looks for among packets: words of a name, part of a record id or receipt number, a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FEWEST_SIGNS = 2


@dataclass(frozen=True)
class PacketsSought:
    """`text` as typed; `records` are the record ids whose name fits it, which somebody else looked up.

    `first` and `until` bound the moment of the receipt. Nothing given finds every packet.
    """

    text: str = ""
    records: tuple[str, ...] = ()
    first: datetime | None = None
    until: datetime | None = None

    @property
    def number(self) -> str:
        """`text` as part of a record id or receipt number; '' when it is too short to mean one."""
        typed = "".join(self.text.split())
        return typed if len(typed) >= FEWEST_SIGNS else ""


EVERY_PACKET = PacketsSought()
