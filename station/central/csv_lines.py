"""A text file of unknown making, line by line: its encoding, its separators, its quotes. Knows no register."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import IO

from station.domain.errors import RuleError

MAX_FILE_BYTES = 4 * 1024**3
MAX_LINE = 16 * 1024
"""Characters; a line of a register has a few hundred."""


def split_line(line: str, separator: str) -> list[str] | None:
    """The cells of one line; None when a quote is left open. No cell of a register has more than one line."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader((line,), delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def is_whole(file: IO[str], line: str) -> bool:
    """False when `line` is longer than any line may be; then what is left of it is read over."""
    if len(line) <= MAX_LINE:
        return True
    while line and not line.endswith("\n"):
        line = file.readline(MAX_LINE)
    return False


def encoding_of(path: Path) -> str:
    """`utf-8-sig` or `cp1252`, by reading all of it; RuleError when it is neither, too large, or not there."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RuleError("csv.too_large", limit_mb=MAX_FILE_BYTES // 1024**2)
        with path.open("rb") as file:
            if not (piece := file.read(io.DEFAULT_BUFFER_SIZE * 16)):
                raise RuleError("csv.empty")
            is_utf8 = True
            while piece:
                if b"\0" in piece:  # UTF-16, a spreadsheet's own format, a picture
                    raise RuleError("csv.no_text")
                is_utf8 = is_utf8 and _decodes(decoder, piece)
                piece = file.read(io.DEFAULT_BUFFER_SIZE * 16)
    except OSError as problem:
        raise RuleError("csv.unreadable", reason=problem.strerror or type(problem).__name__) from problem
    return "utf-8-sig" if is_utf8 and _decodes(decoder, b"", final=True) else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
