"""Who may do what: the whole matrix, every guarded function of the desk for every role, and that none is forgotten."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from station import desk
from station.desk.office import Office, Operator
from station.domain.errors import AccessError
from station.domain.permission import MATRIX, Permission, Verb, allows
from station.domain.role import Role

P = Permission
DESK = Path(desk.__path__[0])

LETTERS = "COSATHM"
"""Counter, operator, supervisor, archivist, technician, head, admin: the columns below."""
ROLES = dict(zip(LETTERS, Role, strict=True))
WHO = {
    P.ENTER_PERSON: "COS",
    P.ENTER_BIOMETRICS: "OS",
    P.ENTER_OFFICER: "SM",
    P.ENTER_LIST: "OS",
    P.ENTER_COURIER: "OST",
    P.STORE_RECORD: "OS",
    P.STORE_BACKUP: "OSTM",
    P.READ_PERSON: "COSA",
    P.READ_DELIVERY: "COSATHM",
    P.READ_DEVICES: "COSTHM",
    P.READ_SUMS: "COSATHM",
    P.READ_AUDIT: "SAHM",
    P.READ_GUARD: "OSATHM",
    P.CHANGE_DELIVERY: "OSTM",
    P.CHANGE_DEVICES: "OSTM",
    P.CHANGE_KEYS: "M",
    P.CHANGE_RETENTION: "AM",
    P.CORRECT_RECORD: "OS",
    P.DELETE_DRAFT: "OS",
    P.DELETE_LEFT_DRAFT: "SA",
    P.DELETE_ASIDE: "TM",
    P.DELETE_PACKET: "OS",
    P.DELETE_FINISHED: "A",
    P.APPROVE_EXCEPTION: "OS",
    P.PRINT_PAPER: "COSA",
    P.COPY_PACKETS: "OST",
    P.COPY_DIAGNOSIS: "OSTM",
}

GUARDED = {
    "appointments": {P.ENTER_OFFICER: "listed change_role set_last_day end_now"},
    "applicants": {P.READ_PERSON: "look_up find_people"},
    "courier": {P.COPY_PACKETS: "choice export export_receipts", P.ENTER_COURIER: "look import_bundle"},
    "dead_letters": {
        P.READ_DELIVERY: "letter",
        P.CHANGE_DELIVERY: "retry",
        P.CORRECT_RECORD: "correct",
        P.DELETE_PACKET: "void vouch_for_void",
    },
    "disk_guard": {P.DELETE_ASIDE: "remove_aside"},
    "documents": {P.ENTER_PERSON: "add add_page turn_page remove_page describe", P.READ_PERSON: "pages"},
    "drafting": {P.ENTER_PERSON: "resume", P.READ_PERSON: "as_it_stands"},
    "exceptions": {P.ENTER_BIOMETRICS: "grant take_over approve revoke", P.READ_PERSON: "evidence"},
    "inviting": {
        P.READ_PERSON: "to_invite_again",
        P.CORRECT_RECORD: "receive recapture",
        P.DELETE_DRAFT: "give_up uninvite",
    },
    "keeping": {P.ENTER_BIOMETRICS: "keep approve discard", P.ENTER_PERSON: "assist"},
    "old_drafts": {P.READ_GUARD: "old_drafts", P.DELETE_LEFT_DRAFT: "wipe"},
    "papers": {P.ENTER_PERSON: "choose_service show_paper", P.PRINT_PAPER: "printed"},
    "recording": {
        P.ENTER_PERSON: "start answer confirm go_to",
        P.READ_PERSON: "open_drafts image",
        P.DELETE_DRAFT: "withdraw",
    },
    "records": {P.READ_PERSON: "search counts"},
    "referrals": {P.ENTER_PERSON: "refer", P.READ_PERSON: "today"},
    "reopening": {P.CORRECT_RECORD: "reopen open_sealed sealed_body"},
    "resending": {P.CHANGE_DELIVERY: "resend", P.READ_DELIVERY: "quiet offered"},
    "retention": {P.READ_GUARD: "outlook named", P.DELETE_FINISHED: "run_now"},
    "rosters": {P.READ_PERSON: "find of_area count", P.ENTER_LIST: "import_file drop"},
    "sealing": {P.STORE_RECORD: "seal"},
    "second_factor": {P.ENTER_OFFICER: "ask_all ask_one"},
    "timelines": {P.READ_PERSON: "view timeline"},
    "queue_report": {P.READ_SUMS: "of_day"},
    "trip_day": {
        P.READ_PERSON: "sheet",
        P.ENTER_PERSON: "mark explain mark_rest_absent add_person undo remove_person",
        P.ENTER_LIST: "close",
    },
    "trip_list": {P.READ_PERSON: "read_list"},
    "trip_papers": {P.PRINT_PAPER: "save save_list note_paper"},
    "trip_readiness": {P.READ_PERSON: "readiness"},
    "trips": {P.READ_PERSON: "current get every", P.ENTER_LIST: "preview prepare change take_list delete"},
    "turns": {P.READ_PERSON: "turn_of with_number"},
    "verification": {P.ENTER_BIOMETRICS: "verify"},
    "waiting_room": {P.READ_PERSON: "waiting", P.ENTER_PERSON: "make_ready", P.ENTER_BIOMETRICS: "take let_past"},
}
"""Every guarded function of the desk under what it asks for. One that is guarded and not here is found below too."""

_PART = "a piece of deeds that ask themselves"
_ITSELF = "the station does it by itself, whoever is signed in"
_OWN = "about whoever is signed in, and nobody else"
_PEERS = "the names of colleagues, who are on the sign-in screen too"
_WORD = "a colleague's word: the deed it is for asks"
_BLANK = "tells no name to somebody who may not see names"
EXEMPT = {
    "bundle_inbox.take_in": _ITSELF,
    "bundle_inbox.note_held": _ITSELF,
    "clocks.tell_once": "the clock of a device",
    "consents.needed_for_export": _WORD,
    "consents.needed_for_names": _WORD,
    "consents.needed_for_warning": _WORD,
    "consents.use_for_export": _WORD,
    "consents.vouch_for_export": _WORD,
    "consents.vouch_for_names": _WORD,
    "consents.vouch_for_warning": _WORD,
    "delivery.looked_up": _BLANK,
    "delivery.names": _BLANK,
    "disk_guard.look_after": _ITSELF,
    "disk_guard.make_room_to_keep": _PART,
    "disk_guard.make_room_to_seal": _PART,
    "disk_guard.needed_bytes": _PART,
    "disk_guard.require_room": _PART,
    "disk_guard.require_room_for_document": _PART,
    "disk_guard.with_last_bytes": _PART,
    "drafting.changed": _PART,
    "drafting.seen_today": _PART,
    "drafting.service_of": _PART,
    "healing.catch_up": _ITSELF,
    "healing.finish_interrupted_seals": _ITSELF,
    "healing.heal": _ITSELF,
    "healing.take_over": _ITSELF,
    "leftovers.settle": _ITSELF,
    "minutiae.complete": _PART,
    "minutiae.with_minutiae": _PART,
    "officers.add": "a supervisor who is not signed in may answer for it with their password: they are asked",
    "officers.check_day": _PART,
    "officers.check_device": _PART,
    "officers.check_genuine": _PART,
    "officers.keep_prints": _OWN,
    "officers.leave_out_prints": _OWN,
    "officers.prints_kept": _OWN,
    "officers.prints_wanted": _OWN,
    "officers.roles_to_give": _PART,
    "officers.supervisors": _PEERS,
    "packed.body_of": _PART,
    "prints.scores": _PART,
    "prints.stop_at_known": _PART,
    "queueing.queue": _ITSELF,
    "queueing.queue_late": _ITSELF,
    "queueing.tell": _ITSELF,
    "reopening.restored": _PART,
    "retention.announce": _ITSELF,
    "retention.heal": _ITSELF,
    "retention.run": _ITSELF,
    "rosters.cards": "areas and versions, nobody's name",
    "rosters.drop_expired": _ITSELF,
    "rosters.import_parts": _ITSELF,
    "rosters.note_searches": _ITSELF,
    "rosters.person": _PART,
    "sealing.finish_seal": _ITSELF,
    "second_factor.asked": _OWN,
    "second_factor.of_all": "one choice of the station, no person's",
    "second_factor.prove": _OWN,
    "second_factor.stand_in": _WORD,
    "signin.check_still": _OWN,
    "signin.sign_out": _OWN,
    "signin.unlock": _OWN,
    "trips.forget_people": _ITSELF,
    "trip_list.card_of": "areas and versions, nobody's name",
    "trip_list.invited": _PART,
    "villages.find_villages": "the public table of regions",
    "villages.village": "the public table of regions",
    "clock_guard.note": _ITSELF,
    "clock_guard.note_start": _ITSELF,
    "clock_guard.told": _PART,
    "first_words.make_new": "asks through keys.new_recovery_words",
    "inventory.save": "asks through note_export",
    "keys.change_password": _OWN,
    "keys.whom_to_help": _PEERS,
    "recovering.reopen": _ITSELF,
    "recovering.settle": _ITSELF,
    "trail.begun": _ITSELF,
    "trail.check_end": _ITSELF,
    "trail.flush_reads": _ITSELF,
    "trail.keep_up": _ITSELF,
    "trail.leave": _ITSELF,
    "trail.note_deed": _ITSELF,
    "trail.note_read": _ITSELF,
    "trail.tell_head": _ITSELF,
    "trail.unlocked": _OWN,
    "print_queue.note_birthdays": _ITSELF,
    "queue_days.counted": _PART,
    "queue_days.today": _PART,
    "turns.passed": _PART,
    "vouchers.approvers": _PEERS,
    "vouchers.may_vouch": _PEERS,
    "vouchers.vouch": _WORD,
}


@dataclass
class Deed:
    """One public function of the desk that works on an open office."""

    name: str
    permission: Permission | None
    """What its first line asks for."""

    def call(self, office: Office) -> None:
        """With nothing but an office: it is called up to its first line only."""
        module, name = self.name.split(".")
        made = getattr(importlib.import_module(f"station.desk.{module}"), name)
        needed = [
            item for item in inspect.signature(made).parameters.values()
            if item.default is item.empty and item.name != "office" and item.kind is not item.VAR_KEYWORD
        ]  # fmt: skip
        made(office, **{item.name: None for item in needed})


def deeds() -> Iterator[Deed]:
    """All of them, except those that take an open transaction as well: these are pieces of others."""
    for path in sorted(DESK.glob("*.py")):
        for found in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(found, ast.FunctionDef) and not found.name.startswith("_"):
                names = [item.arg for item in (*found.args.args, *found.args.kwonlyargs)]
                if "office" in names and "connection" not in names:
                    yield Deed(f"{path.stem}.{found.name}", _asked(found))


def _asked(found: ast.FunctionDef) -> Permission | None:
    """`office.require(Permission.X)` as the first line after the docstring."""
    body = found.body[1:] if ast.get_docstring(found) is not None else found.body
    match body[0]:
        case ast.Expr(
            ast.Call(ast.Attribute(ast.Name("office"), "require"), [ast.Attribute(ast.Name("Permission"), name)])
        ):
            return Permission[name]
    return None


class LetIn(Exception):
    """The first line let whoever is signed in pass."""


class Doorway(Office):
    """An office that is left right after the question whether one may."""

    def require(self, permission: Permission) -> None:
        super().require(permission)
        raise LetIn(permission)


DEEDS = tuple(deeds())
GUARDS = [item for item in DEEDS if item.permission is not None]


def office_of(role: str) -> Office:
    nothing: Any = None
    return Doorway(nothing, nothing, Operator("op-1", "Uji", role), nothing, nothing, nothing, nothing)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("letter", LETTERS)
def test_the_matrix_is_what_was_decided(permission: Permission, letter: str) -> None:
    assert allows(ROLES[letter], permission) == (letter in WHO[permission])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", GUARDS, ids=lambda item: item.name)
def test_each_role_does_what_it_may_and_nothing_else(deed: Deed, role: Role) -> None:
    assert deed.permission is not None
    if allows(role, deed.permission):
        with pytest.raises(LetIn, match=str(deed.permission)):
            deed.call(office_of(role))
    else:
        with pytest.raises(AccessError) as problem:
            deed.call(office_of(role))
        assert problem.value.code == "access.role"


def test_each_deed_asks_for_what_was_decided() -> None:
    decided = {
        f"{module}.{name}": permission
        for module, asked in GUARDED.items()
        for permission, names in asked.items()
        for name in names.split()
    }
    found = {deed.name: deed.permission for deed in GUARDS}
    assert {name: found.get(name) for name in decided} == decided


@pytest.mark.parametrize("deed", DEEDS, ids=lambda item: item.name)
def test_no_deed_of_the_desk_is_open_to_everybody_without_a_reason(deed: Deed) -> None:
    assert (deed.permission is None) == (deed.name in EXEMPT), (
        "begin with office.require(Permission.…), or say in EXEMPT why nobody is asked"
    )


def test_no_exemption_outlives_what_it_was_for() -> None:
    assert set(EXEMPT) <= {deed.name for deed in DEEDS}


def test_nothing_is_done_before_the_second_proof() -> None:
    office = office_of(Role.OPERATOR)
    office.unproved = True
    with pytest.raises(AccessError) as problem:
        office.require(Permission.ENTER_PERSON)
    assert problem.value.code == "access.unproved"


def test_a_role_that_nobody_knows_may_do_nothing() -> None:
    assert not any(allows("recovery", permission) for permission in Permission)


def test_every_role_may_do_something_and_every_permission_is_somebodys() -> None:
    assert set(MATRIX) == set(Role)
    assert all(MATRIX.values())
    assert set().union(*MATRIX.values()) == set(Permission)


def test_a_permission_begins_with_a_verb_of_the_law() -> None:
    assert {permission.verb for permission in Permission} == set(Verb)
