"""From a target list to the people a trip invites: those of the village whom the list does not stop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from station.desk import rosters
from station.desk.office import Office
from station.domain.permission import Permission
from station.domain.standing import stop_listed
from station.domain.target import RosterCard, Target
from station.domain.trip import ListFacts, TripPerson
from station.store import trips

_PAGE = 1000


@dataclass(frozen=True)
class Listed:
    """The part of a target list that is about one village."""

    card: RosterCard
    people: tuple[Target, ...]

    @property
    def facts(self) -> ListFacts:
        return facts_of(self.card)

    @property
    def recorded(self) -> int:
        """How many of them count as recorded, so that the recording screen would stop them."""
        return sum(stop_listed(target) is not None for target in self.people)


def facts_of(card: RosterCard) -> ListFacts:
    """What a trip remembers of the list it was prepared with."""
    return ListFacts(card.version, card.made_at, card.expires_at)


def card_of(office: Office, village: str) -> RosterCard | None:
    """The list that covers a village, the smallest area first; an expired one is no list any more."""
    cards = [card for card in rosters.cards(office) if f"{village}.".startswith(f"{card.area}.")]
    return max(cards, key=lambda card: len(card.area), default=None)


def read_list(office: Office, village: str) -> Listed | None:
    """The people of a village, or None when no list here covers it."""
    office.require(Permission.READ_PERSON)
    card = card_of(office, village)
    if card is None:
        return None
    found: list[Target] = []
    while page := rosters.of_area(office, village, offset=len(found), limit=_PAGE):
        found.extend(page)
    return Listed(card, tuple(found))


def invited(
    office: Office, listed: Listed, rts: Collection[str] | None, *, besides: str = ""
) -> tuple[TripPerson, ...]:
    """People to invite: nobody whom the list or a record here stops (records of the trip `besides` do not), in `rts`.

    Whoever is invited must be let through by the recording screen, and the other way round: both ask `stop_listed`.
    """
    with office.applicants.read() as connection:
        done = trips.done_niks(connection, besides=besides)
    free = (target for target in listed.people if stop_listed(target) is None and target.nik not in done)
    people = (_person(target) for target in free)
    return tuple(person for person in people if rts is None or person.unit in rts)


def _person(target: Target) -> TripPerson:
    return TripPerson(
        nik=target.nik,
        name=target.name,
        rt=target.rt,
        rw=target.rw,
        birth_date=target.birth_date,
        address=target.answers.get("address", ""),
    )
