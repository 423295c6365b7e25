"""Other ways to send the same packets: `python -m tests.link.peers tuspy|oneshot URL CA FILE…` prints what arrived.

tuspy with what its users set (chunks, retries); one-shot is what the best known client of this kind does: one multipart
POST per packet, two tries one second apart, then the next packet.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import requests
from tusclient.client import TusClient

CHUNK = 256 * 1024
RETRIES, DELAY_S = 1000, 5
PATIENCE_S = 60.0


def tuspy(url: str, _ca: str, paths: list[Path]) -> int:
    """How many bytes were delivered. tuspy knows no authority file, only whether to look at certificates at all."""
    client = TusClient(f"{url}/files")
    done = 0
    for path in paths:
        uploader = client.uploader(
            str(path), chunk_size=CHUNK, retries=RETRIES, retry_delay=DELAY_S, verify_tls_cert=False
        )
        with suppress(OSError, requests.RequestException):
            uploader.upload()
            done += path.stat().st_size
    return done


def oneshot(url: str, ca: str, paths: list[Path]) -> int:
    """How many bytes were delivered."""
    done = 0
    with requests.Session() as session:
        for path in paths:
            for attempt in range(2):
                try:
                    files = {"file": (path.name, path.read_bytes())}
                    session.post(f"{url}/oneshot", files=files, verify=ca, timeout=PATIENCE_S).raise_for_status()
                except requests.RequestException:
                    time.sleep(1 if attempt == 0 else 0)
                else:
                    done += path.stat().st_size
                    break
    return done


if __name__ == "__main__":
    kind, url, ca, *names = sys.argv[1:]
    send = {"tuspy": tuspy, "oneshot": oneshot}[kind]
    began = time.monotonic()
    delivered = send(url, ca, [Path(name) for name in names])
    print(json.dumps({"delivered": delivered, "seconds": time.monotonic() - began}), flush=True)
