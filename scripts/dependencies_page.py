"""The page of what is shipped, from a bill of materials: `python scripts/dependencies_page.py SBOM.json PAGE.md`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = """# Dependencies

Every Python package that is shipped with the station: version and licence, as each package says them itself. Made by
`make sbom` from `requirements/run.txt`, where each has its hashes; `make check` notices when the two differ. The whole
bill of materials in CycloneDX is `build/sbom.cdx.json` afterwards. What is not a Python package is in
`resources/NOTICE.md` and `packaging/debian-packages.txt`.

| package | version | licence |
|---|---|---|
"""
LONGEST = 60
"""Some packages give the whole text of their licence where its name belongs."""


def licences(component: dict[str, Any]) -> str:
    found = [_licence(entry) for entry in component.get("licenses", [])]
    named = [name for name in dict.fromkeys(found) if 0 < len(name) <= LONGEST]
    return ", ".join(named) or "see the package"


def _licence(entry: dict[str, Any]) -> str:
    licence = entry.get("license", {})
    name = str(entry.get("expression") or licence.get("id") or licence.get("name") or "")
    return name.removeprefix("License :: OSI Approved :: ").replace("declared license of ", "").splitlines()[0]


def lines(bill: dict[str, Any]) -> Iterator[str]:
    for component in sorted(bill["components"], key=lambda item: item["name"].lower()):
        name = component["name"].lower().replace("_", "-").replace(".", "-")
        yield f"| {name} | {component['version']} | {licences(component)} |\n"


def main(bill: Path, page: Path) -> None:
    page.write_text(HEAD + "".join(lines(json.loads(bill.read_text(encoding="utf-8")))), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
