"""The security chip (TPM 2.0) as a safe: a sealed object under its storage hierarchy, by the commands of tpm2-tools.

Only this chip opens it, on the same computer, whatever was updated meanwhile: it is bound to no measurement of the
start. The secret goes by standard input and output, never on a command line. Must not know what the secret opens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from time import time

from station.domain.errors import StoreError
from station.domain.safe import SafeKind
from station.store.folder import write_file
from station.store.safes.safe import SECRET_BYTES

DEVICE = Path("/dev/tpmrm0")
"""The chip behind the kernel's resource manager: several programs may use it at a time."""
OTHER_CHIP = "TPM2TOOLS_TCTI"
"""In the environment: another way to a chip, as tpm2-tools call it."""
STEP_S = 12.0
_GONE_S = 2.0
_OLD_S = 600.0
_TOOLS = ("tpm2_createprimary", "tpm2_create", "tpm2_load", "tpm2_unseal", "tpm2_flushcontext")
_SEALED = "fixedtpm|fixedparent|userwithauth|noda"
_MOST_BYTES = 4096
_ONE_AT_A_TIME = Lock()
"""A chip has room for three things, and not every way to it keeps those of two askers apart."""


class Tpm:
    """Keeps the sealed object as `tpm.pub` and `tpm.priv` in `folder`, which is there and is its owner's only."""

    kind = SafeKind.TPM

    def __init__(self, folder: Path, step_s: float = STEP_S) -> None:
        self._public, self._private = folder / "tpm.pub", folder / "tpm.priv"
        self._folder, self._step_s = folder, step_s
        self._chip = os.environ.get(OTHER_CHIP) or f"device:{DEVICE}"

    @property
    def usable(self) -> bool:
        here = OTHER_CHIP in os.environ or os.access(DEVICE, os.R_OK | os.W_OK)
        return here and all(shutil.which(tool) for tool in _TOOLS)

    def put(self, secret: bytes) -> None:
        with self._bench() as bench:
            parent = self._parent(bench)
            public, private = bench / "pub", bench / "priv"
            made = ("-C", parent, "-i", "-", "-u", str(public), "-r", str(private), "-a", _SEALED)
            self._run("tpm2_create", *made, given=secret)
            write_file(self._public, _bounded(public))
            write_file(self._private, _bounded(private))

    def take(self) -> bytes:
        if not self.usable:
            raise StoreError("safe.away", safe=self.kind.value)
        if not (self._public.exists() and self._private.exists()):
            raise StoreError("safe.empty", safe=self.kind.value)
        with self._bench() as bench:
            parent, sealed = self._parent(bench), str(bench / "object")
            named = ("-u", str(self._public), "-r", str(self._private), "-c", sealed)
            try:
                self._run("tpm2_load", "-C", parent, *named)  # refused when the chip was cleared, or is another one
                secret = self._run("tpm2_unseal", "-c", sealed)
            except _Refused:
                raise StoreError("safe.empty", safe=self.kind.value) from None
        if len(secret) != SECRET_BYTES:
            raise StoreError("safe.empty", safe=self.kind.value)
        return secret

    def forget(self) -> None:
        for path in (self._public, self._private):
            with suppress(OSError):
                path.unlink()

    def _parent(self, bench: Path) -> str:
        """The storage key: the same each time, made by the chip from its own seed."""
        context = str(bench / "parent")
        self._run("tpm2_createprimary", "-C", "o", "-G", "ecc", "-c", context)
        return context

    @contextmanager
    def _bench(self) -> Iterator[Path]:
        """A folder for what passes between the commands; none of it opens anything."""
        with _ONE_AT_A_TIME:
            yield from self._made_bench()

    def _made_bench(self) -> Iterator[Path]:
        _clear_old(self._folder)
        try:
            bench = Path(mkdtemp(prefix="tpm-", dir=self._folder))
        except OSError as problem:
            raise StoreError("safe.away", safe=self.kind.value) from problem
        try:
            yield bench
        except _Refused:
            raise StoreError("safe.away", safe=self.kind.value) from None
        finally:
            shutil.rmtree(bench, ignore_errors=True)

    def _run(self, tool: str, *options: str, given: bytes = b"") -> bytes:
        """What the command answers; _Refused when it fails, is not there, or takes too long."""
        try:
            process = subprocess.Popen(  # noqa: S603  # ours, and found on the PATH
                [shutil.which(tool) or tool, "-Q", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, OTHER_CHIP: self._chip},
            )
        except OSError:
            raise _Refused from None
        try:
            said, _ = process.communicate(given, timeout=self._step_s)
        except (subprocess.TimeoutExpired, OSError):
            _leave(process)
            raise _Refused from None
        if process.returncode != 0 or len(said) > _MOST_BYTES:
            raise _Refused
        self._clear_chip(tool)
        return said

    def _clear_chip(self, after: str) -> None:
        """Without a resource manager what a command has loaded stays, and there is room for three."""
        if not self._chip.startswith("device:") and after != "tpm2_flushcontext":
            self._run("tpm2_flushcontext", "-t")


class _Refused(Exception):
    """A command of tpm2-tools did not do it."""


def _clear_old(folder: Path) -> None:
    """What a program left that ended while a chip was still thinking."""
    for bench in folder.glob("tpm-*"):
        with suppress(OSError):
            if time() - bench.stat().st_mtime > _OLD_S:
                shutil.rmtree(bench, ignore_errors=True)


def _leave(process: subprocess.Popen[bytes]) -> None:
    """End it; a chip that hangs may hold it for ever, and nobody waits for that."""
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GONE_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)
