"""The log: what happened, by record id, without anybody's data. Knows nothing else of the program.

`station.log` is for whoever sits at the computer. `technical.log` may be given away: it holds the words of this
program's own source and, of what they were said about, only numbers, record ids and codes.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import traceback
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from io import TextIOWrapper
from pathlib import Path

TECHNICAL = "technical.log"
KEPT_DAYS, FILE_DAYS = 90, 15
"""No line stays longer than the first, no file is written to for longer than the second."""
_NUMBERS = re.compile(r"\d{16,}")
_MOST = 10**9
"""Larger numbers are telephones and the like before they are anything that a technician needs."""
_RECORD = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:[./]\d{1,4})?"
CODE_FAMILIES = frozenset(
    "access applicant approval attachment audit birth_date bundle camera capture card central clock codes"
    " confirm courier csv date desk device document domicile draft eligibility enrolment exception face field finger"
    " folder form hello incomplete key keyring keys kk lab letter marriage name neighbour nik notice officer packet"
    " papers passport path password permit phone photo policy postal_code printer program recapture receipt"
    " reconcile record recovery refusal regions relay roster sbi scanner seal signature signin simulator speed station"
    " backup challenge claim consent copy enrolment_file factor forgotten move reset_code reset_seed restore safe wipe"
    " station_key stick stock store sync token training trip unit verify village void waiting withdraw".split()
)
"""First words of the dotted codes of this program: `siti.rahma` is none."""
_LANES = "manifests|uploads|changes|bundles|reconcile|heartbeat|hello"
_PLAIN = re.compile(rf"{_RECORD}|{_LANES}|(?:{'|'.join(sorted(CODE_FAMILIES))})(?:\.[a-z_]{{1,40}}){{1,3}}")
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s"


class Redact(logging.Filter):
    """Blanks runs of sixteen digits and more: a NIK or a family card number that slipped in.

    Of an error only its name and the lines it went through are told: what it said may hold anything.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a mistake in a log call must not stop the program or show its data
            record.msg, record.args = f"a log line with a mistake, at line {record.lineno} of {record.module}", ()
            return True
        clean = _NUMBERS.sub("[16]", text)
        if clean != text:
            record.values = record.args
            record.words = _NUMBERS.sub("[16]", str(record.msg))
            record.msg, record.args = clean, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _raised(record.exc_info[1]) or "no error"
        return True


class Technical(logging.Formatter):
    """A line without anything that came from outside the source of this program: safe by how it is made."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        place = f"{record.module}:{record.lineno}"
        words = getattr(record, "words", record.msg)
        given = getattr(record, "values", record.args)
        words = " ".join(words.split()) if isinstance(words, str) else "(not written here)"
        values = " ".join(plain_value(value) for value in given) if isinstance(given, tuple) else "…"
        raised = _raised(record.exc_info[1]) if record.exc_info else ""
        return " | ".join(part for part in (at, record.levelname, record.name, place, words, values, raised) if part)


def plain_value(value: object) -> str:
    """`value` if it is a number, a record id, a code of this program or an error's name; otherwise `…`."""
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value.value, str | int) else "…"
    if isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _MOST):
        return str(value)
    if isinstance(value, BaseException):
        return str(getattr(value, "code", "") or type(value).__name__)
    text = str(value) if isinstance(value, str) or type(value).__module__.startswith("station.domain") else ""
    return text if _PLAIN.fullmatch(text) else "…"


def _raised(problem: BaseException | None) -> str:
    """The errors by their names and the lines they went through; what they said may hold anything."""
    found: list[str] = []
    while problem is not None and len(found) < 5:
        steps = traceback.extract_tb(problem.__traceback__)[-12:]
        way = " > ".join(f"{Path(step.filename).stem}:{step.lineno}" for step in steps)
        found.append(f"{type(problem).__name__} {plain_value(problem)} at {way}")
        problem = problem.__cause__ or problem.__context__
    return " <- ".join(found)


def start_logging(folder: Path | None, *, level: int = logging.INFO) -> None:
    """Log to `folder`: station.log (4 files of 1 MB), technical.log (2 of 500 KB); warnings to the console too.

    Nothing in them is older than `KEPT_DAYS`.
    """
    root = logging.getLogger("station")
    root.setLevel(level)
    root.propagate = False
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    console = logging.StreamHandler()
    console.setLevel(logging.WARNING)
    console.setFormatter(logging.Formatter(_FORMAT))
    handlers: list[logging.Handler] = [console]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(_file(folder / "station.log", 1_000_000, 3, logging.Formatter(_FORMAT)))
        handlers.append(_file(folder / TECHNICAL, 500_000, 1, Technical()))
    for handler in handlers:
        handler.addFilter(Redact())
        root.addHandler(handler)


class Ageing(logging.handlers.RotatingFileHandler):
    """A new file also when the present one was begun long ago, and no line stays longer than `KEPT_DAYS`."""

    def __init__(self, path: Path, most: int, older: int) -> None:
        super().__init__(path, maxBytes=most, backupCount=older, encoding="utf-8", delay=True)
        self._began = _first_day(path)
        self._drop_old()

    def _open(self) -> TextIOWrapper:
        """For its owner only, whatever the system's mask."""
        opened = open(  # noqa: SIM115  # the handler closes it
            self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=_owner_only
        )
        assert isinstance(opened, TextIOWrapper)
        return opened

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        today = datetime.fromtimestamp(record.created, UTC).date()
        self._began = self._began or today
        # A day that is still to come was written by a clock that was wrong: that file is closed too.
        aged = not today - timedelta(days=FILE_DAYS) <= self._began <= today + timedelta(days=1)
        return bool(aged or super().shouldRollover(record))

    def doRollover(self) -> None:
        super().doRollover()
        self._began = None
        self._drop_old()

    def _drop_old(self) -> None:
        """Files whose last line is so old that their first might be too old before this is asked again."""
        path, now = Path(self.baseFilename), datetime.now(UTC).timestamp()
        for number in range(1, self.backupCount + 1):
            older = path.with_name(f"{path.name}.{number}")
            with suppress(OSError):
                if now - older.stat().st_mtime > (KEPT_DAYS - 2 * FILE_DAYS) * 86400:
                    older.unlink()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _first_day(path: Path) -> date | None:
    """The day of the first line; None of a new file, or when it cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return date.fromisoformat(file.readline(64)[:10])
    except (OSError, ValueError):
        return None


def _file(path: Path, most: int, older: int, form: logging.Formatter) -> logging.Handler:
    made = Ageing(path, most, older)
    made.setFormatter(form)
    return made


def get_logger(name: str) -> logging.Logger:
    """The logger for a module, redacted wherever its lines end up."""
    logger = logging.getLogger(name)
    if not any(isinstance(item, Redact) for item in logger.filters):
        logger.addFilter(Redact())
    return logger
