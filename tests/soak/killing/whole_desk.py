"""The same station, with what happens to it less often: its keys, its lists, its backup, and its computer.

Must not know when or why the process dies.
"""

from __future__ import annotations

from collections.abc import Callable

from station.desk import backup, healing, keys, rosters, signin
from station.desk.copying import Copying
from station.desk.moving import move
from station.desk.restoring import restore
from station.store.folder import Folder
from tests.bundles import AREA, central_of, somebody
from tests.soak.killing.desk import ADMIN, Desk
from tests.support import SECOND_PASSWORD, TODAY, Workplace

PEOPLE_ON_LIST = 600


class WholeDesk(Desk):
    """Everything that can be done at a station."""

    def rekey(self) -> None:
        place = self.place
        self._as_admin(
            lambda: keys.rotate_database_key(place.office, SECOND_PASSWORD, lambda _percent: None, lambda: False)
        )

    def _as_admin(self, do: Callable[[], object]) -> None:
        """Somebody else sits down, and goes again."""
        place = self.place
        signin.sign_out(place.office)
        admin = next(who for who in signin.operators(place.depot) if who.name == ADMIN)
        place._office = signin.sign_in(place.depot, admin.operator_id, SECOND_PASSWORD, self.clock)
        do()
        signin.sign_out(place.office)
        place._office = None
        healing.heal(place.office)

    # ---------------------------------------------------------------------------------------------------- the lists

    def take_list(self) -> None:
        now, office = self.place.office.now(), self.place.office
        here = {card.area: card.version for card in rosters.cards(office)}
        maker = central_of(self.place, self.stick.parent)
        people = [somebody(number, "SITI CONTOH") for number in range(1, PEOPLE_ON_LIST)]
        version = here.get(AREA, 0) + 1
        path = maker.file(people, version=version, made_at=now, expires_at=now + (TODAY - TODAY.replace(day=14)))
        rosters.import_file(office, path)

    def drop_list(self) -> None:
        if AREA not in {card.area for card in rosters.cards(self.place.office)}:
            self.take_list()
        rosters.drop(self.place.office, AREA)

    # ------------------------------------------------------------------------------------------------- the computer

    def back_up(self) -> None:
        """One hour's round, after something was entered."""
        self.seal()
        self.stick.mkdir(exist_ok=True)
        backup.choose(self.place.office, self.stick)
        copying = Copying(self.place.depot, key_holder=self.place.office.applicants.again())
        self.clock.pass_time(4000)
        copying.snap(self.clock.now(), at_once=True)
        copying.copy(self.clock.now())
        assert copying.key_holder is not None
        copying.key_holder.close()

    def recover(self) -> None:
        """A page of the people's database is damaged; there is a backup, and the packets are whole."""
        self.back_up()
        self.place.close()
        path = self.place.depot.folder.applicants_db
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"rusak" * 100)
        self.open()

    def move(self) -> None:
        """To another disk, with a record or two that it has to take along."""
        self.seal()
        self.place.close()
        move(self.root, self.spare)
        self.open()

    def restore(self) -> None:
        """This computer is new; everything is on the stick."""
        if self.place.depot.enrolment is None:
            self.place.close()
            restore(Folder(self.root), self.stick)
            self.open()

    def wipe(self) -> None:
        """Central has ordered it; nobody has the window open."""
        self.place.close()
        self.place = Workplace(self.root, self.url, self.clock)
        depot = self.place.depot
        for _ in range(20):
            if depot.wipes.last is not None and depot.wipes.last.done is not None:
                break
            self.listen()
