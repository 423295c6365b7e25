"""What any central must do with target lists (wire contract, section 7): told, sealed for one station, resumable."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.bundle import BundleHead, check_body, check_head, read_lines
from station.seal.jws import SigningKey
from tests.contracts.central_station import Station, Subject, enrol, problem_of

OFFICE = "99.02.01"
"""A kabupaten of its own: the stations of other tests hear nothing of these lists."""
_AREAS = itertools.count(2001)


def somebody(number: int, area: str, **changed: Any) -> Target:
    nik = f"990101610488{number:04d}"
    answers = {"name": f"CONTOH {number}", "birth_date": "1988-04-21", "village": area}
    return Target(nik, answers | changed.pop("answers", {}), **changed)


def head_of(station: Station, area: str, version: int, query: str = "") -> BundleHead:
    answer = station.ask("GET", f"/v1/bundles/roster:{area}/{version}/signature{query}")
    assert answer.status_code == 200, answer.text
    return check_head(
        answer.text,
        station.hello.signing_keys,
        station_id=station.id,
        central_id=station.hello.central_id,
        now=datetime.now(UTC),
        bundle=f"roster:{area}",
    )


def fetch(station: Station, area: str, version: int, query: str = "") -> tuple[BundleHead, bytes]:
    head = head_of(station, area, version, query)
    answer = station.ask("GET", f"/v1/bundles/roster:{area}/{version}{query}")
    assert answer.status_code == 200
    check_body(io.BytesIO(answer.content), head)
    return head, answer.content


def opened(head: BundleHead, body: bytes, identity: str | SigningKey) -> dict[str, dict[str, str] | None]:
    return {
        line.nik: None if line.answers is None else dict(line.answers)
        for line in read_lines(io.BytesIO(body), head, [identity])
    }


class BundleContract:
    """Tests every central passes."""

    @pytest.fixture
    def area(self) -> str:
        """A village of its own for each test: versions count per area."""
        return f"{OFFICE}.{next(_AREAS)}"

    @pytest.fixture
    def reader(self, http: httpx.Client, subject: Subject) -> Station:
        code = subject.new_code()
        return enrol(http, code, office=f"{OFFICE} {code}")

    def test_a_list_that_was_made_is_told_and_opens_for_the_station_it_is_for(
        self, reader: Station, subject: Subject, area: str
    ) -> None:
        people = [somebody(1, area), somebody(2, area, recorded=True, central_code="CARD_ISSUED")]
        version = subject.make_list(area, people)
        head, body = fetch(reader, area, version)
        told = [item for item in reader.changes()["events"] if item.get("name") == f"roster:{area}"]
        assert told == [
            {"kind": "bundle", "name": f"roster:{area}", "version": version, "size": len(body), "sha256": head.sha256}
        ]
        assert (head.people, head.base) == (2, None)
        assert set(opened(head, body, reader.key)) == {person.nik for person in people}

    def test_a_station_that_named_a_recipient_gets_lists_for_it(
        self, http: httpx.Client, subject: Subject, area: str
    ) -> None:
        identity = new_identity()
        code = subject.new_code()
        reader = enrol(http, code, office=f"{OFFICE} {code}", bundle_recipient=recipient_of(identity))
        version = subject.make_list(area, [somebody(3, area)])
        head, body = fetch(reader, area, version)
        assert set(opened(head, body, identity)) == {somebody(3, area).nik}

    def test_a_list_comes_in_pieces_and_the_pieces_fit(self, reader: Station, subject: Subject, area: str) -> None:
        version = subject.make_list(area, [somebody(number, area) for number in range(50)])
        head, whole = fetch(reader, area, version)
        pieces = []
        for start in range(0, len(whole), 300):
            asked = {"Range": f"bytes={start}-{start + 299}", "If-Range": f'"{head.sha256}"'}
            answer = reader.ask("GET", f"/v1/bundles/roster:{area}/{version}", headers=asked)
            end = min(start + 300, len(whole)) - 1
            assert answer.status_code == 206
            assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(whole)}"
            assert answer.headers["etag"] == f'"{head.sha256}"'
            pieces.append(answer.content)
        assert b"".join(pieces) == whole

    def test_a_piece_of_another_body_is_never_sent(self, reader: Station, subject: Subject, area: str) -> None:
        version = subject.make_list(area, [somebody(4, area)])
        _, whole = fetch(reader, area, version)
        path = f"/v1/bundles/roster:{area}/{version}"
        other = reader.ask("GET", path, headers={"Range": "bytes=10-20", "If-Range": f'"{"0" * 64}"'})
        assert (other.status_code, other.content) == (200, whole)
        beyond = reader.ask("GET", path, headers={"Range": f"bytes={len(whole)}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")

    def test_what_has_changed_is_sent_to_who_has_an_older_version(
        self, reader: Station, subject: Subject, area: str
    ) -> None:
        stays, changes, goes, comes = (somebody(number, area) for number in (5, 6, 7, 8))
        first = subject.make_list(area, [stays, changes, goes])
        changed = somebody(6, area, answers={"name": "CONTOH LAIN"})
        second = subject.make_list(area, [stays, changed, comes])
        head, body = fetch(reader, area, second, f"?base={first}")
        assert (head.base, head.people) == (first, 3)
        found = opened(head, body, reader.key)
        assert set(found) == {changes.nik, goes.nik, comes.nik}
        assert found[goes.nik] is None
        assert (found[changes.nik] or {})["name"] == "CONTOH LAIN"

    @pytest.mark.parametrize("base", [0, 99])
    def test_without_a_base_that_central_knows_the_whole_list_is_sent(
        self, reader: Station, subject: Subject, area: str, base: int
    ) -> None:
        version = subject.make_list(area, [somebody(9, area)])
        head, body = fetch(reader, area, version, f"?base={base}")
        assert head.base is None
        assert len(opened(head, body, reader.key)) == 1

    def test_a_version_that_is_not_the_newest_is_gone(self, reader: Station, subject: Subject, area: str) -> None:
        old = subject.make_list(area, [somebody(10, area)])
        subject.make_list(area, [somebody(11, area)])
        for version in (old, 9999):
            for suffix in ("", "/signature"):
                answer = reader.ask("GET", f"/v1/bundles/roster:{area}/{version}{suffix}")
                assert (answer.status_code, problem_of(answer)) == (404, "bundle-gone")

    def test_the_list_of_another_kabupaten_is_not_given(self, http: httpx.Client, subject: Subject, area: str) -> None:
        version = subject.make_list(area, [somebody(12, area)])
        code = subject.new_code()
        stranger = enrol(http, code, office=f"99.71.01 {code}")
        for suffix in ("", "/signature"):
            answer = stranger.ask("GET", f"/v1/bundles/roster:{area}/{version}{suffix}")
            assert (answer.status_code, problem_of(answer)) == (403, "not-allowed")

    def test_who_does_not_sign_gets_no_list(self, reader: Station, subject: Subject, area: str) -> None:
        version = subject.make_list(area, [somebody(13, area)])
        answer = reader.ask("GET", f"/v1/bundles/roster:{area}/{version}", token="")
        assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")
