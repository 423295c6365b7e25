"""What the applicant has read and signed, bound to the answers they saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from station.domain.form import shown_answers


@dataclass(frozen=True)
class Approval:
    """`text` is exactly what was on the screen when it was signed; `answers_sha256` is of the answers it was made from.

    An answer changed afterwards makes another hash, and the applicant signs again.
    """

    text: str
    answers_sha256: str
    signed_at: datetime

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def still_holds(self, answers: Mapping[str, str]) -> bool:
        return self.answers_sha256 == answers_sha256(answers)


def answers_sha256(answers: Mapping[str, str]) -> str:
    """SHA-256 of the answers as they are sealed: those of fields that this person is asked."""
    return sealed_sha256(shown_answers(answers))


def sealed_sha256(sealed: Mapping[str, str]) -> str:
    """The same of answers that were sealed: what a form of another day would have asked does not matter."""
    given = {key: value for key, value in sealed.items() if value}
    return hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
