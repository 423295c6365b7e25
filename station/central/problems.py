"""A refusal and how it is written on the wire (RFC 9457). Knows neither database nor keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from station.wire import Problem, ProblemBody, RefusalReason

_STATUS: dict[Problem, int] = {
    Problem.BUSY: 503,
    Problem.MAINTENANCE: 503,
    Problem.CLOCK_SKEW: 401,
    Problem.UNKNOWN_STATION: 401,
    Problem.BAD_SIGNATURE: 401,
    Problem.STATION_BLOCKED: 403,
    Problem.CLIENT_TOO_OLD: 426,
    Problem.MALFORMED: 400,
    Problem.KEY_CONFLICT: 409,
    Problem.OFFSET_MISMATCH: 409,
    Problem.UPLOAD_GONE: 404,
    Problem.DIGEST_MISMATCH: 422,
    Problem.PACKET_REFUSED: 422,
    Problem.TOO_LARGE: 413,
    Problem.NO_SPACE: 507,
    Problem.ENROLMENT_REFUSED: 403,
    Problem.BUNDLE_GONE: 404,
    Problem.NOT_ALLOWED: 403,
}


class Refused(Exception):
    """Central says no. `detail` is one plain sentence without personal data; `members` belong to the problem type."""

    def __init__(
        self,
        problem: Problem,
        detail: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.status = status or _STATUS[problem]
        self.headers = dict(headers or {})
        self.body = ProblemBody(
            type=problem.urn,
            title=problem.value.replace("-", " ").capitalize(),
            status=self.status,
            detail=detail,
            **members,
        )
        if self.status == 401:
            self.headers["WWW-Authenticate"] = "Bearer"


def packet_refused(*reasons: RefusalReason) -> Refused:
    """The operator must correct the record."""
    return Refused(Problem.PACKET_REFUSED, "The record was read and cannot be accepted as it is.", reasons=reasons)


def upload_gone(status: int = 404) -> Refused:
    """Nothing under this address: the station sends the manifest again."""
    return Refused(Problem.UPLOAD_GONE, "Nothing is known here. Send the manifest again.", status=status)


def no_space() -> Refused:
    """The disk of central is full or nearly so."""
    return Refused(Problem.NO_SPACE, "Central has no room now.", headers={"Retry-After": "300"})


def problem_json(body: ProblemBody) -> dict[str, Any]:
    """A problem as JSON values, only with the members it has."""
    return body.model_dump(mode="json", exclude_defaults=True)


def problem_response(refused: Refused) -> Response:
    """The HTTP answer of a refusal."""
    return _problem(problem_json(refused.body), refused.status, refused.headers)


def plain_problem(status: int, title: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that is about HTTP itself (no such page, our own bug): RFC 9457 calls its type `about:blank`."""
    return _problem({"type": "about:blank", "title": title, "status": status}, status, headers)


def _problem(body: dict[str, Any], status: int, headers: Mapping[str, str] | None) -> Response:
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")
