"""One question to the service: its verb and path, its body, and the answer, with the manners of the reference one.

It must not know what is answered.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from station.capture.sbi.names import ANY_DEVICE, CALLS, HOST, REGISTRATION, DeviceSub, SpecVersion, whole_of
from station.domain.biometrics import FINGERS, Modality, Part
from station.training.simulator import admin, answers, checks, streaming
from station.training.simulator.asked import NotJsonError, StreamAsked, read_capture, read_object
from station.training.simulator.booth import Booth
from station.training.simulator.capturing import Capture, NobodyWaitsError, RefusedError, item
from station.training.simulator.device import BusyError, Device
from station.training.simulator.faults import Fault

MAX_BODY_BYTES = 1024 * 1024
_WRONG_VERB = [{"deviceId": None, "error": answers.error("500")}]


class Port(Protocol):
    """Where the service is, and how another program comes to its port."""

    @property
    def booth(self) -> Booth: ...

    @property
    def port(self) -> int: ...

    def give_up_port(self) -> None: ...

    def take_port_back(self) -> None: ...


class ServiceServer(ThreadingHTTPServer):
    """A server that knows its service."""

    service: Port


class Handler(BaseHTTPRequestHandler):
    """One question of a client. `server.service` is the Service it belongs to."""

    server: ServiceServer
    timeout = 30  # seconds for a client to say what it wants
    protocol_version = "HTTP/1.1"

    # --------------------------------------------------------------------------------------------------------- verbs

    def do_MOSIPDISC(self) -> None:
        self._discover(SpecVersion.V095)

    def do_SBIDISC(self) -> None:
        self._discover(SpecVersion.V10)

    def do_MOSIPDINFO(self) -> None:
        self._info(SpecVersion.V095)

    def do_SBIDINFO(self) -> None:
        self._info(SpecVersion.V10)

    def do_STREAM(self) -> None:
        if self._is_here(CALLS[SpecVersion.V095].stream.path):
            self._stream()

    def do_RCAPTURE(self) -> None:
        if self._is_here(CALLS[SpecVersion.V095].capture.path):
            self._capture()

    def do_POST(self) -> None:
        try:
            asked = read_object(self._body())
        except NotJsonError:
            return self._reply(answers.error(checks.BAD_JSON))
        if self.path == "/admin/fault" and asked.get("fault") == Fault.PORT_TAKEN:
            return self._reply(self._move_port(asked.get("times") != 0))
        found = admin.answer(self._booth, self.path, asked)
        if found is not None and asked.get("fault") == "none":
            self.server.service.take_port_back()
        return self._wrong_verb() if found is None else self._reply(found)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Whatever is wrong with a question's first line: one answer."""
        self._wrong_verb()

    # ------------------------------------------------------------------------------------------------------- answers

    def _discover(self, version: SpecVersion) -> None:
        self._ask(version, CALLS[version].discover.path, answers.discovery)

    def _info(self, version: SpecVersion) -> None:
        self._ask(version, CALLS[version].info.path, answers.info)

    def _ask(self, version: SpecVersion, path: str, answer: Callable[..., list[answers.Answer]]) -> None:
        if version not in self._booth.options.versions or not self._is_here(path, tell=False):
            return self._wrong_verb()
        body = self._body()
        wanted = ANY_DEVICE
        if body.strip():
            try:
                wanted = str(read_object(body).get("type", wanted))
            except NotJsonError:
                return self._reply([{"error": answers.error(checks.BAD_JSON)}])
        self._delay(*self._booth.devices)
        return self._reply(answer(self._booth, wanted, version, self._base_url))

    def _capture(self) -> None:
        booth, version = self._booth, SpecVersion.V095.value
        try:
            if booth.options.purpose != REGISTRATION:
                raise RefusedError(checks.OTHER_PURPOSE)
            asked = read_capture(self._body())
            version = asked.version
            wrong = checks.wrong_with_capture(booth, asked)
            device = checks.device_of(booth, asked)
            if wrong or device is None:
                self._met_busy(device, wrong)
                raise RefusedError(wrong)
            self._delay(device)
            items = Capture(booth, device, asked, self._gone).items()
        except NotJsonError:
            items = [item(version, "", "", checks.BAD_JSON)]
        except RefusedError as refused:
            items = [item(version, "", "", refused.code)]
        except BusyError:
            items = [item(version, "", "", "703")]
        except NobodyWaitsError:
            self.close_connection = True
            return
        self._reply({"biometrics": items})

    def _stream(self) -> None:
        booth = self._booth
        try:
            asked = StreamAsked(read_object(self._body()))
            wrong = checks.wrong_with_stream(booth, asked)
        except NotJsonError:
            return self._reply(answers.error("601"))
        device = checks.device_of(booth, asked)
        if wrong or device is None:
            self._met_busy(device, wrong)
            return self._reply(answers.error(wrong))  # flat, as the reference implementation sends it
        self._delay(device)
        parts = _shown(device, asked.sub)
        stream = device.open_stream(self._gone)
        self.close_connection = True
        write = self.wfile.write
        with suppress(OSError):  # the client has seen enough
            write(streaming.head(self.server.service.port))

            def frames() -> tuple[bytes, ...]:
                return booth.studio.frames(parts, poor=device.faults.has(Fault.LOW_QUALITY))

            streaming.send_frames(booth, device, stream, frames, asked.timeout_s, write)
        stream.ended = True
        return None

    def _move_port(self, away: bool) -> answers.Answer:
        service = self.server.service
        if away:
            service.give_up_port()
        else:
            service.take_port_back()
        return {**answers.error("0"), "port": service.port}

    # -------------------------------------------------------------------------------------------------------- inside

    @property
    def _booth(self) -> Booth:
        return self.server.service.booth

    @property
    def _base_url(self) -> str:
        return f"http://{HOST}:{self.server.service.port}/"

    def _is_here(self, path: str, *, tell: bool = True) -> bool:
        """A target in another form than `/path` is not understood."""
        here = self.path == path
        if not here and tell:
            self._wrong_verb()
        return here

    def _body(self) -> bytes:
        """Only `Content-Length` in these two spellings is seen."""
        said = next((value for name, value in self.headers.items() if name in ("Content-Length", "content-length")), "")
        length = int(said) if said.isdecimal() else 0
        return self.rfile.read(min(length, MAX_BODY_BYTES))

    def _gone(self) -> bool:
        """True when the client has hung up."""
        try:
            self.connection.setblocking(False)
            return len(self.connection.recv(1, socket.MSG_PEEK)) == 0
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            with suppress(OSError):
                self.connection.settimeout(self.timeout)

    def _delay(self, *devices: Device) -> None:
        wait = max((device.delays.get(self.command, 0.0) for device in devices), default=0.0)
        if wait:
            self._booth.closing.wait(wait)

    def _met_busy(self, device: Device | None, code: str) -> None:
        if device is not None and code in ("703", "111"):
            device.faults.met(Fault.BUSY)

    def _wrong_verb(self) -> None:
        self._reply(_WRONG_VERB, status="405 OK")

    def _reply(self, answer: object, *, status: str = "200 OK") -> None:
        body = json.dumps(answer)
        head = (
            f"HTTP/1.1 {status}\r\nCACHE-CONTROL:no-store\r\nLOCATION:{self._base_url.rstrip('/')}\r\n"
            f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\nConnection: Closed\r\n\r\n"
        )
        self.close_connection = True
        self.wfile.write(f"{head}{body}\r\n\r\n".encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it, and questions name people's fingers."""


def _shown(device: Device, sub: DeviceSub | None) -> tuple[Part, ...]:
    if device.model.modality is Modality.FINGER and sub is DeviceSub.UNKNOWN:
        return FINGERS[1:2]
    return whole_of(device.model.modality, sub or DeviceSub.UNKNOWN)
