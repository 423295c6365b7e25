"""The files of sealed lists: one for central itself, from which those for each station are made. Knows no database.

A file is written whole under another name and renamed, so what has its name can be handed out, in pieces and again.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station.central.disk import full_disk_refused, sync_file, sync_folder
from station.central.keys import CentralKeys
from station.domain.target import Target
from station.seal.body import recipient_of
from station.seal.bundle import BundleHead, sign_head, write_bundle
from station.seal.bundle_file import open_file, pack_file
from station.seal.jws import verify
from station.seal.person_line import Gone
from station.seal.reseal import reseal

_OURS, _WORK = "central", "work"
_FORGOTTEN = timedelta(days=1)
_LOCAL_HEADER = 30


@dataclass(frozen=True)
class Sealed:
    """A bundle that can be handed out: the body is `head.size` bytes of `path` from `offset`."""

    jws: str
    head: BundleHead
    path: Path
    offset: int


class BundleShelf:
    """Below `folder` one folder for each station, named by its id; a file is named by area, version and base."""

    def __init__(self, folder: Path, keys: CentralKeys) -> None:
        self._folder, self._work = folder, folder / _WORK
        self._keys = keys
        for each in (folder, self._work):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)

    def find(self, owner: str, area: str, version: int, base: int | None) -> Sealed | None:
        """The file of `owner`, or None when it was not made yet."""
        path = self._path(owner, area, version, base)
        if not path.exists():
            return None
        with open_file(path) as parts:
            jws = parts.head
        head = BundleHead.model_validate(verify(jws, self._keys.known).payload)
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            info = archive.infolist()[1]
            file.seek(info.header_offset + _LOCAL_HEADER - 4)
            lengths = file.read(4)
        skipped = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        return Sealed(jws, head, path, info.header_offset + _LOCAL_HEADER + skipped)

    def master(self, area: str, version: int, base: int | None) -> Sealed | None:
        """The file that only central can open."""
        return self.find(_OURS, area, version, base)

    def write_master(self, head: BundleHead, people: Iterable[Target | Gone]) -> None:
        """Seal `people` for central itself; the members of `head` that speak of the body are filled in here."""
        with self._working() as folder:
            body = folder / "body"
            written = write_bundle(
                body,
                people,
                area=head.area,
                version=head.version,
                base=head.base,
                recipients=[recipient_of(self._keys.first_identity)],
            )
            self._put(folder, _OURS, head.model_copy(update={"sha256": written.sha256, "size": written.size}), body)

    def write_for(self, owner: str, recipient: str, master: Sealed) -> None:
        """Seal the content of `master` for one station. TrustError `packet.recipient`."""
        with self._working() as folder, open_file(master.path) as parts:
            body = folder / "body"
            sha256, size = reseal(parts.body, master.head.sha256, self._keys.first_identity, body, recipient)
            head = master.head.model_copy(update={"station_id": owner, "sha256": sha256, "size": size})
            self._put(folder, owner, head, body)

    def clear(self, regency: str, newest: dict[str, int]) -> None:
        """Remove files of lists in `regency` that are not the `newest` of their area (area → version)."""
        for path in self._folder.glob(f"*/{regency}*.roster"):
            area, _, rest = path.name.partition("-v")
            if rest.split("-")[0].split(".")[0] != str(newest.get(area)):
                with suppress(PermissionError):  # Windows: a station is just reading it
                    path.unlink(missing_ok=True)
        for left in self._work.iterdir():
            with suppress(FileNotFoundError):  # somebody has just finished
                if datetime.fromtimestamp(left.stat().st_mtime, UTC) < datetime.now(UTC) - _FORGOTTEN:
                    shutil.rmtree(left, ignore_errors=True)

    def _put(self, work: Path, owner: str, head: BundleHead, body: Path) -> None:
        packed, target = work / "packed", self._path(owner, head.area, head.version, head.base)
        pack_file(packed, sign_head(self._keys.signing, head), body)
        sync_file(packed)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        packed.replace(target)
        sync_folder(target.parent)

    def _path(self, owner: str, area: str, version: int, base: int | None) -> Path:
        since = "" if base is None else f"-b{base}"
        return self._folder / owner / f"{area}-v{version}{since}.roster"

    @contextmanager
    def _working(self) -> Iterator[Path]:
        with full_disk_refused(), tempfile.TemporaryDirectory(dir=self._work) as name:
            yield Path(name)
