"""Who may do what: one matrix of roles and actions, each action named with a verb of the law.

The verbs are those of the rules on rights of access to population data (Permendagri 102/2019): memasukkan, menyimpan,
membaca, mengubah, meralat, menghapus, mencetak, mengkopi. Must not know how a role is proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from station.domain.role import Role


class Verb(StrEnum):
    """What the law lets somebody be allowed."""

    ENTER = "memasukkan"
    STORE = "menyimpan"
    READ = "membaca"
    CHANGE = "mengubah"
    CORRECT = "meralat"
    DELETE = "menghapus"
    PRINT = "mencetak"
    COPY = "mengkopi"


class Permission(StrEnum):
    """One guarded action: the verb, and what it is done to."""

    ENTER_PERSON = "memasukkan.pemohon"
    """Open somebody, type and change their form, papers and place in the waiting room."""
    ENTER_BIOMETRICS = "memasukkan.biometrik"
    """Open the devices for somebody: photo, fingers, irises, signature, and their verification."""
    ENTER_OFFICER = "memasukkan.petugas"
    """Let an officer in, give a role, set the day it ends."""
    ENTER_LIST = "memasukkan.daftar"
    """Take target lists and trips in."""
    ENTER_COURIER = "memasukkan.kurir"
    """Read packets, receipts and news from a stick."""
    STORE_RECORD = "menyimpan.rekaman"
    """Seal."""
    STORE_BACKUP = "menyimpan.cadangan"
    """Choose the second medium, make a backup now."""
    READ_PERSON = "membaca.pemohon"
    """Open and search records, drafts and target lists by name or number."""
    READ_DELIVERY = "membaca.pengiriman"
    """The panel of delivery, without names."""
    READ_DEVICES = "membaca.perangkat"
    READ_SUMS = "membaca.rekap"
    """Numbers of the office, nobody's name."""
    READ_AUDIT = "membaca.jejak"
    READ_GUARD = "membaca.pengamanan"
    """Backup, disk, power, keys: how safe the station is."""
    CHANGE_DELIVERY = "mengubah.pengiriman"
    """Pause, limit, send again, carry for neighbours."""
    CHANGE_DEVICES = "mengubah.perangkat"
    """Report and close faults, choose another device, try with simulated ones."""
    CHANGE_KEYS = "mengubah.kunci"
    """New database key, another safe for the station's key, new recovery words."""
    CHANGE_RETENTION = "mengubah.retensi"
    CORRECT_RECORD = "meralat.rekaman"
    """Open a refused, recalled or visited record again."""
    DELETE_DRAFT = "menghapus.draf"
    """Withdraw, with a reason."""
    DELETE_LEFT_DRAFT = "menghapus.draf-lama"
    """Wipe what somebody else left unfinished for two weeks, with a reason."""
    DELETE_ASIDE = "menghapus.salinan-lama"
    """Take away old copies that were put aside when a database was broken or replaced."""
    DELETE_PACKET = "menghapus.paket"
    """Void what central will never take; a second officer agrees."""
    DELETE_FINISHED = "menghapus.selesai"
    """Let retention run before its hour, where its days are over."""
    APPROVE_EXCEPTION = "menyimpan.pengecualian"
    """Agree as the second officer to exceptions, overrides, voids and bulk export."""
    PRINT_PAPER = "mencetak.surat"
    COPY_PACKETS = "mengkopi.paket"
    """Put sealed packets on a stick for central."""
    COPY_DIAGNOSIS = "mengkopi.diagnosis"
    """Technical notes, proved free of personal data."""

    @property
    def verb(self) -> Verb:
        return Verb(self.value.partition(".")[0])


_P = Permission
_COUNTER: Final = frozenset({
    _P.ENTER_PERSON, _P.READ_PERSON, _P.READ_DELIVERY, _P.READ_DEVICES, _P.READ_SUMS, _P.PRINT_PAPER,
})  # fmt: skip
_OPERATOR: Final = _COUNTER | {
    _P.ENTER_BIOMETRICS, _P.ENTER_LIST, _P.ENTER_COURIER, _P.STORE_RECORD, _P.STORE_BACKUP, _P.READ_GUARD,
    _P.CHANGE_DELIVERY, _P.CHANGE_DEVICES, _P.CORRECT_RECORD, _P.DELETE_DRAFT, _P.DELETE_PACKET,
    _P.COPY_PACKETS, _P.COPY_DIAGNOSIS, _P.APPROVE_EXCEPTION,
}  # fmt: skip
_SUPERVISOR: Final = _OPERATOR | {_P.ENTER_OFFICER, _P.READ_AUDIT, _P.DELETE_LEFT_DRAFT}

MATRIX: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.COUNTER: _COUNTER,
    Role.OPERATOR: _OPERATOR,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ARCHIVIST: frozenset({
        _P.READ_PERSON, _P.READ_DELIVERY, _P.READ_SUMS, _P.READ_AUDIT, _P.READ_GUARD,
        _P.CHANGE_RETENTION, _P.DELETE_FINISHED, _P.DELETE_LEFT_DRAFT, _P.PRINT_PAPER,
    }),
    Role.TECHNICIAN: frozenset({
        _P.ENTER_COURIER, _P.STORE_BACKUP, _P.READ_DELIVERY, _P.READ_DEVICES, _P.READ_SUMS, _P.READ_GUARD,
        _P.CHANGE_DELIVERY, _P.CHANGE_DEVICES, _P.COPY_PACKETS, _P.COPY_DIAGNOSIS, _P.DELETE_ASIDE,
    }),
    Role.HEAD: frozenset({_P.READ_DELIVERY, _P.READ_DEVICES, _P.READ_SUMS, _P.READ_AUDIT, _P.READ_GUARD}),
    Role.ADMIN: frozenset({
        _P.ENTER_OFFICER, _P.STORE_BACKUP, _P.READ_DELIVERY, _P.READ_DEVICES, _P.READ_SUMS, _P.READ_AUDIT,
        _P.READ_GUARD, _P.CHANGE_DELIVERY, _P.CHANGE_DEVICES, _P.CHANGE_KEYS, _P.CHANGE_RETENTION,
        _P.COPY_DIAGNOSIS, _P.DELETE_ASIDE,
    }),
}  # fmt: skip
"""The whole of it: nothing else in the program decides what a role allows."""


def allows(role: str, permission: Permission) -> bool:
    """Whether somebody in `role` may do it; a role nobody knows may do nothing."""
    try:
        return permission in MATRIX[Role(role)]
    except ValueError:
        return False


def who_may(permission: Permission) -> tuple[Role, ...]:
    """The roles that allow it."""
    return tuple(role for role in Role if permission in MATRIX[role])
