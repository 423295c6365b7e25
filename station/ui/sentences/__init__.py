"""For every code a title and what to do, as English source text. Data only: words.py translates and fills it in."""

from __future__ import annotations

from station.ui.sentences.applicant import APPLICANT
from station.ui.sentences.backup import BACKUP
from station.ui.sentences.biodata import BIODATA
from station.ui.sentences.captures import CAPTURES
from station.ui.sentences.clocks import CLOCKS
from station.ui.sentences.courier import COURIER
from station.ui.sentences.delivery import TROUBLES
from station.ui.sentences.devices import DEVICES
from station.ui.sentences.devices import HINTS as DEVICE_HINTS
from station.ui.sentences.documents import DOCUMENTS
from station.ui.sentences.exceptions import EXCEPTIONS
from station.ui.sentences.faces import FACE_HINTS, FACES
from station.ui.sentences.first_start import FIRST_START
from station.ui.sentences.form import FORM
from station.ui.sentences.incomplete import INCOMPLETE
from station.ui.sentences.keeping import KEEPING
from station.ui.sentences.keys import KEYS
from station.ui.sentences.letters import LETTERS
from station.ui.sentences.lost import LOST
from station.ui.sentences.machine import MACHINE
from station.ui.sentences.neighbours import NEIGHBOURS
from station.ui.sentences.officers import OFFICERS
from station.ui.sentences.papers import PAPERS
from station.ui.sentences.places import PLACES
from station.ui.sentences.policy import POLICY
from station.ui.sentences.printer import PRINTER
from station.ui.sentences.records import RECORDS
from station.ui.sentences.regions import REGIONS
from station.ui.sentences.register import REGISTER
from station.ui.sentences.rosters import ROSTERS
from station.ui.sentences.sbi import SBI, TURNS
from station.ui.sentences.trips import TRIPS

Sentence = tuple[str, str]

SENTENCES: dict[str, Sentence] = {
    **FORM,
    **BIODATA,
    **APPLICANT,
    **BACKUP,
    **CAPTURES,
    **CLOCKS,
    **COURIER,
    **DEVICES,
    **DOCUMENTS,
    **EXCEPTIONS,
    **FACES,
    **FIRST_START,
    **INCOMPLETE,
    **KEEPING,
    **KEYS,
    **LETTERS,
    **LOST,
    **MACHINE,
    **NEIGHBOURS,
    **OFFICERS,
    **PAPERS,
    **PLACES,
    **POLICY,
    **PRINTER,
    **REGIONS,
    **RECORDS,
    **REGISTER,
    **ROSTERS,
    **SBI,
    **TRIPS,
}

HINTS: dict[str, str] = {**DEVICE_HINTS, **FACE_HINTS, **TURNS}

__all__ = ["HINTS", "SENTENCES", "TROUBLES", "Sentence"]
