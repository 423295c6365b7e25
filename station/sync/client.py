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
from typing import Any

import httpx

from station import __version__
from station.config import CentralSettings
from station.domain.errors import SetupError
from station.domain.ports import Clock
from station.seal.jws import SigningKey
from station.seal.token import make_token
from station.sync.address import check_address
from station.sync.backoff import within_attempt
from station.sync.network import Network
from station.wire import JSON_LIMIT_BYTES, Problem, ProblemBody

CONNECT_S, WRITE_S, READ_S = 30.0, 60.0, 30.0
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
    ) -> None:
        """SetupError `central.address` or `central.insecure_address` (plain HTTP to another machine)."""
        self.network = network or Network()
        self.base_url = check_address(base_url)
        self._clock = clock
        self._stop = stop or Event()
        self._station: SigningKey | None = None
        self._central_id = ""
        self.clock_offset = timedelta()
        self.on_clock_offset: Callable[[timedelta], None] | None = None
        self._http = httpx.Client(
            base_url=self.base_url,
            transport=_transport(settings, self.network),
            headers={"User-Agent": f"stasiun-ktpel/{__version__}", "App-Version": __version__},
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
        return self._send("POST", path, body=body, headers=headers, signed=signed, read_timeout_s=read_timeout_s)

    def patch(
        self, path: str, pieces: Callable[[], Iterator[bytes]], headers: dict[str, str], read_timeout_s: float
    ) -> Answer:
        """One PATCH; after trouble the caller asks for the offset first. Only a clock that is off is put right here."""
        answer = self._once("PATCH", path, pieces(), headers, True, read_timeout_s)
        if _clock_is_off(answer) and self._learn_clock(answer):  # central took no byte of it
            answer = self._once("PATCH", path, pieces(), headers, True, read_timeout_s)
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

    def _read_once(
        self, path: str, headers: dict[str, str], wanted: Callable[[Answer], bool], take: Callable[[bytes], bool]
    ) -> Answer:
        with self._exchange("GET", path, None, headers, True, READ_S) as (answer, response):
            if not wanted(answer):
                return replace(answer, body=_bounded(response))
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
        retrying = within_attempt(_STALE, self._stop)
        answer = retrying(self._once, method, path, body, headers or {}, signed, read_timeout_s)
        if signed and _clock_is_off(answer) and self._learn_clock(answer):
            answer = retrying(self._once, method, path, body, headers or {}, signed, read_timeout_s)
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
            return replace(answer, body=_bounded(response))

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
        request_id = str(uuid.uuid4())
        sent = {**headers, "Request-Id": request_id}
        if signed:
            sent["Authorization"] = f"Bearer {self._token()}"
        timeout = httpx.Timeout(read_timeout_s, connect=CONNECT_S, write=WRITE_S, pool=5.0)
        with self._http.stream(method, path, content=body, headers=sent, timeout=timeout) as response:
            echoed = response.headers.get("request-id") == request_id
            yield Answer(response.status_code, response.headers, b"", request_id, echoed), response

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


def _clock_is_off(answer: Answer) -> bool:
    found = answer.problem if answer.echoed else None
    return found is not None and found.problem is Problem.CLOCK_SKEW


def _transport(settings: CentralSettings, network: Network) -> httpx.HTTPTransport:
    context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    transport = httpx.HTTPTransport(verify=context, trust_env=False, http2=False, proxy=settings.proxy)
    # httpx offers no parameter for the socket layer below it; the library is pinned by hash, and a test watches this.
    transport._pool._network_backend = network
    return transport


def _bounded(response: httpx.Response) -> bytes:
    """The body up to our limit; a longer one is cut, and then cannot be read as JSON."""
    parts, total = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        total += len(part)
        if total > JSON_LIMIT_BYTES:
            break
    return b"".join(parts)[:JSON_LIMIT_BYTES]


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
