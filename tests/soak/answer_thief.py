"""A relay on loopback that lets every request through and keeps some of the answers for itself.

Knows of the contract only how its requests are called. Which answers are stolen says whoever made it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.central_socket import ROUTES
from tests.faults.cut_relay import CutRelay, _break, _Pair, _receive, _send

_ASKED = re.compile(rb"(?P<line>(?:GET|HEAD|POST|PATCH) [^ ?\r\n]+)[^ \r\n]* HTTP/1\.1\r\n")


@dataclass
class AnswerThief(CutRelay):
    """`steals(kind)` is asked once for every answer, by the name of its request in ROUTES."""

    steals: Callable[[str], bool] = lambda _kind: False
    stolen: Counter[str] = field(default_factory=Counter)

    def _downward(self, pair: _Pair) -> None:
        while data := _receive(pair.server):
            kind = self._asked_last(pair)
            if kind and self.steals(kind):
                self.stolen[kind] += 1
                self._break_pair(pair)
                break
            if not _send(pair.client, data):
                break
        _break(pair.client, reset=False)
        self._end(pair)

    def _asked_last(self, pair: _Pair) -> str:
        """The request that is answered now; '' in the middle of an answer. What is known of it is forgotten."""
        with self._lock:
            found = _ASKED.findall(pair.stream)
            if found:
                pair.stream.clear()
        return kind_of(found[-1].decode("latin-1")) if found else ""


def kind_of(line: str) -> str:
    """The name of a request in ROUTES; another one is called by its path."""
    return next((name for name, shape in ROUTES.items() if re.fullmatch(shape, line)), line)
