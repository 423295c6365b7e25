"""Whom a signed statement of a device comes from, and whether this station believes them.

The algorithm is fixed here; what a token's header says about it is never obeyed. It must not know what is signed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from station.capture.sbi import certificates
from station.capture.sbi.plain_json import decoded, loads
from station.domain.errors import DeviceError

ALGORITHM = "RS256"
BY_THE_DEVICE = frozenset({"L0", "SBI 1.0"})
"""Certified at these levels, a device signs its own id; above them a chip of its maker does."""


class _Registry(jws.JWSRegistry):
    """Room for a picture in the payload and a chain of certificates in the header."""

    max_header_length = certificates.MAX_CHAIN * certificates.MAX_CERTIFICATE
    max_payload_length = 32 * 1024 * 1024


_REGISTRY = _Registry(algorithms=[ALGORITHM], strict_check_header=False)


@dataclass(frozen=True)
class Signed:
    """A token whose signature was checked and whose signer is trusted."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signature: str
    signer: x509.Certificate

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the signer's certificate, base64url, as `x5t#S256` writes it."""
        return base64.urlsafe_b64encode(self.signer.fingerprint(SHA256())).rstrip(b"=").decode()

    @property
    def key(self) -> bytes:
        """The signer's public key: it stays the same when a certificate is renewed."""
        return self.signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class Trust:
    """Certificates of device makers that this station believes: PEM files in a folder, and those given.

    The folder is read again at every look, so that a certificate put there counts without a restart.
    """

    def __init__(self, folder: Path | None = None, anchors: Iterable[x509.Certificate] = ()) -> None:
        self._folder = folder
        self._given = tuple(anchors)

    def anchors(self) -> tuple[x509.Certificate, ...]:
        files = sorted(self._folder.glob("*.pem")) if self._folder is not None and self._folder.is_dir() else []
        return self._given + tuple(found for path in files for found in certificates.of_file(path))

    def read(self, token: str, at: datetime, known: Sequence[x509.Certificate] = ()) -> Signed:
        """Check `token` as it was at `at`. `known` are trusted signers for a token without certificates.

        DeviceError `sbi.bad_signature`, `sbi.untrusted`, `sbi.certificate_expired`, `sbi.certificate_early`.
        """
        header = header_of(token)
        chain = certificates.of_header(header.get("x5c", [])) or list(known)
        if not chain:
            raise DeviceError("sbi.untrusted")
        payload = _verified(token, chain[0])
        if chain[0] not in known:
            certificates.check_chain(chain, self.anchors(), at)
        return Signed(header, payload, token.rsplit(".", 1)[1], chain[0])

    def read_id(self, token: str, at: datetime, by: Signed, certification: str) -> dict[str, Any]:
        """The id of a device inside something that it has signed itself; `sbi.other_device` when that is of another."""
        found = self.read(token, at, (by.signer,))
        if certification in BY_THE_DEVICE and found.key != by.key:
            raise DeviceError("sbi.other_device")
        return found.payload


def header_of(token: str) -> dict[str, Any]:
    """The header of a compact token, not believed; anything but ours is `sbi.bad_signature`."""
    try:
        header = loads(decoded(token.split(".", 1)[0][: _Registry.max_header_length]))
    except ValueError:
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(header, dict) or header.get("alg") != ALGORITHM or token.count(".") != 2:
        raise DeviceError("sbi.bad_signature")
    return header


def _verified(token: str, signer: x509.Certificate) -> dict[str, Any]:
    key = certificates.public_key(signer)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        found = jws.deserialize_compact(token, RSAKey.import_key(pem), registry=_REGISTRY)
        payload = loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(payload, dict):
        raise DeviceError("sbi.bad_signature")
    return payload
