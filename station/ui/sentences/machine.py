"""What the person, this computer, its disk or its installation may run into: sign-in, store, setup, trust."""

from __future__ import annotations

from station.domain.mark import N_

_TECHNICIAN = N_("Call the technician and read out this sentence.")
_FREE_SPACE = N_("Free some space on the disk, then save again. What you entered is still here.")
_LEAVE = N_("Nothing was changed. Call the technician before you go on.")

MACHINE: dict[str, tuple[str, str]] = {
    # sign-in
    "signin.wrong_password": (N_("The password is not right."), N_("Check Caps Lock and type it again.")),
    "signin.wait": (N_("Too many wrong passwords."), N_("Wait {seconds} seconds, then try again.")),
    "signin.unknown_operator": (N_("This operator is not known here."), N_("Choose a name from the list.")),
    "recovery.mistyped": (
        N_("The recovery words are mistyped."),
        N_("Look for a word that was left out, or put in another's place, and type them again."),
    ),
    "recovery.mistyped_word": (
        N_("Word {word} is none of the recovery words."),
        N_("Compare it with the paper. The first four letters are enough."),
    ),
    "recovery.mistyped_count": (
        N_("There are 14 recovery words; these are {count}."),
        N_("Type all of them, in the order of their numbers."),
    ),
    # disk and database
    "store.disk_full": (N_("The disk is full."), _FREE_SPACE),
    "store.read_only": (N_("The data folder cannot be written to."), _TECHNICIAN),
    "store.corrupt": (N_("The data of this station is damaged."), _LEAVE),
    "store.too_new": (
        N_("The data was written by a newer version of this program."),
        N_("Install the newer version. Nothing was changed."),
    ),
    "store.wrong_key": (N_("The data cannot be opened with this key."), _LEAVE),
    "store.io": (N_("The disk did not answer."), N_("Check the cable of the disk, then try again.")),
    "store.closed": (N_("The data of this station was closed at sign-out."), N_("Sign in again.")),
    "store.busy": (N_("The data of this station is in use at the moment."), N_("Wait a moment, then try again.")),
    "store.sqlite_old": (N_("The database library of this computer is too old."), _TECHNICIAN),
    "packet.left_behind": (
        N_("This recording could not be saved, and a file of it may still be on the disk."),
        N_("Check the cable of the disk, then save again. What you entered is still here."),
    ),
    "packet.missing": (N_("A sealed packet is not on the disk."), _LEAVE),
    "packet.too_large": (N_("A packet is larger than central takes."), _TECHNICIAN),
    "folder.in_use": (
        N_("The program is already open with these data."),
        N_("Use the window that is open, or close it first."),
    ),
    # installation
    "station.not_enrolled": (N_("Central does not know this station yet."), N_("Register it at the first start.")),
    "station_key.unreadable": (N_("The key of this station cannot be read."), _LEAVE),
    "keyring.unreadable": (N_("The list of operators cannot be read."), _LEAVE),
    "enrolment.unreadable": (N_("The registration of this station cannot be read."), _LEAVE),
    "enrolment.already": (N_("This station is registered already."), N_("Close the program and open it again.")),
    "enrolment.keyring_exists": (
        N_("This folder holds data of an earlier registration."),
        N_("Nothing was changed. Call the technician: the old data must be moved away first."),
    ),
    "enrolment.office": (N_("This is no office code."), N_("Type it as digits and dots, such as 33.25.07.")),
    "enrolment.refused": (
        N_("Central does not accept this code."),
        N_("A code works once and for a short time. Ask the Dinas for a new one."),
    ),
    "enrolment.unreachable": (
        N_("Central cannot be reached."),
        N_("Check the address and the network, then try again. What you typed is still here."),
    ),
    "enrolment.unreadable_answer": (
        N_("What answers at this address is not central."),
        N_("Check the address with the Dinas."),
    ),
    "central.address": (N_("This is no address of a central."), N_("Type it as the Dinas gave it, with https://.")),
    "central.ca_file": (
        N_("The file with the trusted authorities cannot be read."),
        N_("Call the technician: the setting central.ca_file is wrong."),
    ),
    "central.insecure_address": (
        N_("This address is not protected."),
        N_("The address must begin with https://."),
    ),
    "password.too_short": (
        N_("The password is too short."),
        N_("Use at least {limit} characters; three words that you remember are good."),
    ),
    "password.no_terminal": (
        N_("There is no terminal to ask for the password."),
        N_("Run the command in a terminal."),
    ),
    "training.real_folder": (
        N_("This folder belongs to a real station, not to training."),
        N_("Choose another folder for training."),
    ),
    "simulator.start": (
        N_("The simulated devices could not be started."),
        N_("Close the program and start it again."),
    ),
    "simulator.gone": (
        N_("The simulated devices are no longer there."),
        N_("Close the program and start it again."),
    ),
    "simulator.no_port": (
        N_("There is no free port for the simulated devices between {first} and {last}."),
        N_("End other simulators, or choose a port with --port."),
    ),
    "simulator.nobody": (
        N_("Nobody of the training cast has this NIK."),
        N_("Choose one from the list of people to practise with."),
    ),
    "central.half_certificate": (
        N_("A certificate needs its private key, and a key its certificate."),
        N_("Give both --certificate and --key, or neither."),
    ),
    "central.plain_http": (
        N_("Central may be reached without TLS from this computer only."),
        N_("Give it a certificate, or let it listen on 127.0.0.1."),
    ),
    "central.keys_unreadable": (N_("The keys of central cannot be read."), N_("Restore its folder from the backup.")),
    "central.other_central": (
        N_("This folder belongs to another central."),
        N_("Start it with its own name, or choose another folder."),
    ),
    "central.switch": (
        N_("This cannot be set at central."),
        N_("Give numbers within their limits, and times with their zone, such as 2026-12-01T08:00:00+07:00."),
    ),
    "central.too_new": (
        N_("The data of central were made by a newer program."),
        N_("Install that program, or a newer one."),
    ),
    "access.role": (N_("You may not do this."), N_("These may: {needs}.")),
    # trust
    "packet.damaged": (N_("A packet is damaged."), _LEAVE),
    "packet.locked": (N_("This packet cannot be opened with this key."), _TECHNICIAN),
    "packet.recipient": (N_("The key of central for sealing cannot be used."), _TECHNICIAN),
    "key.unreadable": (N_("A key cannot be read."), _TECHNICIAN),
    "signature.unreadable": (N_("A signature cannot be read."), _TECHNICIAN),
    "signature.invalid": (N_("A signature is not right."), _TECHNICIAN),
    "receipt.unreadable": (N_("The receipt cannot be read."), N_("It is treated as no answer; sending is repeated.")),
    "receipt.other_record": (
        N_("The receipt is for another record."),
        N_("It is treated as no answer; sending is repeated."),
    ),
    "receipt.other_hash": (
        N_("The receipt is for another content."),
        N_("It is treated as no answer; sending is repeated."),
    ),
    "receipt.other_central": (
        N_("The receipt is from another central."),
        N_("It is treated as no answer; sending is repeated."),
    ),
    "token.signature": (N_("The identity of a station is not right."), _TECHNICIAN),
    "token.audience": (N_("The identity of a station is for another central."), _TECHNICIAN),
    "token.clock": (N_("A clock is off by {off_s} seconds."), N_("Set the date and time of this computer.")),
    "hello.unreadable": (N_("The answer of central cannot be read."), _TECHNICIAN),
    "hello.protocol": (N_("Central speaks another version of the protocol."), _TECHNICIAN),
}
