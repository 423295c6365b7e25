"""A scripted SBI service on loopback: answers well until a test tells it to lie. Shares no code with the client.

`spoil` changes what it states, `say` replaces a whole answer. The pictures are no pictures: nobody decodes them here.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

Json = dict[str, Any]
SERIAL, MAKE, MODEL = "UJI1234567890", "UJI", "Slap Uji"
FRAME = b"\xff\xd8\xff\xe0 picture \xff\xd9"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """The key of that name; made once, for it takes a moment."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    subject: str,
    issuer: str,
    *,
    ca: bool = False,
    days: tuple[int, int] = (-30, 30),
    key_name: str = "",
    path_length: int | None = None,
    also: x509.ExtensionType | None = None,
) -> x509.Certificate:
    """`subject` certified by the key of `issuer`, valid for `days` from today. `also` is demanded of who reads it."""
    now = datetime.now(UTC)
    begun = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key(key_name or subject).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
    )
    whole = begun if also is None else begun.add_extension(also, critical=True)
    return whole.sign(key(issuer), hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jws(payload: Mapping[str, Any], chain: list[x509.Certificate], signer: str = "device", **header: Any) -> str:
    """A signed token; `header` overrides what the header says."""
    x5c = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
    head = {"alg": "RS256", "typ": "JWT", "x5c": x5c} | header
    text = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(payload).encode())}"
    signature = key(signer).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{b64(signature)}"


AUTHORITY = "authority"


class SbiServer:
    """One service with one slap device of version 0.9.5. Records are `ISO-RECORD-<n>`, counted from 1."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[tuple[str, Json | None, Mapping[str, str]]] = []
        self.chain = [certificate("device", AUTHORITY)]
        self.signer = "device"
        self.id_chain: list[x509.Certificate] | None = None
        self.entry: Json = {}  # overrides in discovery and info
        self.info: Json = {}  # overrides in info only
        self.spoil: Callable[[Json], None] = lambda _payload: None
        self.spoil_item: Callable[[Json], None] = lambda _item: None
        self.subtypes: Callable[[list[str]], list[str]] = lambda wanted: wanted
        self.header: Json = {}
        self.say: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.frames: list[bytes] = [part(FRAME)] * 3
        self.records = 0
        self.released = threading.Event()
        self._server = _Http(("127.0.0.1", port), _handler(self))
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def authority(self) -> x509.Certificate:
        return _authority()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    # ------------------------------------------------------------------------------------------------------- answers

    def digital_id(self) -> Json:
        return {
            "serialNo": SERIAL, "make": MAKE, "model": MODEL, "type": "Finger", "deviceSubType": "Slap",
            "deviceProvider": "UJI", "deviceProviderId": "UJI.1", "dateTime": "2026-03-01T02:15:00Z",
        }  # fmt: skip

    def device(self) -> Json:
        return {
            "deviceId": "2", "deviceStatus": "Ready", "certification": "L0", "serviceVersion": "0.9.5",
            "deviceSubId": ["1", 2, "3"], "callbackId": f"http://127.0.0.1:{self.port}/",
            "digitalId": b64(json.dumps(self.digital_id()).encode()), "deviceCode": "code-1",
            "specVersion": ["0.9.5"], "purpose": "Registration",
            "error": {"errorCode": "0", "errorInfo": "Success"},
        } | self.entry  # fmt: skip

    def signed_id(self) -> str:
        return jws(self.digital_id(), self.id_chain if self.id_chain is not None else self.chain, self.signer)

    def signed_info(self) -> str:
        payload = self.device() | {"digitalId": self.signed_id(), "env": "Staging", "firmware": "1"} | self.info
        return jws(payload, self.chain, self.signer, **self.header)

    def items(self, asked: Json) -> list[Json]:
        bio = asked["bio"][0]
        previous = bio["previousHash"]
        found = []
        for name in self.subtypes(bio["bioSubType"]):
            self.records += 1
            record = f"ISO-RECORD-{self.records}".encode()
            before = bytes.fromhex(previous) if previous else hashlib.sha256(b"").digest()
            previous = hashlib.sha256(before + hashlib.sha256(record).digest()).hexdigest().upper()
            payload = {
                "digitalId": self.signed_id(), "deviceCode": "code-1", "deviceServiceVersion": "0.9.5",
                "bioType": "Finger", "bioSubType": name, "purpose": asked["purpose"], "env": asked["env"],
                "bioValue": b64(record), "transactionId": asked["transactionId"],
                "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "requestedScore": bio["requestedScore"], "qualityScore": "44.00",
            }  # fmt: skip
            self.spoil(payload)
            item = {
                "specVersion": asked["specVersion"],
                "data": jws(payload, self.chain, self.signer, **self.header),
                "hash": previous,
                "error": {"errorCode": "0", "errorInfo": "Success"},
            }
            self.spoil_item(item)
            found.append(item)
        return found

    def answer(self, verb: str, asked: Json | None) -> object:
        match verb:
            case "MOSIPDISC":
                return [self.device()]
            case "MOSIPDINFO":
                return [{"deviceInfo": self.signed_info(), "error": {"errorCode": "0", "errorInfo": "Success"}}]
            case "RCAPTURE":
                assert asked is not None
                return {"biometrics": self.items(asked)}
        return [{"error": {"errorCode": "500", "errorInfo": "Invalid URL"}}]

    def sent(self, verb: str) -> list[Json]:
        """The bodies of all questions of one verb."""
        return [body or {} for found, body, _ in self.asked if found == verb]


@cache
def _authority() -> x509.Certificate:
    return certificate(AUTHORITY, AUTHORITY, ca=True, days=(-300, 300))


def error(code: str, info: str = "said") -> Json:
    return {"errorCode": code, "errorInfo": info}


def complain(code: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A refusal in the shape of a capture's answer."""
    body = {"biometrics": [{"specVersion": "0.9.5", "data": "", "hash": "", "error": error(code)}]}
    return lambda handler: send(handler, json.dumps(body).encode())


def hang(server: SbiServer) -> Callable[[BaseHTTPRequestHandler], None]:
    """No answer as long as the test lasts."""

    def say(_handler: BaseHTTPRequestHandler) -> None:
        server.released.wait(30)

    return say


def send(handler: BaseHTTPRequestHandler, body: bytes, kind: str = "application/json") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Connection", "Closed")
    handler.end_headers()
    handler.wfile.write(body)


def stream_head(handler: BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.0"
    handler.send_response(200)
    handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=--BoundaryString")
    handler.end_headers()


def part(frame: bytes, length: int | None = None) -> bytes:
    """One frame of a stream; `length` is what it claims."""
    said = len(frame) if length is None else length
    return b"--BoundaryString\r\nContent-Type:image/jpeg\r\nContent-Length:%d\r\n\r\n%b\r\n\r\n" % (said, frame)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what is tested."""


def _handler(service: SbiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            service.asked.append((self.command, body, dict(self.headers)))
            self.close_connection = True
            with contextlib.suppress(OSError):
                if self.command in service.say:
                    service.say[self.command](self)
                elif self.command == "STREAM":
                    stream_head(self)
                    for frame in service.frames:
                        self.wfile.write(frame)
                    self.wfile.flush()
                    service.released.wait(10)
                else:
                    send(self, json.dumps(service.answer(self.command, body)).encode())

        do_MOSIPDISC = do_SBIDISC = do_MOSIPDINFO = do_SBIDINFO = do_STREAM = do_RCAPTURE = _serve

        def log_message(self, *_: object) -> None: ...

    return Handler


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found
