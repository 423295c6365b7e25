"""Asking a neighbour: proves it first, then speaks to nobody but the one that was proven. Bounded in all it reads."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Timer
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from station.domain.errors import TrustError
from station.domain.ports import Clock
from station.domain.relay import NeighbourTrouble
from station.relay.bounds import ANSWER_BYTES, ANSWER_S, CONNECT_S, EXCHANGE_S, LIFE_S, SEND_S
from station.relay.certificate import proven_context, public_key_in, unproven_context
from station.relay.circle import Sighting, circle_of, fellow, is_local
from station.relay.messages import CARD, CARD_HEADER, CIRCLE_HEADER, Introduction
from station.seal.card import StationCard
from station.seal.jws import SigningKey
from station.seal.token import make_token
from station.store.enrolment import Enrolment
from station.sync.exchange import exchange
from station.sync.network import Network
from station.wire import Problem, ProblemBody

_Model = TypeVar("_Model", bound=BaseModel)
_FAILURES = (httpx.HTTPError, ssl.SSLError, OSError)
_REFUSALS = {
    Problem.NO_SPACE: NeighbourTrouble.FULL,
    Problem.BUSY: NeighbourTrouble.BUSY,
}


class Unwilling(Exception):
    """Nothing goes to this neighbour now."""

    def __init__(self, trouble: NeighbourTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Myself:
    """Who asks."""

    enrolment: Enrolment
    key: SigningKey
    card: str


@dataclass(frozen=True)
class _Line:
    """A client with the transport under it."""

    http: httpx.Client
    transport: httpx.HTTPTransport

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> AbstractContextManager[httpx.Response]:
        """The head of the answer; httpx.HTTPError or OSError when there is none."""
        return exchange(self.http, self.transport, self.http.build_request(method, path, content=body, headers=headers))

    def close(self) -> None:
        self.http.close()


class Caller:
    """One neighbour, from `meet` to `close`. Used by one thread; hanging up the network may come from another."""

    def __init__(
        self, sighting: Sighting, myself: Myself, network: Network, clock: Clock, *, loopback: bool = False
    ) -> None:
        """`loopback`: a neighbour may be on this computer."""
        self._where = sighting
        self._me = myself
        self._network = network
        self._clock = clock
        self._loopback = loopback
        self._ahead = timedelta()
        self._line: _Line | None = None
        self.card: StationCard | None = None

    def meet(self) -> StationCard:
        """The proven card of the neighbour. Unwilling when it does not answer, or is nobody who may carry for us."""
        if not is_local(self._where.host, loopback=self._loopback):
            raise Unwilling(NeighbourTrouble.STRANGER)
        certificate, introduction = self._introduce()
        try:
            card = fellow(introduction.card, self._me.enrolment)
            proven = public_key_in(certificate) == card.public_key.x
        except TrustError as problem:
            raise Unwilling(NeighbourTrouble.STRANGER) from problem
        expected = self._where.station_id in ("", card.station_id)
        if not (proven and expected and introduction.circle == circle_of(self._me.enrolment)):
            raise Unwilling(NeighbourTrouble.STRANGER)
        self._ahead = introduction.time - self._clock.now()
        self._line = self._open(proven_context(certificate))
        self.card = card
        return card

    def ask(self, path: str, answer: type[_Model]) -> _Model:
        """GET a message."""
        return _read(self._send("GET", path), answer)

    def tell(self, path: str, message: BaseModel, answer: type[_Model] | None = None) -> _Model | None:
        """POST a message."""
        body = message.model_dump_json().encode()
        found = self._send("POST", path, body, {"Content-Type": "application/json"})
        return None if answer is None else _read(found, answer)

    def put(self, path: str, data: bytes, headers: dict[str, str]) -> None:
        """PUT bytes; returns when the neighbour has them on stable storage."""
        self._send("PUT", path, data, {"Content-Type": "application/octet-stream", **headers})

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _introduce(self) -> tuple[bytes, Introduction]:
        """The certificate of whoever answers there, and who it says it is. Nothing of ours is sent."""
        with closing(self._open(unproven_context())) as line:
            certificate: list[bytes] = []

            def see(response: httpx.Response) -> None:
                found = response.extensions["network_stream"].get_extra_info("ssl_object")
                certificate.append(found.getpeercert(True) or b"")

            body = self._exchange(line, "GET", CARD, None, {}, see)
        return certificate[0], _read(body, Introduction)

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        assert self._line is not None and self.card is not None, "meet first"
        token = make_token(self._me.key, central_id=self.card.station_id, now=self._now())
        proof = {
            "Authorization": f"Bearer {token}",
            CARD_HEADER: self._me.card,
            CIRCLE_HEADER: circle_of(self._me.enrolment),
        }
        return self._exchange(self._line, method, path, body, {**proof, **(headers or {})})

    def _exchange(
        self,
        line: _Line,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        see: Callable[[httpx.Response], None] = lambda _response: None,
    ) -> bytes:
        request_id = str(uuid.uuid4())
        sent = {**headers, "Request-Id": request_id, "Accept-Encoding": "identity"}
        try:
            with (
                self._ended_after(LIFE_S if method == "PUT" else EXCHANGE_S),
                line.ask(method, path, body, sent) as response,
            ):
                see(response)
                found = self._bounded(response)
        except _FAILURES as failure:
            raise Unwilling(NeighbourTrouble.UNREACHABLE) from failure
        if response.headers.get("request-id") != request_id:
            raise Unwilling(NeighbourTrouble.UNREADABLE)
        if not response.is_success:
            raise Unwilling(_trouble(found))
        return found

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        """Hang up after so long. The time-outs of httpx begin anew with every byte that comes."""
        timer = Timer(seconds, self._network.hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _bounded(self, response: httpx.Response) -> bytes:
        """The body as it came, within its bounds of size and time."""
        until = self._clock.monotonic() + ANSWER_S
        pieces, total = [], 0
        for piece in response.iter_raw():
            pieces.append(piece)
            total += len(piece)
            if total > ANSWER_BYTES or self._clock.monotonic() > until:
                raise Unwilling(NeighbourTrouble.UNREADABLE)
        return b"".join(pieces)

    def _open(self, context: ssl.SSLContext) -> _Line:
        transport = httpx.HTTPTransport(verify=context, trust_env=False, http2=False)
        transport._pool._network_backend = self._network  # as in sync/client.py: it can be hung up from outside
        http = httpx.Client(
            base_url=f"https://{self._where.host}:{self._where.port}",
            transport=transport,
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S, write=SEND_S, pool=CONNECT_S),
            follow_redirects=False,
            trust_env=False,
        )
        return _Line(http, transport)

    def _now(self) -> datetime:
        """The neighbour's time: stations without a network are often years off."""
        return self._clock.now() + self._ahead


def _read(body: bytes, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as problem:
        raise Unwilling(NeighbourTrouble.UNREADABLE) from problem


def _trouble(body: bytes) -> NeighbourTrouble:
    try:
        problem = ProblemBody.model_validate_json(body).problem
    except ValidationError:
        return NeighbourTrouble.UNREADABLE
    if problem is None:
        return NeighbourTrouble.UNREADABLE
    return _REFUSALS.get(problem, NeighbourTrouble.REFUSED)
