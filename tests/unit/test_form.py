"""The form as data: every field's examples, every bad input we know of, and that no text can make a check raise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.domain.finding import Finding, Severity
from station.domain.form import (
    FIELDS,
    Context,
    Field,
    Kind,
    check_field,
    check_form,
    clean,
    clean_date,
    errors_in,
    field_of,
    parse_date,
)

TODAY = date(2026, 11, 1)
HERE = Context(TODAY, training=True)
GOOD = {field.key: field.good for field in FIELDS}
FOR_EACH_FIELD = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)


def found(typed: dict[str, str], context: Context = HERE) -> list[tuple[str, str, str]]:
    """The findings of the good answers changed by what was typed, as (field, code, severity)."""
    answers = {**GOOD, **{key: clean(field_of(key), raw) for key, raw in typed.items()}}
    return [(finding.field, finding.code, finding.severity.value) for finding in check_form(answers, context)]


# -------------------------------------------------------------------------------------------------- every field


def test_the_good_examples_together_are_a_form_without_findings() -> None:
    assert check_form(GOOD, HERE) == []


@FOR_EACH_FIELD
def test_the_good_example_of_a_field_is_clean_already(field: Field) -> None:
    assert clean(field, field.good) == field.good
    assert check_field(field, GOOD, HERE) == []


@FOR_EACH_FIELD
def test_the_bad_example_of_a_field_stops_sealing(field: Field) -> None:
    answers = {**GOOD, field.key: clean(field, field.bad)}
    errors = errors_in(check_form(answers, HERE))
    assert errors
    assert {finding.field for finding in errors} == {field.key}


@FOR_EACH_FIELD
def test_an_empty_field_is_asked_for_and_nothing_more_is_said_about_it(field: Field) -> None:
    assert found({field.key: "   "}) == [(field.key, "field.required", "error")]
    answers = {key: value for key, value in GOOD.items() if key != field.key}
    assert [(item.field, item.code) for item in check_form(answers, HERE)] == [(field.key, "field.required")]


@FOR_EACH_FIELD
@given(text=st.text(st.characters(), max_size=120))
def test_cleaning_twice_is_cleaning_once(field: Field, text: str) -> None:
    assert clean(field, clean(field, text)) == clean(field, text)


@FOR_EACH_FIELD
@given(text=st.text(st.characters(), max_size=120) | st.text("0123456789-./ ", max_size=20))
def test_no_text_in_a_field_can_make_a_check_raise(field: Field, text: str) -> None:
    for value in (text, clean(field, text)):
        for finding in check_form({**GOOD, field.key: value}, HERE):
            assert finding.field in GOOD
            assert isinstance(finding.severity, Severity)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(st.characters(), max_size=30)))
def test_no_combination_of_answers_can_make_a_check_raise(answers: dict[str, str]) -> None:
    assert len(errors_in(check_form(answers, HERE))) >= len(GOOD) - len(answers)


@FOR_EACH_FIELD
def test_what_is_longer_than_the_card_has_room_for_is_an_error(field: Field) -> None:
    findings = check_field(field, {**GOOD, field.key: "1" * (field.max_length + 1)}, HERE)
    assert [item.severity for item in findings] == [Severity.ERROR]


def test_every_field_has_its_own_key_and_fits_on_its_line() -> None:
    assert len({field.key for field in FIELDS}) == len(FIELDS)
    for row in {field.row for field in FIELDS}:
        assert sum(field.span for field in FIELDS if field.row == row) <= 12


def test_a_default_is_an_answer_its_own_field_accepts() -> None:
    for field in FIELDS:
        if field.default:
            assert check_field(field, {**GOOD, field.key: field.default}, HERE) == []


def test_a_field_nobody_knows_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        field_of("shoe_size")


@pytest.mark.parametrize("key", ["sex", "religion", "marital_status", "occupation", "citizenship"])
def test_every_code_of_its_list_is_taken_and_a_code_of_tomorrow_is_named(key: str) -> None:
    field = field_of(key)
    assert field.codes is not None
    for code in field.codes.labels:
        assert not [item for item in found({key: code}) if item[0] == key]
    assert (key, "field.unknown_code", "error") in found({key: str(len(field.codes.labels) + 1)})


# ------------------------------------------------------------------------------------- inputs that must be refused

MUST_FAIL = [
    ("a NIK of 15 digits", {"nik": "990101610488000"}, "nik", "nik.length"),
    ("a NIK of 17 digits", {"nik": "99010161048800011"}, "nik", "nik.length"),
    ("a letter in the NIK", {"nik": "99010161O4880001"}, "nik", "nik.not_digits"),
    ("a space in the NIK", {"nik": "9901016104 880001"}, "nik", "nik.not_digits"),
    ("month 13", {"nik": "9901010113990001"}, "nik", "nik.month"),
    ("day 32", {"nik": "9901013201900001"}, "nik", "nik.day"),
    ("day 35", {"nik": "9901013501900001"}, "nik", "nik.day"),
    ("day 40", {"nik": "9901014001900001"}, "nik", "nik.day"),
    ("day 72", {"nik": "9901017201900001"}, "nik", "nik.day"),
    ("30 February", {"nik": "9901013002900001"}, "nik", "nik.day"),
    ("29 February of a common year", {"nik": "9901012902010001"}, "nik", "nik.day"),
    ("serial 0000", {"nik": "9901010101900000"}, "nik", "nik.serial"),
    ("province 20", {"nik": "2001016104880001"}, "nik", "nik.province"),
    ("province 97", {"nik": "9701016104880001"}, "nik", "nik.province"),
    ("full-width digits in the NIK", {"nik": "９９０１０１６１０４８８０００１"}, "nik", "nik.not_digits"),
    ("full-width digits in the card number", {"kk": "９９０１０１０５０３１９０００１"}, "kk", "kk.shape"),
    ("a card number of 15 digits", {"kk": "990101050319000"}, "kk", "kk.shape"),
    ("a card number equal to the NIK", {"kk": "9901016104880001"}, "kk", "kk.equals_nik"),
    ("a name of 61 characters", {"name": "A" * 30 + " " + "B" * 30}, "name", "name.too_long"),
    ("a digit in a new name", {"name": "BUDI2"}, "name", "name.digit"),
    ("an emoji in the name", {"name": "BUDI 😀"}, "name", "name.not_latin"),
    ("another script in the name", {"name": "БУДИ САНТОСО"}, "name", "name.not_latin"),
    ("a tab in the name", {"name": "BUDI\tSANTOSO"}, "name", "name.not_latin"),
    ("a zero-width space in the name", {"name": "BUDI\u200bSANTOSO"}, "name", "name.not_latin"),
    ("a birth date in the future", {"birth_date": "02-11-2026"}, "birth_date", "birth_date.future"),
    ("a birth date before 1900", {"birth_date": "31-12-1899"}, "birth_date", "birth_date.too_early"),
    ("a birth date that never was", {"birth_date": "31-02-1990"}, "birth_date", "date.shape"),
    ("a birth date in words", {"birth_date": "21 APR 88"}, "birth_date", "date.shape"),
    ("a birth date as a week", {"birth_date": "1988-W16-4"}, "birth_date", "date.shape"),
    ("a birth date, year first without dashes", {"birth_date": "19880421"}, "birth_date", "date.shape"),
    ("a letter in the RT", {"rt": "1A"}, "rt", "unit.shape"),
    ("full-width digits in the RT", {"rt": "００１"}, "rt", "unit.shape"),
    ("a minus in the RW", {"rw": "-01"}, "rw", "unit.shape"),
    ("an RW of four digits", {"rw": "0022"}, "rw", "field.too_long"),
    ("a village by name only", {"village": "SUKAMAJU"}, "village", "village.not_chosen"),
    ("a village of province 97", {"village": "97.01.01.2001"}, "village", "village.province"),
    (
        "fourteen years old and unmarried",
        {"birth_date": "30-08-2012", "marital_status": "1"},
        "birth_date",
        "eligibility.not_yet",
    ),
    (
        "sixteen tomorrow and unmarried",
        {"birth_date": "02-11-2010", "marital_status": "1"},
        "birth_date",
        "eligibility.not_yet",
    ),
]


@pytest.mark.parametrize(("typed", "field", "code"), [case[1:] for case in MUST_FAIL], ids=[c[0] for c in MUST_FAIL])
def test_bad_input_is_an_error_beside_its_field(typed: dict[str, str], field: str, code: str) -> None:
    assert (field, code, "error") in found(typed)


@pytest.mark.parametrize("pasted", ["9901.0161.0488.0001", "990101-610488-0001", "9901\u00a00161\u00a00488\u00a00001"])
def test_a_nik_pasted_with_dots_dashes_or_no_break_spaces_is_put_right_and_then_checked(pasted: str) -> None:
    assert found({"nik": pasted}) == []
    assert ("nik", "nik.length", "error") in found({"nik": pasted[:-1]})


def test_outside_training_the_whole_of_province_99_is_refused() -> None:
    errors = found({}, Context(TODAY, training=False))
    assert errors == [("nik", "nik.province", "error"), ("village", "village.province", "error")]


# --------------------------------------------------------------------------------- inputs that are only a warning

WARNED = [
    ("a name of one word", {"name": "SUPARMAN"}, "name", "name.one_word"),
    ("an apostrophe of older documents", {"name": "NUR'AINI CONTOH"}, "name", "name.punctuation"),
    ("another birth date than the NIK's", {"birth_date": "03-04-1991"}, "nik", "nik.birth_date_differs"),
    ("another sex than the NIK's", {"sex": "1"}, "nik", "nik.sex_differs"),
    ("a card of another regency", {"kk": "9971010503190001"}, "kk", "kk.region_differs"),
    ("an age over 100", {"birth_date": "31-10-1925", "nik": "9901017110250001"}, "birth_date", "birth_date.very_old"),
]


@pytest.mark.parametrize(("typed", "field", "code"), [case[1:] for case in WARNED], ids=[case[0] for case in WARNED])
def test_unusual_input_is_a_warning_and_nothing_else(typed: dict[str, str], field: str, code: str) -> None:
    assert found(typed) == [(field, code, "warning")]


def test_exactly_one_hundred_years_are_not_unusual() -> None:
    assert found({"birth_date": "01-11-1926", "nik": "9901014111260001"}) == []
    assert found({"birth_date": "10-10-1926", "nik": "9901015010260001"}) == []


def test_a_card_of_the_same_regency_but_another_district_is_no_warning() -> None:
    assert found({"kk": "9901990503190001"}) == []


# ----------------------------------------------------------------------------------------- people who must pass


@dataclass(frozen=True)
class Someone:
    nik: str
    name: str
    sex: str
    birth: str
    religion: str = "1"
    married: str = "2"
    occupation: str = "9"
    warned: tuple[str, ...] = ()


PEOPLE = [
    Someone("9901011708850001", "BUDI SANTOSO CONTOH", "1", "17-08-1985", occupation="15"),
    Someone("9901016104880001", "SITI AMINAH CONTOH", "2", "21-04-1988", occupation="2"),
    Someone("9901026902040002", "KADEK DWI UJI LESTARI", "2", "29-02-2004", "4", "1"),
    Someone("9901027112900003", "MARIA GORETI CONTOH", "2", "31-12-1990", "3"),
    Someone("9901030101790017", "YOHANES PAULUS UJI COBA", "1", "01-01-1979", "2", "4"),
    Someone("9971014511950004", "LIM MEI CONTOH", "2", "05-11-1995", "6", "1"),
    Someone("9901021206610001", "WAYAN CONTOH", "1", "12-06-1961", "4"),
    Someone("9901030107480112", "SUPARMAN", "1", "01-07-1948", warned=("name.one_word",)),
    Someone("9901035403750006", "NUR'AINI CONTOH", "2", "14-03-1975", married="3", warned=("name.punctuation",)),
    Someone(
        "9901014909990005",
        "RADEN AJENG KUSUMANINGTYAS WIDYADHARI PURNAMASARI CONTOH UJI",
        "2",
        "09-09-1999",
        married="1",
    ),
    Someone("9901040211090001", "AHMAD FAUZI CONTOH", "1", "02-11-2009", married="1", occupation="3"),
    Someone("9901045505100002", "DEWI ANGGRAINI UJI", "2", "15-05-2010", married="1", occupation="3"),
    Someone("9901046002100003", "RINI CONTOH MUDA", "2", "20-02-2010", occupation="2"),
    Someone("9901051010260001", "MBAH TOMO CONTOH", "1", "10-10-1926", married="4", occupation="1"),
    Someone("9901052301670002", "SAPTO DARMO CONTOH", "1", "23-01-1967", "7"),
    Someone(
        "9901016304910008",
        "TESSA BEDA TANGGAL CONTOH",
        "2",
        "03-04-1991",
        married="1",
        occupation="84",
        warned=("nik.birth_date_differs",),
    ),
]


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda someone: someone.name)
def test_a_person_like_those_who_come_can_be_recorded(someone: Someone) -> None:
    findings = found(
        {
            "nik": someone.nik,
            "name": someone.name,
            "sex": someone.sex,
            "birth_date": someone.birth,
            "religion": someone.religion,
            "marital_status": someone.married,
            "occupation": someone.occupation,
        }
    )
    assert [item[2] for item in findings] == ["warning"] * len(someone.warned)
    assert [item[1] for item in findings] == list(someone.warned)


# -------------------------------------------------------------------------------------------------------- cleaning


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("05071990", "1990-07-05"),
        ("5-7-1990", "1990-07-05"),
        ("05/07/1990", "1990-07-05"),
        ("05.07.1990", "1990-07-05"),
        ("5 7 1990", "1990-07-05"),
        (" 1990-07-05 ", "1990-07-05"),
        ("29-02-2004", "2004-02-29"),
        ("29-02-2003", "29-02-2003"),
        ("5-7-90", "5-7-90"),
        ("", ""),
    ],
)
def test_a_date_is_understood_as_people_write_it_and_kept_as_typed_otherwise(typed: str, kept: str) -> None:
    assert clean_date(typed) == kept


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_date_in_iso_form_survives(day: date) -> None:
    assert parse_date(clean_date(day.isoformat())) == day
    assert clean_date(f"{day.day:02d}{day.month:02d}{day.year:04d}") == day.isoformat()


@given(st.text(st.characters(), max_size=12) | st.text("0123456789-W", max_size=10))
@example("1988-W16-4")
@example("19880421")
@example("1988-04-21")
def test_only_the_one_stored_form_of_a_date_is_a_date(text: str) -> None:
    day = parse_date(text)
    assert day is None or day.isoformat() == text


@pytest.mark.parametrize(("typed", "kept"), [("1", "001"), ("01", "001"), (" 12 ", "012"), ("1A", "1A"), ("", "")])
def test_rt_and_rw_are_filled_to_three_digits(typed: str, kept: str) -> None:
    assert [clean(field, typed) for field in FIELDS if field.kind is Kind.UNIT] == [kept, kept]


def test_text_is_kept_in_capitals_on_one_line() -> None:
    assert clean(field_of("address"), "  jl. contoh\traya\n no. 1 ") == "JL. CONTOH RAYA NO. 1"


def test_findings_come_in_the_order_of_the_form() -> None:
    findings = check_form({}, HERE)
    assert [finding.field for finding in findings] == [field.key for field in FIELDS]


def test_errors_are_told_from_warnings() -> None:
    findings = check_form({**GOOD, "name": "SUPARMAN", "rt": "1A"}, HERE)
    assert [finding.code for finding in findings] == ["name.one_word", "unit.shape"]
    assert [finding.code for finding in errors_in(findings)] == ["unit.shape"]


def test_findings_never_hold_the_number_that_was_entered() -> None:
    findings: list[Finding] = []
    for typed in ("99010161048800011", "9701016104880001", "9901017201880001"):
        findings += check_form({**GOOD, "nik": typed, "kk": typed[:15]}, HERE)
    assert findings
    for finding in findings:
        assert all(len(str(value)) < 6 for value in finding.data.values())
