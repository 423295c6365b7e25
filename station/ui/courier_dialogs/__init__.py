"""Dialogs of the way out by stick: `open_export` and `open_import` are for whoever has a button for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from station.domain.record import RecordKey
from station.ui.context import Context
from station.ui.courier_dialogs.export_dialog import ExportDialog
from station.ui.courier_dialogs.import_dialog import ImportDialog


def open_export(context: Context, parent: QWidget, keys: Sequence[RecordKey] | None = None) -> ExportDialog:
    """Offer to write packets onto a stick, `keys` first when some are named. Returns at once; somebody is signed in."""
    dialog = ExportDialog(context, parent, keys)
    dialog.open()
    return dialog


def open_import(context: Context, parent: QWidget) -> ImportDialog:
    """Offer to take packets or receipts from a stick. Returns at once; somebody is signed in."""
    dialog = ImportDialog(context, parent)
    dialog.open()
    return dialog
