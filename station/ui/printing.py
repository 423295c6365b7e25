"""Printing a paper: the one function screens call, and the html papers are made of.

A paper is html of the few tags Qt's text engine knows: h1, h2, p, table/thead/tr/th/td, b, ul/li, and the classes
`quiet`, `strong`, `large`. A `thead` is repeated on every page. Whatever a person typed goes through `escape`.
"""

from __future__ import annotations

import html as markup
from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.desk.office import StationCard
from station.domain.paper import Paper, PaperSize
from station.i18n import _
from station.ui import format as shown
from station.ui.print_dialog import PrintDialog
from station.ui.print_room import PrintRoom


def print_paper(
    parent: QWidget, title: str, html: str, printer: PrintRoom, *, size: PaperSize = PaperSize.A4
) -> PrintDialog:
    """Show the pages, with Print and Save as PDF; returns at once. `printer` is `context.printer`.

    `title` names the kind of paper, never a person: it becomes the default file name and a line in the spooler.
    """
    dialog = PrintDialog(Paper(title, html, size), printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def escape(text: str) -> str:
    """`text` as it is read, whatever signs are in it; line breaks stay."""
    return markup.escape(text).replace("\n", "<br>")


def letterhead(station: StationCard, title: str, at: datetime) -> str:
    """The top of every paper: which office, what it is, when. In training mode it says that it is worth nothing."""
    lines = [f'<p class="quiet">{escape(station.name)} · {escape(station.office)} · {shown.day(at)} {shown.clock(at)}']
    if station.training:
        lines.append("<br><b>" + escape(_("TRAINING MODE: this paper is not valid.")) + "</b>")
    return "".join(lines) + f"</p><h1>{escape(title)}</h1>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with lines between its rows; plain text in, html out."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    look = "border-collapse: collapse; border-color: #999999; margin-top: 8px; margin-bottom: 8px;"
    style = f'width="100%" border="1" cellspacing="0" style="{look}"'
    return f"<table {style}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
