#!/bin/sh
# Pins the Python packages with their hashes: requirements/*.txt from pyproject.toml.
# Versions already pinned stay, unless an argument such as --upgrade says otherwise.
set -eu

if ! command -v uv >/dev/null 2>&1; then
    echo "make lock needs the program uv (for example: pipx install uv)." >&2
    exit 1
fi

pin() { # pin OUTPUT UV-ARGUMENT...
    output="$1"
    shift
    uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra build "$@" \
        pyproject.toml -o "$output" >/dev/null
    # Where a package comes from is decided where it is installed. An address in here would tie everybody to one
    # server, and may give away a private one.
    if grep -n '://' "$output" >&2; then
        echo "$output names an address; look at uv's settings on this machine." >&2
        exit 1
    fi
}

pin requirements/run.txt "$@"
# Both must agree on what they share: make check looks.
pin requirements/dev.txt --extra dev "$@"
pin requirements/link.txt --extra dev --extra link "$@"
pin requirements/fuzz.txt --extra dev --extra fuzz "$@"
# A tool that stands alone: it shares nothing with the program.
uv pip compile --quiet --universal --generate-hashes --python-version 3.11 "$@" requirements/sbom.in \
    -o requirements/sbom.txt >/dev/null
