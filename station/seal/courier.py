"""Courier bundles: what goes by stick between stations and central. Knows files, signatures and no database.

    packets    bundle.jws, then packets/<record_id>.<revision>.packet     signed by the station that made it
    receipts   words of central, each signed by it: see homebound.py

Both are ZIPs of stored members. A packet is believed by its own signature and its station's card, which is in the
index; a receipt by central's. The index says that nothing was taken out or put in on the way.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, NamedTuple

from pydantic import Field, StringConstraints, ValidationError

from station.domain.errors import TrustError
from station.domain.ids import is_record_id, random_part
from station.domain.record import RecordKey
from station.seal.jws import SigningKey, read_unverified, verify
from station.seal.packet import MAX_PACKET_BYTES, sha256_of
from station.seal.stored_zip import OVERHEAD, StoredZipReader, StoredZipWriter
from station.wire import MOST_KEY_CHANGES, Jws, Message, PublicKey, RecordId, Revision, Sha256, Short, Time

INDEX = "bundle.jws"
MOST_PACKETS = 4000
MOST_RECEIPTS = 20_000
MOST_BUNDLE_BYTES = 1024**3
"""Of packets in one bundle: a stick with FAT32 takes four times as much."""
MAX_INDEX = 3 * 1024 * 1024
MAX_WORD = 16 * 1024
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PACKET = re.compile(rf"packets/({_ID})\.(\d{{1,4}})\.packet")
_RECEIPT = re.compile(rf"receipts/({_ID})\.(\d{{1,4}})\.jws")
_REFUSAL = re.compile(rf"refusals/({_ID})\.(\d{{1,4}})\.jws")
_KEYS = re.compile(r"keys/\d{2}\.jws")
ORDER = "orders/wipe.jws"
_NAMED = [re.escape(name) for name in (INDEX, ORDER)]
_ANY = re.compile("|".join([*_NAMED, *(one.pattern for one in (_PACKET, _RECEIPT, _REFUSAL, _KEYS))]))
StationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]


class Kind(StrEnum):
    """What a bundle holds."""

    PACKETS = "packets"
    RECEIPTS = "receipts"


class Word(StrEnum):
    """What central says in one member of a bundle of receipts."""

    KEYS = "keys"
    RECEIPT = "receipt"
    REFUSAL = "refusal"
    ORDER = "order"


class Said(NamedTuple):
    """One word of central, unproven. `key` is None for a change of keys, and for an order."""

    word: Word
    name: str
    key: RecordKey | None
    token: str


class BundleItem(Message):
    """One packet of a bundle. `origin` is the station that signed it."""

    record_id: RecordId
    revision: Revision
    origin: StationId
    sha256: Sha256
    size: int = Field(ge=1, le=MAX_PACKET_BYTES)

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.record_id, self.revision)


class BundleIndex(Message):
    """Payload of `bundle.jws`, signed by the station that made the bundle. No personal data."""

    bundle: Literal[1] = 1
    bundle_id: RecordId
    station_id: StationId
    office: Short
    central_id: Short
    created: Time
    part: int = Field(default=1, ge=1, le=10_000)
    parts: int = Field(default=1, ge=1, le=10_000)
    cards: tuple[Jws, ...] = Field(default=(), max_length=500)
    """Cards of this station and of every other one whose packets are inside."""
    claim: Jws | None = None
    """Of a station that a file enrolled and that central does not know yet."""
    items: tuple[BundleItem, ...] = Field(max_length=MOST_PACKETS)

    @property
    def bytes(self) -> int:
        """Of the packets."""
        return sum(item.size for item in self.items)


def bundle_name(office: str, bundle_id: str, kind: Kind = Kind.PACKETS) -> str:
    """The name of a bundle's file: allowed everywhere, and without anything personal."""
    safe = re.sub(r"[^0-9A-Za-z.]", "", office).strip(".")[:20] or "0"
    middle = "" if kind is Kind.PACKETS else f"{kind.value}-"
    return f"ktpel-{middle}{safe}-{random_part(bundle_id)[-12:]}.zip"


def is_bundle_name(name: str) -> bool:
    """True for names that `bundle_name` makes, also after somebody's computer has added `(1)`."""
    return re.fullmatch(r"ktpel-[0-9A-Za-z.-]+( ?\(\d+\))?\.zip", name, re.IGNORECASE) is not None


def sign_index(key: SigningKey, index: BundleIndex) -> str:
    """The signed form of `index`."""
    return key.sign(index.model_dump(mode="json"), typ="courier+jwt")


def read_index(token: str) -> BundleIndex:
    """The index in `token`, not verified: only to learn who claims to have made it. TrustError `courier.unreadable`."""
    try:
        index = BundleIndex.model_validate(read_unverified(token, long=True))
    except (TrustError, ValidationError) as problem:
        raise TrustError("courier.unreadable") from problem
    if len({item.key for item in index.items}) != len(index.items):
        raise TrustError("courier.unreadable")
    return index


def check_index(token: str, key: PublicKey) -> BundleIndex:
    """The index in `token`, when the station that it names signed it with `key`; TrustError `courier.edited`."""
    try:
        verify(token, [key], long=True)
    except TrustError as problem:
        raise TrustError("courier.edited") from problem
    return read_index(token)


def write_packets(file: BinaryIO, token: str, packets: Iterable[tuple[RecordKey, bytes]]) -> None:
    """Write a bundle of packets; `token` is its signed index."""
    archive = StoredZipWriter(file)
    archive.add(INDEX, token.encode("ascii"))
    for key, data in packets:
        archive.add(f"packets/{key}.packet", data)
    archive.close()


def size_on_stick(sizes: Iterable[int]) -> int:
    """Bytes of a bundle file with packets of these sizes, at most."""
    return sum(size + OVERHEAD + 400 for size in sizes) + 64 * 1024


def bundles_in(folder: Path) -> tuple[Path, ...]:
    """Files in `folder` that are named as bundles are, newest first; nothing when the folder cannot be read."""
    try:
        named = [path for path in folder.iterdir() if is_bundle_name(path.name)]
    except OSError:
        return ()
    found = []
    for path in named:
        with suppress(OSError):  # a link to nowhere, a bad sector under its entry: the others are there all the same
            known = path.stat()
            if stat.S_ISREG(known.st_mode):
                found.append((known.st_mtime, path))
    return tuple(path for _, path in sorted(found, reverse=True))


class CourierFile:
    """An open bundle of either kind. Reading it again begins at its first byte."""

    def __init__(self, file: BinaryIO) -> None:
        """TrustError `courier.not_a_bundle`, or `courier.index_damaged` for a bundle whose beginning is broken."""
        self._reader = StoredZipReader(
            file, _ANY, most=1 + MOST_KEY_CHANGES + max(MOST_PACKETS, MOST_RECEIPTS), largest=_largest
        )
        self.token = ""
        first = self._first()
        self.kind = Kind.PACKETS if first == INDEX else Kind.RECEIPTS

    @property
    def damaged(self) -> int:
        """Members that cannot be read, or are not what was written; known when everything has been read."""
        return self._reader.damaged

    @property
    def cut(self) -> bool:
        """The end is missing; known when everything has been read."""
        return self._reader.cut

    def packets(self) -> Iterator[tuple[RecordKey, bytes]]:
        """Every whole packet, unproven. TrustError `courier.strange_file`."""
        for member in self._reader.members():
            if member.name != INDEX:
                yield _key(_PACKET, member.name), member.data

    def words(self) -> Iterator[Said]:
        """Every whole word of central, unproven. TrustError `courier.strange_file`."""
        for member in self._reader.members():
            token = member.data.decode("ascii", "replace")
            if _KEYS.fullmatch(member.name):
                yield Said(Word.KEYS, member.name, None, token)
            elif member.name == ORDER:
                yield Said(Word.ORDER, member.name, None, token)
            elif _REFUSAL.fullmatch(member.name):
                yield Said(Word.REFUSAL, member.name, _key(_REFUSAL, member.name), token)
            else:
                yield Said(Word.RECEIPT, member.name, _key(_RECEIPT, member.name), token)

    def _first(self) -> str:
        if not self._reader.begins_well():
            raise TrustError("courier.not_a_bundle")
        try:
            member = next(self._reader.members(), None)
        except TrustError as problem:
            raise TrustError("courier.not_a_bundle") from problem
        if member is None:
            raise TrustError("courier.not_a_bundle")
        if member.name == INDEX:
            self.token = member.data.decode("ascii", "replace")
        elif _PACKET.fullmatch(member.name):
            raise TrustError("courier.index_damaged")
        return member.name


class ListedPackets:
    """The packets of a bundle, each exactly as its index says. Whose they are is not proven here."""

    def __init__(self, file: CourierFile, index: BundleIndex) -> None:
        """`index` is that of `file`, and its signature was checked."""
        self._file = file
        self._items = {item.key: item for item in index.items}
        self.missing = 0
        """Lost with a part of the file that cannot be read; known at the end."""

    def __iter__(self) -> Iterator[tuple[BundleItem, bytes]]:
        """TrustError `courier.edited_packet`, `courier.extra_packet`, `courier.missing_packet`, `courier.strange_file`.

        A packet may be missing only where the file is damaged: then the others still come.
        """
        left = dict(self._items)
        for key, data in self._file.packets():
            item = left.pop(key, None)
            if item is None:
                raise TrustError("courier.extra_packet")
            if (len(data), sha256_of(data)) != (item.size, item.sha256):
                raise TrustError("courier.edited_packet")
            yield item, data
        self.missing = len(left)
        if left and not (self._file.damaged or self._file.cut):
            raise TrustError("courier.missing_packet", number=len(left))


def _largest(name: str) -> int:
    if name == INDEX:
        return MAX_INDEX
    return MAX_PACKET_BYTES if name.startswith("packets/") else MAX_WORD


def _key(pattern: re.Pattern[str], name: str) -> RecordKey:
    """The record key in a member's name; TrustError when it is of another kind than the bundle."""
    found = pattern.fullmatch(name)
    if found is None or not is_record_id(found[1]) or not 1 <= int(found[2]) <= 9999 or found[2].startswith("0"):
        raise TrustError("courier.strange_file")
    return RecordKey(found[1], int(found[2]))
