"""Neighbours find each other by real mDNS, here on loopback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station.relay.circle import Sighting
from station.relay.local_network import LocalNetwork
from station.store.enrolment import Enrolment
from tests.relaying import LOOPBACK, Authority, fellows


def enrolment(name: str, root: Path, office: str = "99.01.01") -> Enrolment:
    with fellows(root) as make:
        return make(name, _AUTHORITY, office=office).enrolment


_AUTHORITY = Authority()


def test_stations_of_one_office_see_each_other_and_others_do_not(tmp_path: Path, qtbot: QtBot) -> None:
    if not multicast_works():
        pytest.skip("no multicast here")
    looking = LocalNetwork(enrolment("stasiun-a", tmp_path), (LOOPBACK,), loopback=True)
    elsewhere = LocalNetwork(enrolment("stasiun-x", tmp_path, office="99.01.02"), (LOOPBACK,), loopback=True)
    carrying = LocalNetwork(enrolment("stasiun-b", tmp_path), (LOOPBACK,), loopback=True)
    try:
        looking.look()
        elsewhere.announce(4001)
        carrying.announce(4002)
        qtbot.waitUntil(lambda: bool(looking.sightings()))
        assert looking.sightings() == (Sighting(LOOPBACK, 4002, "stasiun-b"),)
        carrying.close()
        qtbot.waitUntil(lambda: not looking.sightings())
    finally:
        for one in (looking, elsewhere, carrying):
            one.close()


def multicast_works() -> bool:
    """True when what is sent to the group of mDNS on loopback comes back."""
    group, here = socket.inet_aton("224.0.0.251"), socket.inet_aton(LOOPBACK)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear, socket.socket(type=socket.SOCK_DGRAM) as mouth:
        try:
            ear.bind(("", 0))
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + here)
            ear.settimeout(2)
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
            mouth.sendto(b"?", ("224.0.0.251", ear.getsockname()[1]))
            return ear.recv(1) == b"?"
        except OSError:
            return False
