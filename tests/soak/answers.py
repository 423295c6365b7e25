"""What was typed about a person, as one hash: whoever writes it down and whoever judges it compare nothing but that.

It imports nothing of the program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

ANSWERS = "answers"
"""Stands in the journal where else a part stands."""


def hash_of(answers: Mapping[str, str]) -> str:
    """The SHA-256 of all answers, in whatever order they stand."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()
