"""Reading an age file as a stream: the age library pushes, a reader wants to pull, so it works in its own thread.

What is opened goes through a pipe and touches no disk.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Any, BinaryIO

import pyrage

from station.domain.errors import StationError, StoreError, TrustError

_NO_KEY = "No matching keys"


class Opening:
    """`with Opening(…) as plain:` gives the content of `sealed` as a binary file.

    Leaving without an error of its own raises what went wrong while opening: TrustError `roster.locked`,
    `roster.unreadable`, `roster.edited` (the hash of all that was read is not `sha256`); StoreError `roster.source`.
    """

    def __init__(self, sealed: BinaryIO, identities: Sequence[Any], sha256: str) -> None:
        self._sealed, self._identities, self._sha256 = sealed, identities, sha256
        self._digest = hashlib.sha256()
        self._problem: StationError | None = None
        out, into = os.pipe()
        self._plain = os.fdopen(out, "rb")
        self._thread = Thread(target=self._open, args=(into,), name="roster-opening", daemon=True)

    def __enter__(self) -> BinaryIO:
        self._thread.start()
        return self._plain

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            while self._plain.read(256 * 1024):
                pass  # the hash is known only after the last byte
        self._plain.close()  # a thread that still writes ends now
        self._thread.join()
        if self._problem is not None and (kind is None or isinstance(error, TrustError)):
            raise self._problem from error  # the cause of what the reader complained about

    def read(self, size: int = -1, /) -> bytes:
        """For the age library: sealed bytes, hashed on their way."""
        data = self._sealed.read(size)
        self._digest.update(data)
        return data

    def _open(self, into: int) -> None:
        try:
            with os.fdopen(into, "wb", buffering=256 * 1024) as plain:
                pyrage.decrypt_io(self, plain, self._identities)
            while self.read(1024 * 1024):
                pass
            if self._digest.hexdigest() != self._sha256:
                self._problem = TrustError("roster.edited")
        except pyrage.DecryptError as problem:
            self._problem = TrustError("roster.locked" if _NO_KEY in str(problem) else "roster.unreadable")
        except StationError as problem:
            self._problem = problem
        except BrokenPipeError:
            return  # nobody reads on
        except OSError as problem:  # the age library's own complaints have no error number
            self._problem = StoreError("roster.source") if problem.errno else TrustError("roster.unreadable")
