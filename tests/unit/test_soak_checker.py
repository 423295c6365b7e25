"""The judge of every soak finds each kind of wrong in folders made by hand, and knows nothing of the program."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from tests.soak import checker
from tests.soak.answers import ANSWERS, hash_of
from tests.soak.checker import Verdict, check
from tests.soak.journal import Journal, Line, Told

ONE, TWO = "01a1fc0b-e380-7000-8000-000000000001", "01a1fc0b-e380-7000-8000-000000000002"
SOAK = Path(checker.__file__).parent


def packet(record_id: str = ONE, revision: int = 1, body: bytes = b"tertutup", named: bytes = b"") -> bytes:
    """A packet as a station makes it, with a signature that nobody looks at here; the head may name another body."""
    head = {"record_id": record_id, "revision": revision, "body_sha256": hashlib.sha256(named or body).hexdigest()}
    part = base64.urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.jws", b"e30." + part + b".c2ln")
        archive.writestr("body.age", body)
    return buffer.getvalue()


@dataclass
class Scene:
    """A station and a central made by hand, and what the operator was told."""

    root: Path
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("station", "central"):
            (self.root / name / "packets" / "00").mkdir(parents=True)
        with closing(sqlite3.connect(self.root / "central" / "central.db")) as rows:
            rows.execute("CREATE TABLE packets (record_id TEXT, revision INTEGER, sha256 TEXT)")
            rows.commit()

    def tell(self, told: Told, data: bytes = b"", record_id: str = ONE, revision: int = 1) -> None:
        self.lines.append(Line(told, record_id, revision, hashlib.sha256(data).hexdigest() if data else ""))

    def sealed(self, record_id: str = ONE, data: bytes | None = None) -> bytes:
        """Begun, sealed and on the station's disk."""
        data = packet(record_id) if data is None else data
        self.tell(Told.BEGUN, record_id=record_id)
        self.tell(Told.SEALED, data, record_id)
        self.put("station", data, record_id)
        return data

    def path(self, place: str, record_id: str = ONE, revision: int = 1, ending: str = "packet") -> Path:
        return self.root / place / "packets" / "00" / f"{record_id}.{revision}.{ending}"

    def put(self, place: str, data: bytes, record_id: str = ONE, revision: int = 1, ending: str = "packet") -> None:
        self.path(place, record_id, revision, ending).write_bytes(data)

    def lists(self, data: bytes, record_id: str = ONE, revision: int = 1) -> None:
        with closing(sqlite3.connect(self.root / "central" / "central.db")) as rows:
            rows.execute(
                "INSERT INTO packets VALUES (?, ?, ?)", (record_id, revision, hashlib.sha256(data).hexdigest())
            )
            rows.commit()

    def arrived(self, data: bytes, record_id: str = ONE) -> None:
        self.put("central", data, record_id)
        self.lists(data, record_id)

    def judge(self, *, drained: bool = False) -> Verdict:
        return check(self.lines, [self.root / "station"], self.root / "central", drained=drained)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_sealed_packet_on_disk_and_then_at_central_is_clean(scene: Scene) -> None:
    data = scene.sealed()
    assert scene.judge() == Verdict(acknowledged=1)
    scene.arrived(data)
    scene.tell(Told.SETTLED, data)
    assert scene.judge(drained=True) == Verdict(acknowledged=1)


TYPED = {"name": "ORANG CONTOH", "nik": "9901016104880001"}


def _closed(captures: dict[str, bytes], identity: x25519.Identity) -> bytes:
    """A packet of TYPED with these pictures, by part, that whoever has `identity` can open."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("captures.json", json.dumps([{"part": part, "member": f"{part}.x"} for part in captures]))
        archive.writestr("record.json", json.dumps({"kind": "rekam_baru", "answers": dict(reversed(TYPED.items()))}))
        for part, image in captures.items():
            archive.writestr(f"{part}.x", image)
    return packet(body=pyrage.encrypt(buffer.getvalue(), [identity.to_public()]))


@pytest.mark.parametrize(
    ("captures", "lost"),
    [
        ({"face": b"face 2", "iris-left": b"iris"}, ()),
        ({"face": b"face 1", "iris-left": b"iris"}, ("face",)),
        ({"face": b"iris", "iris-left": b"face 2"}, ("face", "iris-left")),
        ({}, ("face", "iris-left")),
    ],
)
def test_a_packet_without_what_was_kept_last_of_each_part_is_lost(
    scene: Scene, captures: dict[str, bytes], lost: tuple[str, ...]
) -> None:
    identity = x25519.Identity.generate()
    (scene.root / "central" / "keys.json").write_text(json.dumps({"age_identity": str(identity)}))
    for part, image in (("face", b"face 1"), ("face", b"face 2"), ("iris-left", b"iris")):
        scene.lines.append(Line(Told.KEPT, ONE, 1, hashlib.sha256(image).hexdigest(), part))
    scene.sealed(data=_closed(captures, identity))
    assert scene.judge().lost == tuple(f"{ONE}.1: sealed without {part} as it was kept" for part in lost)


@pytest.mark.parametrize(
    ("typed", "lost"),
    [
        (TYPED, ()),
        ({**TYPED, "name": "ORANG LAIN"}, ("answers",)),
        ({**TYPED, "phone": "08000000001"}, ("answers",)),
        ({"name": TYPED["name"]}, ("answers",)),
    ],
    ids=["the same", "another name", "one is missing", "one is too many"],
)
def test_a_packet_with_other_answers_than_were_typed_is_lost(
    scene: Scene, typed: dict[str, str], lost: tuple[str, ...]
) -> None:
    identity = x25519.Identity.generate()
    (scene.root / "central" / "keys.json").write_text(json.dumps({"age_identity": str(identity)}))
    scene.lines.append(Line(Told.KEPT, ONE, 1, hash_of(typed), ANSWERS))
    scene.sealed(data=_closed({}, identity))
    assert scene.judge().lost == tuple(f"{ONE}.1: sealed without {part} as it was kept" for part in lost)


def test_a_packet_that_central_cannot_open_is_lost(scene: Scene) -> None:
    (scene.root / "central" / "keys.json").write_text(json.dumps({"age_identity": str(x25519.Identity.generate())}))
    scene.lines.append(Line(Told.KEPT, ONE, 1, hashlib.sha256(b"face").hexdigest(), "face"))
    scene.sealed(data=_closed({"face": b"face"}, x25519.Identity.generate()))
    assert scene.judge().lost == (f"{ONE}.1: central cannot open it",)


def _gone_from_disk(scene: Scene) -> None:
    scene.sealed()
    scene.path("station").unlink()


def _not_at_central(scene: Scene) -> None:
    scene.tell(Told.SETTLED, scene.sealed())


def _listed_without_file(scene: Scene) -> None:
    scene.lists(scene.sealed())


def _file_not_listed(scene: Scene) -> None:
    data = scene.sealed()
    scene.put("central", data)
    scene.tell(Told.SETTLED, data)


def _destroyed_too_early(scene: Scene) -> None:
    scene.sealed()
    scene.path("station").rename(scene.path("station", ending="purged"))


def _only_set_aside(scene: Scene) -> None:
    scene.sealed()
    scene.path("station").rename(scene.path("station", ending="packet.aside-20261121T030000"))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_gone_from_disk, "nowhere"),
        (_not_at_central, "the operator was told that central has it, and central does not"),
        (_listed_without_file, "central lists it and has no file"),
        (_file_not_listed, "the operator was told that central has it, and central does not"),
        (_destroyed_too_early, "destroyed at the station, and central does not have it"),
        (_only_set_aside, "nowhere, only set aside"),
    ],
)
def test_what_was_promised_and_is_not_where_it_must_be_is_lost(
    scene: Scene, harm: Callable[[Scene], None], said: str
) -> None:
    harm(scene)
    verdict = scene.judge()
    assert verdict.lost == (f"{ONE}.1: {said}",)
    assert not verdict.doubled and not verdict.changed


def test_when_everything_was_delivered_a_packet_that_is_only_on_disk_is_lost(scene: Scene) -> None:
    scene.sealed()
    assert scene.judge().lost == ()
    assert scene.judge(drained=True).lost == (f"{ONE}.1: central does not have it",)


def test_what_was_given_up_stays_on_disk_and_need_not_arrive(scene: Scene) -> None:
    scene.sealed()
    scene.put("station", b"", ending="void")
    assert scene.judge(drained=True).lost, "a mark of the program alone excuses nothing"
    scene.tell(Told.GIVEN_UP)
    assert scene.judge(drained=True) == Verdict(acknowledged=1)
    scene.path("station").unlink()
    assert scene.judge(drained=True).lost == (f"{ONE}.1: nowhere",)


def test_central_may_have_put_aside_what_it_wants_again_until_the_end(scene: Scene) -> None:
    data = scene.sealed()
    scene.lists(data)
    scene.put("central", data, ending="aside")
    assert scene.judge() == Verdict(acknowledged=1)
    assert scene.judge(drained=True).lost


@pytest.mark.parametrize("place", ["station", "central"])
def test_other_bytes_at_either_side_are_changed(scene: Scene, place: str) -> None:
    scene.arrived(scene.sealed())
    scene.put(place, packet(body=b"lain"))
    verdict = scene.judge(drained=True)
    assert verdict.changed == (f"{ONE}.1: other bytes than were promised",)
    assert not verdict.lost and not verdict.doubled


def test_another_hash_in_centrals_list_is_changed(scene: Scene) -> None:
    scene.put("central", scene.sealed())
    scene.lists(packet(body=b"lain"))
    assert scene.judge().changed == (f"{ONE}.1: other bytes than were promised",)


def test_a_second_promise_with_other_bytes_is_changed(scene: Scene) -> None:
    scene.sealed()
    scene.tell(Told.SEALED, packet(body=b"lain"))
    assert scene.judge().changed == (f"{ONE}.1: promised with other bytes than before",)


def test_bytes_that_differ_between_station_and_central_are_changed_though_nobody_was_promised_any(
    scene: Scene,
) -> None:
    scene.tell(Told.BEGUN)
    scene.put("station", packet())
    scene.arrived(packet(body=b"lain"))
    assert scene.judge().changed == (f"{ONE}.1: other bytes at the station than at central",)


@pytest.mark.parametrize(
    "data",
    [
        packet()[:-40],
        b"",
        b"bukan paket",
        packet(TWO),
        packet(revision=2),
        packet().replace(b"tertutup", b"terTutup"),
        packet(named=b"lain"),
    ],
    ids=["torn", "empty", "no packet", "of another record", "of another revision", "damaged", "with another body"],
)
def test_a_packet_file_that_is_not_whole_is_changed_though_nobody_was_promised_it(scene: Scene, data: bytes) -> None:
    scene.tell(Told.BEGUN)
    scene.put("station", data)
    assert scene.judge().changed == (f"{ONE}.1: damaged at station",)


def test_a_packet_file_with_a_name_of_no_record_is_changed(scene: Scene) -> None:
    (scene.root / "station" / "packets" / "00" / "surat.packet").write_bytes(packet())
    assert scene.judge().changed == ("surat.packet: a file of no record, at station",)


def test_a_record_that_central_lists_twice_is_doubled(scene: Scene) -> None:
    data = scene.sealed()
    scene.arrived(data)
    scene.lists(data)
    assert scene.judge().doubled == (f"{ONE}.1: listed twice",)


def test_the_same_bytes_under_two_records_are_doubled(scene: Scene) -> None:
    data = scene.sealed()
    scene.tell(Told.BEGUN, record_id=TWO)
    scene.lists(data)
    scene.put("central", data)
    scene.lists(data, TWO)
    assert scene.judge().doubled == (f"{ONE}.1 and {TWO}.1: the same bytes",)


@pytest.mark.parametrize(("record_id", "revision"), [(TWO, 1), (ONE, 2)])
@pytest.mark.parametrize("place", ["station", "central"])
def test_a_packet_of_a_record_or_a_revision_that_nobody_began_is_doubled(
    scene: Scene, record_id: str, revision: int, place: str
) -> None:
    scene.sealed()
    scene.put(place, packet(record_id, revision, b"lagi"), record_id, revision)
    assert scene.judge().doubled == (f"{record_id}.{revision}: nobody began it",)


def test_the_numbers_and_the_findings_come_from_the_verdict(scene: Scene) -> None:
    _gone_from_disk(scene)
    tally = scene.judge().tally(7)
    assert (tally.cuts, tally.acknowledged, tally.lost, tally.clean) == (7, 1, 1, False)
    assert (tally + tally).findings == (f"lost: {ONE}.1: nowhere",) * 2


def test_a_promise_that_was_made_while_the_power_went_out_was_made_to_nobody(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    heard, begun = Line(Told.KEPT, ONE, sha256="aa", part="face"), Line(Told.BEGUN, ONE, sha256="cc", part="face")
    for line in (heard, Line(Told.KEPT, ONE, sha256="bb", part="face"), begun, Line(Told.SEALED, ONE, sha256="dd")):
        journal.say(line)
    journal.unsay(1)
    assert list(journal.lines()) == [heard, begun]
    journal.say(heard)
    assert list(journal.lines()) == [heard, begun, heard]


def test_a_torn_last_line_of_the_journal_was_never_said(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.say(Line(Told.BEGUN, ONE))
    with journal.path.open("ab") as file:
        file.write(b'{"told": "sea')
    assert list(journal.lines()) == [Line(Told.BEGUN, ONE)]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("__import__", "exec", "eval")
    return found


JUDGE = ("checker", "answers", "kept", "place", "packet_file", "packet_inside", "journal", "tally")


@pytest.mark.parametrize("name", JUDGE)
def test_the_judge_imports_nothing_of_the_program(name: str) -> None:
    own = {f"tests.soak.{other}" for other in JUDGE}
    ours = {one for one in _imports(SOAK / f"{name}.py") if one.split(".")[0] in ("station", "tests", "importlib")}
    assert all(any(one == module or one.startswith(module + ".") for module in own) for one in ours), ours
