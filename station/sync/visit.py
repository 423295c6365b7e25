"""The connection doctor at the door: certificate, hello, station, clock. Changes nothing, touches no packet.

Must not know in what order it is asked, nor how long an answer may take: that is doctor.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Lock
from time import monotonic
from urllib.parse import quote

from station.config import CentralSettings
from station.domain.doctor import Fact, Finding, Remedy, State, Step
from station.domain.errors import TrustError
from station.domain.outcome import Halted, Trouble
from station.domain.ports import Clock
from station.seal.hello import check_hello
from station.seal.jws import SigningKey
from station.store.enrolment import Enrolment
from station.sync import verdict
from station.sync.approach import PATIENCE_S
from station.sync.certificate import SOON, Shown, look_at, timeless
from station.sync.classify import FAILURES, judge
from station.sync.client import Answer, CentralClient
from station.sync.doorway import BROKEN, Way
from station.sync.network import Network
from station.wire import Hello

SLOW_MS = 4000
"""A hello that takes longer comes over a line on which delivery is slow, and no more than that."""
CLOCK_WARN_S, CLOCK_BAD_S = 60.0, 300.0


class Visit:
    """Questions to one central on one way. `break_off` may come from another thread."""

    def __init__(
        self,
        way: Way,
        enrolment: Enrolment,
        key: SigningKey,
        settings: CentralSettings,
        *,
        clock: Clock,
        network: Network,
        cursor: str = "",
        clock_offset_s: float = 0.0,
    ) -> None:
        self._way, self._enrolment, self._key, self._settings = way, enrolment, key, settings
        self._clock, self._network = clock, network
        self._news = f"/v1/changes?since={quote(cursor or '0', safe='')}&limit=1&wait=0"
        self._clock_offset_s = clock_offset_s
        self._client: CentralClient | None = None
        self._lock = Lock()
        self._under_way = 0
        self._over = Event()
        self._off_s: float | None = None
        """Central's clock minus ours, once its signed hello has said it."""

    def break_off(self) -> None:
        """Whatever is waited for ends with an error, and is not tried again."""
        self._over.set()
        self._network.hang_up()

    def close(self) -> None:
        """Come to an end. A question nobody waits for any more closes behind itself: what it opens now is its own."""
        self._over.set()
        with self._lock:
            if self._client is not None and not self._under_way:
                self._client.close()

    def certificate(self) -> Finding:
        if not self._way.central.secure:
            return Finding(Step.CERTIFICATE, State.OK, {"plain": True})
        try:
            shown = look_at(self._network, self._way, self._settings, PATIENCE_S)
        except FileNotFoundError:
            return Finding(Step.CERTIFICATE, State.FAILED, {}, Trouble.CERTIFICATE, Remedy.CA_FILE)
        except BROKEN as failure:
            found = verdict.failed(Step.CERTIFICATE, failure, {})
            odd = found.trouble is Trouble.CERTIFICATE
            return verdict.failed(Step.CERTIFICATE, failure, {}, Remedy.NO_TLS) if odd else found
        return self._judged(shown)

    def _judged(self, shown: Shown) -> Finding:
        facts, now = dict(shown.facts), self._clock.now()
        if shown.good_until is not None:
            facts["days_left"] = (shown.good_until - now).days
        if shown.remedy is Remedy.NONE:
            soon = shown.good_until is not None and shown.good_until - now < SOON
            state, remedy = (State.WARNING, Remedy.CERTIFICATE_SOON) if soon else (State.OK, Remedy.NONE)
            return Finding(Step.CERTIFICATE, state, facts, None, remedy)
        remedy = shown.remedy
        if shown.about_time and self._own_clock_is_wrong(shown):
            remedy = Remedy.OWN_CLOCK
            facts["off_s"] = round(self._off_s or 0.0)
        return Finding(Step.CERTIFICATE, State.FAILED, facts, Trouble.CERTIFICATE, remedy)

    def _own_clock_is_wrong(self, shown: Shown) -> bool:
        """Central signs what time it is. If the certificate is good at that time, it is our clock that is not."""
        client = CentralClient(
            self._enrolment.central_url,
            settings=self._settings,
            clock=self._clock,
            network=self._network,
            stop=self._over,
            tls=timeless(self._settings),
        )
        try:
            hello = self._hello_in(client.get("/v1/hello", signed=False, read_timeout_s=PATIENCE_S))
        except FAILURES:
            return False
        finally:
            client.close()
        if hello is None or shown.good_from is None or shown.good_until is None:
            return False
        self._off_s = (hello.time - self._clock.now()).total_seconds()
        return shown.good_from <= hello.time <= shown.good_until

    def central(self) -> Finding:
        asked_at, began = self._clock.now(), monotonic()
        try:
            with self._asking() as client:
                answer = client.get("/v1/hello", signed=False, read_timeout_s=PATIENCE_S)
        except FAILURES as failure:
            return verdict.failed(Step.CENTRAL, failure, {})
        facts: dict[str, Fact] = {"ms": _since(began)}
        outcome = judge(answer, self._clock.now())
        if outcome is not None:
            return verdict.answered(Step.CENTRAL, outcome, answer, facts)
        hello = self._hello_in(answer)
        if hello is None:
            return verdict.not_central(answer, facts)
        half_way = asked_at + (self._clock.now() - asked_at) / 2
        self._off_s = (hello.time - half_way).total_seconds()
        facts |= {"status": answer.status, "name": hello.name[:80]}
        if int(facts["ms"]) > SLOW_MS:
            return Finding(Step.CENTRAL, State.WARNING, facts, None, Remedy.SLOW)
        return Finding(Step.CENTRAL, State.OK, facts)

    def station(self) -> Finding:
        """The smallest signed question: is there news? Asking does not make it old."""
        began = monotonic()
        try:
            with self._asking() as client:
                answer = client.get(self._news, read_timeout_s=PATIENCE_S)
        except FAILURES as failure:
            return verdict.failed(Step.STATION, failure, {})
        facts: dict[str, Fact] = {"ms": _since(began)}
        outcome = judge(answer, self._clock.now())
        if outcome is None:
            return Finding(Step.STATION, State.OK, facts | {"status": answer.status})
        if isinstance(outcome, Halted) and outcome.note.trouble is Trouble.CLOCK:
            return Finding(Step.STATION, State.NOT_REACHED, facts | {"status": answer.status})  # the next step says why
        return verdict.answered(Step.STATION, outcome, answer, facts)

    def clock(self) -> Finding:
        if self._off_s is None:
            return Finding(Step.CLOCK, State.NOT_REACHED)
        facts: dict[str, Fact] = {"off_s": round(self._off_s, 1)}
        if abs(self._off_s) <= CLOCK_WARN_S:
            return Finding(Step.CLOCK, State.OK, facts)
        state = State.FAILED if abs(self._off_s) > CLOCK_BAD_S else State.WARNING
        return Finding(Step.CLOCK, state, facts, Trouble.CLOCK, Remedy.CLOCK_OFF)

    @contextmanager
    def _asking(self) -> Iterator[CentralClient]:
        with self._lock:
            client = self._client = self._client or self._introduced()
            self._under_way += 1
        try:
            yield client
        finally:
            with self._lock:
                self._under_way -= 1
                if self._over.is_set() and not self._under_way:
                    client.close()

    def _introduced(self) -> CentralClient:
        client = CentralClient(
            self._enrolment.central_url,
            settings=self._settings,
            clock=self._clock,
            network=self._network,
            stop=self._over,
        )
        client.identify(self._key, self._enrolment.central_id)
        client.clock_offset = timedelta(seconds=self._clock_offset_s)
        return client

    def _hello_in(self, answer: Answer) -> Hello | None:
        """The hello of our central, signed by a key we believe; None for everything else."""
        with suppress(TrustError, UnicodeDecodeError):
            hello = check_hello(answer.body.decode("ascii"), self._enrolment.signing_keys)
            return hello if answer.echoed and hello.central_id == self._enrolment.central_id else None
        return None


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
