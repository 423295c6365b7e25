"""A small fleet comes back: the goals hold, and each way of breaking the waits or the pacing makes them fail."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from station.central.admission import Admission
from station.cli import main
from station.fleet.agenda import Agenda
from station.fleet.central import FleetCentral
from station.fleet.findings import CONTACTS_OVER_S, Findings
from station.fleet.ledger import Ledger, Seconds
from station.fleet.minimum import fair_drain_s
from station.fleet.plan import DAY_S, Plan, Policy
from station.fleet.run import play
from station.fleet.station import FleetStation, begin_of
from station.sync import link
from station.sync.backoff import probe_wait_s

SMALL = Plan(stations=60, days=1, per_day=600, size=35_000, admit_per_s=4, seed=3, horizon_days=1.5)
"""A fast one: packets a tenth as large, and four times as many in a day."""
COUNTRY, PART = 7285, 800


@pytest.fixture(scope="module")
def ours() -> Findings:
    return play(SMALL, Policy.OURS)


def test_a_small_fleet_is_through_within_its_minimum_and_central_is_never_above_its_rate(ours: Findings) -> None:
    assert ours.goals == {"contacts": True, "admitted": True, "minimum": True}
    assert ours.not_through == 0
    assert ours.accepted_peak == pytest.approx(SMALL.admit_per_s, rel=1e-6), "and it has enough to do"


def test_every_packet_that_was_recorded_arrives_once(ours: Findings) -> None:
    recorded = SMALL.stations * (SMALL.backlog + ours.all_drained_s * SMALL.live_per_s)
    assert sum(ours.ledger.arrived.counts) == pytest.approx(recorded, abs=SMALL.stations * 25)
    assert sum(ours.ledger.arrived.counts) >= SMALL.stations * SMALL.backlog


def test_slow_and_fast_districts_are_through_at_about_the_same_time(ours: Findings) -> None:
    assert ours.fairness == pytest.approx(1, abs=0.15)


def test_the_same_seed_is_the_same_run(ours: Findings) -> None:
    again = play(SMALL, Policy.OURS)
    assert (again.drained, again.ledger.accepted.counts) == (ours.drained, ours.ledger.accepted.counts)


# ------------------------------------------------------------------------------------------- what makes the goals fail


def test_who_never_gets_through_misses_the_goal_though_nobody_could_be_faster() -> None:
    """More is recorded than central takes: the minimum is for ever, and nothing is more than that."""
    plan = replace(SMALL, per_day=SMALL.admit_per_s * DAY_S / SMALL.stations + 1)
    found = Findings(plan, Policy.OURS, Ledger())
    assert max(found.ratios) == 1.0
    assert not found.goals["minimum"]


def test_without_pacing_central_has_many_times_more_than_it_can_take() -> None:
    found = play(SMALL, Policy.NO_PACING)
    assert not found.goals["admitted"]
    assert found.accepted_peak > 5 * SMALL.admit_per_s
    assert found.fairness > 2, "and the fast are served first"


def test_by_the_fixed_schedule_of_a_peer_most_stations_are_not_through() -> None:
    found = play(SMALL, Policy.PEER)
    assert not found.goals["minimum"]
    assert found.not_through > SMALL.stations / 2
    assert found.contacts_peak > 3 * play(SMALL, Policy.NO_PACING).contacts_peak, "all come by the clock"


def test_answers_that_are_not_held_let_central_go_above_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Admission, "hold_s", lambda _admission, _work_s: 0.0)
    assert not play(SMALL, Policy.OURS).goals["admitted"]


def test_turns_that_are_given_twice_let_central_go_above_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Admission.turn_s
    monkeypatch.setattr(Admission, "turn_s", lambda door, name, work_s: real(door, name, work_s * (int(name) % 2)))
    assert not play(SMALL, Policy.OURS).goals["admitted"]


def test_the_goals_hold_when_answers_to_manifests_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real, chance, lost = FleetCentral.ask, random.Random(1), []

    def ask(central: FleetCentral, station: str, packets: range) -> int:
        wait_s = real(central, station, packets)
        if not wait_s and chance.random() < 0.05:
            lost.append(station)
            return 30  # it has heard nothing, and asks again after its backoff
        return wait_s

    monkeypatch.setattr(FleetCentral, "ask", ask)
    assert play(SMALL, Policy.OURS).held
    assert len(lost) > 100


def test_a_door_that_promises_little_leaves_stations_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.central.admission.DOOR", 0.7)
    assert not play(SMALL, Policy.OURS).goals["minimum"]


def contacts(patch: pytest.MonkeyPatch, over_s: int, stations: int = PART) -> float:
    """Most first contacts a second, as if the whole country came, of stations that look and send nothing."""
    random.seed(5)
    patch.setattr(FleetStation, "_offer", lambda _station: None)
    plan = Plan(stations=stations)
    begin_s, within_s = begin_of(plan)
    agenda = Agenda(begin_s)
    central = FleetCentral(plan, agenda, paced=True)
    for number in range(stations):
        FleetStation(number, 512, plan, agenda, central).begin(within_s)
    agenda.go_on(700)
    return central.ledger.contacts.peak(over_s) * COUNTRY / stations


def test_all_stations_of_the_country_look_for_central_less_than_ten_times_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert contacts(monkeypatch, CONTACTS_OVER_S, COUNTRY) <= 10


def test_with_the_short_waits_of_a_short_outage_they_would_be_a_herd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "away_wait_s", lambda tries, _away_s: 2 * probe_wait_s(tries))
    monkeypatch.setattr("station.fleet.station.WARM_UP_S", 3600.0)
    assert contacts(monkeypatch, 60) > 20


def test_without_chance_all_would_come_in_the_same_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    assert contacts(monkeypatch, 1) == pytest.approx(COUNTRY)


# -------------------------------------------------------------------------------------------------- the measure itself


def test_the_physical_minimum_is_the_backlog_over_what_is_left_when_central_is_what_limits() -> None:
    plan = Plan()
    expected = plan.stations * plan.backlog / (plan.admit_per_s - plan.stations * plan.live_per_s)
    assert fair_drain_s(plan) == pytest.approx(dict.fromkeys(set(plan.lines()), expected), rel=1e-6)


def test_the_physical_minimum_is_the_line_when_central_takes_everything() -> None:
    plan = Plan(admit_per_s=1e6)
    for kbps, took in fair_drain_s(plan).items():
        assert took == pytest.approx(plan.backlog / (1 / plan.packet_s(kbps) - plan.live_per_s))


def test_what_the_slow_cannot_use_makes_the_fast_faster() -> None:
    least = fair_drain_s(Plan(admit_per_s=240))
    assert least[4096] == least[256] < least[64]


def test_a_line_that_carries_less_than_is_recorded_is_never_through() -> None:
    assert math.isinf(fair_drain_s(Plan(per_day=5000, admit_per_s=1e6))[64])


def test_the_lines_are_shared_out_to_all_stations() -> None:
    assert len(Plan().lines()) == COUNTRY
    assert min(Plan().lines()) == 64 and max(Plan().lines()) == 4096


def test_a_peak_is_found_wherever_its_ten_seconds_begin() -> None:
    seconds = Seconds()
    for second in range(7, 17):
        seconds.add(second, 3)
    assert seconds.peak(CONTACTS_OVER_S) == 3
    seconds.add_evenly(20.5, 2.0, 8)
    assert [seconds.at(second) for second in (20, 21, 22)] == pytest.approx([2, 4, 2])


# ------------------------------------------------------------------------------------------------------- the command


def test_the_command_says_it_in_figures_draws_it_and_fails_when_a_goal_is_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["simulate-fleet", "--stations", "20", "--days", "0.1", "--size", "35", "--admit", "2", "--policy", "ours"]
    code = main([*asked, "--json", "--plot", str(tmp_path / "fleet.png")])
    (said,) = json.loads(capsys.readouterr().out)
    assert (code == 0) == all(said["goals"].values())
    assert said["packet_bytes"] == 35_000 and said["drained_s"] < DAY_S
    assert (tmp_path / "fleet.png").read_bytes().startswith(b"\x89PNG")
    monkeypatch.setattr(Admission, "hold_s", lambda _admission, _work_s: 0.0)
    assert main([*asked, "--admit", "0.5"]) == 1
    assert capsys.readouterr().out.count("\n") > 5


def test_what_cannot_be_played_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate-fleet", "--stations", "0"])
    assert "--stations" in capsys.readouterr().err
