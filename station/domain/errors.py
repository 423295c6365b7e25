"""Errors that say who must act. What has no name here is a bug, and bugs are loud.

    StationError(code, data)
      RuleError     the operator: something entered breaks a rule; shown beside the field
      DeviceError   the hardware: try again, replug, clean the glass
      StoreError    the machine: disk full, locked, corrupt, too new, wrong key
      TrustError    a signature, hash or key does not verify: never acted upon, shown to the technician
      AccessError   the person: wrong password, must wait, not allowed
      SetupError    the installation: settings, enrolment, a second program on the same folder

`code` is a stable dotted word (`nik.length`); the sentence for it lives in `station/ui/words.py`. `data` fills the
sentence and never holds a name, a NIK, an image or a key.
"""

from __future__ import annotations


class StationError(Exception):
    """Base of every error this program raises on purpose."""

    def __init__(self, code: str, /, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value!r}" for key, value in self.data.items())
        return f"{self.code} ({details})" if details else self.code


class RuleError(StationError):
    """Something entered breaks a rule; `field` names the form field when there is one."""

    def __init__(self, code: str, /, *, field: str | None = None, **data: object) -> None:
        super().__init__(code, **data)
        self.field = field


class DeviceError(StationError):
    """A capture device did not do what was asked."""


class StoreError(StationError):
    """The disk or a database of this station cannot do what was asked."""


class TrustError(StationError):
    """Something that must be proven by a signature or a hash is not."""


class AccessError(StationError):
    """The person may not do this, or not now."""


class SetupError(StationError):
    """The installation must be put right before the program can start."""
