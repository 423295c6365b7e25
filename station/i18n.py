"""The language people read: gettext catalogues made by Babel. English source is the fallback."""

from __future__ import annotations

import gettext as catalogues
from pathlib import Path

DOMAIN = "station"
DEFAULT_LANGUAGE = "id"
LANGUAGES: dict[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""Languages to choose from, each in its own words. English is the source and needs no catalogue."""


class _Language:
    """The one language in use: it changes only when a person chooses another."""

    def __init__(self) -> None:
        self.code = "en"
        self.catalogue: catalogues.NullTranslations = catalogues.NullTranslations()


_now = _Language()


def use(language: str) -> None:
    """Show everything in `language` from now on; a language without a catalogue shows the English source."""
    _now.code = language if language in LANGUAGES else DEFAULT_LANGUAGE
    _now.catalogue = catalogues.translation(DOMAIN, _folder(), [_now.code], fallback=True)


def language() -> str:
    """The code of the language in use."""
    return _now.code


def _(text: str) -> str:
    """`text` in the language in use."""
    return _now.catalogue.gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """`one` or `many`, as the language in use counts `number`. Fill in the number yourself."""
    return _now.catalogue.ngettext(one, many, number)


def _folder() -> Path:
    """The catalogues: inside an installed package, or beside it in a checkout. A leaf asks nobody where they are."""
    inside = Path(__file__).parent / "resources" / "locale"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources" / "locale"
