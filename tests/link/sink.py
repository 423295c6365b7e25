"""The far end for the programs measured beside the station: takes a PUT, a multipart POST, or a tus upload, over TLS.

`python -m tests.link.sink HOST PORT CHAIN KEY`; says `up`. It keeps what arrived of a broken tus upload, as the
protocol asks, and counts whole deliveries: `GET /delivered` tells how many bytes of them there are.
"""

from __future__ import annotations

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from uuid import uuid4

_LOCK = Lock()
_DELIVERED = [0]
_UPLOADS: dict[str, tuple[int, int]] = {}
"""Of each upload, how long it will be and how many bytes are here."""


class Sink(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 900

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self._answer(200, json.dumps(_DELIVERED[0]).encode())

    def do_PUT(self) -> None:
        self._whole()

    def do_POST(self) -> None:
        if self.path != "/files":
            self._whole()
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = f"/files/{uuid4().hex}"
        _UPLOADS[name] = (int(self.headers["Upload-Length"]), 0)
        host = self.headers["Host"]
        self._answer(201, headers={"Location": f"https://{host}{name}"})

    def do_HEAD(self) -> None:
        length, offset = _UPLOADS[self.path]
        self._answer(200, headers={"Upload-Offset": str(offset), "Upload-Length": str(length)})

    def do_PATCH(self) -> None:
        length, offset = _UPLOADS[self.path]
        if int(self.headers["Upload-Offset"]) != offset:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(409)
            return
        left = int(self.headers["Content-Length"])
        while left:
            part = self.rfile.read1(min(left, 65536))
            if not part:
                self.close_connection = True
                return
            left, offset = left - len(part), offset + len(part)
            _UPLOADS[self.path] = (length, offset)
        if offset == length:
            self._delivered(length)
        self._answer(204, headers={"Upload-Offset": str(offset)})

    def _whole(self) -> None:
        """All of the body, or nothing."""
        wanted = int(self.headers["Content-Length"])
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        left = wanted
        while left:
            part = self.rfile.read1(min(left, 65536))
            if not part:
                self.close_connection = True
                return
            left -= len(part)
        self._delivered(wanted)
        self._answer(200)

    def _delivered(self, size: int) -> None:
        with _LOCK:
            _DELIVERED[0] += size

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Tus-Resumable": "1.0.0", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main() -> None:
    host, port, chain, key = sys.argv[1:]
    server = ThreadingHTTPServer((host, int(port)), Sink)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print("up", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
