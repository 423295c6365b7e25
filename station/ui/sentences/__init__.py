"""For every code a title and what to do, as English source text. Data only: words.py translates and fills it in."""

from __future__ import annotations

from station.ui.sentences.applicant import APPLICANT
from station.ui.sentences.biodata import BIODATA
from station.ui.sentences.delivery import TROUBLES
from station.ui.sentences.devices import DEVICES, HINTS
from station.ui.sentences.form import FORM
from station.ui.sentences.machine import MACHINE
from station.ui.sentences.papers import PAPERS
from station.ui.sentences.printer import PRINTER
from station.ui.sentences.records import RECORDS
from station.ui.sentences.regions import REGIONS
from station.ui.sentences.register import REGISTER
from station.ui.sentences.rosters import ROSTERS
from station.ui.sentences.trips import TRIPS

Sentence = tuple[str, str]

SENTENCES: dict[str, Sentence] = {
    **FORM,
    **BIODATA,
    **APPLICANT,
    **DEVICES,
    **MACHINE,
    **PAPERS,
    **PRINTER,
    **REGIONS,
    **RECORDS,
    **REGISTER,
    **ROSTERS,
    **TRIPS,
}

__all__ = ["HINTS", "SENTENCES", "TROUBLES", "Sentence"]
