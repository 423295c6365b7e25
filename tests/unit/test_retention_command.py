"""`station retention`: what goes when, for people and for scripts, and letting go what is due."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from station import cli, i18n
from station.domain.clocks import Check
from station.domain.ports import SystemClock
from station.store import officers
from tests.retaining import believe, confirm, say
from tests.support import PASSWORD, Workplace


def test_what_is_due_is_told_and_let_go_and_the_disk_beside_it(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    believe(place)
    place.clock = SystemClock()
    place.reopen()
    key = place.seal().record.key
    confirm(place, key)
    say(place, key, at=datetime.now(UTC) - timedelta(days=31))
    place.depot.clocks.check = Check(timedelta(), datetime.now(UTC))
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    place.close()
    try:
        assert cli.main(["retention", "--data", str(place.root), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["finished"], told["due"], told["deleted"], told["retention_days"]) == (1, 1, 0, 30)
        assert (told["disk"]["days_left"], told["disk"]["measured_days"]) == (None, 0)
        assert sum(item["packets"] for item in told["coming"]) == 1
        assert cli.main(["retention", "--data", str(place.root), "--json", "--run"]) == 1
        assert json.loads(capsys.readouterr().out) == {"error": "access.role"}
        assert place.depot.packets.path(key).exists()
        _make_archivist(place)
        assert cli.main(["retention", "--data", str(place.root), "--run"]) == 0
        assert "1" in capsys.readouterr().out
        assert not place.depot.packets.path(key).exists()
    finally:
        i18n.use("en")
        place.__post_init__()


def _make_archivist(place: Workplace) -> None:
    place.__post_init__()
    with place.office.applicants.write() as connection:
        me = officers.all_of(connection)[place.office.operator.operator_id]
        officers.change(connection, replace(me, role="archivist"))
    place.close()
