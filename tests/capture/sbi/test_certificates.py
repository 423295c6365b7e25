"""Who may vouch for a device: an authority, and no further than it was allowed to."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from cryptography import x509

from station.capture.sbi.certificates import MAX_CHAIN, check_chain
from station.capture.sbi.device import SbiDevice
from station.domain.biometrics import THUMBS
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from tests.capture.sbi.conftest import device_of, house_of
from tests.fakes.sbi_server import AUTHORITY, SbiServer, certificate, jws

NOW = datetime.now(UTC)
FOR_SIGNING, FOR_CERTIFICATES, FOR_CIPHERS = "digital_signature", "key_cert_sign", "key_encipherment"


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


def usage(only: str) -> x509.KeyUsage:
    every = (
        FOR_SIGNING, "content_commitment", FOR_CIPHERS, "data_encipherment", "key_agreement", FOR_CERTIFICATES,
        "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name == only for name in every})


def is_believed(*chain: x509.Certificate, anchor: x509.Certificate | None = None) -> bool:
    try:
        check_chain(chain, [anchor or certificate(AUTHORITY, AUTHORITY, ca=True)], NOW)
    except DeviceError as problem:
        assert problem.code == "sbi.untrusted"
        return False
    return True


def test_an_authority_vouches_no_further_than_it_may() -> None:
    device, between = certificate("device", "between"), certificate("between", AUTHORITY, ca=True)
    narrow, wide = (certificate(AUTHORITY, AUTHORITY, ca=True, path_length=length) for length in (0, 1))
    assert is_believed(certificate("device", AUTHORITY), anchor=narrow)
    assert is_believed(device, between, anchor=wide)
    assert not is_believed(device, between, anchor=narrow)


def test_an_authority_between_vouches_no_further_than_it_may() -> None:
    chain = certificate("device", "second"), certificate("second", "first", ca=True)
    assert is_believed(*chain, certificate("first", AUTHORITY, ca=True, path_length=1))
    assert not is_believed(*chain, certificate("first", AUTHORITY, ca=True, path_length=0))


def test_an_authority_that_may_certify_nobody_vouches_for_nobody() -> None:
    device = certificate("device", "between")
    assert is_believed(device, certificate("between", AUTHORITY, ca=True, also=usage(FOR_CERTIFICATES)))
    assert not is_believed(device, certificate("between", AUTHORITY, ca=True, also=usage(FOR_SIGNING)))
    assert not is_believed(device, certificate("between", AUTHORITY, ca=False, also=usage(FOR_CERTIFICATES)))


def test_a_key_for_something_else_states_nothing() -> None:
    assert is_believed(certificate("device", AUTHORITY, also=usage(FOR_SIGNING)))
    assert not is_believed(certificate("device", AUTHORITY, also=usage(FOR_CIPHERS)))


def test_what_is_demanded_and_not_understood_is_not_passed_over() -> None:
    names = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example.org")], excluded_subtrees=None)
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert not is_believed(certificate("device", "between"), certificate("between", AUTHORITY, ca=True, also=names))
    assert not is_believed(certificate("device", AUTHORITY, also=unknown))


def test_a_chain_longer_than_any_is_not_followed() -> None:
    def chain(between: int) -> list[x509.Certificate]:
        names = ["device", *(f"a{number}" for number in range(between)), AUTHORITY]
        return [certificate(one, two, ca=True) for one, two in pairwise(names)]

    assert is_believed(*chain(MAX_CHAIN - 2))
    assert not is_believed(*chain(MAX_CHAIN - 1))


@pytest.mark.parametrize(("level", "code"), [("L0", "sbi.other_device"), ("SBI 1.0", "sbi.other_device"), ("L1", "")])
def test_a_device_signs_its_own_id_unless_a_chip_of_its_maker_does(server: SbiServer, level: str, code: str) -> None:
    """`other` is certified as well, and states that it is this device."""
    server.entry = {"certification": level}
    forged = jws(server.digital_id(), [certificate("other", AUTHORITY)], "other")
    server.info = {"digitalId": forged}
    assert opened(device_of(house_of(server))) == code


@pytest.mark.parametrize("what", ["make", "model", "type"])
def test_what_is_captured_is_stated_by_the_device_that_was_opened(
    server: SbiServer, device: SbiDevice, what: str
) -> None:
    said = jws(server.digital_id() | {what: "Iris" if what == "type" else "LAIN"}, server.chain)
    server.spoil = lambda payload: payload.update(digitalId=said)
    with pytest.raises(DeviceError, match=r"sbi\.other_device"):
        device.capture(Order(THUMBS), ignore)


def opened(device: SbiDevice) -> str:
    try:
        device.open()
    except DeviceError as problem:
        return problem.code
    return ""
