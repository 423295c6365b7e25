"""What the connection doctor may find: what is wrong, and what whoever stands there can do about it. Data only."""

from __future__ import annotations

from station.domain.doctor import Remedy
from station.domain.mark import N_

_REPORT = N_("Call the technician of the Dinas and read this line out.")
_ALONE = N_("Nothing to do: the station tries again by itself.")

REMEDIES: dict[Remedy, tuple[str, str]] = {
    Remedy.NOT_ENROLLED: (
        N_("This station is not registered at central yet"),
        N_("Ask the Dinas for a registration code and enter it at the first start."),
    ),
    Remedy.BAD_ADDRESS: (N_("The address of central cannot be used"), _REPORT),
    Remedy.NO_ADAPTER: (
        N_("This computer has no network adapter"),
        N_("Plug in the modem or the network adapter; if it is plugged in, use another USB port."),
    ),
    Remedy.NO_CABLE: (
        N_("The network cable is not connected"),
        N_("Push the cable in at both ends until its lamp lights, and see that modem and router are switched on."),
    ),
    Remedy.WIFI_OFF: (
        N_("Wi-Fi is switched off"),
        N_("Switch Wi-Fi on: by the key with the antenna or the switch at the side of the computer."),
    ),
    Remedy.WIFI_NOT_JOINED: (
        N_("The computer has joined no Wi-Fi network"),
        N_("Choose the network of the office or the hotspot of the van in the list of networks."),
    ),
    Remedy.NO_ROUTE: (
        N_("The network leads nowhere"),
        N_("Switch the modem or router off, wait half a minute, and switch it on again."),
    ),
    Remedy.NAME_UNKNOWN: (
        N_("Nobody knows the name {host}"),
        N_("Try another network; if the name is unknown there too, call the technician of the Dinas."),
    ),
    Remedy.NAME_SILENT: (
        N_("The name service (DNS) does not answer"),
        N_("Restart the modem or router; if that does not help, use another network."),
    ),
    Remedy.PORT_CLOSED: (
        N_("{host} refuses port {port}"),
        N_("The network works, the service is not running: nothing to do here. After an hour, call the Dinas."),
    ),
    Remedy.PORT_SILENT: (
        N_("{host} does not answer at port {port}"),
        N_("Try another network: this one may block the port. If others fail too, call the Dinas."),
    ),
    Remedy.PROXY_REFUSES: (
        N_("The proxy does not let this station through (HTTP {status})"),
        N_("Ask whoever looks after this network to let the station through to central."),
    ),
    Remedy.PROXY_PASSWORD: (
        N_("The proxy wants a user and a password (HTTP 407)"),
        N_("Ask whoever looks after this network, and let the technician put them into the settings."),
    ),
    Remedy.PROXY_STRANGE: (
        N_("What answers at {via} is no proxy"),
        N_("The proxy in the settings is wrong: call the technician."),
    ),
    Remedy.PROXY_CANNOT: (
        N_("The proxy in the settings cannot be used"),
        N_("It must look like http://name:port. Call the technician."),
    ),
    Remedy.CERTIFICATE_STRANGER: (
        N_("The certificate is a stranger's ({issuer})"),
        N_("Use another network and do not accept anything. If it stays so, call the technician at once."),
    ),
    Remedy.CERTIFICATE_NAME: (
        N_("The certificate belongs to {subject}, not to central"),
        N_("Use another network. If it stays so, call the technician of the Dinas."),
    ),
    Remedy.CERTIFICATE_EXPIRED: (
        N_("The certificate of central expired on {until}"),
        N_("If the date of this computer is right, call the Dinas: they must renew it. Recording goes on."),
    ),
    Remedy.CERTIFICATE_EARLY: (
        N_("The certificate of central is good from {from} only"),
        N_("Check the date of this computer first; if it is right, call the technician of the Dinas."),
    ),
    Remedy.CERTIFICATE_SOON: (
        N_("The certificate of central ends on {until}"),
        N_("It still works. Tell the Dinas that it must be renewed."),
    ),
    Remedy.OWN_CLOCK: (
        N_("The clock of this computer is {off} off: the certificate only looks expired"),
        N_("Set date and time of this computer, then examine again."),
    ),
    Remedy.NO_TLS: (N_("The port answers without encryption"), N_("Use another network, or call the technician.")),
    Remedy.CA_FILE: (
        N_("The file with the trusted authorities cannot be read"),
        N_("Call the technician: the setting central.ca_file is wrong."),
    ),
    Remedy.BROKEN_OFF: (
        N_("The connection broke off"),
        N_("Move to where the signal is better, or use another network."),
    ),
    Remedy.BETWEEN: (
        N_("A machine on the way answers in the place of central (HTTP {status})"),
        N_("Wait some minutes and examine again; if it stays so, use another network, then call the Dinas."),
    ),
    Remedy.PORTAL: (
        N_("The network asks for its own sign-in (HTTP {status})"),
        N_("Open a browser, sign in to the network there, or use another network. Sending goes on by itself."),
    ),
    Remedy.STRANGER: (
        N_("What answers cannot prove that it is central"),
        N_("Use another network. If it stays so, call the technician at once: nothing is sent meanwhile."),
    ),
    Remedy.UNREADABLE: (N_("The answer of central was cut off"), N_("Use a better signal or another network.")),
    Remedy.SILENT: (
        N_("Connected, but no answer comes"),
        N_("Wait some minutes and examine again; if it stays so, use another network."),
    ),
    Remedy.SLOW: (
        N_("Central answers slowly ({ms} ms)"),
        N_("Sending works and takes longer. A better signal helps."),
    ),
    Remedy.MAINTENANCE: (N_("Central is being maintained (HTTP {status}){until_text}"), _ALONE),
    Remedy.BUSY: (N_("Central is busy (HTTP {status})"), _ALONE),
    Remedy.SERVER_ERROR: (
        N_("Central has a fault (HTTP {status})"),
        N_("Nothing to do here: the station tries again by itself. After an hour, call the Dinas."),
    ),
    Remedy.NO_SPACE: (N_("Central has no space left"), N_("Call the Dinas. Recording goes on.")),
    Remedy.BLOCKED: (N_("Central has blocked this station{until_text}"), N_("Call the Dinas. Recording goes on.")),
    Remedy.UNKNOWN_STATION: (
        N_("Central does not know this station"),
        N_("Call the Dinas: it must be registered again. Recording goes on."),
    ),
    Remedy.BAD_SIGNATURE: (
        N_("Central refuses the key of this station"),
        N_("Call the Dinas: it must be registered again. Recording goes on."),
    ),
    Remedy.TOO_OLD: (
        N_("This program is too old for central"),
        N_("Ask the technician for an update. Recording goes on."),
    ),
    Remedy.REFUSED_ODDLY: (N_("Central answers something unexpected (HTTP {status})"), _REPORT),
    Remedy.CLOCK_OFF: (
        N_("The clock of this computer is {off} {direction}"),
        N_("Set date and time of this computer; the papers of today bear the wrong time until then."),
    ),
    Remedy.OUR_FAULT: (N_("The doctor itself made a mistake here"), N_("Save a diagnosis and send it to the Dinas.")),
}
