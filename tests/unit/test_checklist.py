"""Which documents are asked for, by service and by person, and how each of them may stand."""

from __future__ import annotations

from datetime import date

import pytest

from station.domain.checklist import (
    DOCUMENTS,
    Seen,
    Standing,
    check_papers,
    document_of,
    missing,
    referral_papers,
    standing,
    stored,
    wanted,
)
from station.domain.finding import Severity
from station.domain.service import Service

TODAY = date(2026, 11, 21)
CITIZEN = {"nik": "9901016104880001", "birth_date": "1988-04-21", "citizenship": "1", "marital_status": "2"}
FOREIGNER = {**CITIZEN, "citizenship": "2"}
SIXTEEN_MARRIED = {**CITIZEN, "birth_date": "2010-02-01", "marital_status": "2"}
SIXTEEN = {**SIXTEEN_MARRIED, "marital_status": "1"}

TABLE = [
    (Service.NEW, CITIZEN, {"f102", "kk"}, set()),
    (Service.LOST, CITIZEN, {"f102", "kk", "police"}, set()),
    (Service.DAMAGED, CITIZEN, {"f102", "kk", "old_card"}, {"f106_if_changed"}),
    (Service.CHANGED, CITIZEN, {"f102", "kk", "old_card", "f106", "evidence"}, set()),
    (Service.OUT_OF_DOMICILE, CITIZEN, {"f102", "kk"}, set()),
    (Service.NEW, FOREIGNER, {"f102", "kk", "passport", "itap"}, set()),
    (Service.LOST, FOREIGNER, {"f102", "kk", "police", "passport", "itap"}, set()),
    (Service.NEW, SIXTEEN_MARRIED, {"f102", "kk", "marriage"}, set()),
    (Service.OUT_OF_DOMICILE, SIXTEEN_MARRIED, {"f102", "kk", "marriage"}, set()),
    (Service.NEW, SIXTEEN, {"f102", "kk"}, set()),
    (Service.NEW, {**CITIZEN, "nik": ""}, {"f101", "f102", "kk"}, set()),
]


@pytest.mark.parametrize(("service", "answers", "required", "advised"), TABLE)
def test_each_service_and_person_asks_for_its_documents(
    service: Service, answers: dict[str, str], required: set[str], advised: set[str]
) -> None:
    asked = wanted(service, answers, TODAY)
    assert {item.key for item in asked if item.required} == required
    assert {item.key for item in asked if not item.required} == advised


@pytest.mark.parametrize("service", Service)
def test_an_empty_or_broken_form_still_has_a_checklist(service: Service) -> None:
    for answers in ({}, {"birth_date": "kapan-kapan", "marital_status": "99", "citizenship": "x"}):
        assert {"f102", "kk"} <= {item.key for item in wanted(service, answers, TODAY)}


def test_a_marriage_is_proven_only_until_the_seventeenth_birthday() -> None:
    born = {**SIXTEEN_MARRIED, "birth_date": "2009-11-22"}
    assert "marriage" in {item.key for item in wanted(Service.NEW, born, TODAY)}
    assert "marriage" not in {item.key for item in wanted(Service.NEW, born, date(2026, 11, 22))}


def test_who_has_no_nik_takes_the_family_form_to_the_dinas_first() -> None:
    assert [item.key for item in referral_papers()] == ["f101", "kk"]
    assert "Dinas" in referral_papers()[0].where


def test_every_document_says_what_it_is_for_and_where_to_get_it() -> None:
    keys = [item.key for item in DOCUMENTS]
    assert len(keys) == len(set(keys))
    for item in DOCUMENTS:
        assert item.services
        assert all(text.strip() for text in (item.label, item.why, item.where))
        assert document_of(item.field) is item
    assert document_of("nik") is None


def test_a_document_counts_as_seen_until_it_is_marked() -> None:
    assert standing({}, "kk") == Standing(Seen.ASSUMED)
    assert check_papers(Service.NEW, {}, CITIZEN, TODAY) == []
    assert missing({}, wanted(Service.LOST, CITIZEN, TODAY)) == ()


@pytest.mark.parametrize(
    "now",
    [Standing(Seen.SHOWN), Standing(Seen.MISSING), Standing(Seen.NOT_NEEDED, "sudah: ada di arsip, 12.30")],
)
def test_what_is_stored_of_a_document_comes_back(now: Standing) -> None:
    assert standing(stored({"f102": "shown"}, "kk", now), "kk") == now
    assert standing(stored({"f102": "shown"}, "kk", now), "f102") == Standing(Seen.SHOWN)


def test_nothing_is_stored_of_what_nobody_said_anything_about() -> None:
    assert stored({"kk": "missing"}, "kk", Standing(Seen.ASSUMED)) == {}


def test_a_missing_required_document_is_a_warning_and_an_advised_one_is_not() -> None:
    found = check_papers(Service.DAMAGED, {"old_card": "missing", "f106_if_changed": "missing"}, CITIZEN, TODAY)
    assert [(item.code, item.field, item.severity) for item in found] == [
        ("papers.missing", "papers.old_card", Severity.WARNING)
    ]


def test_a_mark_on_a_document_that_is_no_longer_asked_for_warns_nobody() -> None:
    assert check_papers(Service.NEW, {"police": "missing"}, CITIZEN, TODAY) == []
    assert check_papers(Service.LOST, {"police": "missing"}, CITIZEN, TODAY) != []
    assert check_papers(Service.LOST, {"police": "not_needed:ditemukan"}, CITIZEN, TODAY) == []
