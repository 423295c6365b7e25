"""The sealed packet: a ZIP of a signed manifest without personal data, and a body only central can open."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, kid_of, read_unverified, verify
from station.wire import PacketManifest, PublicKey

MAX_PACKET_BYTES = 16 * 1024 * 1024
MAX_MANIFEST_BYTES = 64 * 1024
ZIP_TROUBLES = (zipfile.BadZipFile, OSError, EOFError, ValueError, OverflowError, struct.error, RuntimeError)
"""What `zipfile` raises over hostile bytes (NotImplementedError is a RuntimeError)."""
_MANIFEST = "manifest.jws"
_BODY = "body.age"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _OWNER_ONLY = 3, 0o600 << 16
"""What a ZIP says of the system it was made on: always the same."""


@dataclass(frozen=True)
class Packet:
    """A packet taken apart. `manifest` is only believed after `verify_packet`."""

    manifest_jws: str
    manifest: PacketManifest
    body: bytes


def sha256_of(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def make_packet(manifest: PacketManifest, body: bytes, key: SigningKey) -> bytes:
    """The packet file for `body` (an age file), signed by the station."""
    token = key.sign(json.loads(manifest.model_dump_json()), typ="packet+jwt")
    return _container(token, body)


def read_packet(data: bytes) -> Packet:
    """Take a packet apart and check that the body is what the manifest says; TrustError `packet.damaged`.

    The signature is not checked here: see `verify_packet`.
    """
    if len(data) > MAX_PACKET_BYTES:
        raise TrustError("packet.damaged")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if len(archive.infolist()) != 2 or set(infos) != {_MANIFEST, _BODY}:
                raise TrustError("packet.damaged")
            if infos[_MANIFEST].file_size > MAX_MANIFEST_BYTES:
                raise TrustError("packet.damaged")
            if any(info.compress_type != zipfile.ZIP_STORED for info in infos.values()):
                raise TrustError("packet.damaged")
            token = archive.read(_MANIFEST).decode("ascii")
            body = archive.read(_BODY)
        manifest = PacketManifest.model_validate(read_unverified(token))
    except (*ZIP_TROUBLES, ValidationError) as wrong:
        raise TrustError("packet.damaged") from wrong
    if (manifest.body_sha256, manifest.body_size) != (sha256_of(body), len(body)):
        raise TrustError("packet.damaged")
    return Packet(token, manifest, body)


def verify_packet(data: bytes, keys: Iterable[PublicKey]) -> Packet:
    """A packet whose manifest one of `keys` signed, byte for byte as `make_packet` writes it; TrustError otherwise.

    The signature says nothing of the container around it. Whoever carries a packet could write the same parts into
    another file, with another hash, and that one would stand in the way of the true one.
    """
    packet = read_packet(data)
    if not _is_plain(packet.manifest_jws) or _container(packet.manifest_jws, packet.body) != data:
        raise TrustError("packet.damaged")
    verify(packet.manifest_jws, keys)
    if kid_of(packet.manifest_jws) != packet.manifest.station_id:
        raise TrustError("signature.invalid", kid=kid_of(packet.manifest_jws)[:40])
    return packet


def _container(token: str, body: bytes) -> bytes:
    """The one file that these parts make, on every system."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in ((_MANIFEST, token.encode("ascii")), (_BODY, body)):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, _OWNER_ONLY
            archive.writestr(info, data)
    return buffer.getvalue()


def _is_plain(token: str) -> bool:
    """The signature is written as base64url writes it: its last letter has bits that mean nothing."""
    signature = token.rpartition(".")[2].encode("ascii")
    try:
        raw = base64.b64decode(signature + b"==", b"-_", validate=True)
    except ValueError:
        return False
    return base64.urlsafe_b64encode(raw).rstrip(b"=") == signature
