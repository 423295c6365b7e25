"""The certificate that central's port shows: whose it is, how long it is good, and what is wrong with it.

Looks only: nothing is sent through a connection that is not trusted.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from station.config import CentralSettings
from station.domain.doctor import Fact, Remedy
from station.sync.client import tls_context
from station.sync.doorway import BROKEN, Way, pass_through
from station.sync.network import Network

SOON = timedelta(days=14)
_EARLY, _EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 9, 10, 62, 64  # X509_V_ERR_… of OpenSSL
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME
_WRONG = {
    _EARLY: Remedy.CERTIFICATE_EARLY,
    _EXPIRED: Remedy.CERTIFICATE_EXPIRED,
    _OTHER_NAME: Remedy.CERTIFICATE_NAME,
    _OTHER_ADDRESS: Remedy.CERTIFICATE_NAME,
}


@dataclass(frozen=True)
class Shown:
    """What the port showed. `remedy` is NONE when it is trusted."""

    facts: Mapping[str, Fact]
    remedy: Remedy
    good_from: datetime | None = None
    good_until: datetime | None = None

    @property
    def about_time(self) -> bool:
        """Only the date is wrong: either the certificate's or this computer's."""
        return self.remedy in (Remedy.CERTIFICATE_EARLY, Remedy.CERTIFICATE_EXPIRED)


def look_at(network: Network, way: Way, settings: CentralSettings, timeout_s: float) -> Shown:
    """Shake hands as every request does; what is wrong with it is looked at a second time, without trust.

    Errors of the connection as a request would raise them; OSError when the authorities cannot be read.
    """
    trusting = tls_context(settings)
    began = monotonic()
    try:
        shown = _handshake(network, way, trusting, timeout_s)
        took: dict[str, Fact] = {"ms": round((monotonic() - began) * 1000)}
        return _shown(shown, took, Remedy.NONE)
    except BROKEN as failure:
        refused = refusal_in(failure)
        if refused is None:
            raise
        remedy = _WRONG.get(refused.verify_code, Remedy.CERTIFICATE_STRANGER)
    try:
        return _shown(_handshake(network, way, _blind(), timeout_s), {}, remedy)
    except BROKEN:
        return Shown({}, remedy)


def timeless(settings: CentralSettings) -> ssl.SSLContext:
    """The same trust, whatever the date: good enough to ask what time it is, and for nothing else."""
    context = tls_context(settings)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


def refusal_in(failure: BaseException) -> ssl.SSLCertVerificationError | None:
    """The refusal of a certificate among the causes of a failed request."""
    seen: set[int] = set()
    cause: BaseException | None = failure
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return None


def _handshake(network: Network, way: Way, context: ssl.SSLContext, timeout_s: float) -> bytes:
    stream = pass_through(network, way, timeout_s)
    try:
        stream = stream.start_tls(context, way.central.host, timeout_s)
        return stream.get_extra_info("ssl_object").getpeercert(True) or b""
    finally:
        stream.close()


def _blind() -> ssl.SSLContext:
    """Trusts everybody, for one look at a certificate that was refused already; nothing is sent after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shown(der: bytes, facts: dict[str, Fact], remedy: Remedy) -> Shown:
    try:
        found = x509.load_der_x509_certificate(der)
        good_from, good_until = found.not_valid_before_utc, found.not_valid_after_utc
        facts |= {
            "issuer": _called(found.issuer),
            "subject": _called(found.subject),
            "fingerprint": found.fingerprint(hashes.SHA256()).hex()[:16],
            "from": good_from.isoformat(),
            "until": good_until.isoformat(),
        }
    except ValueError:  # a stranger may show anything
        return Shown(facts, remedy)
    return Shown(facts, remedy, good_from, good_until)


def _called(name: x509.Name) -> str:
    """The common name, or the organisation, one line and not long."""
    found = [*name.get_attributes_for_oid(NameOID.COMMON_NAME), *name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    text = str(found[0].value) if found else ""
    return "".join(letter for letter in text if letter.isprintable())[:80]
