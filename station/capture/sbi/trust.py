"""Whom a signed statement of a device comes from, and whether this station believes them.

The algorithm is fixed here; what a token's header says about it is never obeyed. It must not know what is signed.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from station.domain.errors import DeviceError
from station.log import get_logger

ALGORITHM = "RS256"
MAX_CHAIN = 4
MAX_CERTIFICATE = 8 * 1024
MIN_KEY_BITS = 2048
_HASHES = (SHA256, SHA384, SHA512)
_log = get_logger(__name__)


class _Registry(jws.JWSRegistry):
    """Room for a picture in the payload and a chain of certificates in the header."""

    max_header_length = MAX_CHAIN * MAX_CERTIFICATE
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
        return self._given + tuple(found for path in files for found in _certificates(path))

    def read(self, token: str, at: datetime, known: Sequence[x509.Certificate] = ()) -> Signed:
        """Check `token` as it was at `at`. `known` are trusted signers for a token without certificates.

        DeviceError `sbi.bad_signature`, `sbi.untrusted`, `sbi.certificate_expired`, `sbi.certificate_early`.
        """
        header = header_of(token)
        chain = _chain(header) or list(known)
        if not chain:
            raise DeviceError("sbi.untrusted")
        payload = _verified(token, chain[0])
        if chain[0] not in known:
            self._check_chain(chain, at)
        return Signed(header, payload, token.rsplit(".", 1)[1], chain[0])

    def _check_chain(self, chain: list[x509.Certificate], at: datetime) -> None:
        """Walk from the signer up to a certificate that is trusted here."""
        anchors = self.anchors()
        current, rest = chain[0], chain[1:]
        _check_time(current, at)
        for _ in range(MAX_CHAIN):
            if current in anchors:
                return
            issuer = _issuer(current, anchors) or _issuer(current, rest)
            if issuer is None:
                break
            _check_time(issuer, at)
            rest = [other for other in rest if other != issuer]
            current = issuer
        raise DeviceError("sbi.untrusted")


def header_of(token: str) -> dict[str, Any]:
    """The header of a compact token, not believed; anything but ours is `sbi.bad_signature`."""
    try:
        header = json.loads(decoded(token.split(".", 1)[0][: _Registry.max_header_length]))
    except (ValueError, RecursionError):
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(header, dict) or header.get("alg") != ALGORITHM or token.count(".") != 2:
        raise DeviceError("sbi.bad_signature")
    return header


def decoded(text: str) -> bytes:
    """Base64url, with or without padding; ValueError when it is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as broken:
        raise ValueError("not base64url") from broken


def _verified(token: str, signer: x509.Certificate) -> dict[str, Any]:
    key = _public_key(signer)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        found = jws.deserialize_compact(token, RSAKey.import_key(pem), registry=_REGISTRY)
        payload = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(payload, dict):
        raise DeviceError("sbi.bad_signature")
    return payload


def _public_key(certificate: x509.Certificate) -> RSAPublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        raise DeviceError("sbi.bad_signature")
    return key


def _chain(header: dict[str, Any]) -> list[x509.Certificate]:
    listed = header.get("x5c", [])
    if isinstance(listed, str):
        listed = [listed]
    if not isinstance(listed, list) or len(listed) > MAX_CHAIN:
        raise DeviceError("sbi.untrusted")
    return [_certificate(item) for item in listed]


def _certificate(item: object) -> x509.Certificate:
    """x5c is plain base64 of DER; some services send base64url."""
    if not isinstance(item, str) or len(item) > MAX_CERTIFICATE:
        raise DeviceError("sbi.untrusted")
    try:
        return x509.load_der_x509_certificate(decoded("".join(item.split()).replace("+", "-").replace("/", "_")))
    except ValueError:
        raise DeviceError("sbi.untrusted") from None


def _issuer(of: x509.Certificate, among: Iterable[x509.Certificate]) -> x509.Certificate | None:
    if not isinstance(of.signature_hash_algorithm, _HASHES):
        return None
    for candidate in among:
        try:
            of.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        if _may_sign(candidate):
            return candidate
    return None


def _may_sign(certificate: x509.Certificate) -> bool:
    """Only a certificate authority may vouch for others: a device must not make devices."""
    try:
        extensions = certificate.extensions
        if not extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        return extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound as missing:
        return missing.oid == x509.KeyUsage.oid
    except ValueError:
        return False


def _check_time(certificate: x509.Certificate, at: datetime) -> None:
    if at > certificate.not_valid_after_utc:
        raise DeviceError("sbi.certificate_expired", until=certificate.not_valid_after_utc.date().isoformat())
    if at < certificate.not_valid_before_utc:
        raise DeviceError("sbi.certificate_early", since=certificate.not_valid_before_utc.date().isoformat())


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        _log.warning("a file among the trusted device certificates cannot be read")
        return []
