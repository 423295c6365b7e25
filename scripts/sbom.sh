#!/bin/sh
# Writes build/sbom.cdx.json (CycloneDX) and docs/dependencies.md: every Python package that is shipped, its version and
# its licence. What is shipped is installed by itself, so that no tool of ours is taken for a part of the program.
set -eu
cd "$(dirname "$0")/.."

install() { # install FOLDER REQUIREMENTS
    rm -rf "$1"
    "${PYTHON:-python3}" -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement "$2"
    "$1/bin/pip" uninstall --quiet --yes setuptools >/dev/null 2>&1 || true
}

install build/sbom/shipped requirements/run.txt
install build/sbom/tool requirements/sbom.txt
"build/sbom/shipped/bin/pip" uninstall --quiet --yes pip
build/sbom/tool/bin/cyclonedx-py environment build/sbom/shipped --pyproject pyproject.toml --output-reproducible \
    --output-format JSON --output-file build/sbom.cdx.json
.venv/bin/python scripts/dependencies_page.py build/sbom.cdx.json docs/dependencies.md
rm -rf build/sbom
