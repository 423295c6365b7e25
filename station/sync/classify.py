"""What an answer or a failure means. The only place that knows what a status code is worth.

An answer that cannot be parsed is never success and never refusal.
"""

from __future__ import annotations

import errno
import socket
import ssl
from datetime import datetime

import httpx

from station.domain.outcome import Halted, Later, Note, Outcome, Parked, Reason, Rejected, Trouble
from station.sync.client import Answer, central_now, retry_after_s
from station.wire import Problem, ProblemBody

FAILURES = (httpx.HTTPError, OSError)
"""What a request may raise; everything else is a bug of ours."""

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENONET if hasattr(errno, "ENONET") else -1}
_TLS_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""TLS that ended without a word: a line that broke, not a certificate."""
_BROKEN_OFF = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError, ConnectionError)
"""A connection that was there and is not any more."""
GATES = (401, 403, 407)
"""Central says whom it does not let in, and why, by a problem of the contract; a gate on the way only shuts."""
_HALTS = {
    Problem.CLOCK_SKEW: Trouble.CLOCK,
    Problem.UNKNOWN_STATION: Trouble.UNKNOWN_STATION,
    Problem.BAD_SIGNATURE: Trouble.BAD_SIGNATURE,
    Problem.STATION_BLOCKED: Trouble.BLOCKED,
    Problem.CLIENT_TOO_OLD: Trouble.TOO_OLD,
}
_PARKS = {
    Problem.MALFORMED: Trouble.MALFORMED,
    Problem.KEY_CONFLICT: Trouble.KEY_CONFLICT,
    Problem.TOO_LARGE: Trouble.TOO_LARGE,
    Problem.BUNDLE_GONE: Trouble.BUNDLE_GONE,
    Problem.NOT_ALLOWED: Trouble.BUNDLE_NOT_ALLOWED,
}
_LATERS = {
    Problem.BUSY: Trouble.BUSY,
    Problem.MAINTENANCE: Trouble.MAINTENANCE,
    Problem.NO_SPACE: Trouble.NO_SPACE,
    Problem.OFFSET_MISMATCH: Trouble.OFFSET,
    Problem.UPLOAD_GONE: Trouble.UPLOAD_GONE,
    Problem.DIGEST_MISMATCH: Trouble.DIGEST,
}


def judge(answer: Answer, now: datetime) -> Outcome | None:
    """What `answer` means; None when it is a success whose body may be read."""
    if not answer.echoed:
        return Later(_note(answer, _of_a_stranger(answer.status)))
    if 200 <= answer.status < 300:
        return None
    body = answer.problem
    if body is not None and body.problem is not None:
        return judge_problem(body, answer, now)
    floor = retry_after_s(answer.headers, now)
    if answer.status in (408, 425, 429, 503):
        return Later(_note(answer, Trouble.BUSY), floor_s=floor)
    if answer.status >= 500:
        return Later(_note(answer, Trouble.SERVER_ERROR), floor_s=floor, burns=True)
    if answer.status in (404, 410):
        return Later(_note(answer, Trouble.UPLOAD_GONE))
    if answer.status in GATES:
        return Later(_note(answer, Trouble.PROXY))
    if answer.status >= 400:
        return Parked(_note(answer, Trouble.MALFORMED))
    return Later(_note(answer, Trouble.UNREADABLE), burns=True)


def judge_problem(body: ProblemBody, answer: Answer, now: datetime) -> Outcome:
    """What a problem of central means."""
    problem = body.problem
    if problem is Problem.PACKET_REFUSED:
        return Rejected(tuple(Reason(item.code, item.field, item.detail) for item in body.reasons))
    left_s = (body.until - central_now(answer.headers, now)).total_seconds() if body.until is not None else 0.0
    if problem in _HALTS:
        note, said = _note(answer, _HALTS[problem]), body.reason or body.message
        return Halted(note, until=body.until, message=said, floor_s=max(0.0, left_s))
    if problem in _PARKS:
        return Parked(_note(answer, _PARKS[problem]))
    if problem in _LATERS:
        floor = max(retry_after_s(answer.headers, now), left_s)
        until = body.until if left_s > 0 else None
        return Later(_note(answer, _LATERS[problem], body.message), floor_s=floor, until=until)
    return Parked(_note(answer, Trouble.MALFORMED))


def judge_failure(failure: BaseException) -> Later:
    """What a failed request means: always later, and the item's fault only if the answer could not be unpacked."""
    trouble = _trouble(failure)
    return Later(Note(trouble, detail=type(failure).__name__), burns=trouble is Trouble.UNREADABLE)


def unreadable(answer: Answer) -> Later:
    """A success whose body is cut or not what the contract says."""
    return Later(_note(answer, Trouble.UNREADABLE), burns=True)


def bad_receipt(answer: Answer, code: str) -> Later:
    """A receipt that does not verify is no answer."""
    return Later(_note(answer, Trouble.BAD_RECEIPT, code), burns=True)


def _of_a_stranger(status: int) -> Trouble:
    """What an answer without the echo is: a machine on the way that refuses or fails, or a page in central's place.

    511 is how a network says that it wants a sign-in first.
    """
    refuses = status in (403, 407) or (status >= 500 and status != 511)
    return Trouble.PROXY if refuses else Trouble.PORTAL


def _trouble(failure: BaseException) -> Trouble:
    causes = list(_causes(failure))
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, _TLS_BROKEN_OFF) for cause in causes):
        return Trouble.CERTIFICATE
    if isinstance(failure, httpx.TimeoutException) or any(isinstance(cause, TimeoutError) for cause in causes):
        return Trouble.TIMEOUT
    if isinstance(failure, httpx.ProxyError):
        return Trouble.PROXY
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Trouble.NAME
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if numbers & _UNREACHABLE:
        return Trouble.OFFLINE
    if errno.ECONNREFUSED in numbers:
        return Trouble.REFUSED
    if isinstance(failure, httpx.DecodingError):
        return Trouble.UNREADABLE
    if isinstance(failure, _BROKEN_OFF) or any(isinstance(cause, _TLS_BROKEN_OFF) for cause in causes):
        return Trouble.RESET
    return Trouble.OFFLINE


def _causes(failure: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while failure is not None and failure not in found:
        found.append(failure)
        failure = failure.__cause__ or failure.__context__
    return found


def _note(answer: Answer, trouble: Trouble, detail: str = "") -> Note:
    return Note(trouble, request_id=answer.request_id, http_status=answer.status, detail=detail[:200])
