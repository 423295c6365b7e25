"""What may go wrong with keys, safes and forgotten passwords."""

from __future__ import annotations

from station.domain.mark import N_

_TECHNICIAN = N_("Call the technician and read out this sentence.")

KEYS: dict[str, tuple[str, str]] = {
    "station_key.locked": (
        N_("The key of this station is not in its safe, so nothing can be sent."),
        N_("Sign in once: that puts the key back. If this stays, call the technician."),
    ),
    "safe.away": (
        N_("The safe that was chosen for the station key does not answer."),
        N_("The key stays where it was and works. Call the technician if this comes again."),
    ),
    "safe.empty": (
        N_("The safe of the station key is empty."),
        N_("Sign in once: that puts the key back. If this stays, call the technician."),
    ),
    "keyring.chain": (N_("The list of operators does not lead to the key of the data."), _TECHNICIAN),
    "password.same": (N_("The new password is the old one."), N_("Choose another password.")),
    "recovery.wrong": (
        N_("These recovery words are not those of this station."),
        N_("Take the newest paper of this station. Words from before were replaced."),
    ),
    "forgotten.officer": (
        N_("This officer cannot be helped in this way."),
        N_("Choose a supervisor or an admin: they can give the others a new password."),
    ),
    "reset_code.mistyped": (
        N_("The code is mistyped."),
        N_("It has 18 letters and digits. Let the Dinas read it out again, three at a time."),
    ),
    "reset_code.wrong": (
        N_("This code does not answer the challenge that is shown."),
        N_("Read the challenge out again, for the same officer. A code counts once."),
    ),
    "reset_code.none": (
        N_("The Dinas cannot help this station by phone yet."),
        N_("Central has not got what it needs for that. Use the recovery words."),
    ),
    "reset_seed.unreadable": (N_("What answers the reset codes of a station cannot be read."), _TECHNICIAN),
    "challenge.mistyped": (
        N_("The challenge is mistyped."),
        N_("It has 15 letters and digits. Let the station read it out again, three at a time."),
    ),
    "challenge.unknown": (
        N_("No station here has such a challenge."),
        N_("Compare office, number and challenge with the station; its codes may not have arrived yet."),
    ),
    "challenge.answered": (
        N_("This challenge was answered on {day}."),
        N_("If the code was lost and you know who is asking, give --again."),
    ),
}
