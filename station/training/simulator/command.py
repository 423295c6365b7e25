"""`station simulator`: serves until its standard input is closed, so that it never outlives who started it."""

from __future__ import annotations

import json
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from threading import Event, Thread

from station.capture.sbi.names import PORTS, Environment, SpecVersion
from station.domain.errors import SetupError
from station.training.people import PEOPLE
from station.training.simulator.booth import Booth, Options, person_by_nik, person_by_seed
from station.training.simulator.identity import Authority
from station.training.simulator.service import Service


def run_simulator(options: Namespace, say: Callable[[str], None]) -> None:
    """Serve; `say` is given one line of JSON when everybody can connect."""
    authority = Authority()
    if options.trust is not None:
        authority.write(options.trust)
    service = Service(_booth(options, authority), [options.port] if options.port else PORTS)
    service.start()
    done = Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    Thread(target=_until_closed, args=(done,), name="parent", daemon=True).start()
    say(json.dumps({"port": service.port, "trust": str(options.trust or "")}))
    try:
        done.wait()
    finally:
        service.close()


def _booth(options: Namespace, authority: Authority) -> Booth:
    chosen = Options(
        purpose=options.purpose,
        environment=Environment.DEVELOPER,
        versions=(SpecVersion(options.spec),) if options.spec else tuple(SpecVersion),
        number=options.number,
        frame_s=max(1, options.frame_ms) / 1000,
        capture_s=max(0, options.capture_ms) / 1000,
    )
    person = PEOPLE[0]
    if options.seed is not None:
        person = person_by_seed(max(0, options.seed))
    elif options.nik:
        found = person_by_nik(options.nik)
        if found is None:
            raise SetupError("simulator.nobody")
        person = found
    return Booth(chosen, authority, person)


def _until_closed(done: Event) -> None:
    """The parent's end of the pipe closes with the parent, however it ends."""
    while sys.stdin.buffer.read(1):
        continue
    done.set()
