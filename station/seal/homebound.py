"""What goes home from central in one bundle: its changes of keys, its receipts, its refusals. Knows no station.

keys/<two digits>.jws                   every change of central's keys that is still told, oldest first
orders/wipe.jws                         for a station that is lost: to be wiped
receipts/<record_id>.<revision>.jws     each one central's own signed word
refusals/<record_id>.<revision>.jws     likewise
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from station.domain.errors import StoreError, TrustError
from station.domain.record import RecordKey
from station.seal.courier import MOST_RECEIPTS, ORDER, CourierFile, Said, Word, size_on_stick
from station.seal.stored_zip import StoredZipWriter
from station.wire import MOST_KEY_CHANGES

Signed = tuple[RecordKey, str]
"""What central signed, and about which packet."""


@dataclass(frozen=True)
class Homebound:
    """`keys` are changes of central's keys: who was away meanwhile learns by them whom to believe."""

    receipts: Sequence[Signed] = ()
    refusals: Sequence[Signed] = ()
    keys: Sequence[str] = ()
    order: str = ""
    """To wipe the station it goes to; only then is it in the bundle, for older programs do not know it."""

    def __bool__(self) -> bool:
        return bool(self.receipts or self.refusals or self.order)

    @property
    def size(self) -> int:
        """Bytes of its file, at most."""
        return size_on_stick(len(one.token) for one in _words(self))


def homebound(receipts: Iterable[Signed], refusals: Iterable[Signed], keys: Sequence[str]) -> Homebound:
    """As much as one bundle takes. A packet with a receipt is not refused, whatever was said before."""
    having = dict(list(receipts)[:MOST_RECEIPTS])
    lacking = {key: token for key, token in refusals if key not in having}
    few = list(lacking.items())[: MOST_RECEIPTS - len(having)]
    return Homebound(tuple(having.items()), tuple(few), tuple(keys)[-MOST_KEY_CHANGES:])


def write_homebound(file: BinaryIO, going: Homebound) -> None:
    """Write a bundle. Keys come first, since the words after them may be signed with the newest."""
    archive = StoredZipWriter(file)
    for one in _words(going):
        archive.add(one.name, one.token.encode("ascii"))
    archive.close()


def prove_homebound(file: BinaryIO, going: Homebound) -> None:
    """`file`, read back, holds exactly this; StoreError `stick.unproven` otherwise."""
    try:
        back = CourierFile(file)
        found = list(back.words())
    except TrustError as problem:
        raise StoreError("stick.unproven") from problem
    if found != _words(going) or back.damaged or back.cut:
        raise StoreError("stick.unproven")


def _words(going: Homebound) -> list[Said]:
    """In the order in which they are written."""
    keys = [Said(Word.KEYS, f"keys/{number:02}.jws", None, token) for number, token in enumerate(going.keys)]
    receipts = [Said(Word.RECEIPT, f"receipts/{key}.jws", key, token) for key, token in going.receipts]
    refusals = [Said(Word.REFUSAL, f"refusals/{key}.jws", key, token) for key, token in going.refusals]
    orders = [Said(Word.ORDER, ORDER, None, going.order)] if going.order else []
    return [*keys, *orders, *receipts, *refusals]
