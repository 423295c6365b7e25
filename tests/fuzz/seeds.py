"""Good examples to begin with: from them the fuzzer learns what a reader looks for."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import numpy as np
from pydantic import BaseModel

from station.capture import codecs
from station.capture.iso19794 import Coding, ImageRecord, write
from station.config import resources_dir
from station.domain.biometrics import Modality
from station.domain.policy import STANDARD
from station.seal.body import _members, _zip, new_identity, recipient_of  # what is inside the age file
from station.seal.courier import INDEX
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, sha256_of
from station.seal.person_line import Gone, line_of
from station.seal.recovery_words import spell
from station.seal.reset_code import Challenge, answer
from station.seal.reset_code import spell as spell_challenge
from station.seal.vault import new_recovery_key
from station.store.wipe_book import WipeOrder
from tests.registers import row, text
from tests.support import TODAY, a_body, a_manifest, a_zip

KEY = SigningKey.generate("c1")
_NOW = TODAY.isoformat().replace("+00:00", "Z")
_PLAIN: dict[str, object] = {
    "record_id": "01a1fc0b-e380-71fd-afd0-1bb720aff3dd", "revision": 1, "origin": "s", "station_id": "s",
    "central_id": "c", "sha256": "ab" * 32, "body_sha256": "ab" * 32, "previous_sha256": None, "size": 1,
    "body_size": 1, "protocol": [1], "kty": "OKP", "crv": "Ed25519", "x": KEY.public.x, "kid": "s",
    "public_key": {"kty": "OKP", "crv": "Ed25519", "x": KEY.public.x, "kid": "s"}, "office": "99.01.01",
}  # fmt: skip
"""Values that fit members of these names in every message."""


_TEXTS = ("a", "a.b.c", str(_PLAIN["record_id"]), "ab" * 32, "ab" * 16, recipient_of(new_identity()))


def example(model: type[BaseModel]) -> bytes:
    """A message with a plausible value for each member."""
    return json.dumps(_object(model.model_json_schema(), {})).encode()


def _object(schema: dict[str, Any], roots: dict[str, Any]) -> dict[str, object]:
    roots = schema.get("$defs", roots)
    return {name: _PLAIN.get(name, _value(part, roots)) for name, part in schema.get("properties", {}).items()}


def _value(part: dict[str, Any], roots: dict[str, Any]) -> object:
    if "$ref" in part:
        return _value(roots[part["$ref"].rpartition("/")[2]], roots)
    for way in ("anyOf", "oneOf", "allOf"):
        if way in part:
            return _value(part[way][0], roots)
    if "const" in part or "enum" in part:
        return part.get("const", part.get("enum", [None])[0])
    match part.get("type"):
        case "object":
            return _object(part, roots)
        case "array":
            if together := part.get("prefixItems"):
                return [_value(item, roots) for item in together]
            return [_value(part.get("items", {}), roots)]
        case "integer" | "number":
            return part.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return {"date-time": _NOW, "date": "2026-11-21"}.get(part.get("format", ""), _text(part.get("pattern", "")))
    return None


def _text(pattern: str) -> str:
    return next((text for text in _TEXTS if re.search(pattern, text)), "a")


def packets() -> list[bytes]:
    body = b"age-encryption.org/v1\n"
    manifest = a_manifest(body, KEY, body_sha256=sha256_of(body), body_size=len(body))
    return [make_packet(manifest, body, KEY), a_zip(("manifest.jws", b"a.b.c"), ("body.age", body))]


def bodies() -> list[bytes]:
    return [_zip(_members(a_body())), a_zip(("record.json", b"{}"), ("parts.json", b"{}"))]


def bundles() -> list[bytes]:
    return [a_zip((INDEX, b"a.b.c"), ("01a1fc0b-e380-71fd-afd0-1bb720aff3dd.1.packet", packets()[0]))]


def list_files() -> list[bytes]:
    return [a_zip(("bundle.jws", b"a.b.c"), ("bundle.age", b"age-encryption.org/v1\n"))]


def words() -> list[bytes]:
    key = new_recovery_key()
    asked = Challenge(990101, 1, 2, 3, 4)
    codes = [spell_challenge(asked).encode(), answer(bytes(32), asked).encode()]
    return [" ".join(spell(key)).encode(), key.encode(), b"0123 4567 89AB CDEF", *codes]


def pictures() -> list[bytes]:
    """Small ones of every coding, of a size that is accepted."""
    grey = np.full((480, 640), 128, np.uint8)
    rgb = np.full((640, 480, 3), 128, np.uint8)
    return [codecs.encode_wsq(grey), codecs.encode_jp2(grey), codecs.encode_png(grey), codecs.encode_jpeg(rgb)]


def records() -> list[bytes]:
    """ISO 19794 records, one of each kind."""
    kinds = ((Modality.FINGER, 7, Coding.JP2), (Modality.IRIS, 2, Coding.JP2), (Modality.FACE, 0, Coding.JPEG))
    made = [ImageRecord(kind, place, 480, 640, coding, b"picture", 500, 44, TODAY) for kind, place, coding in kinds]
    return [write(record) for record in made]


def devices() -> list[bytes]:
    item = {"specVersion": "1.0", "data": "a.b.c", "hash": "ab" * 32, "error": {"errorCode": "0", "errorInfo": "ok"}}
    return [json.dumps({"biometrics": [item]}).encode()]


def policies() -> list[bytes]:
    """Every figure that a policy may hold, as it is by itself."""
    head = {"central_id": "c", "audience": "*", "issued_at": _NOW}
    return [json.dumps({**head, **STANDARD.figures}).encode()]


def reset_seeds() -> list[bytes]:
    return [json.dumps({"station_id": "s", "batch": "001", "seed": "ab" * 32}).encode()]


def wipe_books() -> list[bytes]:
    return [b'{"orders": [%s]}' % example(WipeOrder)]


def settings() -> list[bytes]:
    return [b'language = "id"\n[central]\nca_file = "a.pem"\n[guard]\nreserve_mb = 20\n']


def regions() -> list[bytes]:
    """A table of one village, plain and packed."""
    rows = "99\tProvinsi\t1\t\n99.01\tKabupaten\t1\t\n99.01.01\tKecamatan\t1\t\n99.01.01.2001\tDesa\t1\t2\n"
    text = f"# regions 1 2027-01-01 4\n# 1 Decree 1\n# 2 Decree 2\n{rows}".encode()
    return [text, gzip.compress(text)]


def codes() -> list[bytes]:
    return [(resources_dir() / "codes" / "codes.json").read_bytes()]


def list_lines() -> list[bytes]:
    here = {"nik": "9901016104880001", "answers": {"name": "SITI"}, "recorded": False}
    return [
        line_of(Gone("9901016104880001")),
        json.dumps({**here, "central": {"code": "PRINT_READY_RECORD", "at": _NOW}}).encode(),
    ]


def registers() -> list[bytes]:
    return [text(row(1), row(2)).encode(), text(row(1), separator=",").encode("utf-8-sig")]
