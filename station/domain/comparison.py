"""What came of comparing this station's receipted packets with central's. No personal data.

Its words are in ui/comparison_words.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Comparison:
    """One comparison. `packets` are those that both were asked about, as this station counts them."""

    at: datetime
    days: int
    packets: int
    whole_at: datetime | None = None
    """When all days there ever were, not only the last ones, were last compared."""
    differing: int = 0
    """Days that were not the same on both sides."""
    missing: int = 0
    """Central had lost them: they are queued again."""
    regained: int = 0
    """Central has them and this station had no receipt: it asks for that again."""
    conflicts: int = 0
    """Central has another packet under the same key, or one that was not to be sent: somebody must look."""
    unknown: int = 0
    """Central has them and they are not on this disk: it was lost or replaced. Nothing is in danger."""
    unknown_keys: tuple[str, ...] = ()
    """Some of them, as `record_id.revision`."""

    @property
    def equal(self) -> bool:
        """Both sides have the same packets."""
        return not (self.differing or self.missing or self.regained or self.conflicts or self.unknown)

    @property
    def safe(self) -> bool:
        """Central lacks nothing that this station has a receipt for, and nobody has to look."""
        return not (self.missing or self.conflicts)
