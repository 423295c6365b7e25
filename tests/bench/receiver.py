"""The least a central can do: take a body, write it, fsync it, answer. Run as a program; prints its address."""

from __future__ import annotations

import os
import socket
import sys
from itertools import count
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def app(folder: Path) -> Starlette:
    numbers = count()

    async def keep(request: Request) -> Response:
        body = await request.body()
        descriptor = os.open(folder / f"{next(numbers)}.bytes", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, body)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return Response(status_code=204)

    return Starlette(routes=[Route("/{name:path}", keep, methods=["POST", "PUT"])])


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    # The protocol is named because asyncio sends without delay only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(app(folder), log_config=None, access_log=False, lifespan="off", ws="none")
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
