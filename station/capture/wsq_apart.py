"""Decode a stranger's WSQ file in a process of its own, because the C decoder can crash on a hostile one.

It must not know where files come from. `codecs.decode_wsq` is for what this station encoded or a trusted device signed.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from station.capture.codecs import Grey, decode_wsq
from station.domain.errors import DeviceError

_TIMEOUT_S = 20.0
_HEADER_BYTES = 8


def decode_apart(data: bytes) -> Grey:
    """As decode_wsq; when the decoder crashes, hangs or refuses, DeviceError instead of the end of the program."""
    command = [sys.executable, "-m", "station.capture.wsq_apart"]
    try:
        # The command is fixed; only the child's input comes from outside.
        done = subprocess.run(command, input=data, capture_output=True, timeout=_TIMEOUT_S, check=True)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as broken:
        raise DeviceError("device.bad_image", format="WSQ", reason=type(broken).__name__) from broken
    height, width = (int(value) for value in np.frombuffer(done.stdout[:_HEADER_BYTES], ">u4"))
    return np.frombuffer(done.stdout[_HEADER_BYTES:], np.uint8).reshape(height, width)


def main() -> int:
    """The child: WSQ in, height, width and pixels out; 1 when the file is no good."""
    try:
        grey = decode_wsq(sys.stdin.buffer.read())
    except DeviceError:
        return 1
    sys.stdout.buffer.write(np.array(grey.shape, ">u4").tobytes() + grey.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
