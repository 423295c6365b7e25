"""`station simulator` as a process: it says where it is, shares the range of ports, and never outlives its parent."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from station.capture.sbi.names import PORTS
from station.domain.errors import SetupError
from station.training.people import PEOPLE
from station.training.simulator.booth import Booth
from station.training.simulator.faults import Fault
from station.training.simulator.identity import TRUST_FILE
from station.training.simulator.process import Simulator
from station.training.simulator.service import Service
from tests.contracts.sbi_service import AUTHORITY, FAST, Client, of_face, record

PARENT = """
import sys
from station.training.simulator.process import Simulator
print(Simulator(more="--number 8").port, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    made = Simulator(capture_ms=0, person=PEOPLE[1])
    yield made
    made.close()


def answers(port: int, number: int) -> bool:
    """True while the simulator with this number is at `port`: when it has gone, another may come there."""
    client = Client(port)
    try:
        return bool(client.discover("Face")[0]["deviceCode"] == f"SIMFACE{number:06d}")
    except httpx.HTTPError:
        return False
    finally:
        client.close()


def test_it_listens_in_the_range_and_only_its_certificate_is_on_the_disk(simulator: Simulator) -> None:
    assert simulator.port in PORTS
    assert [path.name for path in simulator.trust.iterdir()] == [TRUST_FILE]
    written = (simulator.trust / TRUST_FILE).read_bytes()
    assert b"PRIVATE" not in written
    usage = x509.load_pem_x509_certificate(written).extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign


def test_whoever_holds_it_seats_people_and_breaks_things(simulator: Simulator) -> None:
    client = Client(simulator.port)
    simulator.expect(PEOPLE[2])
    simulator.seat(PEOPLE[2])
    first = record(client.capture(of_face())[0]).data
    simulator.seat(PEOPLE[3])
    assert record(client.capture(of_face())[0]).data != first
    simulator.seat(PEOPLE[2])
    assert record(client.capture(of_face())[0]).data == first
    simulator.fault(Fault.BUSY, type="Face")
    assert client.code(of_face()) == "703"
    simulator.mend()
    assert client.code(of_face()) == "0"
    with pytest.raises(ValueError, match="does not understand"):
        simulator.tell("person", nik="nobody")
    client.close()


def test_it_is_found_again_after_another_program_has_taken_its_port(simulator: Simulator) -> None:
    before = simulator.port
    simulator.fault(Fault.PORT_TAKEN)
    assert simulator.port != before
    client = Client(simulator.port)
    assert len(client.discover()) == 4
    simulator.mend()
    client.close()


def test_two_have_a_port_and_an_authority_each(simulator: Simulator) -> None:
    other = Simulator(more="--number 7")
    try:
        assert other.port != simulator.port
        assert (other.trust / TRUST_FILE).read_bytes() != (simulator.trust / TRUST_FILE).read_bytes()
        assert answers(other.port, 7)
    finally:
        other.close()
    assert not answers(other.port, 7)
    assert not other.trust.exists()


def test_a_port_that_somebody_has_is_not_taken() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        booth = Booth(FAST, AUTHORITY)
        with pytest.raises(SetupError, match=r"simulator\.no_port"):
            Service(booth, [somebody.getsockname()[1]]).start()
        booth.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_it_ends_when_its_parent_is_killed() -> None:
    project = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert answers(port, 8)
        parent.send_signal(signal.SIGKILL)
    while answers(port, 8):
        pass  # the test's own time limit ends this when it does not
