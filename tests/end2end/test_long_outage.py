"""Ten days without central at a busy counter, then a bad line: everything arrives once, and nobody does anything."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from station.domain.delivery import Stage
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.fakes.central_socket import Asked
from tests.sending import sending

DAYS, PEOPLE_A_DAY = 10, 125
CUT_SHARE = 0.2
OPEN_S = 6 * 3600
"""How long the computer is on every day; it looks for central all the while."""
EARLY = 2048
"""A line breaks off after fewer bytes than a packet has, wherever it does."""


class BadLine:
    """One request in five does not come through whole: it, its body or its answer breaks off somewhere."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.cuts = 0

    def __call__(self, asked: Asked) -> Fault | None:
        if self._random.random() >= CUT_SHARE:
            return None
        self.cuts += 1
        at = self._random.randrange(EARLY)
        return self._random.choice(
            (faults.lost_request(), faults.lost_answer(), faults.cut_answer(at), faults.cut_upload(at))
        )


@pytest.mark.timeout(400)
def test_after_ten_days_1250_packets_arrive_exactly_once_over_a_line_that_cuts_one_request_in_five(
    tmp_path: Path,
) -> None:
    line = BadLine(seed=20261121)
    with sending(tmp_path) as sender:
        sender.central.stop()
        keys = []
        for day in range(DAYS):
            keys += [sender.packet(day * PEOPLE_A_DAY + person + 1) for person in range(PEOPLE_A_DAY)]
            sender.live(OPEN_S)
            sender.close()  # somebody switches the computer off every evening
            sender.clock.pass_time(24 * 3600 - OPEN_S)
            sender.restart()
        assert {sender.stage(key) for key in keys} == {Stage.QUEUED}
        sender.central.script(line)
        sender.central.start()
        sender.until(lambda: sender.depot.outbox.counts(day_start=sender.clock.now()).waiting == 0)
        sender.assert_once(*keys)
        assert line.cuts > DAYS * PEOPLE_A_DAY * CUT_SHARE
        assert {sender.row(key).attempts for key in keys} == {0}, "a line that breaks is nobody's fault"
