"""Why something is not delivered yet: one entry for each Trouble, shown to operators and technicians."""

from __future__ import annotations

from station.domain.mark import N_
from station.domain.outcome import Trouble

_ALONE = N_("Nothing to do: the station tries again by itself.")
_REPORT = N_("Note the request id and tell the technician of the Dinas.")
_FILE = N_("Do not delete anything. Tell the technician: the record can be opened and sealed again.")

TROUBLES: dict[Trouble, tuple[str, str]] = {
    Trouble.OFFLINE: (N_("No network"), N_("Check the cable or the modem.")),
    Trouble.REFUSED: (N_("The service of central is not running"), _ALONE),
    Trouble.TIMEOUT: (N_("Central did not answer in time"), _ALONE),
    Trouble.STALLED: (N_("The connection stopped moving"), _ALONE),
    Trouble.CERTIFICATE: (
        N_("The certificate of central is not trusted"),
        N_("Check the date and time of this computer, then call the technician. Do not use another network."),
    ),
    Trouble.PORTAL: (
        N_("The network asks for its own sign-in"),
        N_("Open a browser and sign in to the network, or use another one."),
    ),
    Trouble.BUSY: (N_("Central is busy"), _ALONE),
    Trouble.MAINTENANCE: (N_("Central is being maintained"), _ALONE),
    Trouble.SERVER_ERROR: (N_("Central has a fault"), _ALONE),
    Trouble.NO_SPACE: (N_("Central has no space left"), _ALONE),
    Trouble.UNREADABLE: (N_("The answer of central was cut off"), _ALONE),
    Trouble.BAD_RECEIPT: (N_("The receipt does not fit"), _ALONE),
    Trouble.VERIFYING: (N_("Central is still checking"), N_("Nothing is wrong. The receipt comes by itself.")),
    Trouble.OFFSET: (N_("Central counts another position"), _ALONE),
    Trouble.UPLOAD_GONE: (N_("Central has forgotten the upload"), _ALONE),
    Trouble.DIGEST: (N_("The content arrived changed"), _ALONE),
    Trouble.CLOCK: (
        N_("The clock of this computer is off"),
        N_("Set the date and time of this computer, then press Send now."),
    ),
    Trouble.UNKNOWN_STATION: (N_("Central does not know this station"), N_("Ask the Dinas to register it again.")),
    Trouble.BAD_SIGNATURE: (N_("Central refuses the key of this station"), N_("Ask the Dinas to register it again.")),
    Trouble.BLOCKED: (N_("Central has blocked this station"), N_("Call the Dinas. Recording goes on.")),
    Trouble.TOO_OLD: (N_("This program is too old for central"), N_("Ask the technician for an update.")),
    Trouble.MALFORMED: (N_("Central cannot read what was sent"), _REPORT),
    Trouble.KEY_CONFLICT: (N_("Central has another content for this record"), _REPORT),
    Trouble.TOO_LARGE: (N_("The packet is too large for central"), _REPORT),
    Trouble.FILE_CHANGED: (N_("The sealed packet on the disk was changed"), _FILE),
    Trouble.FILE_MISSING: (N_("The sealed packet is not on the disk"), _FILE),
    Trouble.OUR_BUG: (N_("This program made a mistake with this packet"), _REPORT),
    Trouble.BUNDLE_GONE: (N_("Central no longer has this target list"), _ALONE),
    Trouble.BUNDLE_NOT_ALLOWED: (N_("Central does not give this target list to this office"), _REPORT),
    Trouble.BUNDLE_BROKEN: (N_("A target list arrived damaged or is not from central"), _ALONE),
    Trouble.POLICY_REFUSED: (
        N_("A new policy of central was refused; the one before holds"),
        N_("Recording goes on as before. Tell the Dinas what the line says."),
    ),
    Trouble.POLICY_APPLIED: (N_("Policy of central applied"), N_("It holds from the next person on.")),
    Trouble.DISK_FULL: (
        N_("There is no room for the target list on this disk"),
        N_("Free some space. Recording and sending go on."),
    ),
}
