"""The HTTP face of a central: which address is answered by whom, and how a refusal or a bug is told."""

from __future__ import annotations

import traceback
from types import TracebackType

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from station.central.central import Central
from station.central.gate import CHANGES, HELLO, UPLOADS, Gate
from station.central.problems import Refused, plain_problem, problem_response
from station.central.routes.bundles import bundle, signature
from station.central.routes.changes import changes
from station.central.routes.heartbeats import heartbeats
from station.central.routes.hello import hello
from station.central.routes.manifests import manifests
from station.central.routes.receipts import receipt
from station.central.routes.reconcile import reconcile, reconcile_ids
from station.central.routes.resets import resets
from station.central.routes.stations import claims, stations
from station.central.routes.uploads import Uploads
from station.central.routes.wipes import wipe_done
from station.central.squeezing import Squeezing
from station.log import get_logger

_log = get_logger(__name__)

ROUTES = (
    Route(HELLO, hello, methods=["GET"]),
    Route("/v1/stations", stations, methods=["POST"]),
    Route("/v1/stations/claims", claims, methods=["POST"]),
    Route("/v1/manifests", manifests, methods=["POST"]),
    Route(UPLOADS + "{upload_id}", Uploads),
    Route("/v1/receipts/{record_id}/{revision}", receipt, methods=["GET"]),
    Route(CHANGES, changes, methods=["GET"]),
    Route("/v1/reconcile", reconcile, methods=["POST"]),
    Route("/v1/reconcile/ids", reconcile_ids, methods=["POST"]),
    Route("/v1/heartbeats", heartbeats, methods=["POST"]),
    Route("/v1/resets", resets, methods=["POST"]),
    Route("/v1/wipes/{order_id}", wipe_done, methods=["POST"]),
    Route("/v1/bundles/{name}/{version}", bundle, methods=["GET"]),
    Route("/v1/bundles/{name}/{version}/signature", signature, methods=["GET"]),
)


def create_app(central: Central) -> Starlette:
    """The ASGI application of `central`."""
    app = Starlette(
        routes=ROUTES,
        # Inside the gate: Starlette's own place for this is outside of it, where an answer gets no echo.
        middleware=[
            Middleware(Gate, central=central),
            Middleware(Squeezing),
            Middleware(ServerErrorMiddleware, handler=_bug),
        ],
        exception_handlers={Refused: _refused, HTTPException: _http},
    )
    app.router.redirect_slashes = False  # no redirect is ever followed, so none is sent
    app.state.central = central
    return app


def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refused)
    return problem_response(problem)


def _http(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    return plain_problem(problem.status_code, problem.detail, problem.headers)


def _bug(request: Request, problem: Exception) -> Response:
    # The message of an unforeseen error may quote what it choked on, so only its type and place are logged.
    _log.critical("%s %s: %s", request.method, request.url.path, describe(problem))
    return plain_problem(500, "Internal Server Error")


def describe(problem: BaseException) -> str:
    """An error by type and place, without its message."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem.__cause__
    because = f" because of {type(cause).__name__}" if cause is not None else ""
    return f"{type(problem).__name__}{because} at {_places(problem.__traceback__)}"


def _places(trace: TracebackType | None) -> str:
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(trace)[-6:]))
