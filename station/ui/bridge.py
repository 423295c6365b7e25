"""The few signals by which everything below speaks to the window, and the window's intentions for it.

Listeners of the sync engine emit from its own thread; Qt queues them to the GUI thread. Knows no engine and no screen.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Bridge(QObject):
    """Made once by the composition root, which connects the intentions."""

    delivery_changed = Signal(object)  # desk.delivery.Delivery
    progress_changed = Signal(object)  # domain.delivery.Progress
    records_changed = Signal()
    """Something about records changed, here or at central: lists read again."""

    devices_changed = Signal()
    """Other devices are connected, or another one was chosen. Emitted by the thread that looked."""
    devices_test_wanted = Signal()
    """Somebody wants all devices tested now: their screen opens and does it."""
    devices_tested = Signal()
    """The morning's test was done, whatever came of it."""

    backup_changed = Signal(object)  # domain.backup.BackupFacts
    data_damaged = Signal(object)
    """StoreError: a page of a database of this station cannot be read. The composition root puts it right."""

    send_now = Signal()
    pause = Signal(bool)
    rules_changed = Signal()
    """Somebody chose how delivery goes: its speed, its hours, neighbours. Whoever delivers is woken."""
    language_chosen = Signal(str)
    """A person chose another language: the composition root remembers it."""
    signed_in = Signal(object)  # desk.office.Office
    signed_out = Signal()
    officer_sits = Signal(str)
    """The officer with this id is in front of the devices instead of an applicant; '' when they have gone again."""
