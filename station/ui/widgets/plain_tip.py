"""A tooltip shows what was said as it was said: Qt takes for markup whatever looks like it. Knows no widget."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """`text` for a tooltip: unchanged, unless it could be taken for markup."""
    return f"<qt>{escape(text)}</qt>" if "<" in text else text
