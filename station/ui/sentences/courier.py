"""Packets and receipts by stick: what may be wrong with the stick, with what is on it, and with whom it comes from."""

from __future__ import annotations

from station.domain.mark import N_

_NOTHING_TAKEN = N_("Nothing was taken from it. Ask its station for another export.")
_ANOTHER_STICK = N_("Nothing is lost: the packets are still here. Use another stick and try again.")

COURIER: dict[str, tuple[str, str]] = {
    "courier.nothing": (N_("There is nothing to export."), N_("Central has a receipt for everything that was chosen.")),
    "courier.nothing_new": (
        N_("Everything that waits was written to a stick before."),
        N_("It still waits for its receipts. To write it again, choose everything that waits."),
    ),
    "refusal.unreadable": (
        N_("A refusal on this stick cannot be read."),
        N_("It changes nothing. The record waits for central's answer."),
    ),
    "refusal.other_record": (
        N_("A refusal on this stick is about another record."),
        N_("It changes nothing. The record waits for central's answer."),
    ),
    "refusal.other_central": (
        N_("A refusal on this stick is from another central."),
        N_("It changes nothing. The record waits for central's answer."),
    ),
    "courier.no_receipts": (
        N_("There are no receipts to hand over."),
        N_("They come when central has received what was carried."),
    ),
    "courier.no_bundles": (
        N_("There is nothing for a station in this folder."),
        N_("Look for a file whose name begins with ktpel."),
    ),
    "courier.not_a_bundle": (
        N_("This file does not come from a station."),
        N_("Choose a file whose name begins with ktpel."),
    ),
    "courier.index_damaged": (N_("The beginning of this file is damaged."), _NOTHING_TAKEN),
    "courier.unreadable": (N_("The list in this file cannot be read."), _NOTHING_TAKEN),
    "courier.other_central": (
        N_("This file is for another central."),
        N_("Nothing was taken. Bring it to a station of the same office or Dinas."),
    ),
    "courier.no_card": (
        N_("The station that wrote this file is not known here and shows no card of our central."),
        N_("Bring the stick to central itself."),
    ),
    "courier.edited": (N_("The list in this file was changed after its station had signed it."), _NOTHING_TAKEN),
    "courier.edited_packet": (N_("A packet in this file was changed on the way."), _NOTHING_TAKEN),
    "courier.missing_packet": (N_("Somebody took packets out of this file."), _NOTHING_TAKEN),
    "courier.extra_packet": (N_("Somebody put a packet into this file."), _NOTHING_TAKEN),
    "courier.strange_file": (N_("Something is in this file that no station writes."), _NOTHING_TAKEN),
    "courier.only_receipts": (
        N_("This file holds receipts only."),
        N_("It goes to the station whose records they are about."),
    ),
    "courier.no_room_here": (
        N_("The disk of this computer has too little room: {needed_mb} MB are needed, {free_mb} MB are free."),
        N_("Nothing was taken. Free some space, then import again."),
    ),
    "courier.too_many_stations": (
        N_("This station carries for too many other stations."),
        N_("Bring the stick to another station or to central."),
    ),
    "stick.full": (N_("The stick is full."), _ANOTHER_STICK),
    "stick.no_room": (
        N_("The stick has too little room: {needed_mb} MB are needed, {free_mb} MB are free."),
        N_("Free some space on it, or use another one."),
    ),
    "stick.read_only": (
        N_("The stick cannot be written to."),
        N_("Move its little switch, if it has one, or use another stick."),
    ),
    "stick.gone": (
        N_("The stick was pulled out, or does not answer any more."),
        N_("Nothing is lost. Put it in again and try once more."),
    ),
    "stick.io": (N_("The stick has a fault: {reason}."), _ANOTHER_STICK),
    "stick.unproven": (N_("The stick does not give back what was written on it: it is worn out."), _ANOTHER_STICK),
    "stick.name_taken": (N_("A file of this name is on the stick already."), N_("Try once more.")),
    "card.signature": (N_("The card of a station is not signed by our central."), N_("It is not believed.")),
    "card.unreadable": (N_("The card of a station cannot be read."), N_("It is not believed.")),
    "card.other_central": (N_("The card of a station is from another central."), N_("It is not believed.")),
    "card.other_station": (N_("The card is of another station."), N_("It is not kept.")),
    "packet.other_record": (
        N_("A packet claims a record that belongs to another station."),
        N_("It is not taken. Tell the technician."),
    ),
}
