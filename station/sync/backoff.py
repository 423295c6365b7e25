"""Every waiting number of delivery. Long waits become rows or planned moments; nothing here sleeps.

tenacity's wait objects serve as pure functions: full jitter, because a fixed wait (or one that loses its jitter at the
cap) would bring thousands of stations back in the same second.
"""

from __future__ import annotations

import random
from datetime import timedelta
from threading import Event

import tenacity
from tenacity import RetryCallState, wait_random_exponential

from station.domain.outcome import Halted, Later

PROBE_FIRST_S = 5.0
PROBE_LONGEST_S = 300.0
AWAY_S = 3 * 3600.0
"""A central that has been away for longer is asked less and less often: not all come back in the same minutes."""
AWAY_PART = 36
"""The longest wait is then such a part of the time that it has been away: five minutes after three hours."""
AWAY_LONGEST_S = 1500.0
"""7,285 stations that wait 19 minutes on average ask 6.5 times a second, and so they come back."""
ITEM_FIRST_S = 30.0
ITEM_GROWTH = 4
ITEM_LONGEST_S = 6 * 3600.0
PARK_AFTER = 8
"""Failures of the item itself, after which it is parked. Trouble of the link is never counted."""
HALT_S = 900.0
"""How long a lane rests when central will not have this station; a person can ask sooner."""
OUR_TROUBLE_S = 15.0
"""A lane that met a bug or a broken store of ours rests at least so long."""
PORTAL_S = 30.0
"""A network that wants a sign-in is asked so often: it costs central nothing, and somebody sits in front of it."""
FLOOR_SPREAD = 0.25
FLOOR_LONGEST_S = 24 * 3600.0 / (1 + FLOOR_SPREAD)
"""With its spread a floor stays within a day: a row that waits longer looks like a clock that jumped, and is due."""
UNAVAILABLE = 503
"""The status of a central that has too much to do, or is not there for anybody."""
LONG_OUTAGE_S = 900.0
"""After a longer outage traffic restarts spread over the time central asks for."""
HELLO_EVERY_S = 600.0
HELLO_GAP_S = 5.0
"""A hello that verified is believed for so long, whatever lanes meet."""
NEWS_SOON_S = 1.0
"""After a receipt, central usually has news about the record within moments."""
STALE_FIRST_S, STALE_LONGEST_S = 0.2, 3.0
"""Waits inside one attempt, the only ones that are waited through."""

_probe = wait_random_exponential(multiplier=PROBE_FIRST_S, max=PROBE_LONGEST_S, min=1.0)
_item = wait_random_exponential(multiplier=ITEM_FIRST_S, exp_base=ITEM_GROWTH, max=ITEM_LONGEST_S, min=1.0)


def probe_wait_s(tries: int) -> float:
    """Seconds to the next hello after `tries` failures in a row: full jitter up to 5 s, doubling to 300 s."""
    return _probe(_attempt(tries))


def away_wait_s(tries: int, away_s: float) -> float:
    """Seconds to the next hello of a central that has been away for `away_s`, after `tries` failures in a row.

    As `probe_wait_s`; once that is at its longest and central has been away for hours, the longest wait grows to 25
    minutes. It is drawn from its upper half then: for the same longest wait fewer come back at the same time.
    """
    longest_s = min(away_s / AWAY_PART, AWAY_LONGEST_S)
    if away_s <= AWAY_S or PROBE_FIRST_S * 2 ** min(tries - 1, 30) < PROBE_LONGEST_S:
        return probe_wait_s(tries)
    return random.uniform(longest_s / 2, longest_s)  # noqa: S311  # spreading load needs no secrecy


def item_wait(attempts: int, floor_s: float) -> timedelta:
    """How long an item waits after `attempts` failures of its own; never less than central asked for."""
    return timedelta(seconds=max(_item(_attempt(attempts)), floor_wait_s(floor_s)))


def floor_wait_s(floor_s: float) -> float:
    """Central's Retry-After as a floor, spread by a quarter, and with that never over a day."""
    floor = min(max(floor_s, 0.0), FLOOR_LONGEST_S)
    return floor + random.uniform(0, FLOOR_SPREAD * floor)  # noqa: S311  # spreading load needs no secrecy


def dated_wait_s(left_s: float, spread_s: float) -> float:
    """Seconds to the next hello while central is away until a moment that it named, which is in `left_s`.

    The moment is a promise: maintenance may end early. So a hello now and then, and after the end at a turn of our own.
    """
    look_s = HALT_S * random.uniform(1 - FLOOR_SPREAD, 1 + FLOOR_SPREAD)  # noqa: S311  # no secrecy needed
    return min(max(left_s, 0.0) + spread_wait_s(spread_s), look_s)


def portal_wait_s() -> float:
    """About half a minute, never for two stations the same."""
    return PORTAL_S * random.uniform(1 - FLOOR_SPREAD, 1 + FLOOR_SPREAD)  # noqa: S311  # no secrecy needed


def lane_wait_s(outcome: Later, tries: int, spread_s: float) -> float:
    """How long a lane rests after `tries` troubles in a row.

    What central asked for is a floor. On top comes a part of it as spread; of a moment that central named to everybody
    (`until`), or of a 503, as much of `spread_s` as is drawn: all stations would come back together otherwise.
    """
    floor = min(max(outcome.floor_s, 0.0), FLOOR_LONGEST_S)
    room = FLOOR_SPREAD * floor
    if outcome.note.http_status == UNAVAILABLE:
        room = spread_s if outcome.until is not None else max(room, spread_s)
    elif outcome.until is not None:
        room = min(room, spread_s)
    return max(probe_wait_s(tries), floor + spread_wait_s(room))


def halt_wait_s(outcome: Halted, spread_s: float) -> float:
    """How long a lane rests that central will not have: until the moment it named, else a quarter of an hour."""
    floor = min(outcome.floor_s, FLOOR_LONGEST_S)
    return floor + spread_wait_s(min(FLOOR_SPREAD * floor, spread_s)) if floor > 0 else HALT_S


def spread_wait_s(spread_s: float) -> float:
    """A uniform random part of the spread that central asks for after an outage."""
    return random.uniform(0, spread_s)  # noqa: S311  # spreading load needs no secrecy


def within_attempt(retry_on: tuple[type[BaseException], ...], stopping: Event) -> tenacity.Retrying:
    """Retries inside one attempt, for a connection that went stale: at most 3 tries and 10 s, then the error itself.

    None once `stopping` is set: then it was we who hung up.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(retry_on),
        stop=tenacity.stop_after_attempt(3) | tenacity.stop_after_delay(10) | tenacity.stop_when_event_set(stopping),
        wait=wait_random_exponential(multiplier=STALE_FIRST_S, max=STALE_LONGEST_S),
        sleep=tenacity.sleep_using_event(stopping),
        reraise=True,
    )


def _attempt(number: int) -> RetryCallState:
    state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only the attempt number is read
    state.attempt_number = max(number, 1)
    return state
