"""For every code a title and what to do, as English source text. Data only: words.py translates and fills it in."""

from __future__ import annotations

from station.ui.sentences.delivery import TROUBLES
from station.ui.sentences.devices import DEVICES, HINTS
from station.ui.sentences.form import FORM
from station.ui.sentences.machine import MACHINE

Sentence = tuple[str, str]

SENTENCES: dict[str, Sentence] = {**FORM, **DEVICES, **MACHINE}

__all__ = ["HINTS", "SENTENCES", "TROUBLES", "Sentence"]
