"""Passwords on the command line: from the environment for scripts, else typed without being shown."""

from __future__ import annotations

import getpass
import os
import sys

from station.domain.errors import SetupError
from station.i18n import _


def own_password() -> str:
    """The password of somebody who has one: from the environment for scripts, else typed once."""
    if given := os.environ.get("STATION_OPERATOR_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise SetupError("password.no_terminal")
    return getpass.getpass(_("Password: "))


def new_password(name: str = "STATION_OPERATOR_PASSWORD") -> str:
    """A new password: from the environment for scripts, else typed twice."""
    if given := os.environ.get(name):
        return given
    if not sys.stdin.isatty():
        raise SetupError("password.no_terminal")
    while True:
        first = getpass.getpass(_("Password: "))
        if first == getpass.getpass(_("Password again: ")):
            return first
        print(_("The two passwords differ. Type them again."), file=sys.stderr)
