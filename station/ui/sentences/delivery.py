"""Why something is not delivered yet: one entry for each Trouble, shown to operators and technicians."""

from __future__ import annotations

from station.domain.mark import N_
from station.domain.outcome import Trouble

_ALONE = N_("Nothing to do: the station tries again by itself.")
_REPORT = N_("Note the request id and tell the technician of the Dinas.")
_FILE = N_("Do not delete anything. Tell the technician: the record can be opened and sealed again.")

TROUBLES: dict[Trouble, tuple[str, str]] = {
    Trouble.OFFLINE: (N_("No network"), N_("Check the cable or the modem.")),
    Trouble.NAME: (
        N_("The name of central is not found"),
        N_("The network answers, its name service does not: restart the modem, or use another network."),
    ),
    Trouble.RESET: (N_("The connection broke off"), _ALONE),
    Trouble.PROXY: (
        N_("A proxy on the way does not let this station through"),
        N_("Use another network, or show the technician the number behind HTTP: the proxy must let central through."),
    ),
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
    Trouble.CLAIM_REFUSED: (
        N_("Central does not know the file that registered this station"),
        N_("Call the Dinas: this station must be registered again. Recording goes on, nothing is lost."),
    ),
    Trouble.CLAIM_USED: (
        N_("Another computer was registered with the same file"),
        N_("Call the Dinas at once and say on which computers the file was used. Recording goes on."),
    ),
    Trouble.CLAIM_EXPIRED: (
        N_("This station came to central too late with the file that registered it"),
        N_("Ask the Dinas for a new file. Recording goes on, nothing is lost."),
    ),
    Trouble.TOO_OLD: (N_("This program is too old for central"), N_("Ask the technician for an update.")),
    Trouble.MALFORMED: (N_("Central cannot read what was sent"), _REPORT),
    Trouble.KEYS_REFUSED: (
        N_("Central's new keys are not signed by a key that this station knows"),
        N_("Nothing was changed. Tell the Dinas at once: somebody may be pretending to be central."),
    ),
    Trouble.WIPE_REFUSED: (
        N_("An order to wipe this station was not believed"),
        N_("Nothing was removed. Tell the Dinas at once: somebody may be pretending to be central."),
    ),
    Trouble.WIPE_ORDERED: (
        N_("Central has ordered this station to be wiped"),
        N_("What central has is removed, and only the Dinas's code opens this station again. Call the Dinas."),
    ),
    Trouble.KEYS_APPLIED: (N_("Central has new keys"), N_("Nothing to do: this station follows them.")),
    Trouble.NEWS_UNKNOWN: (
        N_("Central told something that this program does not know"),
        N_("It was kept. A newer program may show it."),
    ),
    Trouble.NEWS_UNREADABLE: (N_("Central told something that makes no sense"), N_("It was kept. Tell the Dinas.")),
    Trouble.NEWS_TOO_LONG: (
        N_("One piece of news of central is too long to be read"),
        N_("Tell the Dinas the position. What comes after it is read."),
    ),
    Trouble.NEWS_STUCK: (N_("Central tells the same news again and again"), N_("Tell the Dinas. Sending goes on.")),
    Trouble.RESEND_IMPOSSIBLE: (
        N_("Central wants a packet again that this station cannot send"),
        N_("Look at the record, then tell the Dinas what became of it."),
    ),
    Trouble.RESEND_PURGED: (
        N_("Central wants a packet again whose data were deleted here by the rule"),
        N_("Its receipt is kept here. Tell the Dinas the receipt number; if central lacks the data, record again."),
    ),
    Trouble.PURGED_LOST: (
        N_("Central has lost a packet that was deleted here by the rule after central had finished with it"),
        N_("Tell the Dinas at once: the receipt here proves that central had it. The Dinas restores its own copy."),
    ),
    Trouble.RESEND_SOON: (
        N_("Central wants the same packet again within a day"),
        N_("It was sent again once today. Tell the Dinas if central goes on asking."),
    ),
    Trouble.VOID_AT_CENTRAL: (
        N_("Central has a packet that was given up here"),
        N_("A copy of it reached central. Its receipt was kept; tell the Dinas that the record was voided here."),
    ),
    Trouble.KEY_CONFLICT: (N_("Central has another content for this record"), _REPORT),
    Trouble.TOO_LARGE: (N_("The packet is too large for central"), _REPORT),
    Trouble.FILE_CHANGED: (N_("The sealed packet on the disk was changed"), _FILE),
    Trouble.FILE_MISSING: (N_("The sealed packet is not on the disk"), _FILE),
    Trouble.OUR_BUG: (N_("This program made a mistake with this packet"), _REPORT),
    Trouble.BUNDLE_GONE: (N_("Central no longer has this target list"), _ALONE),
    Trouble.BUNDLE_NOT_ALLOWED: (N_("Central does not give this target list to this office"), _REPORT),
    Trouble.BUNDLE_BROKEN: (N_("A target list arrived damaged or is not from central"), _ALONE),
    Trouble.HOURS: (
        N_("Records are not sent at this hour"),
        N_("It goes on by itself. The hours are set under Speed and hours."),
    ),
    Trouble.METERED: (
        N_("This line costs by the byte"),
        N_("Records wait for another line, or allow it under Speed and hours."),
    ),
    Trouble.POWER: (
        N_("Records wait for mains power"),
        N_("Plug the computer in, or choose otherwise under Security, Power."),
    ),
    Trouble.STORE: (
        N_("The disk of this station cannot be read or written"),
        N_("Free some space, then call the technician if it stays. Nothing sealed is lost."),
    ),
    Trouble.POLICY_REFUSED: (
        N_("A new policy of central was refused; the one before holds"),
        N_("Recording goes on as before. Tell the Dinas what the line says."),
    ),
    Trouble.POLICY_APPLIED: (N_("Policy of central applied"), N_("It holds from the next person on.")),
    Trouble.CENTRAL_FORGOT: (
        N_("Central had lost a packet that it had confirmed"),
        N_("It is on this disk and is sent again by itself."),
    ),
    Trouble.NOT_HERE: (
        N_("Central has packets of this station that are not on this disk"),
        N_("They are safe at central. This happens when the disk was lost or the computer replaced."),
    ),
    Trouble.DISK_FULL: (
        N_("There is no room for the target list on this disk"),
        N_("Free some space. Recording and sending go on."),
    ),
}
