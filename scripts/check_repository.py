"""Looks for what must never get into the repository. Run by `make check`; prints each finding, fails on any."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Folders so common that finding their name in a file says nothing about this machine.
COMMON = {"/", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr", "/usr/local", "/var/tmp"}  # noqa: S108
# Lock files that record addresses of package servers; stores with somebody's data; settings with secrets.
UNWANTED = re.compile(r"(^|/)(uv\.lock|pylock[^/]*\.toml|\.env|[^/]*\.(db|sqlite3?)(-wal|-shm)?)$")
# A NIK has 16 digits, and nothing else of that length belongs into a log.
NIK = re.compile(r"(?<![0-9A-Za-z])\d{16}(?![0-9A-Za-z])")
# Shipped on every system: a bill that was made on one does not have what has a condition behind it.
EVERYWHERE = r"^([a-z0-9][^ =]*)==([^ ;\n]+) \\$"
LOGS = {".log", ".jsonl", ".ndjson", ".out", ".trace"}


def git(*arguments: str) -> str:
    # safe.directory: the folder may belong to somebody else than the one who runs this.
    command = ["git", "-c", "safe.directory=*", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode()  # noqa: S603


def repository_files() -> list[Path]:
    """What is tracked, or would be with the next `git add`."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = sorted(set(listed.split("\0")) - {""})
    return [Path(name) for name in names if (ROOT / name).is_file()]


def machine_paths() -> re.Pattern[str]:
    """Folders of this very machine: the checkout, the one it is in, and a Python outside the system's places."""
    folders = {str(ROOT), str(ROOT.parent), sys.base_prefix}
    if (origin := git("config", "--default", "", "--get", "remote.origin.url").strip()).startswith("/"):
        folders |= {origin, str(Path(origin).parent)}  # a clone of a folder here, as .ci/run makes one
    folders -= COMMON
    return re.compile("|".join(rf"(?<![\w.]){re.escape(folder)}(?![\w-])" for folder in sorted(folders)))


def pins(file: Path) -> set[str]:
    return set(re.findall(r"^[a-z0-9][^ =]*==[^ \n]+", file.read_text(), re.MULTILINE))


def findings() -> Iterator[str]:
    machine = machine_paths()
    for path in repository_files():
        if UNWANTED.search(path.as_posix()):
            yield f"{path}: a file of this kind must not be in the repository"
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, a picture
        for number, line in enumerate(text.splitlines(), start=1):
            if path.parts[0] == "requirements" and "://" in line:
                yield f"{path}:{number}: an address in a requirements file"
            if match := machine.search(line):
                yield f"{path}:{number}: a path of this machine ({match[0]})"
            if path.suffix in LOGS and NIK.search(line):
                yield f"{path}:{number}: 16 digits in a log, perhaps a NIK"
    for pin in sorted(pins(ROOT / "requirements/run.txt") - pins(ROOT / "requirements/dev.txt")):
        yield f"requirements/dev.txt: lacks {pin} of run.txt, so tests run on something else than is shipped"


def dependency_findings() -> Iterator[str]:
    """What is shipped has its line, with its version, on the page that says under which licence."""
    told = set(re.findall(r"^\| ([a-z0-9-]+) \| ([^ ]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE))
    shipped = re.findall(EVERYWHERE, (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    for name, version in sorted(shipped):
        if (name.replace(".", "-").replace("_", "-"), version) not in told:
            yield f"docs/dependencies.md: lacks {name} {version} of run.txt; run make sbom"


def main() -> int:
    found = [*findings(), *dependency_findings()]
    for finding in found:
        sys.stdout.write(finding + "\n")
    sys.stdout.write(f"Repository: {len(found)} findings\n" if found else "Repository: nothing unwanted\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
