"""Settings of one station: `station.toml` in its data folder, overridden by the environment (`STATION_…`).

An unknown or out-of-range key stops the start with one clear line. Knows nothing else of the program.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as EnvironmentProblem


class SettingsError(Exception):
    """The settings cannot be used; the text is one line for the technician."""


class CentralSettings(BaseModel):
    """How to reach central. The address itself comes from enrolment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ca_file: Path | None = None
    """PEM with the authorities to trust for TLS; the system's own when empty."""
    authorities: str = Field(default="", max_length=64 * 1024)
    """The same as text; a file counts before it."""
    proxy: str | None = None
    """HTTP proxy; the environment's proxy variables are never used."""


class SyncSettings(BaseModel):
    """How delivery behaves. Waiting numbers are not here: they are in sync/backoff.py."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    changes_every_s: float = Field(default=20.0, ge=0.2, le=3600)
    """Seconds between two questions for news when there is nothing to send."""


class RelaySettings(BaseModel):
    """Carrying for stations of the same office on the local network. A person's switch in the window wins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    port: int = Field(default=48325, ge=0, le=65535)
    """Where neighbours hand over their packets; 0 for any free port."""


class DeviceSettings(BaseModel):
    """Which capture devices this station takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    environment: Literal["Production", "Pre-Production", "Staging", "Developer"] = "Production"
    """What SBI devices must say they are set up for: anything but Production is for a pilot."""


class GuardSettings(BaseModel):
    """How the station looks after itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reserve_mb: int = Field(default=2048, ge=64, le=65536)
    """Megabytes of the disk that stay free for what has begun; of a small disk, at most a twentieth of it."""
    safe: Literal["auto", "file", "keyring", "tpm"] = "auto"
    """Where the secret is kept that opens the station key; auto: in the TPM where there is one, else in a file."""


class Settings(BaseSettings):
    """Every setting, with its bounds."""

    model_config = SettingsConfigDict(env_prefix="STATION_", env_nested_delimiter="__", extra="forbid", frozen=True)

    language: Literal["id", "en"] = "id"
    theme: Literal["light", "dark", "high-contrast"] = "light"
    text_scale: int = Field(default=100, ge=100, le=150)
    """Percent."""
    lock_after_s: int = Field(default=300, ge=30, le=3600)
    central: CentralSettings = CentralSettings()
    sync: SyncSettings = SyncSettings()
    relay: RelaySettings = RelaySettings()
    devices: DeviceSettings = DeviceSettings()
    guard: GuardSettings = GuardSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the environment wins over the file


def load_settings(data_dir: Path) -> Settings:
    """The settings of a data folder; SettingsError with one line that names the key."""
    path = data_dir / "station.toml"
    values: dict[str, Any] = {}
    try:
        if path.exists():
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        return Settings(**values)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{path.name}: {problem}") from problem
    except OSError as problem:
        raise SettingsError(f"{path.name}: {problem.strerror}") from problem
    except EnvironmentProblem as problem:
        raise SettingsError(f"environment: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path.name}: {key}: {first['msg']}") from problem


def default_data_dir() -> Path:
    """Where a station keeps its data when nobody says otherwise."""
    if given := os.environ.get("STATION_DATA"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "stasiun-ktpel"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "stasiun-ktpel"


def resources_dir() -> Path:
    """Fonts, locale, stylesheet and tables: inside an installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "resources"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources"
