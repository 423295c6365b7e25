"""The newest notice of central that nobody here has read, at the top of the panel. Plain text, whatever it says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.notice import Notice
from station.i18n import _, ngettext
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button

_LONGEST = 160
"""Signs of the text in the bar; all of it is behind *Read*."""


class NoticeBar(Banner):
    """`read_wanted` opens all of them; `seen` carries the id of the one that is shown."""

    read_wanted = Signal()
    seen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sync.notice")
        self._id = ""
        inside = self.layout()
        assert isinstance(inside, QHBoxLayout)
        for name, text, action in (
            ("sync.notice.read", _("Read…"), self.read_wanted.emit),
            ("sync.notice.seen", _("Seen"), lambda: self.seen.emit(self._id)),
        ):
            made = button(name, text, action)
            made.setProperty("bulk", "small")
            inside.addWidget(made)

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Those that hold now."""
        unread = [notice for notice in notices if notice.seen_at is None]
        if not unread:
            self.say("")
            return
        self._id = unread[0].notice_id
        more = len(unread) - 1
        text = " ".join(unread[0].body.split())
        text = f"{text[:_LONGEST].rstrip()}…" if len(text) > _LONGEST else text
        if more:
            others = ngettext("{n} more unread", "{n} more unread", more).format(n=more)
            text = f"{text} · {others}" if text else others
        self.say(_("Central: {title}").format(title=unread[0].title), text, "brand")
