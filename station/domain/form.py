"""The form as a whole: which fields it has for these answers, and everything that is wrong or doubtful in them."""

from __future__ import annotations

from station.domain.eligibility import held_fields, lives_elsewhere
from station.domain.field import Answers as Answers
from station.domain.field import Context as Context
from station.domain.field import Field as Field
from station.domain.field import Kind as Kind
from station.domain.field import Section as Section
from station.domain.field import clean as clean
from station.domain.field import clean_date as clean_date
from station.domain.field import parse_date as parse_date
from station.domain.fields import FIELDS as FIELDS
from station.domain.finding import Finding, Severity, error, warning
from station.domain.service import Service

FORM_VERSION = 2
"""2: certificates, blood type, passport and permit, family. A packet of version 1 is still a whole record."""

_BY_KEY = {field.key: field for field in FIELDS}


def field_of(key: str) -> Field:
    """The field called `key`; KeyError for a key no form has."""
    return _BY_KEY[key]


def shown_fields(answers: Answers) -> tuple[Field, ...]:
    """The fields that belong to the form of this person, in order."""
    return _shown(answers)[0]


def shown_answers(answers: Answers) -> dict[str, str]:
    """The answers of these fields alone: what was typed for a question that is no longer asked is not sealed."""
    return _shown(answers)[1]


def needed_fields(answers: Answers) -> frozenset[str]:
    """Keys of the fields that must be answered."""
    fields, asked = _shown(answers)
    return frozenset(field.key for field in fields if field.needed_by(asked))


def with_defaults(answers: Answers, form_version: int) -> dict[str, str]:
    """Answers of an older form, with what newer fields hold from the start. What was answered stays."""
    newer = {field.key: field.default for field in FIELDS if field.default and field.since > form_version}
    return {**newer, **answers}


def check_form(answers: Answers, context: Context, *, form_version: int = FORM_VERSION) -> list[Finding]:
    """Every finding of every field that is shown, in the order of the form; of an older form, only of its fields."""
    fields, asked = _shown(answers)
    held = held_fields(context.listed, context.office)
    findings: list[Finding] = []
    for field in fields:
        if field.since <= form_version:
            findings.extend(_check(field, asked, context, held))
    return findings


def check_field(field: Field, answers: Answers, context: Context) -> list[Finding]:
    """The findings of one field; none when it is not shown."""
    fields, asked = _shown(answers)
    held = held_fields(context.listed, context.office)
    return _check(field, asked, context, held) if field in fields else []


def check_service(service: Service, answers: Answers, context: Context) -> list[Finding]:
    """What the form says against the service: data change only in the person's own regency."""
    if service is Service.CHANGED and lives_elsewhere(answers.get("village", ""), context.office):
        return [error("domicile.service", "village")]
    return []


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Only what stops sealing."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _shown(answers: Answers) -> tuple[tuple[Field, ...], dict[str, str]]:
    """Conditions look at earlier fields that are shown themselves, so one pass from the top finds all."""
    fields: list[Field] = []
    asked: dict[str, str] = {}
    for field in FIELDS:
        if field.shown_by(asked):
            fields.append(field)
            if field.key in answers:
                asked[field.key] = answers[field.key]
    return tuple(fields), asked


def _check(field: Field, answers: Answers, context: Context, held: frozenset[str]) -> list[Finding]:
    """Changed against the rule, empty, too long or unknown first; then the field's own check."""
    value, listed = answers.get(field.key, ""), context.listed.get(field.key, "")
    if field.key in held and value != listed:
        return [error("domicile.changed", field.key)]
    if not value:
        return [error("field.required", field.key)] if field.needed_by(answers) else []
    if len(value) > field.max_length and field.kind is not Kind.NUMBER:
        code = "name.too_long" if field.kind is Kind.NAME else "field.too_long"
        return [error(code, field.key, length=len(value), limit=field.max_length)]
    if field.codes is not None and value not in field.codes:
        # Central may know a code of tomorrow. What it says itself is believed, what is typed here is not.
        if value == listed:
            return [warning("field.code_of_tomorrow", field.key, value=value)]
        return [error("field.unknown_code", field.key, value=value)]
    return list(field.check(value, answers, context))
