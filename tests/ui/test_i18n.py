"""Indonesian is complete: every text the program can show has its translation, with the same places to fill in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from station import i18n
from station.config import resources_dir
from station.i18n import _, ngettext

ROOT = Path(__file__).parents[2]
PO = resources_dir() / "locale" / "id" / "LC_MESSAGES" / "station.po"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use("en")


def _catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="id")


def _texts() -> list[tuple[str, str]]:
    """Every text in the source, the first of two for plurals, and where it is."""
    found = extract_from_dir(ROOT / "station", keywords=KEYWORDS)
    return [(texts if isinstance(texts, str) else texts[0], f"{file}:{line}") for file, line, texts, *_rest in found]


def _places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_every_text_is_translated() -> None:
    translated = {(m.id if isinstance(m.id, str) else m.id[0]): m.string for m in _catalogue() if m.id}
    missing = [f"{where}: {text!r}" for text, where in _texts() if not _first(translated.get(text))]
    assert missing == [], "run make translations and fill in resources/locale/id/LC_MESSAGES/station.po"


def test_no_text_hides_in_an_f_string_where_it_is_not_collected() -> None:
    collected, hidden = {text for text, _where in _texts()}, []
    for path in (ROOT / "station").rglob("*.py"):
        joined = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)]
        for call in (node for outer in joined for node in ast.walk(outer) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == "_" and isinstance(call.args[0], ast.Constant):
                hidden += [f"{path.name}: {call.args[0].value!r}"] if call.args[0].value not in collected else []
    assert hidden == []


def test_translations_fill_in_the_same_places() -> None:
    for message in _catalogue():
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        assert _places(_first(message.string)) == _places(source), message.id


def test_nothing_is_left_doubtful() -> None:
    catalogue = _catalogue()
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []
    assert catalogue.num_plurals == 1


def test_language_can_be_changed_while_running() -> None:
    i18n.use("id")
    assert i18n.language() == "id"
    assert _("Sign in") == "Masuk"
    assert ngettext("{n} try left.", "{n} tries left.", 2) == "Sisa {n} kali percobaan."
    i18n.use("en")
    assert _("Sign in") == "Sign in"
    assert ngettext("{n} try left.", "{n} tries left.", 2) == "{n} tries left."


def test_an_unknown_language_is_the_default_one() -> None:
    i18n.use("xx")
    assert i18n.language() == i18n.DEFAULT_LANGUAGE
    assert _("") == ""


def test_no_text_is_built_while_it_is_marked() -> None:
    """`_(f"…")` and `_("a" + b)` cannot be found by the extractor."""
    for path in sorted((ROOT / "station").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                built = [argument for argument in node.args if isinstance(argument, (ast.JoinedStr, ast.BinOp))]
                assert not built, f"{path}:{node.lineno}"


def _first(text: str | tuple[str, ...] | list[str] | None) -> str:
    return text if isinstance(text, str) else (text[0] if text else "")
