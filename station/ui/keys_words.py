"""The keys of a station in words: where each is, how it is, and what is to be done about it. Knows no widget."""

from __future__ import annotations

from station.desk.keys_state import KeysState
from station.domain.mark import N_
from station.domain.safe import SafeKind
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label
from station.ui.words import sentence

_SAFES: dict[SafeKind, str] = {
    SafeKind.TPM: N_("In the security chip (TPM) of this computer: the disk alone opens nothing."),
    SafeKind.KEYRING: N_("In the keyring of the operating system: nothing is sent before somebody signs in there."),
    SafeKind.FILE: N_("In a file that only this program's user can read."),
}
FEW_CODES = 5


def safe_line(found: KeysState) -> str:
    """Where the station key is; what is wrong with it."""
    if found.trouble:
        return str(sentence(found.trouble))
    if found.safe is None:
        return _("In a file in clear, as before: the next sign-in closes it.")
    return _(_SAFES[found.safe])


def safe_label(found: KeysState) -> Label:
    if found.trouble:
        return Label(_("Missing"), "bad")
    return Label(_("Works"), "ok") if found.safe is not None else Label(_("In clear"), "warn")


def database_line(found: KeysState) -> str:
    """When the key was made, and who still comes in over an older one."""
    if found.key_made_at is None:
        made = _("Made at the first start.")
    else:
        made = _("Made on {day}.").format(day=shown.day(found.key_made_at))
    if found.behind:
        behind = _("The old key counts until these have signed in: {names}.").format(names=", ".join(found.behind))
        return f"{made} {behind}"
    if found.words_behind:
        until = _("The old key counts until new recovery words are made.")
        return f"{made} {until}"
    return made


def database_label(found: KeysState) -> Label:
    if found.behind or found.words_behind:
        return Label(_("Not finished"), "warn")
    return Label(_("Good"), "ok")


def words_line(found: KeysState) -> str:
    if found.words_confirmed:
        return _("They open the data when every password is forgotten.")
    return _("Nobody has shown that they are written down: make new ones.")


def words_label(found: KeysState) -> Label:
    return Label(_("Confirmed"), "ok") if found.words_confirmed else Label(_("Not confirmed"), "bad")


def codes_line(found: KeysState) -> str:
    """How many forgotten passwords the Dinas can still help with."""
    if not found.codes.usable:
        return _("The Dinas cannot help by phone yet: what it needs is sent with the next connection.")
    text = ngettext(
        "The Dinas can set a forgotten password by phone once more.",
        "The Dinas can set a forgotten password by phone {n} times.",
        found.codes.usable,
    ).format(n=found.codes.usable)
    if found.codes.delivered:
        return text
    more = _("New codes go to central with the next connection.")
    return f"{text} {more}"


def codes_label(found: KeysState) -> Label:
    if not found.codes.usable:
        return Label(_("Not yet"), "warn")
    return Label(_("Ready"), "ok" if found.codes.usable >= FEW_CODES else "warn")
