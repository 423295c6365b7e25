"""The log: what happened, by record id, without anybody's data. Knows nothing else of the program."""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

_NUMBERS = re.compile(r"\d{16,}")
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s"


class Redact(logging.Filter):
    """Blanks runs of sixteen digits and more: a NIK or a family card number that slipped in."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a mistake in a log call must not stop the program or show its data
            record.msg, record.args = f"a log line with a mistake, at line {record.lineno} of {record.module}", ()
            return True
        clean = _NUMBERS.sub("[16]", text)
        if clean != text:
            record.msg, record.args = clean, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _NUMBERS.sub("[16]", logging.Formatter().formatException(record.exc_info))
        return True


def start_logging(folder: Path | None, *, level: int = logging.INFO) -> None:
    """Log to `folder`/station.log (4 files of 1 MB) and warnings to the console."""
    root = logging.getLogger("station")
    root.setLevel(level)
    root.propagate = False
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    console = logging.StreamHandler()
    console.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [console]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder / "station.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
            )
        )
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.addFilter(Redact())
        root.addHandler(handler)


def get_logger(name: str) -> logging.Logger:
    """The logger for a module, redacted wherever its lines end up."""
    logger = logging.getLogger(name)
    if not any(isinstance(item, Redact) for item in logger.filters):
        logger.addFilter(Redact())
    return logger
