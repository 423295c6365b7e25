"""TLS between neighbours: a certificate of the station's own key, believed only for the key that central's card names.

There is no authority on a hotspot in a village: who owns the key in the card is who the card speaks of. Clocks out
there are wrong by years, so certificates hold for ever; cards and tokens say what is still true.
"""

from __future__ import annotations

import base64
import secrets
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from station.domain.errors import TrustError
from station.seal.jws import SigningKey
from station.store.folder import write_file

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ktpel-relay")])
_EVER = (datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


def make_certificate(key: SigningKey) -> bytes:
    """PEM of a certificate for the station key, signed by itself. It names nobody."""
    private = load_pem_private_key(key.pem(), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    made = (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_EVER[0])
        .not_valid_after(_EVER[1])
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, None)
    )
    return made.public_bytes(Encoding.PEM)


def public_key_in(certificate: bytes) -> str:
    """The Ed25519 key of a DER certificate, as a JWK writes it. TrustError `relay.certificate` when it has none."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as problem:
        raise TrustError("relay.certificate") from problem
    if not isinstance(key, Ed25519PublicKey):
        raise TrustError("relay.certificate")
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def serving_context(path: Path, key: SigningKey) -> ssl.SSLContext:
    """How a relay answers: TLS 1.3 with a certificate of its own key. StoreError when the disk does not take it.

    The library reads both from a file only: the key is in `path` under a password that nobody keeps.
    """
    password = secrets.token_hex(32)
    write_file(path, make_certificate(key) + key.closed_pem(password))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(path, password=password)
    return context


def unproven_context() -> ssl.SSLContext:
    """For the first question only, whose answer proves itself."""
    context = _client_context()
    context.verify_mode = ssl.CERT_NONE
    return context


def proven_context(certificate: bytes) -> ssl.SSLContext:
    """Believes this DER certificate and no other, whatever name or address it is met under."""
    context = _client_context()
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    return context


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # its key is what is checked: neighbours have no names
    return context
