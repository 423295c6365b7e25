"""The form as data: every field's examples, every bad input we know of, and that no text can make a check raise."""

from __future__ import annotations

from dataclasses import replace
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
    needed_fields,
    parse_date,
    shown_fields,
)

TODAY = date(2026, 11, 1)
HERE = Context(TODAY, training=True)
GOOD = {field.key: field.good for field in FIELDS}
BAD = [field for field in FIELDS if field.bad]
FOR_EACH_FIELD = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)


def asked(field: Field) -> dict[str, str]:
    """Good answers of somebody who is asked for `field`."""
    answers = dict(GOOD)
    condition = field.shown
    while condition is not None:
        answers[condition.key] = condition.values[0]
        condition = field_of(condition.key).shown
    return answers


def found(typed: dict[str, str], context: Context = HERE) -> list[tuple[str, str, str]]:
    """The findings of the good answers changed by what was typed, as (field, code, severity)."""
    answers = {**GOOD, **{key: clean(field_of(key), raw) for key, raw in typed.items()}}
    return [(finding.field, finding.code, finding.severity.value) for finding in check_form(answers, context)]


# -------------------------------------------------------------------------------------------------- every field


def test_the_good_examples_together_are_a_form_without_findings() -> None:
    assert check_form(GOOD, HERE) == []


@FOR_EACH_FIELD
def test_the_good_example_of_a_field_is_clean_already_and_good_where_it_is_asked(field: Field) -> None:
    assert clean(field, field.good) == field.good
    assert field in shown_fields(asked(field))
    assert check_form(asked(field), HERE) == []


@pytest.mark.parametrize("field", BAD, ids=lambda field: field.key)
def test_the_bad_example_of_a_field_stops_sealing(field: Field) -> None:
    answers = {**asked(field), field.key: clean(field, field.bad)}
    errors = errors_in(check_form(answers, HERE))
    assert errors
    assert {finding.field for finding in errors} == {field.key}


def test_a_field_in_which_nothing_can_be_wrong_is_any_text_and_every_other_has_a_bad_example() -> None:
    assert {field.kind for field in FIELDS if not field.bad} == {Kind.TEXT}


@FOR_EACH_FIELD
def test_an_empty_field_is_asked_for_if_it_is_needed_and_nothing_more_is_said_about_it(field: Field) -> None:
    answers = {**asked(field), field.key: clean(field, "   ")}
    missing = [(field.key, "field.required")] if field.key in needed_fields(answers) else []
    assert [(item.field, item.code) for item in check_form(answers, HERE) if item.field == field.key] == missing
    del answers[field.key]
    assert [(item.field, item.code) for item in check_form(answers, HERE) if item.field == field.key] == missing


@FOR_EACH_FIELD
@given(text=st.text(st.characters(), max_size=120))
def test_cleaning_twice_is_cleaning_once(field: Field, text: str) -> None:
    assert clean(field, clean(field, text)) == clean(field, text)


@FOR_EACH_FIELD
@given(text=st.text(st.characters(), max_size=120) | st.text("0123456789-./ ", max_size=20))
def test_no_text_in_a_field_can_make_a_check_raise(field: Field, text: str) -> None:
    for value in (text, clean(field, text)):
        for finding in check_form({**asked(field), field.key: value}, HERE):
            assert finding.field in GOOD
            assert isinstance(finding.severity, Severity)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(st.characters(), max_size=30)))
def test_no_combination_of_answers_can_make_a_check_raise(answers: dict[str, str]) -> None:
    missing = needed_fields(answers) - {key for key, value in answers.items() if value}
    assert missing <= {finding.field for finding in errors_in(check_form(answers, HERE))}


@FOR_EACH_FIELD
def test_what_is_longer_than_the_card_has_room_for_is_an_error(field: Field) -> None:
    findings = check_field(field, {**asked(field), field.key: "1" * (field.max_length + 1)}, HERE)
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


CODED = [field for field in FIELDS if field.codes is not None]


@pytest.mark.parametrize("field", CODED, ids=lambda field: field.key)
def test_every_code_of_its_list_is_known_and_a_code_of_tomorrow_is_named(field: Field) -> None:
    assert field.codes is not None
    for code in field.codes.labels:
        assert "field.unknown_code" not in [
            item.code for item in check_field(field, {**asked(field), field.key: code}, HERE)
        ]
    tomorrow = {**asked(field), field.key: "9" * field.max_length if field.key != "occupation" else "95"}
    assert [(item.code, item.severity) for item in check_field(field, tomorrow, HERE)] == [
        ("field.unknown_code", Severity.ERROR)
    ]


@pytest.mark.parametrize("field", CODED, ids=lambda field: field.key)
def test_a_code_of_tomorrow_that_the_target_list_gives_is_only_a_warning(field: Field) -> None:
    tomorrow = "9" * field.max_length if field.key != "occupation" else "95"
    context = replace(HERE, listed={field.key: tomorrow})
    findings = check_field(field, {**asked(field), field.key: tomorrow}, context)
    assert [(item.code, item.severity) for item in findings] == [("field.code_of_tomorrow", Severity.WARNING)]


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
    ("a telephone number of four digits", {"phone": "0800"}, "phone", "phone.shape"),
    ("letters in the telephone number", {"phone": "0800 CONTOH"}, "phone", "phone.shape"),
    ("a postal code of four digits", {"postal_code": "9999"}, "postal_code", "postal_code.shape"),
    ("a marriage in the future", {"marriage_date": "02-11-2026"}, "marriage_date", "date.future"),
    ("a marriage before birth", {"marriage_date": "20-04-1988"}, "marriage_date", "date.before_birth"),
    ("a father with the applicant's NIK", {"father_nik": "9901016104880001"}, "father_nik", "nik.own"),
    ("a digit in the name of the mother", {"mother_name": "AMINAH 2"}, "mother_name", "name.digit"),
    ("a disability of no kind", {"disability": "2", "disability_kind": ""}, "disability_kind", "field.required"),
    ("a belief without its name", {"religion": "7", "belief": ""}, "belief", "field.required"),
    ("other work without its name", {"occupation": "89", "occupation_text": ""}, "occupation_text", "field.required"),
    (
        "a foreigner with a temporary permit",
        {"citizenship": "2", "permit_kind": "2"},
        "permit_kind",
        "permit.not_permanent",
    ),
    (
        "a foreigner whose permit ended yesterday",
        {"citizenship": "2", "permit_expires": "31-10-2026"},
        "permit_expires",
        "permit.expired",
    ),
    ("a foreigner without a passport", {"citizenship": "2", "passport_no": ""}, "passport_no", "field.required"),
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
    assert errors == [
        ("nik", "nik.province", "error"),
        ("village", "village.province", "error"),
    ]


# --------------------------------------------------------------------------------- inputs that are only a warning

WARNED = [
    ("a name of one word", {"name": "SUPARMAN"}, "name", "name.one_word"),
    ("an apostrophe of older documents", {"name": "NUR'AINI CONTOH"}, "name", "name.punctuation"),
    ("another birth date than the NIK's", {"birth_date": "03-04-1991"}, "nik", "nik.birth_date_differs"),
    ("another sex than the NIK's", {"sex": "1"}, "nik", "nik.sex_differs"),
    ("a card of another regency", {"kk": "9971010503190001"}, "kk", "kk.region_differs"),
    (
        "married, without a certificate",
        {"marriage_certificate": "1"},
        "marriage_certificate",
        "marriage.no_certificate",
    ),
    ("a shortened word in the name", {"name": "MUH AMIN CONTOH"}, "name", "name.shortened"),
    ("a single letter in the name", {"name": "AMIN S CONTOH"}, "name", "name.shortened"),
    ("a passport that ended", {"passport_expires": "31-10-2026"}, "passport_expires", "passport.expired"),
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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0800-000.017", "0800000017"), ("+62 (800) 0000 17", "+62800000017"), ("0800 contoh", "0800contoh"), ("", "")],
)
def test_a_telephone_number_is_kept_without_what_people_put_between(typed: str, kept: str) -> None:
    assert clean(field_of("phone"), typed) == kept


def test_text_is_kept_in_capitals_on_one_line() -> None:
    assert clean(field_of("address"), "  jl. contoh\traya\n no. 1 ") == "JL. CONTOH RAYA NO. 1"


def test_findings_come_in_the_order_of_the_form() -> None:
    findings = check_form({}, HERE)
    assert [finding.field for finding in findings] == [field.key for field in FIELDS if field.key in needed_fields({})]


def test_errors_are_told_from_warnings() -> None:
    findings = check_form({**GOOD, "name": "SUPARMAN", "rt": "1A"}, HERE)
    assert [finding.code for finding in findings] == ["name.one_word", "unit.shape"]
    assert [finding.code for finding in errors_in(findings)] == ["unit.shape"]


def test_findings_never_hold_the_number_that_was_entered() -> None:
    findings: list[Finding] = []
    for typed in ("99010161048800011", "9701016104880001", "9901017201880001"):
        findings += check_form({**GOOD, "nik": typed, "kk": typed[:15], "father_nik": typed}, HERE)
    assert findings
    for finding in findings:
        assert all(len(str(value)) < 6 for value in finding.data.values())
