"""The connection doctor names exactly what stands between this station and central, and touches no packet."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest

from station.config import CentralSettings
from station.desk.doctor import Examining, last_examination
from station.domain.doctor import Examination, Finding, Remedy, State, Step, plain_examination, read_examination
from station.domain.outcome import LINK_TROUBLES, Trouble
from station.seal.hello import sign_hello
from station.seal.jws import SigningKey
from station.store.depot import Depot
from station.sync import approach, verdict, visit
from station.sync.adapters import read_adapters
from station.sync.approach import adapter_finding
from station.sync.doorway import way_to
from station.sync.network import Network
from station.wire import Hello, Problem
from tests.certificates import certificate
from tests.fakes.central_faults import Fault, answer, html_with_echo, portal, problem, redirect
from tests.fakes.strange_server import StrangeServer, header_of, http
from tests.sending import Sender, sending
from tests.support import HandClock

BEHIND = {Step.CERTIFICATE, Step.CENTRAL, Step.STATION, Step.CLOCK}
"""What nobody comes to when the port stays closed."""


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as made:
        yield made


@pytest.fixture
def plugged(tmp_path: Path) -> Path:
    """The files of a computer whose network cable is in."""
    return computer(tmp_path / "computer", eth0="up")


def computer(root: Path, *, route: str = "eth0", radio: str = "", **adapters: str) -> Path:
    """The files in which Linux tells of `adapters` (name=operstate); a name with w is wireless, with p a modem."""
    for name, state in adapters.items():
        folder = root / "sys/class/net" / name
        (folder / "device").mkdir(parents=True)
        (folder / "operstate").write_text(f"{state}\n")
        (folder / "type").write_text("512\n" if name.startswith("p") else "1\n")
        (folder / "carrier").write_text("1\n" if state in ("up", "unknown") else "0\n")
        if name.startswith("w"):
            (folder / "wireless").mkdir()
    (root / "sys/class/net/lo").mkdir(parents=True)
    (root / "sys/class/net/lo/type").write_text("772\n")
    (root / "proc/net").mkdir(parents=True)
    gateway = f"{route}\t00000000\t0101A8C0\n" if route else ""
    (root / "proc/net/route").write_text(f"Iface\tDestination\tGateway\n{gateway}")
    if radio:
        (root / "sys/class/rfkill/rfkill0").mkdir(parents=True)
        (root / "sys/class/rfkill/rfkill0/type").write_text("wlan\n")
        (root / "sys/class/rfkill/rfkill0/soft").write_text(radio)
    return root


def at(sender: Sender, url: str) -> None:
    """Move this station's central to `url`."""
    sender.depot.enrolment = sender.enrolment.model_copy(update={"central_url": url})


def examine(sender: Sender, files: Path = Path("/"), *, step_s: float = 10, **settings: Any) -> Examination:
    kept = CentralSettings.model_validate({"ca_file": sender.root / "authority.pem", **settings})
    return Examining(sender.depot, kept, sender.clock, files=files, step_s=step_s).run()


def culprit(found: Examination) -> Finding:
    assert found.culprit is not None, [one.state for one in found.findings]
    return found.culprit


def of(found: Examination, step: Step) -> Finding:
    return next(one for one in found.findings if one.step is step)


def not_reached(found: Examination) -> set[Step]:
    return {one.step for one in found.findings if one.state is State.NOT_REACHED}


# ------------------------------------------------------------------------------------------------------------- well


def test_all_is_well_and_every_step_says_what_it_measured(sender: Sender) -> None:
    key = sender.packet()
    before = sender.row(key)
    heard: list[int] = []
    kept = CentralSettings(ca_file=sender.root / "authority.pem")
    found = Examining(sender.depot, kept, sender.clock).run(lambda findings: heard.append(len(findings)))
    assert found.healthy
    assert [one.state for one in found.findings] == [State.OK] * 7
    assert heard == [1, 2, 3, 4, 5, 6, 7]
    assert of(found, Step.PORT).facts["port"] == sender.central.port
    assert of(found, Step.CERTIFICATE).facts == {"plain": True}
    assert of(found, Step.CENTRAL).facts["name"] == "Fake"
    assert of(found, Step.STATION).facts["status"] == 200
    assert abs(float(of(found, Step.CLOCK).facts["off_s"])) < 1
    assert sender.row(key) == before
    assert [asked.route for asked in sender.central.asked] == ["hello", "changes"]


def test_what_was_found_last_is_remembered_and_survives_json(sender: Sender) -> None:
    assert last_examination(sender.depot) is None
    found = examine(sender)
    kept = last_examination(sender.depot)
    assert kept is not None
    assert plain_examination(kept) == plain_examination(found)
    assert read_examination({"at": "yesterday", "findings": []}) is None
    assert read_examination({"at": found.at.isoformat(), "findings": [{"step": "new"}]}) is None


def test_a_station_that_nobody_has_enrolled_is_told_so(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "empty")
    try:
        found = Examining(depot, CentralSettings(), HandClock()).run()
    finally:
        depot.close()
    assert culprit(found).remedy is Remedy.NOT_ENROLLED
    assert not found.healthy


# ------------------------------------------------------------------------------------------------ adapter, name, port


@pytest.mark.parametrize(
    ("adapters", "remedy"),
    [
        ({"eth0": "down"}, Remedy.NO_CABLE),
        ({"wlan0": "down", "radio": "0"}, Remedy.WIFI_NOT_JOINED),
        ({"wlan0": "down", "eth0": "down", "radio": "1"}, Remedy.WIFI_OFF),
        ({}, Remedy.NO_ADAPTER),
    ],
)
def test_without_a_network_the_adapter_explains_everything(
    sender: Sender, tmp_path: Path, adapters: dict[str, str], remedy: Remedy
) -> None:
    at(sender, "https://central.invalid")
    found = examine(sender, computer(tmp_path / "computer", route="", **adapters))
    assert (culprit(found).step, culprit(found).remedy) == (Step.ADAPTER, remedy)
    assert not_reached(found) == {Step.NAME, Step.PORT, *BEHIND}


def test_an_adapter_that_looks_dead_while_the_port_opens_is_a_remark_only(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.sync.doorway.Door.here", False)
    found = examine(sender, computer(tmp_path / "computer", eth0="down"))
    assert of(found, Step.ADAPTER).state is State.WARNING
    assert found.healthy


@pytest.mark.parametrize(
    ("name", "kind"), [("eth0", "ethernet"), ("wlan0", "wifi"), ("ppp0", "cellular"), ("eno1", "ethernet")]
)
def test_the_adapter_in_use_is_named_with_its_kind(tmp_path: Path, name: str, kind: str) -> None:
    files = computer(tmp_path, route=name, **{name: "unknown" if kind == "cellular" else "up"}, wlan9="down")
    finding = adapter_finding(read_adapters(files))
    assert finding.state is State.OK
    assert finding.facts == {"name": name, "kind": kind, "others": 1}


def test_an_adapter_without_a_way_out_is_a_warning(tmp_path: Path) -> None:
    finding = adapter_finding(read_adapters(computer(tmp_path, route="", eth0="up")))
    assert (finding.state, finding.remedy) == (State.WARNING, Remedy.NO_ROUTE)


def test_a_system_that_tells_nothing_of_its_adapters_is_not_blamed(tmp_path: Path) -> None:
    assert adapter_finding(read_adapters(tmp_path)).state is State.OK


def test_the_cable_of_training_mode_is_seen(sender: Sender) -> None:
    sender.network.cut()
    kept = CentralSettings(ca_file=sender.root / "authority.pem")
    found = Examining(sender.depot, kept, sender.clock, cable=sender.network).run()
    assert (culprit(found).step, culprit(found).remedy) == (Step.ADAPTER, Remedy.NO_CABLE)
    assert sender.central.asked == []


def test_a_name_that_does_not_exist_is_named(sender: Sender, plugged: Path) -> None:
    at(sender, "https://central.contoh.invalid")
    found = examine(sender, plugged)
    assert (culprit(found).step, culprit(found).remedy) == (Step.NAME, Remedy.NAME_UNKNOWN)
    assert culprit(found).facts["host"] == "central.contoh.invalid"
    assert not_reached(found) == {Step.PORT, *BEHIND}


def test_a_name_service_that_never_answers_is_given_up_in_time(
    sender: Sender, plugged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can break off a look-up: the doctor goes on without it."""
    over = threading.Event()
    monkeypatch.setattr(approach, "addresses_of", lambda _door: over.wait() and [])
    at(sender, "https://central.contoh.invalid")
    found = examine(sender, plugged, step_s=0.2)
    over.set()
    assert (culprit(found).step, culprit(found).remedy) == (Step.NAME, Remedy.NAME_SILENT)


def test_when_the_whole_time_is_up_the_rest_is_not_reached(sender: Sender) -> None:
    kept = CentralSettings(ca_file=sender.root / "authority.pem")
    found = Examining(sender.depot, kept, sender.clock, whole_s=0).run()
    assert not_reached(found) == {Step.ADAPTER, Step.NAME, Step.PORT, *BEHIND}
    assert sender.central.asked == [] and not found.healthy


def test_a_closed_port_is_named(sender: Sender) -> None:
    sender.central.stop()
    found = examine(sender)
    assert (culprit(found).step, culprit(found).remedy) == (Step.PORT, Remedy.PORT_CLOSED)
    assert culprit(found).trouble is Trouble.REFUSED
    assert not_reached(found) == BEHIND


def test_a_port_that_swallows_everything_is_given_up_in_time(sender: Sender) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = []
        for _ in range(3):  # a full queue: the next connection is neither taken nor refused
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
            fillers.append(filler)
        at(sender, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        found = examine(sender, step_s=0.3)
        for filler in fillers:
            filler.close()
    assert (culprit(found).step, culprit(found).remedy) == (Step.PORT, Remedy.PORT_SILENT)


# -------------------------------------------------------------------------------------------------------------- proxy


def test_a_proxy_whose_name_does_not_exist_is_named_before_central(sender: Sender, plugged: Path) -> None:
    found = examine(sender, plugged, proxy="http://proxy.contoh.invalid:3128")
    assert [one.step for one in found.findings][:3] == [Step.ADAPTER, Step.PROXY_NAME, Step.PROXY_PORT]
    assert (culprit(found).step, culprit(found).remedy) == (Step.PROXY_NAME, Remedy.NAME_UNKNOWN)


def test_a_proxy_that_is_not_there_is_named(sender: Sender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    found = examine(sender, proxy=f"http://127.0.0.1:{port}")
    assert (culprit(found).step, culprit(found).remedy) == (Step.PROXY_PORT, Remedy.PORT_CLOSED)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (http(407), Remedy.PROXY_PASSWORD),
        (http(403), Remedy.PROXY_REFUSES),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Remedy.PROXY_STRANGE),
    ],
)
def test_a_proxy_that_does_not_open_the_way_is_told_apart(sender: Sender, said: bytes, remedy: Remedy) -> None:
    at(sender, "https://central.contoh.invalid")
    with StrangeServer(lambda _asked: said) as proxy:
        found = examine(sender, proxy=f"http://siti:rahasia@127.0.0.1:{proxy.port}")
    assert (culprit(found).step, culprit(found).remedy) == (Step.PORT, remedy)
    assert culprit(found).facts["via"] == "127.0.0.1"
    assert proxy.asked[0].startswith(b"CONNECT central.contoh.invalid:443 HTTP/1.1\r\n")
    assert header_of(proxy.asked[0], "Proxy-Authorization") == "Basic c2l0aTpyYWhhc2lh"
    assert "rahasia" not in str(plain_examination(found))


def test_settings_with_a_proxy_that_cannot_be_used_are_named(sender: Sender) -> None:
    assert culprit(examine(sender, proxy="socks5://127.0.0.1:1080")).remedy is Remedy.PROXY_CANNOT
    assert culprit(examine(sender, proxy="http://127.0.0.1:99999")).remedy is Remedy.PROXY_CANNOT


# -------------------------------------------------------------------------------------------------------- certificate


Answering = Callable[[bytes], bytes | None]
OLD: dict[str, Any] = {
    "good_from": datetime(2020, 1, 1, tzinfo=UTC),
    "good_until": datetime(2020, 12, 31, tzinfo=UTC),
}


def hello_of(sender: Sender, *, time: datetime | None = None, key: SigningKey | None = None) -> Answering:
    """Answers hello as this central would, at another time or signed by another key."""

    def said(asked: bytes) -> bytes:
        token = sender.central.hello_token()
        if time is not None or key is not None:
            hello = Hello(
                central_id=sender.central.central_id,
                name="Fake",
                time=time or sender.clock.now(),
                protocol=(1,),
                signing_keys=((key or sender.central.key).public,),
                sealing_recipients=sender.enrolment.sealing_recipients,
            )
            token = sign_hello(key or sender.central.key, hello)
        return http(200, token.encode(), Content_Type="application/jose", Request_Id=header_of(asked, "Request-Id"))

    return said


def behind_tls(sender: Sender, tmp_path: Path, said: Answering, *, trusted: bool = True, **made: Any) -> Examination:
    folder = tmp_path / "tls"
    folder.mkdir()
    chain = certificate(folder, **made)
    with StrangeServer(said, chain=chain) as server:
        at(sender, f"https://127.0.0.1:{server.port}")
        return examine(sender, ca_file=chain[0] if trusted else sender.root / "authority.pem")


def test_a_strangers_certificate_is_named_with_whose_it_is_and_nothing_is_sent(sender: Sender, tmp_path: Path) -> None:
    found = behind_tls(sender, tmp_path, hello_of(sender), trusted=False, called="Orang Asing")
    wrong = culprit(found)
    assert (wrong.step, wrong.remedy) == (Step.CERTIFICATE, Remedy.CERTIFICATE_STRANGER)
    assert wrong.trouble is Trouble.CERTIFICATE
    assert wrong.facts["issuer"] == "Orang Asing"
    assert not_reached(found) == {Step.CENTRAL, Step.STATION, Step.CLOCK}


def test_a_certificate_that_really_expired_is_told_from_a_wrong_clock(sender: Sender, tmp_path: Path) -> None:
    found = behind_tls(sender, tmp_path, hello_of(sender), **OLD)
    assert culprit(found).remedy is Remedy.CERTIFICATE_EXPIRED
    assert culprit(found).facts["until"] == "2020-12-31T00:00:00+00:00"
    assert of(found, Step.CLOCK).state is State.OK


def test_a_clock_that_makes_a_good_certificate_look_expired_is_blamed_itself(sender: Sender, tmp_path: Path) -> None:
    truth = datetime(2020, 6, 1, tzinfo=UTC)
    found = behind_tls(sender, tmp_path, hello_of(sender, time=truth), **OLD)
    assert culprit(found).remedy is Remedy.OWN_CLOCK
    off_s = float(of(found, Step.CLOCK).facts["off_s"])
    assert abs(off_s - (truth - sender.clock.now()).total_seconds()) < 2
    assert of(found, Step.CLOCK).state is State.FAILED


def test_nobody_but_central_can_blame_the_clock(sender: Sender, tmp_path: Path) -> None:
    said = hello_of(sender, time=datetime(2020, 6, 1, tzinfo=UTC), key=SigningKey.generate("palsu"))
    assert culprit(behind_tls(sender, tmp_path, said, **OLD)).remedy is Remedy.CERTIFICATE_EXPIRED


def test_a_certificate_that_is_not_good_yet_is_named(sender: Sender, tmp_path: Path) -> None:
    begins, ends = datetime(2136, 1, 1, tzinfo=UTC), datetime(2137, 1, 1, tzinfo=UTC)
    found = behind_tls(sender, tmp_path, hello_of(sender), good_from=begins, good_until=ends)
    assert culprit(found).remedy is Remedy.CERTIFICATE_EARLY


def test_a_certificate_for_another_name_is_named(sender: Sender, tmp_path: Path) -> None:
    found = behind_tls(sender, tmp_path, hello_of(sender), host="127.0.0.9")
    assert culprit(found).remedy is Remedy.CERTIFICATE_NAME
    assert culprit(found).facts["subject"] == "127.0.0.9"


def test_a_certificate_that_ends_within_days_is_a_warning(sender: Sender, tmp_path: Path) -> None:
    sender.clock.wall = datetime.now(UTC)  # what speaks TLS goes by the computer's own
    ends = sender.clock.wall + timedelta(days=2, hours=1)
    found = of(behind_tls(sender, tmp_path, hello_of(sender), good_until=ends), Step.CERTIFICATE)
    assert (found.state, found.remedy) == (State.WARNING, Remedy.CERTIFICATE_SOON)
    assert found.facts["days_left"] == 2


def test_a_port_that_speaks_no_tls_is_named(sender: Sender) -> None:
    at(sender, f"https://127.0.0.1:{sender.central.port}")
    found = culprit(examine(sender))
    assert (found.step, found.remedy, found.trouble) == (Step.CERTIFICATE, Remedy.NO_TLS, Trouble.CERTIFICATE)


def test_a_file_of_authorities_that_is_gone_is_named(sender: Sender, tmp_path: Path) -> None:
    at(sender, f"https://127.0.0.1:{sender.central.port}")
    assert culprit(examine(sender, ca_file=tmp_path / "gone.pem")).remedy is Remedy.CA_FILE


# ------------------------------------------------------------------------------------------------ is it really central


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (portal(), 200),
        (redirect("http://masuk.wifi.contoh/login?nik=1"), 302),
        (redirect("http://[masuk"), 302),
        (answer(511), 511),
    ],
)
def test_a_network_that_wants_its_own_sign_in_is_named(sender: Sender, fault: Fault, status: int) -> None:
    sender.central.queue("hello", Fault(status=fault.status, headers=fault.headers, body=fault.body, echo=False))
    found = culprit(examine(sender))
    assert (found.step, found.remedy, found.trouble) == (Step.CENTRAL, Remedy.PORTAL, Trouble.PORTAL)
    assert found.facts["status"] == status
    assert found.facts.get("location", "masuk.wifi.contoh") == "masuk.wifi.contoh"


@pytest.mark.parametrize(("status", "remedy"), [(407, Remedy.PROXY_PASSWORD), (502, Remedy.BETWEEN)])
def test_a_machine_on_the_way_that_answers_in_centrals_place_is_named(
    sender: Sender, status: int, remedy: Remedy
) -> None:
    sender.central.queue("hello", Fault(status=status, echo=False))
    found = culprit(examine(sender))
    assert (found.remedy, found.trouble, found.facts["status"]) == (remedy, Trouble.PROXY, status)


def test_whatever_delivery_calls_trouble_of_the_link_the_doctor_can_name() -> None:
    assert set(verdict._REMEDIES) >= LINK_TROUBLES


def test_a_web_page_that_echoes_is_no_central_either(sender: Sender) -> None:
    sender.central.queue("hello", html_with_echo())
    assert culprit(examine(sender)).remedy is Remedy.PORTAL


def test_a_hello_signed_by_another_key_is_a_stranger(sender: Sender) -> None:
    other = hello_of(sender, key=SigningKey.generate("palsu"))
    with StrangeServer(other) as server:
        at(sender, f"http://127.0.0.1:{server.port}")
        found = culprit(examine(sender))
    assert (found.step, found.remedy) == (Step.CENTRAL, Remedy.STRANGER)


def test_a_hello_of_another_central_is_a_stranger(sender: Sender) -> None:
    sender.central.central_id = "central-lain"
    assert culprit(examine(sender)).remedy is Remedy.STRANGER


def test_a_hello_that_breaks_off_is_unreadable(sender: Sender) -> None:
    body = sender.central.hello_token()[:80].encode()
    sender.central.queue("hello", answer(200, body, Content_Type="application/jose"))
    assert culprit(examine(sender)).remedy is Remedy.UNREADABLE


def test_a_server_that_takes_the_question_and_says_nothing_is_given_up_in_time(sender: Sender) -> None:
    with StrangeServer(lambda _asked: None) as server:
        at(sender, f"http://127.0.0.1:{server.port}")
        found = culprit(examine(sender, step_s=0.3))
    assert (found.step, found.remedy, found.trouble) == (Step.CENTRAL, Remedy.SILENT, Trouble.TIMEOUT)


def test_the_doctor_can_be_sent_away_in_the_middle(sender: Sender) -> None:
    reached = threading.Event()

    def silent(_asked: bytes) -> None:
        reached.set()

    with StrangeServer(silent) as server:
        at(sender, f"http://127.0.0.1:{server.port}")
        examining = Examining(sender.depot, CentralSettings(ca_file=sender.root / "authority.pem"), sender.clock)
        found: list[Examination] = []
        thread = threading.Thread(target=lambda: found.append(examining.run()), daemon=True)
        thread.start()
        assert reached.wait(5)
        examining.cancel()
        thread.join(5)
    assert not_reached(found[0]) == {Step.CENTRAL, Step.STATION, Step.CLOCK}
    assert found[0].culprit is None


def test_a_slow_answer_is_a_warning(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "SLOW_MS", -1)
    found = of(examine(sender), Step.CENTRAL)
    assert (found.state, found.remedy) == (State.WARNING, Remedy.SLOW)


# --------------------------------------------------------------------------------------------------- station and clock


@pytest.mark.parametrize(
    ("kind", "status", "remedy", "trouble"),
    [
        (Problem.MAINTENANCE, 503, Remedy.MAINTENANCE, Trouble.MAINTENANCE),
        (Problem.STATION_BLOCKED, 403, Remedy.BLOCKED, Trouble.BLOCKED),
        (Problem.UNKNOWN_STATION, 401, Remedy.UNKNOWN_STATION, Trouble.UNKNOWN_STATION),
        (Problem.BAD_SIGNATURE, 401, Remedy.BAD_SIGNATURE, Trouble.BAD_SIGNATURE),
        (Problem.CLIENT_TOO_OLD, 426, Remedy.TOO_OLD, Trouble.TOO_OLD),
        (Problem.NO_SPACE, 507, Remedy.NO_SPACE, Trouble.NO_SPACE),
    ],
)
def test_what_central_holds_against_this_station_is_named(
    sender: Sender, kind: Problem, status: int, remedy: Remedy, trouble: Trouble
) -> None:
    sender.central.queue("changes", problem(kind, status, message="Sebentar", min_client="9.9"))
    found = examine(sender)
    wrong = culprit(found)
    assert (wrong.step, wrong.remedy, wrong.trouble) == (Step.STATION, remedy, trouble)
    assert (wrong.facts["status"], wrong.facts["problem"]) == (status, kind.value)
    assert wrong.facts["message"] == "Sebentar"
    assert of(found, Step.CLOCK).state is State.OK  # central has said what time it is before it refused


def test_until_when_a_station_is_blocked_is_said(sender: Sender) -> None:
    until = sender.clock.now() + timedelta(hours=2)
    sender.central.queue(
        "changes", problem(Problem.STATION_BLOCKED, 403, until=until.isoformat(), reason="Perangkat hilang")
    )
    facts = culprit(examine(sender)).facts
    assert (facts["until"], facts["message"]) == (until.isoformat(), "Perangkat hilang")


def test_how_long_maintenance_takes_is_said(sender: Sender) -> None:
    until = sender.clock.now() + timedelta(hours=2)
    sender.central.queue("changes", problem(Problem.MAINTENANCE, 503, until=until.isoformat()))
    assert culprit(examine(sender)).facts["until"] == until.isoformat()
    sender.central.queue("changes", problem(Problem.MAINTENANCE, 503, retry_after="7200"))
    assert culprit(examine(sender)).facts["again_s"] == 7200


def test_a_busy_central_is_a_warning_only(sender: Sender) -> None:
    sender.central.queue("changes", problem(Problem.BUSY, 429, retry_after="5"))
    found = examine(sender)
    assert of(found, Step.STATION).state is State.WARNING
    assert found.healthy


@pytest.mark.parametrize(("ahead", "state"), [(90, State.WARNING), (10800, State.FAILED), (-10800, State.FAILED)])
def test_a_clock_that_is_off_is_measured(sender: Sender, ahead: int, state: State) -> None:
    sender.central.clock_ahead = timedelta(seconds=ahead)
    found = examine(sender)
    assert of(found, Step.STATION).state is State.OK  # the client corrects itself, as delivery does
    clock = of(found, Step.CLOCK)
    assert (clock.state, clock.remedy) == (state, Remedy.CLOCK_OFF)
    assert abs(float(clock.facts["off_s"]) - ahead) < 1
    assert sender.depot.memory.clock_offset_s == 0  # looking changes nothing


def test_the_blind_look_at_a_certificate_never_asks_anything(sender: Sender, tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    with StrangeServer(hello_of(sender), chain=certificate(folder)) as server:
        at(sender, f"https://127.0.0.1:{server.port}")
        examine(sender)
    assert server.asked == []
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


class SlowNetwork(Network):
    """Its connections come about when they are let."""

    def __init__(self) -> None:
        super().__init__()
        self.connecting, self.let = threading.Event(), threading.Event()
        self.made: list[httpcore.NetworkStream] = []

    def connect(self, *where: Any, **how: Any) -> httpcore.NetworkStream:
        self.connecting.set()
        assert self.let.wait(60)
        self.made.append(super().connect(*where, **how))
        return self.made[-1]


def test_a_connection_that_comes_about_after_the_doctor_was_called_off_is_closed(sender: Sender) -> None:
    network, settings = SlowNetwork(), CentralSettings(ca_file=sender.root / "authority.pem")
    way = way_to(sender.enrolment.central_url, settings.proxy)
    going = visit.Visit(way, sender.enrolment, sender.key, settings, clock=sender.clock, network=network)
    asking = threading.Thread(target=going.central, daemon=True)
    asking.start()
    assert network.connecting.wait(60)
    going.break_off()
    going.close()
    network.let.set()
    asking.join(60)
    assert [stream.get_extra_info("socket").fileno() for stream in network.made] == [-1]
