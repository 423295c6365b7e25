"""Certificates of devices: read, and followed up to one that this station believes. Knows no token.

Who may vouch for whom is what RFC 5280 says: only an authority that is valid now, within the length of path that it was
given. What a certificate demands that is not understood here is refused. Extended key usage is not looked at: the
interface gives none to devices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.oid import ExtensionOID

from station.capture.sbi.plain_json import decoded
from station.domain.errors import DeviceError
from station.log import get_logger

MAX_CHAIN = 4
MAX_CERTIFICATE = 8 * 1024
MIN_KEY_BITS = 2048
_HASHES = (SHA256, SHA384, SHA512)
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_log = get_logger(__name__)


def of_header(listed: object) -> list[x509.Certificate]:
    """What `x5c` of a token lists, not yet believed; DeviceError `sbi.untrusted`."""
    if isinstance(listed, str):
        listed = [listed]
    if not isinstance(listed, list) or len(listed) > MAX_CHAIN:
        raise DeviceError("sbi.untrusted")
    return [_certificate(item) for item in listed]


def of_file(path: Path) -> list[x509.Certificate]:
    """Those of a PEM file; none of a file that cannot be read, which is logged."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        _log.warning("a file among the trusted device certificates cannot be read")
        return []


def public_key(certificate: x509.Certificate) -> RSAPublicKey:
    """Its key; DeviceError `sbi.bad_signature` for any but a good one."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise DeviceError("sbi.bad_signature") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        raise DeviceError("sbi.bad_signature")
    return key


def check_chain(chain: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate], at: datetime) -> None:
    """Walk from the signer, which is first, up to one of `anchors`.

    DeviceError `sbi.untrusted`, `sbi.certificate_expired`, `sbi.certificate_early`.
    """
    current, rest = chain[0], list(chain[1:])
    _check_time(current, at)
    if not _may_state(current):
        raise DeviceError("sbi.untrusted")
    for between in range(MAX_CHAIN):
        if current in anchors:
            return
        issuer = _issuer(current, anchors, between) or _issuer(current, rest, between)
        if issuer is None:
            break
        _check_time(issuer, at)
        rest = [other for other in rest if other != issuer]
        current = issuer
    raise DeviceError("sbi.untrusted")


def _certificate(item: object) -> x509.Certificate:
    """x5c is plain base64 of DER; some services send base64url."""
    if not isinstance(item, str) or len(item) > MAX_CERTIFICATE:
        raise DeviceError("sbi.untrusted")
    try:
        return x509.load_der_x509_certificate(decoded("".join(item.split()).replace("+", "-").replace("/", "_")))
    except ValueError:
        raise DeviceError("sbi.untrusted") from None


def _issuer(of: x509.Certificate, among: Iterable[x509.Certificate], between: int) -> x509.Certificate | None:
    if not isinstance(of.signature_hash_algorithm, _HASHES):
        return None
    for candidate in among:
        try:
            of.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        if _may_vouch(candidate, between):
            return candidate
    return None


def _may_vouch(certificate: x509.Certificate, between: int) -> bool:
    """An authority, `between` whom and the signer there are so many others: a device must not make devices."""
    try:
        limits = _extension(certificate, x509.BasicConstraints)
        usage = _extension(certificate, x509.KeyUsage)
        if limits is None or not limits.ca or not _is_understood(certificate):
            return False
    except ValueError:
        return False
    may_sign = usage is None or usage.key_cert_sign
    return may_sign and (limits.path_length is None or between <= limits.path_length)


def _may_state(certificate: x509.Certificate) -> bool:
    """Its key was certified for signing."""
    try:
        usage = _extension(certificate, x509.KeyUsage)
        return _is_understood(certificate) and (usage is None or usage.digital_signature or usage.content_commitment)
    except ValueError:
        return False


def _is_understood(certificate: x509.Certificate) -> bool:
    return all(found.oid in _UNDERSTOOD for found in certificate.extensions if found.critical)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _check_time(certificate: x509.Certificate, at: datetime) -> None:
    if at > certificate.not_valid_after_utc:
        raise DeviceError("sbi.certificate_expired", until=certificate.not_valid_after_utc.date().isoformat())
    if at < certificate.not_valid_before_utc:
        raise DeviceError("sbi.certificate_early", since=certificate.not_valid_before_utc.date().isoformat())
