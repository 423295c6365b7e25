"""The chain of what devices signed about one person: each statement names the one before it.

It must not know devices: only the two hashes of a statement that was kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_SHA256 = re.compile(r"[0-9A-Fa-f]{64}\Z")


@dataclass(frozen=True)
class Link:
    """One statement: its hash, and that of the one before it or ''."""

    previous: str
    hash: str
    at: datetime


def link_of(envelope: str | None, at: datetime) -> Link | None:
    """The link that a statement, taken `at`, is; None for a capture without one."""
    try:
        kept = json.loads(envelope or "")
        previous, own = str(kept["previousHash"]), str(kept["hash"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = _SHA256.match(own) and (not previous or _SHA256.match(previous))
    return Link(previous.upper(), own.upper(), at) if whole else None


def last(links: Iterable[Link | None]) -> str:
    """The hash that the next statement follows; '' before the first. Statements in between may not have been kept."""
    kept = [link for link in links if link is not None]
    followed = {link.previous for link in kept}
    ends = [link for link in kept if link.hash not in followed]
    return max(ends, key=lambda link: link.at).hash if ends else ""
