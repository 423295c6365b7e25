"""Takes a request's body from the server the moment it comes, so that a connection that breaks loses none of it.

The server drops what nobody took yet when it notices the end of a connection. On a poor link those are the bytes a
station would send again and again. Knows nothing of HTTP's meaning.
"""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive

KEEP_BYTES = 2 * 1024 * 1024
"""More than a chunk: only what is refused anyway is larger, and that waits in the network."""
_GONE: Message = {"type": "http.disconnect"}


class Intray:
    """`open` before anything else is awaited; then `receive` as the server would give it; `close` at the end."""

    def __init__(self, receive: Receive, stall_s: float) -> None:
        self._receive = receive
        self._stall_s = stall_s
        self._kept: asyncio.Queue[Message] = asyncio.Queue()
        self._room = KEEP_BYTES
        self._pump: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the first piece here and now: a task of its own would come a turn too late for it."""
        if await self._take():
            self._pump = asyncio.create_task(self._run())

    async def receive(self) -> Message:
        if self._kept.empty() and (self._pump is None or self._pump.done()):
            return await self._receive()
        return await self._kept.get()

    def close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()

    async def _run(self) -> None:
        while await self._take():
            pass

    async def _take(self) -> bool:
        """Keep the next piece; False after the last one or when there is no room for more."""
        try:
            async with asyncio.timeout(self._stall_s):
                message = await self._receive()
        except TimeoutError:
            message = _GONE
        self._room -= len(message.get("body", b""))
        self._kept.put_nowait(message)
        return bool(message.get("more_body", False)) and self._room > 0
