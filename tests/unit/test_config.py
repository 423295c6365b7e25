"""Settings: bounded, and one clear line for what is wrong with them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from station.config import Settings, SettingsError, default_data_dir, load_settings, resources_dir


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("STATION_"):
            monkeypatch.delenv(name)


def write(folder: Path, text: str | bytes) -> Path:
    (folder / "station.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings == Settings()
    assert (settings.language, settings.theme, settings.text_scale, settings.lock_after_s) == ("id", "light", 100, 300)
    assert settings.central.proxy is None


def test_the_file_is_read_and_the_environment_wins_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'language = "en"\ntext_scale = 125\n[sync]\nchanges_every_s = 5\n')
    assert load_settings(tmp_path).language == "en"
    monkeypatch.setenv("STATION_LANGUAGE", "id")
    monkeypatch.setenv("STATION_SYNC__CHANGES_EVERY_S", "7")
    settings = load_settings(tmp_path)
    assert (settings.language, settings.text_scale, settings.sync.changes_every_s) == ("id", 125, 7)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('langauge = "id"', "langauge"),
        ('language = "fr"', "language"),
        ("text_scale = 99", "text_scale"),
        ("text_scale = 151", "text_scale"),
        ("lock_after_s = 29", "lock_after_s"),
        ('[devices]\nenvironment = "None"', "devices.environment"),
        ('theme = "pink"', "theme"),
        ("[sync]\nchanges_every_s = 0.1", "sync.changes_every_s"),
        ("[sync]\nretry = 1", "sync.retry"),
        ('[central]\ndial = "no port"', "central.dial"),
        ("[centre]\nproxy = 1", "centre"),
        ('sync = "often"', "sync"),
    ],
)
def test_an_unknown_or_out_of_range_key_stops_the_start_with_one_line_that_names_it(
    tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        load_settings(write(tmp_path, text))
    assert str(wrong.value).startswith(f"station.toml: {key}: ")
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "content", [b"language = ", b"= 1", b"\xff\xfel\x00a\x00n\x00", 'name = "caf\xe9"'.encode("latin-1")]
)
def test_a_file_that_is_no_toml_is_one_line_too(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SettingsError, match=r"^station\.toml: [^\n]+$"):
        load_settings(write(tmp_path, content))


def test_a_settings_file_that_cannot_be_read_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "station.toml").mkdir()
    with pytest.raises(SettingsError, match=r"^station\.toml: [^\n]+$"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATION_TEXT_SCALE", "10"),
        ("STATION_TEXT_SCALE", "big"),
        ("STATION_SYNC__CHANGES_EVERY_S", "never"),
        ("STATION_CENTRAL__COLOUR", "red"),
        ("STATION_CENTRAL", "{broken"),
    ],
)
def test_the_environment_is_checked_like_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=r"^[^\n]+$"):
        load_settings(tmp_path)


def test_variables_that_are_no_settings_do_not_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    monkeypatch.setenv("STATION_FAILPOINT", "seal.planned")
    assert load_settings(tmp_path) == Settings()


def test_settings_cannot_be_changed_while_the_program_runs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(tmp_path).text_scale = 120  # type: ignore[misc]


def test_the_data_folder_is_the_one_given_or_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    assert default_data_dir() == tmp_path / "share" / "stasiun-ktpel"
    monkeypatch.setenv("STATION_DATA", str(tmp_path / "here"))
    assert default_data_dir() == tmp_path / "here"


@pytest.mark.skipif(sys.platform == "win32", reason="XDG folders are for other systems")
def test_without_a_setting_of_the_desktop_data_is_below_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / ".local" / "share" / "stasiun-ktpel"


def test_resources_are_found_beside_the_program() -> None:
    assert (resources_dir() / "regions" / "training.tsv").is_file()
