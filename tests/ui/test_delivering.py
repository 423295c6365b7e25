"""Who delivers: the window, unless somebody else does or has the files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from station.app.delivering import Delivering
from station.config import Settings
from station.domain.errors import StationError
from station.ui.context import Context


@pytest.fixture
def delivering(context: Context) -> Iterator[Delivering]:
    def nobody(problem: StationError) -> None:
        raise problem

    parent = QObject()
    made = Delivering(context, Settings(), None, changed=lambda: None, show_error=nobody, parent=parent)
    yield made
    made.stop()
    made.release()


def test_nobody_begins_to_deliver_while_the_data_are_put_right(context: Context, delivering: Delivering) -> None:
    service = context.depot.folder.lock("sync")
    delivering.begin()
    assert delivering.engine is None, "a service does"
    delivering.let_go()()
    service.release()
    delivering.begin()  # it looks every few seconds
    assert delivering.engine is None
    context.depot.folder.lock("sync").release()

    delivering.begin_anew()
    engine = delivering.engine
    assert engine is not None
    with pytest.raises(StationError, match=r"folder\.in_use"):
        context.depot.folder.lock("sync")


def test_nobody_begins_to_deliver_after_the_end(context: Context, delivering: Delivering) -> None:
    delivering.begin()
    assert delivering.engine is not None
    delivering.stop()
    delivering.release()
    delivering.begin()
    assert delivering.engine is None
    context.depot.folder.lock("sync").release()
