"""The cards of the stations that this one carries for, one file each; its own is in its enrolment.

Files, not a table: without them packets of other stations could not be believed again when `outbox.db` is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from station.domain.errors import StoreError, TrustError
from station.log import get_logger
from station.seal.card import MAX_TOKEN, StationCard, check_card
from station.store.enrolment import Enrolment
from station.store.folder import translate_os_error, write_file

MOST_CARDS = 5000
"""More stations than a central has: who fills the folder beyond it is not believed."""

log = get_logger(__name__)


class Cards:
    """`cards/<station id>.card`. What cannot be verified any more is as good as not there."""

    def __init__(self, root: Path, enrolment: Callable[[], Enrolment | None]) -> None:
        self.root = root
        self._enrolment = enrolment

    def check(self, token: str) -> StationCard:
        """The card in `token`, by the keys of this station's central; TrustError otherwise."""
        enrolment = self._enrolment()
        if enrolment is None:
            raise TrustError("card.signature")
        return check_card(token, enrolment.receipt_keys, enrolment.central_id)

    def learn(self, token: str) -> StationCard:
        """Check a card and keep it, unless a newer one of the same station is here; the card. TrustError, StoreError.

        It is on stable storage when this returns.
        """
        card = self.check(token)
        known = self.find(card.station_id)
        if known is None or card.issued_at > known.issued_at:
            self._keep(card, token)
        return card

    def find(self, station_id: str) -> StationCard | None:
        """The card of a station, or None when there is none that verifies."""
        token = self.token(station_id)
        try:
            return self.check(token) if token else None
        except TrustError as problem:
            log.warning("a card that was kept is no good any more: %s", problem.code)
            return None

    def token(self, station_id: str) -> str:
        """The signed card of a station as it came, to be handed on; '' when there is none."""
        path = self._path(station_id)
        try:
            with path.open("rb") as file:
                return file.read(MAX_TOKEN).decode("ascii")
        except (OSError, UnicodeDecodeError):
            return ""

    def own(self) -> str:
        """This station's own signed card; '' when central has never given it one."""
        enrolment = self._enrolment()
        return "" if enrolment is None else enrolment.card

    def _keep(self, card: StationCard, token: str) -> None:
        path = self._path(card.station_id)
        try:
            self.root.mkdir(mode=0o700, exist_ok=True)
            full = not path.exists() and sum(1 for _ in self.root.iterdir()) >= MOST_CARDS
        except OSError as problem:
            raise translate_os_error(problem) from problem
        if full:
            raise StoreError("courier.too_many_stations")
        write_file(path, token.encode("ascii"))

    def _path(self, station_id: str) -> Path:
        safe = "".join(letter for letter in station_id if letter.isascii() and (letter.isalnum() or letter == "-"))
        return self.root / f"{safe[:40]}.card"
