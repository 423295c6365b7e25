"""A forgotten password: recovery words, and a code that central reads out. The station has no network for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.central.central import Central
from station.central.options import CentralOptions
from station.cli import main
from station.desk import forgotten, keys, officers, reset_codes, signin, vouchers
from station.domain.errors import AccessError, RuleError, TrustError
from station.domain.role import Role
from station.seal import recovery_words, reset_code
from station.seal.body import new_identity, recipient_of
from station.seal.reset_code import Challenge, Seed
from station.seal.vault import new_recovery_key
from station.store import audit
from station.store.keyring import keep_only_reset, load_keyring, save_keyring
from station.store.officers import UNKNOWN, all_of
from station.wire import ResetSeed
from tests.support import OPERATOR, PASSWORD, SECOND_PASSWORD, HandClock, Workplace, running_central, workplace

NEW = "sandi-yang-baru"
ASKED = Challenge(990101, 7, 12345, 3, 30000)


@dataclass
class Dinas:
    """The people of central, who answer the phone; the central itself is not reached by any network."""

    central: Central

    def code_for(self, place: Workplace, *, again: bool = False) -> str:
        """What they read out for the challenge on the screen."""
        asked = forgotten.challenge(place.depot, first(place))
        return self.central.resets.answer(asked.text.lower().replace("-", " "), again=again).code

    def receive(self, place: Workplace) -> None:
        """What waits at the station arrives."""
        seed = place.depot.resets.waiting
        assert seed is not None
        self.central.resets.take(place.depot.enrolled()[0].station_id, seed)
        place.depot.resets.confirm(seed.batch)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station that has given its central over the network what answers its codes. For copying only."""
    root = tmp_path_factory.mktemp("dinas")
    with running_central(root / "central", HandClock()) as server, workplace(root / "station", server) as made:
        assert reset_codes.codes_left(made.depot) == reset_codes.CodesLeft(0, delivered=False)
        made.engine.run_until_idle(0.0)
        assert reset_codes.codes_left(made.depot) == reset_codes.CodesLeft(reset_code.SLOTS, delivered=True)
    return root


@pytest.fixture
def place(delivered: Path, tmp_path: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    shutil.copytree(delivered / "station", tmp_path / "station")
    return open_place(tmp_path / "station")


@pytest.fixture
def enrolled(folder_copy: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    """A station that has never reached its central since it was enrolled."""
    return open_place(folder_copy)


@pytest.fixture
def dinas(delivered: Path, tmp_path: Path) -> Iterator[Dinas]:
    shutil.copytree(delivered / "central", tmp_path / "central")
    central = Central(tmp_path / "central", CentralOptions(training=True), clock=HandClock())
    yield Dinas(central)
    central.close()


def first(place: Workplace) -> str:
    return next(who.operator_id for who in signin.operators(place.depot) if who.name == OPERATOR)


def refused(work: object, code: str) -> AccessError:
    with pytest.raises((AccessError, RuleError)) as problem:
        work()  # type: ignore[operator]
    assert problem.value.code == code
    return problem.value  # type: ignore[return-value]


def opens(place: Workplace, password: str) -> bool:
    try:
        office = signin.sign_in(place.depot, first(place), password, place.clock)
    except AccessError:
        return False
    signin.sign_out(office)
    return True


# -------------------------------------------------------------------------------------------------- words and codes


@given(st.builds(
    Challenge, st.integers(0, 999999), st.integers(1, 99), st.integers(0, 32767), st.integers(0, 19),
    st.integers(0, 32767),
))  # fmt: skip
def test_a_challenge_is_read_back_as_it_was_spelt(asked: Challenge) -> None:
    text = reset_code.spell(asked)
    assert len(text.replace("-", "")) == 15
    assert reset_code.read_challenge(text.lower().replace("-", " ")) == asked


@given(st.binary(min_size=32, max_size=32), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_code_with_one_wrong_symbol_is_mistyped(seed: bytes, place: int, symbol: str) -> None:
    code = reset_code.answer(seed, ASKED)
    assert reset_code.secret_in(code, ASKED) == reset_code.secret_of(seed, reset_code.batch_name(12345), 3)
    symbols = list(code.replace("-", ""))
    if symbols[place] != symbol:
        symbols[place] = symbol
        try:
            found = reset_code.secret_in("".join(symbols), ASKED)
        except AccessError:
            return
        assert found != reset_code.secret_of(seed, reset_code.batch_name(12345), 3), "one in a thousand is not noticed"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_mistyped(typed: str) -> None:
    for read, code in (
        (lambda: reset_code.read_challenge(typed), "challenge.mistyped"),
        (lambda: reset_code.secret_in(typed, ASKED), "reset_code.mistyped"),
    ):
        try:
            read()
        except AccessError as problem:
            assert problem.code == code


def test_a_code_for_one_officer_says_nothing_for_another() -> None:
    code = reset_code.answer(bytes(32), ASKED)
    assert reset_code.secret_in(code, ASKED) != reset_code.secret_in(code, replace(ASKED, officer=30001))


@pytest.mark.parametrize("sealed", ["", "QUJD", "####"])
def test_a_seed_that_cannot_be_opened_is_told(sealed: str) -> None:
    with pytest.raises(TrustError):
        reset_code.open_seed(sealed, [new_identity()])


# ------------------------------------------------------------------------------------------------------- by words


def test_the_recovery_words_set_a_new_password_for_whoever_leads(place: Workplace) -> None:
    words = recovery_words.spell(new_words(place))
    forgotten.set_password_by_words(place.depot, " ".join(words).upper(), first(place), NEW, place.clock)
    assert opens(place, NEW) and not opens(place, PASSWORD)
    office = signin.sign_in(place.depot, first(place), NEW, place.clock)
    with office.applicants.read() as connection:
        assert all_of(connection)[first(place)].password_by == UNKNOWN
    signin.sign_out(office)


def new_words(place: Workplace) -> str:
    """Words that a test knows: those of enrolment were shown once."""
    officers.add(place.office, PASSWORD, "Admin A.", Role.ADMIN, SECOND_PASSWORD)
    admin = next(who for who in signin.operators(place.depot) if who.role == Role.ADMIN)
    office = signin.sign_in(place.depot, admin.operator_id, SECOND_PASSWORD, place.clock)
    made = keys.new_recovery_words(office, SECOND_PASSWORD)
    signin.sign_out(office)
    return made


def test_wrong_words_are_counted_like_wrong_passwords_and_spare_the_officers(place: Workplace) -> None:
    stranger = " ".join(recovery_words.spell(new_recovery_key()))
    wrong = lambda: forgotten.set_password_by_words(place.depot, stranger, first(place), NEW, place.clock)  # noqa: E731
    for left in range(signin.FREE_TRIES - 1, 0, -1):
        assert refused(wrong, "recovery.wrong").data == {"tries_left": left}
    refused(wrong, "signin.wait")
    refused(wrong, "signin.wait")
    assert opens(place, PASSWORD)


def test_mistyped_words_cost_no_try(place: Workplace) -> None:
    for _ in range(signin.FREE_TRIES + 1):
        with pytest.raises(AccessError) as problem:
            forgotten.set_password_by_words(place.depot, "apa saja", first(place), NEW, place.clock)
        assert problem.value.code.startswith("recovery.mistyped")


def test_the_words_help_nobody_who_does_not_lead(place: Workplace) -> None:
    words = new_words(place)
    helper = officers.add(place.office, PASSWORD, "Budi P.", Role.OPERATOR, SECOND_PASSWORD)
    refused(
        lambda: forgotten.set_password_by_words(place.depot, words, helper.operator_id, NEW, place.clock),
        "forgotten.officer",
    )


def lose_the_database(place: Workplace) -> None:
    """No copy of it is left either; and somebody has written a role of their choice into the list of officers."""
    keyring = load_keyring(place.depot.folder.keyring)
    told = tuple(item.model_copy(update={"role": "admin"}) for item in keyring.holders if item.role != "recovery")
    kept = tuple(item for item in keyring.holders if item.role == "recovery")
    place.close()
    for path in place.root.glob("applicants.db*"):
        path.unlink()
    shutil.rmtree(place.root / "snapshots", ignore_errors=True)
    save_keyring(place.depot.folder.keyring, keyring.model_copy(update={"holders": (*kept, *told)}))
    place.reopen()


@pytest.mark.usefixtures("said")
def test_where_the_list_of_officers_was_lost_nobody_leads_until_the_words_say_who(place: Workplace) -> None:
    words, who = new_words(place), first(place)
    lose_the_database(place)
    office = signin.sign_in(place.depot, who, PASSWORD, place.clock)
    assert office.operator.role == Role.OPERATOR
    assert officers.roles_to_give(office) == () and not vouchers.may_vouch(office)
    signin.sign_out(office)
    assert who in {item.operator_id for item in forgotten.leaders(place.depot)}
    forgotten.set_password_by_words(place.depot, words, who, NEW, place.clock)
    office = signin.sign_in(place.depot, who, NEW, place.clock)
    assert office.operator.role == Role.SUPERVISOR
    with office.applicants.read() as connection:
        assert "officer_named" in {line.action for line in audit.each(connection, audit.Wanted())}
    signin.sign_out(office)
    other = next(item.operator_id for item in signin.operators(place.depot) if item.operator_id != who)
    refused(lambda: forgotten.set_password_by_words(place.depot, words, other, NEW, place.clock), "forgotten.officer")


@pytest.mark.usefixtures("said")
def test_where_the_list_of_officers_was_lost_a_code_of_central_says_who_leads(dinas: Dinas, place: Workplace) -> None:
    who = first(place)
    lose_the_database(place)
    forgotten.set_password_by_code(place.depot, dinas.code_for(place), who, NEW, place.clock)
    office = signin.sign_in(place.depot, who, NEW, place.clock)
    assert office.operator.role == Role.SUPERVISOR
    with office.applicants.read() as connection:
        assert "officer_named" in {line.action for line in audit.each(connection, audit.Wanted())}
    signin.sign_out(office)


# ------------------------------------------------------------------------------------------------------- by phone


def test_a_code_of_central_sets_one_new_password_once(dinas: Dinas, place: Workplace) -> None:
    code = dinas.code_for(place)
    forgotten.set_password_by_code(place.depot, code, first(place), NEW, place.clock)
    assert opens(place, NEW) and not opens(place, PASSWORD)
    assert reset_codes.codes_left(place.depot).usable == reset_code.SLOTS - 1
    refused(
        lambda: forgotten.set_password_by_code(place.depot, code, first(place), PASSWORD, place.clock),
        "reset_code.wrong",
    )
    assert opens(place, NEW)
    office = signin.sign_in(place.depot, first(place), NEW, place.clock)
    with office.applicants.read() as connection:
        assert "password_by_code" in [line.action for line in audit.each(connection, audit.Wanted())]
    signin.sign_out(office)


def test_central_answers_a_challenge_once_unless_somebody_insists(dinas: Dinas, place: Workplace) -> None:
    code = dinas.code_for(place)
    refused(lambda: dinas.code_for(place), "challenge.answered")
    assert dinas.code_for(place, again=True) == code
    mine = place.depot.enrolled()[0].station_id
    assert [item.slot for item in dinas.central.resets.answered() if item.station_id == mine] == [0, 0]


def test_a_challenge_of_another_station_or_of_nobody_is_not_answered(dinas: Dinas, place: Workplace) -> None:
    asked = forgotten.challenge(place.depot, first(place)).challenge
    for other in (replace(asked, number=asked.number + 50), replace(asked, batch=asked.batch ^ 1)):
        text = reset_code.spell(other)
        refused(lambda text=text: dinas.central.resets.answer(text), "challenge.unknown")
    refused(lambda: dinas.central.resets.answer("ABC"), "challenge.mistyped")


def test_a_code_read_for_one_officer_does_not_open_for_another(dinas: Dinas, place: Workplace) -> None:
    other = officers.add(place.office, PASSWORD, "Budi P.", Role.OPERATOR, SECOND_PASSWORD)
    code = dinas.code_for(place)
    refused(
        lambda: forgotten.set_password_by_code(place.depot, code, other.operator_id, NEW, place.clock),
        "reset_code.wrong",
    )
    assert opens(place, PASSWORD)


def test_wrong_codes_wait_like_wrong_passwords_and_a_typing_mistake_costs_nothing(place: Workplace) -> None:
    asked = forgotten.challenge(place.depot, first(place)).challenge
    foreign = reset_code.answer(bytes(32), asked)

    def tried(code: str) -> object:
        return lambda: forgotten.set_password_by_code(place.depot, code, first(place), NEW, place.clock)

    refused(tried("AAA"), "reset_code.mistyped")
    for left in range(signin.FREE_TRIES - 1, 0, -1):
        assert refused(tried(foreign), "reset_code.wrong").data == {"tries_left": left}
    refused(tried(foreign), "signin.wait")
    place.reopen()
    refused(tried(foreign), "signin.wait")
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(61)
    refused(tried(foreign), "signin.wait")
    assert opens(place, PASSWORD)


def test_before_central_has_the_seed_no_challenge_is_shown(enrolled: Workplace) -> None:
    refused(lambda: forgotten.challenge(enrolled.depot, first(enrolled)), "reset_code.none")
    assert enrolled.office.operator.name == OPERATOR
    assert len(load_keyring(enrolled.depot.folder.keyring).resets) == 1, "one batch on its way is enough"


def test_new_codes_are_made_when_few_are_left_and_the_old_ones_work_until_central_has_them(
    dinas: Dinas, place: Workplace
) -> None:
    path = place.depot.folder.keyring
    few = load_keyring(path).resets[0]
    few = few.model_copy(update={"slots": few.slots[-reset_codes.FEWEST :]})
    save_keyring(path, load_keyring(path).with_batch(few))
    forgotten.set_password_by_code(place.depot, dinas.code_for(place), first(place), f"{NEW}-1", place.clock)
    assert opens(place, f"{NEW}-1")
    old, new = load_keyring(path).resets
    assert (old.delivered, len(old.slots), new.delivered, len(new.slots)) == (True, 4, False, reset_code.SLOTS)
    assert forgotten.challenge(place.depot, first(place)).batch == old.name
    dinas.receive(place)
    assert forgotten.challenge(place.depot, first(place)).batch == new.name
    assert [item.name for item in load_keyring(path).resets] == [new.name]
    forgotten.set_password_by_code(place.depot, dinas.code_for(place), first(place), NEW, place.clock)
    assert opens(place, NEW)


def test_codes_made_before_a_change_of_the_database_key_open_it(dinas: Dinas, place: Workplace) -> None:
    new_words(place)
    admin = next(who for who in signin.operators(place.depot) if who.role == Role.ADMIN)
    signin.sign_out(place.office)
    place._office = signin.sign_in(place.depot, admin.operator_id, SECOND_PASSWORD, place.clock)
    code = dinas.code_for(place)
    assert keys.rotate_database_key(place.office, SECOND_PASSWORD, lambda _percent: None, lambda: False)
    forgotten.set_password_by_code(place.depot, code, first(place), NEW, place.clock)
    assert opens(place, NEW)


def test_the_seed_is_nowhere_at_the_station(dinas: Dinas, place: Workplace) -> None:
    asked = forgotten.challenge(place.depot, first(place))
    sealed = dinas.central.database
    with sealed.read() as rows:
        text = rows.exec_driver_sql(
            "SELECT sealed FROM reset_seeds WHERE station_id = ?", (place.depot.enrolled()[0].station_id,)
        ).scalar_one()
    seed = reset_code.open_seed(text, dinas.central.keys.identities).seed
    ring = place.depot.folder.keyring.read_bytes()
    assert seed.hex().encode() not in ring and reset_code.secret_of(seed, asked.batch, 0).encode() not in ring
    assert place.depot.resets.waiting is None


def test_central_keeps_no_seed_that_another_station_has_sealed(dinas: Dinas, place: Workplace) -> None:
    sealed = reset_code.seal_seed(Seed("somebody-else", "ABC", bytes(32)), [dinas.central.keys.recipient])
    station = place.depot.enrolled()[0].station_id
    with pytest.raises(TrustError):
        dinas.central.resets.take(station, ResetSeed(batch="ABC", sealed=sealed))
    foreign = reset_code.seal_seed(Seed(station, "ABC", bytes(32)), [recipient_of(new_identity())])
    with pytest.raises(TrustError):
        dinas.central.resets.take(station, ResetSeed(batch="ABC", sealed=foreign))


def test_a_wiped_keyring_opens_with_a_code_of_central_only(dinas: Dinas, place: Workplace) -> None:
    assert place.office.operator.name == OPERATOR
    path = place.depot.folder.keyring
    assert keep_only_reset(path, place.depot.resets.delivered)
    assert signin.operators(place.depot) == ()
    who = forgotten.whom_to_help(place.depot)[0].operator_id
    code = dinas.central.resets.answer(forgotten.challenge(place.depot, who).text).code
    forgotten.set_password_by_code(place.depot, code, who, NEW, place.clock)
    assert [item.role for item in signin.operators(place.depot)] == ["supervisor"]
    found = signin.operators(place.depot)[0].operator_id
    signin.sign_out(signin.sign_in(place.depot, found, NEW, place.clock))


def test_a_keyring_without_delivered_codes_is_not_wiped(enrolled: Workplace) -> None:
    before = load_keyring(enrolled.depot.folder.keyring)
    assert not keep_only_reset(enrolled.depot.folder.keyring)
    assert load_keyring(enrolled.depot.folder.keyring) == before


def test_the_command_of_central_reads_out_a_code_and_lists_what_was_answered(
    dinas: Dinas, place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = forgotten.challenge(place.depot, first(place)).text
    data = ["--data", str(dinas.central.data_dir.parent)]
    assert main(["central", "answer", *asked.lower().split("-"), *data]) == 0
    told = capsys.readouterr().out
    code = next(word for word in told.split() if word.count("-") == 5)
    assert "99.01.01-01" in told
    assert main(["central", "answer", asked, *data]) != 0
    assert main(["central", "answer", *data]) == 0
    assert f"{forgotten.challenge(place.depot, first(place)).batch}-0" in capsys.readouterr().out
    forgotten.set_password_by_code(place.depot, code, first(place), NEW, place.clock)
    assert opens(place, NEW)
