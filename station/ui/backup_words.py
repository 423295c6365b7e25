"""The second copy in words: the chip of the top strip, the card, what was put right after damage. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.backup import BackupFacts, Recovery, Standing
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label


def backup_fact(facts: BackupFacts, now: datetime, *, short: bool = False) -> Label:
    """`No backup medium · since 08.12 · 3 with one copy`; nothing while all is well."""
    if facts.standing.is_good:
        return Label("", "off")
    parts = [standing_name(facts.standing)]
    if not short and facts.since is not None and facts.standing not in (Standing.NOT_CHOSEN, Standing.SAME_DISK):
        parts.append(shown.since(facts.since, now))
    if facts.only_here:
        parts.append(only_here(facts.only_here))
    return Label(" · ".join(parts), "warn")


def standing_name(standing: Standing) -> str:
    """A few words for the chip."""
    return {
        Standing.OFF: _("No backup needed"),
        Standing.NOT_CHOSEN: _("No backup medium"),
        Standing.FINE: _("Backup is up to date"),
        Standing.SAME_DISK: _("Backup on the same disk"),
        Standing.ABSENT: _("Backup medium is away"),
        Standing.FULL: _("Backup medium is full"),
        Standing.READ_ONLY: _("Backup medium is read-only"),
        Standing.FAILING: _("Backup medium fails"),
        Standing.SLOW: _("Backup medium is slow"),
    }[standing]


def only_here(number: int) -> str:
    """`3 with one copy`."""
    return ngettext("{n} record with one copy", "{n} records with one copy", number).format(n=shown.thousands(number))


def remedy(standing: Standing) -> str:
    """What to do about it; '' when there is nothing."""
    again = _("Recording goes on. Everything is copied as soon as it can be written to.")
    return {
        Standing.OFF: _("Training needs no backup: the people are invented."),
        Standing.NOT_CHOSEN: _("Plug in a stick or a second disk and choose it: this disk may die."),
        Standing.FINE: "",
        Standing.SAME_DISK: _("When this disk dies, both copies are gone. Choose a stick or another disk."),
        Standing.ABSENT: _("Plug it in again, or choose another one. Recording goes on."),
        Standing.FULL: _("Choose another stick or disk. What is on the full one stays there."),
        Standing.READ_ONLY: _("Move the switch of the stick, or choose another one."),
        Standing.FAILING: _("Take another stick: this one does not keep what is written."),
        Standing.SLOW: again,
    }[standing]


def snapshot_line(facts: BackupFacts, now: datetime) -> str:
    """When both databases were copied last, and where to."""
    if facts.snapshot_at is not None:
        return _("Databases on the medium as of {when}").format(when=shown.when(facts.snapshot_at, now))
    if facts.local_at is not None:
        return _("Databases copied on this disk only, as of {when}").format(when=shown.when(facts.local_at, now))
    return _("The databases were not copied yet.")


def packets_line(facts: BackupFacts) -> str:
    """How much is on the medium, and how much room it has."""
    text = ngettext("{n} record on the medium", "{n} records on the medium", facts.packets)
    said = text.format(n=shown.thousands(facts.packets))
    if facts.free_bytes is None:
        return said
    free = _("{size} free").format(size=shown.size(facts.free_bytes))
    return f"{said} · {free}"


def recovered_words(found: Recovery, now: datetime) -> tuple[str, str]:
    """What happened, what was lost, what to do: a title and one sentence for whoever signs in."""
    when = shown.when(found.since, now) if found.since is not None else ""
    kept = _("Every record that was saved is still here and will be sent.")
    call = _("Tell the technician: the damaged files were kept.")
    if "restored" in found.what:
        title = _("This station was restored from its backup of {when}.").format(when=when)
        gone = _("Drafts after that time are gone. The old computer must not be used any more.")
        return title, f"{kept} {gone}"
    if "rolled_back" in found.what:
        title = _("The last entries of this station were lost.")
        lost = _("Drafts and changes after {when} are gone: enter them again.").format(when=when)
        return title, " ".join((kept, lost, call)) if when else " ".join((kept, call))
    if "applicants" in found.what:
        title = _("The data of this station were damaged and have been put right.")
        lost = (
            _("Drafts and changes after {when} are gone: enter them again.").format(when=when)
            if when
            else _("All drafts are gone, and saved records show no name: enter the drafts again.")
        )
        return title, " ".join((kept, lost, call))
    if "outbox" in found.what:
        return _("The queue was damaged and has been put together again."), " ".join((kept, call))
    return _("A file of this station was damaged and came back from its copy."), " ".join((_("Nothing is lost."), call))
