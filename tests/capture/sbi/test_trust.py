"""Whom the station believes: certificates in a folder, read again at every look, and no algorithm but one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from station.capture.sbi.trust import Trust, header_of
from station.domain.errors import DeviceError
from tests.fakes.sbi_server import AUTHORITY, SbiServer, b64, certificate, jws

NOW = datetime.now(UTC)


def test_a_certificate_put_into_the_folder_counts_without_a_restart(tmp_path: Path, server: SbiServer) -> None:
    trust = Trust(tmp_path / "devices")
    token = jws({"a": 1}, [certificate("device", AUTHORITY)])
    with pytest.raises(DeviceError, match=r"sbi\.untrusted"):
        trust.read(token, NOW)
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "maker.pem").write_bytes(server.authority.public_bytes(Encoding.PEM))
    assert trust.read(token, NOW).payload == {"a": 1}


def test_a_broken_file_in_the_folder_does_not_hide_the_others(
    tmp_path: Path, server: SbiServer, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    (tmp_path / "b.pem").write_bytes(server.authority.public_bytes(Encoding.PEM))
    assert Trust(tmp_path).read(jws({}, [certificate("device", AUTHORITY)]), NOW).payload == {}
    assert "cannot be read" in caplog.text


def test_one_device_can_be_trusted_by_its_own_certificate() -> None:
    own = certificate("device", "stranger")
    assert Trust(anchors=[own]).read(jws({}, [own]), NOW).signer == own


def test_a_token_without_certificates_is_read_with_a_signer_already_trusted() -> None:
    own = certificate("device", "stranger")
    assert Trust().read(jws({"a": 1}, [], x5c=[]), NOW, (own,)).payload == {"a": 1}
    with pytest.raises(DeviceError, match=r"sbi\.bad_signature"):
        Trust().read(jws({"a": 1}, [], "other", x5c=[]), NOW, (own,))


@pytest.mark.parametrize("alg", ["none", "HS256", "RS384", "ES256", "PS256", "", None, 7])
def test_no_other_algorithm_is_obeyed(server: SbiServer, alg: object) -> None:
    token = jws({}, [certificate("device", AUTHORITY)], alg=alg)
    with pytest.raises(DeviceError, match=r"sbi\.bad_signature"):
        Trust(anchors=[server.authority]).read(token, NOW)


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "é.é.é", b64(b"[]") + "..", b64(b"[" * 9999) + "..", "x" * 9999]
)
def test_what_is_no_token_is_no_token(token: str) -> None:
    with pytest.raises(DeviceError, match=r"sbi\.bad_signature"):
        header_of(token)


@pytest.mark.parametrize("chain", [["no certificate"], [7], {"a": 1}, 7, ["A" * 20_000], [""]])
def test_what_is_no_certificate_is_nobody(chain: object) -> None:
    with pytest.raises(DeviceError, match=r"sbi\.(untrusted|bad_signature)"):
        Trust().read(jws({}, [], x5c=chain), NOW)


def test_a_payload_that_is_no_object_is_refused(server: SbiServer) -> None:
    token = jws({}, [certificate("device", AUTHORITY)])
    header, _payload, _signature = token.split(".")
    assert json.loads(json.dumps(header_of(f"{header}.x.y")))["alg"] == "RS256"
    with pytest.raises(DeviceError, match=r"sbi\.bad_signature"):
        Trust(anchors=[server.authority]).read(f"{header}.{b64(b'[]')}.{b64(b'x')}", NOW)
