"""What the disk guard and retention may refuse."""

from __future__ import annotations

from station.domain.mark import N_

KEEPING: dict[str, tuple[str, str]] = {
    "store.reserve": (
        N_("The disk has {free_mb} MB left. {needed_mb} MB stay free for what has begun, so nobody new is begun."),
        N_(
            "Finish and save who has begun. Then send and wait for receipts, let retention run, or take what was put "
            "aside away under Security. If that does not help, call the technician."
        ),
    ),
    "draft.was_sealed": (
        N_("This draft corrects a record that was sealed before."),
        N_("Finish it, or give it up at the recording itself."),
    ),
    "draft.not_over": (
        N_("Somebody has worked on this draft in the last 14 days."),
        N_("Ask who did, and let them finish it."),
    ),
}
