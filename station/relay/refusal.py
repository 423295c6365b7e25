"""A relay says no. Knows neither HTTP nor packets."""

from __future__ import annotations

from station.wire import Problem


class RefusedNeighbour(Exception):
    """Why a neighbour gets nothing, in the words of the wire contract."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
