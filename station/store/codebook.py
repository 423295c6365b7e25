"""The book of code lists on this station: the one that came with the program, or a newer one that central sent."""

from __future__ import annotations

from contextlib import suppress

from station.domain.codes import CodeBook, read_codes, shipped
from station.domain.errors import TrustError
from station.store.folder import Folder, write_file

BOOK_NAME = "codes.json"


class CodeShelf:
    """Nothing personal is in a code list, so the file lies open in the data folder."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.root / BOOK_NAME

    def newest(self) -> CodeBook:
        """The book to use; a file that cannot be read is as if it were not there."""
        ours, sent = shipped(), self._sent()
        return sent if sent is not None and sent.version > ours.version else ours

    def keep(self, text: str) -> bool:
        """Keep a book that central sent for the next start; False when it is not newer than the one here.

        TrustError `codes.unreadable`, and nothing changes.
        """
        if read_codes(text).version <= self.newest().version:
            return False
        write_file(self._path, text.encode("utf-8"))
        return True

    def _sent(self) -> CodeBook | None:
        with suppress(OSError, UnicodeDecodeError, TrustError):
            return read_codes(self._path.read_text(encoding="utf-8"))
        return None
