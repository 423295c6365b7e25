"""What may stand in a diagnosis bundle: numbers, times, and texts of a known form. Everything else becomes `…`.

Must not know what a page is about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from station.domain.outcome import Note
from station.log import plain_value

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9:-]{0,79}")
WORD = re.compile(r"[a-z][a-z_-]{0,39}")
HOST = re.compile(r"[a-z0-9][a-z0-9.:-]{0,99}", re.IGNORECASE)
_ERROR = re.compile(r"[A-Z][A-Za-z]{1,40}(?:Error|Timeout|Exception)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CARD = re.compile(r"(?!enx)[a-z]{2,8}[a-z0-9]{0,8}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:\+00:00|Z)")
_FACTS: dict[str, re.Pattern[str]] = {
    "kind": WORD,
    "host": HOST,
    "via": HOST,
    "address": HOST,
    "problem": WORD,
    "fingerprint": re.compile(r"[0-9a-f]{16}"),
    "from": _MOMENT,
    "until": _MOMENT,
    "media": re.compile(r"[a-z]+/[a-z0-9.+-]{1,40}"),
    "min_client": re.compile(r"[0-9.]{1,20}"),
}


def plain_note(note: Note | None) -> dict[str, Any]:
    """Why, without what a server wrote beside it."""
    if note is None:
        return {}
    detail = note.detail if _ERROR.fullmatch(note.detail) else plain_value(note.detail) if note.detail else ""
    return {
        "trouble": note.trouble.value,
        "status": note.http_status,
        "request": only(_UUID, note.request_id),
        "detail": detail,
    }


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers, and texts of a known form; whom a certificate names and what a server says stay out."""
    numbers = {name: value for name, value in facts.items() if isinstance(value, bool | int | float)}
    texts = {name: only(form, str(facts[name])) for name, form in _FACTS.items() if isinstance(facts.get(name), str)}
    name = {"name": only(_CARD, str(facts["name"]))} if "others" in facts and "name" in facts else {}
    return {**numbers, **texts, **name}


def only(form: re.Pattern[str], text: str) -> str:
    """`text` when it has the form it must have, otherwise `…`."""
    return text if not text or form.fullmatch(text) else "…"


def time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
