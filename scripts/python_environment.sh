#!/bin/sh
# Makes or completes .venv with exactly the pinned packages: scripts/python_environment.sh run|dev
set -eu

python="${PYTHON:-python3}"
pins="requirements/$1.txt"

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; '$python' is: $("$python" --version 2>&1 || true)" >&2
    echo "Where a newer one is installed under another name, add for example PYTHON=python3.12 to the make command." >&2
    exit 1
fi

# A .venv is tied to its folder and to its Python. Moved, copied, half made or left behind by an upgrade of Python,
# it fails in odd ways later: make it anew.
usable() {
    grep -Fqs "$(pwd -P)/.venv/bin/python" .venv/bin/pip && .venv/bin/python -m pip --version >/dev/null 2>&1
}
if [ -e .venv/pyvenv.cfg ] && ! usable; then
    echo "The .venv found here does not work any more: making a new one."
    rm -rf .venv
fi
if [ ! -e .venv/pyvenv.cfg ]; then
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
fi

echo "Installing the Python packages of $pins (the first time this downloads and takes a while)"
# Hashes: nothing gets in that was not pinned and reviewed.
.venv/bin/python -m pip --disable-pip-version-check install --no-input --require-hashes -r "$pins"
# No isolation: its build tools are among the pinned packages, so this step fetches nothing.
.venv/bin/python -m pip --disable-pip-version-check install --no-input --quiet --no-deps --no-build-isolation -e .
