"""What can go wrong between a station and central, as values a test hands to the fake central."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from station.wire import Problem, Receipt

Headers = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """One fault. Without `process` central never sees the request; with it only the answer suffers.

    Combine members freely; the functions below make the usual ones.
    """

    process: bool = False
    status: int | None = None
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    echo: bool = True
    drop: bool = False
    """Close the connection instead of answering."""
    cut_answer_at: int | None = None
    """Send so many bytes of the body, then close."""
    cut_upload_at: int | None = None
    """Take so many bytes of the request body, keep them, then close."""
    hold: threading.Event | None = None
    """Answer only after this event (stopping the fake sets it free too)."""
    receipt: Callable[[Receipt], str] | None = None
    """What to send instead of the true receipt, wherever one is in the answer."""
    rewrite: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """Change the JSON of the true answer."""


def answer(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Any answer instead of the true one; `Retry_After="3"` becomes `Retry-After: 3`."""
    return Fault(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def problem(kind: Problem, status: int, *, retry_after: str = "", **members: Any) -> Fault:
    """A problem of the wire contract; `retry_after` in seconds or as an HTTP date."""
    headers = {"Content-Type": "application/problem+json"} | ({"Retry-After": retry_after} if retry_after else {})
    body = {"type": kind.urn, "title": kind.value, "status": status, "detail": "scripted", **members}
    return Fault(status=status, headers=headers, body=json.dumps(body).encode())


def portal() -> Fault:
    """A captive portal: a page with 200 that did not come from central."""
    return Fault(status=200, headers={"Content-Type": "text/html"}, body=b"<html>Silakan masuk</html>", echo=False)


def html_with_echo() -> Fault:
    """A web page with 200 that even echoes (a proxy in front of central)."""
    return Fault(status=200, headers={"Content-Type": "text/html"}, body=b"<html>502</html>")


def redirect(location: str = "http://127.0.0.1:9/login") -> Fault:
    return Fault(status=302, headers={"Location": location}, echo=False)


def no_echo() -> Fault:
    """The true answer, but nothing proves that it is central's."""
    return Fault(process=True, echo=False)


def cut_answer(at: int) -> Fault:
    """The work is done, the answer breaks off."""
    return Fault(process=True, cut_answer_at=at)


def lost_answer() -> Fault:
    """The work is done, nobody learns of it."""
    return Fault(process=True, drop=True)


def lost_request() -> Fault:
    """The connection breaks before central sees anything."""
    return Fault(drop=True)


def cut_upload(at: int) -> Fault:
    """The connection breaks after so many bytes of the body; central keeps them."""
    return Fault(process=True, cut_upload_at=at, drop=True)


def slow(until: threading.Event) -> Fault:
    """The work is done, the answer waits for the event."""
    return Fault(process=True, hold=until)


def other_receipt(make: Callable[[Receipt], str]) -> Fault:
    """The work is done, the receipt is what `make` says."""
    return Fault(process=True, receipt=make)
