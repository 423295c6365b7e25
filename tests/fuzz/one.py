"""One target for so many seconds, in this process: `python -m tests.fuzz.one NAME SECONDS FOLDER`.

The folder keeps what was found: inputs that go new ways, and the one that broke it.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["station"]):
    from tests.fuzz.targets import TARGETS

_LONGEST_INPUT, _LONGEST_S, _MOST_MB = 64 * 1024, 20, 2048


def main() -> None:
    name, seconds, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    target = next(item for item in TARGETS if item.name == name)
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed{number}").write_bytes(seed)

    def attempt(data: bytes) -> None:
        with suppress(*target.refused):
            target.read(data)

    logging.disable()  # some readers note what they could not use
    options = {
        "max_total_time": seconds, "max_len": _LONGEST_INPUT, "timeout": _LONGEST_S, "rss_limit_mb": _MOST_MB,
        "artifact_prefix": f"{folder}/{name}-", "print_final_stats": 1, "verbosity": 1,
    }  # fmt: skip
    atheris.Setup([name, *(f"-{key}={value}" for key, value in options.items()), str(corpus)], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
