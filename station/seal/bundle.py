"""The bundle of a target list (paket data luring): what central signs, and the sealed lines behind it.

    bundle.jws   compact JWS by central: BundleHead, without personal data
    bundle.age   age file of zstd of JSON lines: {"bundle","version","base"}, one line for each person, {"end": persons}

With a `base`, the lines are what has changed since that version. Everything is written and read as a stream: a list of
a million people never is in memory. Nothing of the lines may be believed before the last one has been read.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import datetime
from io import BufferedIOBase, RawIOBase
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import pyrage
import zstandard
from pydantic import Field, StringConstraints, ValidationError
from pyrage import ssh, x25519

from station.domain.errors import StoreError, TrustError
from station.domain.target import Target
from station.seal.jws import SigningKey, verify
from station.seal.opening import Opening
from station.seal.person_line import MAX_LINE_BYTES, Gone, PersonLine, line_of, read_line
from station.wire import Message, PublicKey, Sha256, Short, Time

ROSTER = "roster:"
MAX_PEOPLE = 5_000_000
MAX_BODY_BYTES = 2 * 1024**3
MOST_EXPANSION = 200
"""Lines about people shrink to a tenth or a thirtieth; what grows more than this was made to fill the memory."""
_WINDOW = 8 * 1024 * 1024
_PIECE = 256 * 1024
_LEVEL = 6


class BundleHead(Message):
    """What central says about a bundle. No personal data."""

    bundle: Annotated[str, StringConstraints(pattern=r"^roster:\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$")]
    area_name: Short
    version: int = Field(ge=1, lt=2**53)
    base: int | None = Field(default=None, ge=1, lt=2**53)
    """The version that must be here already; None for a whole list."""
    station_id: Short
    central_id: Short
    made_at: Time
    expires_at: Time
    people: int = Field(ge=0, le=MAX_PEOPLE)
    """How many people the list has at this version, also when the bundle holds only what changed."""
    size: int = Field(ge=1, le=MAX_BODY_BYTES)
    sha256: Sha256

    @property
    def area(self) -> str:
        """The region code: kabupaten `99.01`, kecamatan or desa."""
        return self.bundle.removeprefix(ROSTER)


class Written(NamedTuple):
    """A body that has been written: its hash and size go into the head."""

    sha256: str
    size: int
    lines: int


def station_recipient(public: PublicKey) -> str:
    """The age recipient made from a station's signing key, for a central that knows no other."""
    raw = urlsafe_b64decode(public.x + "=")
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4, "big") + kind + len(raw).to_bytes(4, "big") + raw
    return f"ssh-ed25519 {b64encode(blob).decode()}"


def write_bundle(
    target: Path | BinaryIO,
    people: Iterable[Target | Gone],
    *,
    area: str,
    version: int,
    base: int | None,
    recipients: Sequence[str],
    level: int = _LEVEL,
) -> Written:
    """Write `bundle.age` for `people`, each NIK once; `Gone` only with a `base`.

    `recipients` are age (`age1…`) or SSH (`ssh-ed25519 …`) recipients; TrustError `packet.recipient` for another text.
    The file is not synced.
    """
    keys = [_recipient(text) for text in recipients]
    if isinstance(target, Path):
        with target.open("wb") as file:
            return write_bundle(file, people, area=area, version=version, base=base, recipients=recipients, level=level)
    source, sink = _Lines(people, area, version, base, level), _Counted(target)
    pyrage.encrypt_io(source, sink, keys)
    return Written(sink.hash.hexdigest(), sink.size, source.count)


def sign_head(key: SigningKey, head: BundleHead) -> str:
    """The signed form of `head`."""
    return key.sign(head.model_dump(mode="json"), typ="bundle+jwt")


def check_head(
    jws: str,
    keys: Iterable[PublicKey],
    *,
    station_id: str,
    central_id: str,
    now: datetime,
    bundle: str = "",
) -> BundleHead:
    """The head in `jws`, when one of `keys` signed it, it is for this station and has not expired.

    TrustError: `roster.signature`, `roster.unreadable`, `roster.other_central`, `roster.other_station`,
    `roster.other_area` (another than `bundle`, if one was asked for), `roster.expired`.
    """
    try:
        payload = verify(jws, keys).payload
    except TrustError as problem:
        raise TrustError("roster.signature") from problem
    try:
        head = BundleHead.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("roster.unreadable") from problem
    if head.central_id != central_id:
        raise TrustError("roster.other_central")
    if head.station_id != station_id:
        raise TrustError("roster.other_station")
    if bundle and head.bundle != bundle:
        raise TrustError("roster.other_area")
    if now >= head.expires_at:
        raise TrustError("roster.expired", expires_at=head.expires_at)
    return head


def check_body(body: BinaryIO, head: BundleHead, step: Callable[[], None] = lambda: None) -> None:
    """TrustError `roster.cut` or `roster.edited` unless `body` (a `bundle.age`) is the one the head speaks of.

    StoreError `roster.source` when it cannot be read. `step` is called every MiB; what it raises stops the work.
    """
    digest, size = hashlib.sha256(), 0
    try:
        while piece := body.read(1024 * 1024):
            step()
            digest.update(piece)
            size += len(piece)
            if size > head.size:
                raise TrustError("roster.edited")
    except OSError as problem:
        raise StoreError("roster.source") from problem
    if size < head.size:
        raise TrustError("roster.cut")
    if digest.hexdigest() != head.sha256:
        raise TrustError("roster.edited")


def read_lines(
    body: BinaryIO, head: BundleHead, identities: Sequence[str | SigningKey]
) -> Generator[PersonLine, None, None]:
    """The people of `body` one by one, in bounded memory. Close it before `body`: it reads ahead in a thread.

    `identities` open it: age identities as text, or the station's own signing key. TrustError: `roster.locked` (none
    of them can), `roster.edited` (the body is not the one the head speaks of: seen at the end at the latest),
    `roster.unreadable`, `roster.too_large`; StoreError `roster.source` when reading the file fails half way.
    """
    with Opening(body, [_identity(item) for item in identities], head.sha256) as plain:
        lines = _split(plain, limit=_PIECE * 8 + head.size * MOST_EXPANSION)
        first = _control(next(lines, b""))
        if first != {"bundle": head.bundle, "version": head.version, "base": head.base}:
            raise TrustError("roster.unreadable")
        count, last = 0, b""
        for line in lines:
            if last:
                count += 1
                if count > MAX_PEOPLE:
                    raise TrustError("roster.too_large")
                person = read_line(last)
                if person.answers is None and head.base is None:
                    raise TrustError("roster.unreadable")
                yield person
            last = line
        if _control(last) != {"end": count}:
            raise TrustError("roster.unreadable")


def _control(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise TrustError("roster.unreadable") from problem


def _split(plain: BinaryIO, *, limit: int) -> Iterator[bytes]:
    """The lines inside `plain` (a zstd frame), each with its end cut off; the last must have one too."""
    rest, total = b"", 0
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(plain, closefd=False) as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > limit:
                    raise TrustError("roster.too_large")
                lines = (rest + piece).split(b"\n")
                rest = lines.pop()
                if len(rest) > MAX_LINE_BYTES or max(map(len, lines), default=0) > MAX_LINE_BYTES:
                    raise TrustError("roster.unreadable")
                yield from lines
    except zstandard.ZstdError as problem:
        raise TrustError("roster.unreadable") from problem
    if rest:
        raise TrustError("roster.unreadable")


class _Lines(RawIOBase):
    """What the age file is made of, produced while it is read: compressed lines."""

    def __init__(self, people: Iterable[Target | Gone], area: str, version: int, base: int | None, level: int) -> None:
        self.count = 0
        self._pieces = self._compressed(people, {"bundle": ROSTER + area, "version": version, "base": base}, level)
        self._ready = b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._ready = piece
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def _compressed(self, people: Iterable[Target | Gone], first: object, level: int) -> Iterator[bytes]:
        packer = zstandard.ZstdCompressor(level=level, write_checksum=False).compressobj()
        batch, length = [json.dumps(first).encode()], 0
        for person in people:
            line = line_of(person)
            self.count += 1
            batch.append(line)
            length += len(line)
            if length > _PIECE:
                yield packer.compress(b"\n".join(batch) + b"\n")
                batch, length = [], 0
        batch.append(json.dumps({"end": self.count}).encode())
        yield packer.compress(b"\n".join(batch) + b"\n")
        yield packer.flush()


class _Counted(BufferedIOBase):
    """Writes through to a file, and knows hash and size of what went there."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self.hash, self.size = target, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # pyrage hands over nothing but bytes
        self.hash.update(data)
        self.size += len(data)
        return self._target.write(data)


def _recipient(text: str) -> x25519.Recipient | ssh.Recipient:
    try:
        return ssh.Recipient.from_str(text) if text.startswith("ssh-") else x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, ValueError) as problem:
        raise TrustError("packet.recipient") from problem


def _identity(item: str | SigningKey) -> x25519.Identity | ssh.Identity:
    if isinstance(item, SigningKey):
        return ssh.Identity.from_buffer(item.openssh())
    return x25519.Identity.from_str(item)
