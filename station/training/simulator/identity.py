"""Who a simulated device says it is, and how it proves it: keys and certificates made at start, signed statements.

It must not know what is stated. Private keys live in this process only and are never written.
"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

TRUST_FILE = "simulator-authority.pem"
_ORGANISATION = "CONTOH"
_YEAR = timedelta(days=365)


class Seal(StrEnum):
    """How a statement is signed: as it should be, or in one of the ways a station must refuse."""

    GOOD = "good"
    BROKEN = "broken"
    EXPIRED = "expired"
    STRANGER = "stranger"


class Authority:
    """Certifies devices. A station that trusts its certificate trusts them."""

    def __init__(self, name: str = "Otoritas Perangkat Latihan") -> None:
        self.key = _new_key()
        self.name = _named(name)
        begin = datetime.now(UTC) - 2 * _YEAR
        self.certificate = _certificate(self.name, self.name, self.key, self.key, begin, 12 * _YEAR, ca=True)

    def write(self, folder: Path) -> None:
        """The certificate, and nothing secret, as PEM into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TRUST_FILE).write_bytes(self.certificate.public_bytes(Encoding.PEM))


class DeviceKey:
    """The key of one device, with a certificate of `authority` and one that has run out."""

    def __init__(self, authority: Authority, name: str) -> None:
        self._authority = authority
        self._name = _named(name)
        self._key = _new_key()

    def state(self, payload: Mapping[str, object], seal: Seal = Seal.GOOD) -> str:
        """A JWS (RS256, certificate in `x5c`) of `payload`."""
        certificate = {Seal.EXPIRED: "_expired", Seal.STRANGER: "_uncertified"}.get(seal, "_good")
        chain = [b64encode(getattr(self, certificate).public_bytes(Encoding.DER)).decode()]
        signed = f"{coded({'alg': 'RS256', 'typ': 'JWT', 'x5c': chain})}.{coded(payload)}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        if seal is Seal.BROKEN:
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        return f"{signed}.{_base64url(signature)}"

    @cached_property
    def _good(self) -> x509.Certificate:
        return self._certified(datetime.now(UTC) - _YEAR, 5 * _YEAR)

    @cached_property
    def _expired(self) -> x509.Certificate:
        return self._certified(datetime.now(UTC) - _YEAR, _YEAR - timedelta(days=3))

    @cached_property
    def _uncertified(self) -> x509.Certificate:
        """A certificate that an authority of the same name, but not ours, would have made."""
        begin = datetime.now(UTC) - _YEAR
        return _certificate(self._name, self._authority.name, self._key, _new_key(), begin, 5 * _YEAR, ca=False)

    def _certified(self, begin: datetime, lasting: timedelta) -> x509.Certificate:
        authority = self._authority
        return _certificate(self._name, authority.name, self._key, authority.key, begin, lasting, ca=False)


def coded(values: Mapping[str, object]) -> str:
    """base64url of the JSON, as in every part of a JWS and in an unsigned digital id."""
    return _base64url(json.dumps(values).encode())


def record_coded(record: bytes) -> str:
    """base64url of a record."""
    return _base64url(record)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _named(name: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION)
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    signer: rsa.RSAPrivateKey,
    begin: datetime,
    lasting: timedelta,
    *,
    ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + lasting)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier(signer.public_key())),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
