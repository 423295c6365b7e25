"""How alike prints are: Bozorth3 scores of minutiae templates (ISO/IEC 19794-2:2005), each against each.

It must not know whose prints they are nor from which score on two count as one finger.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from station.capture.lab import DEFAULT_LIMIT_S, Lab, Message
from station.domain.errors import DeviceError

MAX_PROBES = 20
MAX_KNOWN = 600
MAX_TEMPLATE_BYTES = 8 * 1024
_MANY = 24  # comparisons that are worth a second child
_SECONDS_EACH = 0.1


def compare(lab: Lab, probes: Sequence[bytes], known: Sequence[bytes]) -> list[list[int]]:
    """A row for each probe with its score against each of `known`. An empty template is like nobody: 0.

    DeviceError: `device.bad_image` for what is no template; `lab.too_large`; `lab.*`.
    """
    too_many = len(probes) > MAX_PROBES or len(known) > MAX_KNOWN
    if too_many or any(len(template) > MAX_TEMPLATE_BYTES for template in (*probes, *known)):
        raise DeviceError("lab.too_large", task="likeness")
    if len(probes) * len(known) <= _MANY or len(known) < 2:
        return _asked(lab, probes, known)
    middle = len(known) // 2
    with ThreadPoolExecutor(2) as pool:
        left, right = pool.map(lambda half: _asked(lab, probes, half), (known[:middle], known[middle:]))
    return [[*these, *those] for these, those in zip(left, right, strict=True)]


def _asked(lab: Lab, probes: Sequence[bytes], known: Sequence[bytes]) -> list[list[int]]:
    values = {"probes": [len(template) for template in probes], "known": [len(template) for template in known]}
    limit_s = DEFAULT_LIMIT_S + _SECONDS_EACH * len(probes) * len(known)
    answer = lab.ask("likeness", values, b"".join(probes), b"".join(known), limit_s=limit_s)
    return answer.table("scores", len(probes), len(known))


# ------------------------------------------------------------------------------------------------------- in the child


def run(question: Message) -> Message:
    """Load each template once, then compare."""
    from station.capture.minutiae import Print

    probes = [Print(template) for template in _parts(question, "probes", 0)]
    known = [Print(template) for template in _parts(question, "known", 1)]
    return Message({"scores": [[probe.like(other) for other in known] for probe in probes]})


def _parts(question: Message, name: str, number: int) -> list[bytes]:
    parts, at = [], 0
    for size in question.values[name]:
        parts.append(question.blob(number)[at : at + size])
        at += size
    return parts
