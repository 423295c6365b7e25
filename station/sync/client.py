"""HTTP to central: identity, time-outs, echo check. The only file that knows httpx; bounded in everything it reads."""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Event
from time import monotonic
from typing import Any, Protocol

import httpx

from station import __version__
from station.config import CentralSettings
from station.domain.errors import SetupError
from station.domain.ports import Clock
from station.seal.jws import SigningKey
from station.seal.squeeze import ENCODING, WORTH_BYTES, squeeze
from station.seal.token import make_token
from station.sync.address import check_address
from station.sync.answers import body_of
from station.sync.backoff import within_attempt
from station.sync.exchange import exchange
from station.sync.network import Network
from station.sync.pipe import Pipe
from station.sync.under_way import Flow, Telling
from station.sync.watchdog import Watched
from station.wire import JSON_LIMIT_BYTES, Problem, ProblemBody

CONNECT_S, WRITE_S, READ_S = 30.0, 60.0, 30.0
FRESH_S, KEPT_S = 5.0, 70.0
"""How long a connection may stand still and be used again: when nothing else goes that way, and at most."""
_PROGRAM = {
    "User-Agent": f"stasiun-ktpel/{__version__}",
    "App-Version": __version__,
    "Accept-Encoding": "identity",
}
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""A kept-alive connection that central closed meanwhile shows as one of these; every request may be repeated."""


@dataclass(frozen=True)
class Answer:
    """What came back. `echoed` is False when it did not come from central, whatever its status says."""

    status: int
    headers: httpx.Headers
    body: bytes
    request_id: str
    echoed: bool

    @property
    def problem(self) -> ProblemBody | None:
        """The problem document, or None when there is none that can be read."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return None
        try:
            return ProblemBody.model_validate_json(self.body)
        except ValueError:
            return None


class CentralClient:
    """One central, one station. Used by one thread at a time; `close` may come from another."""

    def __init__(
        self,
        base_url: str,
        *,
        settings: CentralSettings,
        clock: Clock,
        network: Network | None = None,
        stop: Event | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """SetupError `central.address` or `central.insecure_address` (plain HTTP to another machine).

        `tls` instead of what the settings say about trust; OSError when their authorities cannot be read.
        """
        self.network = network or Network()
        self.base_url = check_address(base_url)
        self._clock = clock
        self._stop = stop or Event()
        self._station: SigningKey | None = None
        self._central_id = ""
        self.clock_offset = timedelta()
        self.on_clock_offset: Callable[[timedelta], None] | None = None
        self.encodings: tuple[str, ...] = ()
        """How bodies may be encoded, as central's last hello said."""
        self.rtt_s = 0.0
        """How long central takes for a small question, there and back: the shortest of late. 0 before the first."""
        context = tls or tls_context(settings)
        self._pipe = None if settings.proxy else Pipe(self.base_url, context, self.network)
        self._answered_at = 0.0
        self._transport = _transport(settings, self.network, context)
        self._http = httpx.Client(
            base_url=self.base_url,
            transport=self._transport,
            headers=_PROGRAM,
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S, write=WRITE_S, pool=5.0),
            follow_redirects=False,
            trust_env=False,
        )

    def identify(self, station: SigningKey, central_id: str) -> None:
        """Sign requests as `station` from now on."""
        self._station, self._central_id = station, central_id

    def get(self, path: str, *, signed: bool = True, read_timeout_s: float = READ_S) -> Answer:
        return self._send("GET", path, signed=signed, read_timeout_s=read_timeout_s)

    def head(self, path: str, headers: dict[str, str]) -> Answer:
        return self._send("HEAD", path, headers=headers)

    def post_json(self, path: str, message: Any, *, signed: bool = True, read_timeout_s: float = READ_S) -> Answer:
        body = json.dumps(message, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if ENCODING in self.encodings and len(body) > WORTH_BYTES:
            small, said = squeeze(body), headers | {"Content-Encoding": ENCODING}
            answer = self._send("POST", path, body=small, headers=said, signed=signed, read_timeout_s=read_timeout_s)
            if answer.status != 415 or not answer.echoed:
                return answer
            self.encodings = ()  # central is another one since its last hello
        return self._send("POST", path, body=body, headers=headers, signed=signed, read_timeout_s=read_timeout_s)

    @property
    def line(self) -> CarryingLine:
        """What carries the bytes of packets, to be watched."""
        return self._pipe or _Behind(self.network)

    def open_line(self) -> str:
        """Connect the line for packets, if it is not. Our own address on it; '' behind a proxy."""
        return self._pipe.open() if self._pipe is not None else ""

    def close_line(self) -> None:
        """Whatever waits for its answer there gets none."""
        if self._pipe is not None:
            self._pipe.close()

    def begin_patch(
        self, path: str, pieces: Callable[[], Iterator[bytes]], headers: dict[str, str]
    ) -> Callable[[float], Answer]:
        """Hand a PATCH to the line; what comes back waits so many seconds for its answer, one after the other.

        After trouble the caller asks for the offset first. Only a clock that is off is put right here. Behind a proxy
        all of it happens when the answer is asked for.
        """
        begun = self._put(self._pipe, path, pieces(), headers) if self._pipe is not None else None

        def answer(read_timeout_s: float) -> Answer:
            def whole() -> Answer:
                return self._once("PATCH", path, pieces(), headers, True, read_timeout_s)

            found = begun(read_timeout_s) if begun is not None else whole()
            if _clock_is_off(found) and self._learn_clock(found):  # central took no byte of it
                found = whole()
            return found

        return answer

    def read(
        self, path: str, headers: dict[str, str], wanted: Callable[[Answer], bool], take: Callable[[bytes], bool]
    ) -> Answer:
        """One GET whose body may be long. If its head is `wanted`, the body goes to `take` as it comes.

        `take` says whether to go on. What was taken stays taken when the connection breaks.
        """
        answer = self._read_once(path, headers, wanted, take)
        if _clock_is_off(answer) and self._learn_clock(answer):
            answer = self._read_once(path, headers, wanted, take)
        return answer

    def close(self) -> None:
        self._http.close()
        if self._pipe is not None:
            self._pipe.break_off()  # first: somebody may be waiting on it
            self._pipe.close()

    def pause(self, seconds: float) -> None:
        """Wait, but not when this client is to stop."""
        self._stop.wait(seconds)

    def _put(
        self, pipe: Pipe, path: str, pieces: Iterator[bytes], headers: dict[str, str]
    ) -> Callable[[float], Answer]:
        sent = self._signed(headers, signed=True)
        request = pipe.send("PATCH", path, {"Host": pipe.host, **_PROGRAM, **sent}, pieces)

        def answer(read_timeout_s: float) -> Answer:
            found = pipe.receive(request, read_timeout_s, JSON_LIMIT_BYTES)
            echoed = found.headers.get("request-id") == sent["Request-Id"]
            return Answer(found.status, found.headers, found.body, sent["Request-Id"], echoed)

        return answer

    def _read_once(
        self, path: str, headers: dict[str, str], wanted: Callable[[Answer], bool], take: Callable[[bytes], bool]
    ) -> Answer:
        with self._exchange("GET", path, None, headers, True, READ_S) as (answer, response):
            if not wanted(answer):
                return replace(answer, body=_bounded(response, READ_S))
            for piece in response.iter_raw():
                if not take(piece):
                    break
            return answer

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        signed: bool = True,
        read_timeout_s: float = READ_S,
    ) -> Answer:
        """A request that may be repeated: once more for a stale connection, once more for a clock that is off."""
        headers = {"Accept-Encoding": ENCODING, **(headers or {})}
        retrying = within_attempt(_STALE, self._stop)
        began = self._clock.monotonic()
        answer = retrying(self._once, method, path, body, headers, signed, read_timeout_s)
        self._learn_rtt(self._clock.monotonic() - began)
        if signed and _clock_is_off(answer) and self._learn_clock(answer):
            answer = retrying(self._once, method, path, body, headers, signed, read_timeout_s)
        return answer

    def _once(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None,
        headers: dict[str, str],
        signed: bool,
        read_timeout_s: float,
    ) -> Answer:
        with self._exchange(method, path, body, headers, signed, read_timeout_s) as (answer, response):
            return replace(answer, body=_bounded(response, read_timeout_s))

    @contextmanager
    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None,
        headers: dict[str, str],
        signed: bool,
        read_timeout_s: float,
    ) -> Iterator[tuple[Answer, httpx.Response]]:
        """The head of an answer, and the response whose body has still to be read."""
        self._drop_what_stood_still()
        sent = self._signed(headers, signed=signed)
        request_id = sent["Request-Id"]
        timeout = httpx.Timeout(read_timeout_s, connect=CONNECT_S, write=WRITE_S, pool=5.0)
        request = self._http.build_request(method, path, content=body, headers=sent, timeout=timeout)
        with exchange(self._http, self._transport, request) as response:
            echoed = response.headers.get("request-id") == request_id
            yield Answer(response.status_code, response.headers, b"", request_id, echoed), response
        self._answered_at = monotonic()

    def _drop_what_stood_still(self) -> None:
        """A connection that stood still may be dead without a word, unless packets go the same way at this moment.

        Then it is kept: on a slow line each new one costs as much as a manifest.
        """
        answered_at = max(self._answered_at, self._pipe.answered_at if self._pipe is not None else 0.0)
        if monotonic() - answered_at > FRESH_S:
            self._transport._pool.close()

    def _signed(self, headers: dict[str, str], *, signed: bool) -> dict[str, str]:
        """`headers` with a new Request-Id and, if `signed`, our word."""
        sent = {**headers, "Request-Id": str(uuid.uuid4())}
        return sent | ({"Authorization": f"Bearer {self._token()}"} if signed else {})

    def _learn_rtt(self, seconds: float) -> None:
        """The shortest counts, for connecting and waiting at central make it longer; it is forgotten slowly."""
        self.rtt_s = min(seconds, self.rtt_s * 1.1) if self.rtt_s else seconds

    def _token(self) -> str:
        if self._station is None:
            raise SetupError("station.not_enrolled")
        return make_token(self._station, central_id=self._central_id, now=self._clock.now() + self.clock_offset)

    def _learn_clock(self, answer: Answer) -> bool:
        """Take central's Date as the truth about the time; False when it has none."""
        central_time = http_date(answer.headers.get("date", ""))
        if central_time is None:
            return False
        self.clock_offset = _whole_seconds(central_time - self._clock.now())
        if self.on_clock_offset is not None:
            self.on_clock_offset(self.clock_offset)
        return True


class CarryingLine(Watched, Telling, Protocol):
    """`broke`: not all that was put on it went; what waits behind that is lost."""

    @property
    def broke(self) -> bool: ...


class _Behind:
    """The line behind a proxy: nobody tells what has arrived at central."""

    written = 0
    broke = False

    def __init__(self, network: Network) -> None:
        self._network = network

    def unacknowledged(self) -> int | None:
        return None

    def flow(self) -> Flow | None:
        return None

    def lives(self, seconds: float) -> bool:
        return False

    def break_off(self) -> None:
        self._network.hang_up()


def _clock_is_off(answer: Answer) -> bool:
    found = answer.problem if answer.echoed else None
    return found is not None and found.problem is Problem.CLOCK_SKEW


def tls_context(settings: CentralSettings) -> ssl.SSLContext:
    """Whom this station trusts to be central, as far as TLS goes. OSError when the authorities cannot be read."""
    if settings.ca_file is None and settings.authorities:
        context = ssl.create_default_context(cadata=settings.authorities)
    else:
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _transport(settings: CentralSettings, network: Network, context: ssl.SSLContext) -> httpx.HTTPTransport:
    kept = httpx.Limits(keepalive_expiry=KEPT_S)
    transport = httpx.HTTPTransport(verify=context, trust_env=False, http2=False, proxy=settings.proxy, limits=kept)
    # httpx offers no parameter for the socket layer below it; the library is pinned by hash, and a test watches this.
    transport._pool._network_backend = network
    return transport


def _bounded(response: httpx.Response, timeout_s: float) -> bytes:
    """The body up to our limit; a longer one is cut, and then cannot be read as JSON. It may not drip for ever."""
    parts, total, until = [], 0, monotonic() + timeout_s
    for part in response.iter_raw():  # what is encoded is read by us, for only then is it bounded
        if monotonic() > until:
            raise httpx.ReadTimeout("the answer came too slowly")
        parts.append(part)
        total += len(part)
        if total > JSON_LIMIT_BYTES:
            break
    return body_of(response.headers.get("content-encoding", ""), b"".join(parts)[:JSON_LIMIT_BYTES])


def _whole_seconds(delta: timedelta) -> timedelta:
    return timedelta(seconds=round(delta.total_seconds()))


def retry_after_s(headers: httpx.Headers, now: datetime) -> float:
    """Central's Retry-After in seconds (given as seconds or as a date); 0 when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = http_date(value)
    return 0.0 if until is None else max(0.0, (until - central_now(headers, now)).total_seconds())


def central_now(headers: httpx.Headers, now: datetime) -> datetime:
    """The time at central by its Date, to which its other dates belong; our own `now` when it says none."""
    return http_date(headers.get("date", "")) or now


def http_date(text: str) -> datetime | None:
    """A date of HTTP with its zone, or None when it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
