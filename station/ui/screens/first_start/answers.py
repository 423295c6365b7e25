"""What was answered so far at the first start. In memory only: whoever closes the window starts over."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from station.desk.file_enrolment import Opened


class Way(StrEnum):
    """How this computer becomes a station."""

    ONLINE = "online"
    FILE = "file"
    RESTORE = "restore"


@dataclass
class Answers:
    """Filled by one page after the other. `words` are there from enrolment until somebody has typed two of them."""

    way: Way = Way.ONLINE
    central_url: str = ""
    code: str = ""
    station_name: str = ""
    office: str = ""
    file: bytes = b""
    opened: Opened | None = None
    words: tuple[str, ...] = field(default=(), repr=False)

    @property
    def place(self) -> str:
        """The station that is being made, for the head of later pages."""
        if self.way is Way.FILE and self.opened is not None:
            return f"{self.opened.station_name} · {self.opened.office}-{self.opened.number:02d}"
        return f"{self.station_name} · {self.office}"
