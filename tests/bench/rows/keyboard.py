"""How many keys a person on the target list takes, and how long the program makes the operator wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
DIGITS = 16
BARE = "as many keys into a window with one text field"


def keyboard(site: Site) -> Iterator[Row]:
    """people.keyboard.key_presses: from the first digit of the NIK to sealed, devices left out; at most 25.

    people.keyboard.program_s: the sum of the times from each of those keys until the window is ready for the next and
    painted; at most 3 s. The real window offscreen at 1366×768, signed in, the list of training taken in, the cable
    out; captures of about 200 KB are handed to the desk. The first person warms up; medians of the others.
    """
    site.say(f"recording {TURNS} people with the keyboard")
    turns = answer_of("tests.bench.keyboard_window", site.folder("keyboard"), TURNS)
    recorded, bare = turns["taken_s"], turns["bare_s"]
    sums = [sum(taken) for taken in recorded]
    site.say(f"{min(sums):.2f} to {max(sums):.2f} s; the longest key {max(map(max, recorded)):.2f} s")
    presses = median(len(taken) for taken in recorded)
    yield Row("people.keyboard.key_presses", presses, "keys", DIGITS, "the digits of the NIK", TURNS)
    yield Row("people.keyboard.program_s", median(sums), "s", median(map(sum, bare)), BARE, TURNS)
