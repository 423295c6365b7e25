"""A register of a Dinas: what is good is taken, every bad line is named, and nothing of anybody is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from station.central import csv_intake, csv_lines
from station.central.csv_columns import COLUMNS, REQUIRED
from station.central.csv_intake import CsvIntake, Listed, Problem, Tally
from station.central.csv_report import WHAT, Report
from station.domain.errors import RuleError
from station.domain.form import field_of
from tests.registers import ROW, a_file, row, text


class Read:
    """What came of one file."""

    def __init__(self, path: Path, *, area: str = "99.01.01", training: bool = True) -> None:
        self.problems: list[Problem] = []
        intake = CsvIntake(path, area=area, today=date(2026, 11, 21), training=training, report=self.problems.append)
        self.people: list[Listed] = list(intake.people())
        self.tally: Tally = intake.tally
        self.unread = intake.unread

    @property
    def wrong(self) -> list[tuple[int, str, str, bool]]:
        return [(item.line, item.column, item.code, item.dropped) for item in self.problems]


def refused(path: Path, **more: Any) -> RuleError:
    with pytest.raises(RuleError) as problem:
        Read(path, **more)
    return problem.value


def test_every_column_fills_a_field_of_the_form_with_a_value_the_form_takes() -> None:
    assert all(field_of(column.key).key == column.key for column in COLUMNS)
    assert len({column.key for column in COLUMNS}) == len({column.name for column in COLUMNS}) == len(COLUMNS)
    for column in COLUMNS:
        good = field_of(column.key).good
        assert column.clean(good) == good, column.name


def test_disability_is_on_no_list() -> None:
    assert not {column.key for column in COLUMNS} & {"disability", "disability_kind"}


def test_a_good_line_becomes_answers_of_the_form(tmp_path: Path) -> None:
    (found,) = Read(a_file(tmp_path / "a.csv", row(EKTP_CURRENT_STATUS_CODE="PRINT_READY_RECORD"))).people
    assert found.answers == {
        "nik": "9901016104880001",
        "kk": "9901010503190001",
        "name": "SITI AMINAH CONTOH",
        "sex": "2",
        "birth_place": "KOTA CONTOH",
        "birth_date": "1988-04-21",
        "blood_type": "13",
        "religion": "1",
        "marital_status": "2",
        "occupation": "2",
        "address": "JL. CONTOH RAYA NO. 1",
        "rt": "001",
        "rw": "002",
        "village": "99.01.01.2001",
    }
    assert (found.line, found.recorded, found.central_code) == (2, True, "PRINT_READY_RECORD")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends_are_found_out(
    tmp_path: Path, separator: str, encoding: str, end: str
) -> None:
    path = tmp_path / "a.csv"
    said = text(row(NAMA_LGKP="JOSÉ CONTOH"), separator=separator).replace("\n", end)
    path.write_bytes(said.encode(encoding))
    (found,) = Read(path).people
    assert found.answers["name"] == "JOSÉ CONTOH"


@pytest.mark.parametrize("written", ["21-04-1988", "21/04/1988", "1988-04-21", "21.4.1988", "1988-04-21 00:00:00"])
def test_dates_come_as_spreadsheets_and_databases_write_them(tmp_path: Path, written: str) -> None:
    (found,) = Read(a_file(tmp_path / "a.csv", row(TGL_LHR=written))).people
    assert found.answers["birth_date"] == "1988-04-21"


def test_quotes_header_case_order_and_unknown_columns_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    names = [*reversed(ROW), "KETERANGAN"]
    cells = [f'"{row(ALAMAT="JL. CONTOH; NO. 1").get(name, "x")}"' for name in names]
    header = ";".join(f'"{name.lower().replace("_", " ")}"' for name in names)
    path.write_text(f"{header}\n{';'.join(cells)}\n;;;;\n\n")
    found = Read(path)
    assert found.people[0].answers["address"] == "JL. CONTOH; NO. 1"
    assert (found.tally.unused_columns, found.tally.lines, found.problems) == (("KETERANGAN",), 1, [])


@pytest.mark.parametrize("lost", [1, 3, len(REQUIRED) - 1])
def test_missing_columns_are_refused_at_once_and_all_named(tmp_path: Path, lost: int) -> None:
    columns = [name for name in ROW if name not in REQUIRED[:lost]]
    problem = refused(a_file(tmp_path / "a.csv", row(), columns=columns))
    assert (problem.code, problem.data["columns"]) == ("csv.columns_missing", ", ".join(REQUIRED[:lost]))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "csv.empty"),
        (b"\n\n", "csv.no_header"),
        (b"A;B;C\n1;2;3\n", "csv.no_header"),
        ((text(row())).encode("utf-16"), "csv.no_text"),
        (b"PK\x03\x04\x00\x00", "csv.no_text"),
        (text(row(), columns=[*ROW, "NIK"]).encode(), "csv.columns_twice"),
        (b";".join([b"X"] * 400) + b"\n", "csv.no_header"),
        (b"NIK" * 20000, "csv.no_header"),
    ],
)
def test_what_is_no_register_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path).code == code


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path / "none.csv").code == "csv.unreadable"
    path = a_file(tmp_path / "a.csv", row(1), row(2), row(3))
    monkeypatch.setattr(csv_intake, "MAX_LINES", 3)
    assert refused(path).code == "csv.too_many_lines"
    monkeypatch.setattr(csv_lines, "MAX_FILE_BYTES", 10)
    assert refused(path).code == "csv.too_large"


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"NIK": ""}, "NIK", "empty"),
        ({"NIK": "990101610488000"}, "NIK", "nik.length"),
        ({"NIK": "9901016113880001"}, "NIK", "nik.month"),
        ({"NIK": "9901013501900001"}, "NIK", "nik.day"),
        ({"NIK": "9901016104880000"}, "NIK", "nik.serial"),
        ({"NIK": "2001016104880001"}, "NIK", "nik.province"),
        ({"NIK": "9.90101610488E+15"}, "NIK", "nik.not_digits"),
        ({"NIK": "SITI AMINAH CONT"}, "NIK", "nik.not_digits"),
        ({"TGL_LHR": "31-02-1988"}, "TGL_LHR", "date"),
        ({"TGL_LHR": "04/21/1988"}, "TGL_LHR", "date"),
        ({"TGL_LHR": "21-04-88"}, "TGL_LHR", "date"),
        ({"TGL_LHR": "22-11-2026"}, "TGL_LHR", "date"),
        ({"TGL_LHR": "31-12-1899"}, "TGL_LHR", "date"),
        ({"TGL_LHR": ""}, "TGL_LHR", "empty"),
        ({"NAMA_LGKP": ""}, "NAMA_LGKP", "empty"),
        ({"NAMA_LGKP": "A" * 61}, "NAMA_LGKP", "long"),
        ({"NAMA_LGKP": "SITI\x07AMINAH"}, "NAMA_LGKP", "unreadable"),
        ({"NO_KEL": "20001"}, "NO_KEL", "village"),
        ({"NO_KEC": ""}, "NO_KEL", "outside"),
        ({"NO_KEC": "2"}, "NO_KEL", "outside"),
        ({"NO_PROP": "XX"}, "NO_KEL", "village"),
        ({"EKTP_CURRENT_STATUS_CODE": "X" * 31}, "EKTP_CURRENT_STATUS_CODE", "long"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_are_taken(
    tmp_path: Path, changed: dict[str, str], column: str, code: str
) -> None:
    found = Read(a_file(tmp_path / "a.csv", row(1), row(2, **changed), row(3)))
    assert found.wrong == [(3, column, code, True)]
    assert [person.line for person in found.people] == [2, 4]
    assert (found.tally.lines, found.tally.good, found.tally.dropped) == (3, 2, 1)


@pytest.mark.parametrize(
    ("changed", "column", "code", "key"),
    [
        ({"NO_KK": "12"}, "NO_KK", "kk", "kk"),
        ({"NO_KK": "9901016104880002"}, "NO_KK", "kk", "kk"),
        ({"AGAMA": "9"}, "AGAMA", "code", "religion"),
        ({"JENIS_KLMIN": "P"}, "JENIS_KLMIN", "code", "sex"),
        ({"NO_RT": "1A"}, "NO_RT", "unit", "rt"),
        ({"NO_RW": "1234"}, "NO_RW", "long", "rw"),
        ({"ALAMAT": "X" * 201}, "ALAMAT", "long", "address"),
    ],
)
def test_a_cell_that_cannot_be_used_is_left_out_and_its_person_taken(
    tmp_path: Path, changed: dict[str, str], column: str, code: str, key: str
) -> None:
    found = Read(a_file(tmp_path / "a.csv", row(2, **changed)))
    assert found.wrong == [(2, column, code, False)]
    assert key not in found.people[0].answers
    assert (found.tally.good, found.tally.emptied) == (1, 1)


def test_lines_of_a_wrong_shape_are_named_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = text(row(1)).splitlines()
    lines = [
        good[0],
        good[1] + ";",
        good[1].rsplit(";", 3)[0],
        good[1].replace("JL. CONTOH", '"JL. CONTOH'),
        good[1] + "x" * 20000,
        text(row(5)).splitlines()[1],
    ]
    path.write_text("\n".join(lines))
    found = Read(path)
    assert [(line, code) for line, _, code, _ in found.wrong] == [
        (2, "width"),
        (3, "width"),
        (4, "quotes"),
        (5, "line_long"),
    ]
    assert [person.line for person in found.people] == [6]


def test_whom_a_dropped_line_is_about_is_kept_in_mind_whatever_shape_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [line for serial in range(1, 7) for line in text(row(serial)).splitlines()[serial > 1 :]]
    lines[1] = lines[1].replace("21-04-1988", "31-02-1988").replace("9901016104880001", "'9901.0161.0488.0001")
    lines[2] = lines[2].rsplit(";", 3)[0]
    lines[3] = lines[3].replace("JL. CONTOH", '"JL. CONTOH')
    lines[4] += "x" * 20000
    lines[5] = lines[5].replace("9901016104880005", "")
    path.write_text("\n".join(lines))
    found = Read(path)
    assert len(found.problems) == 5
    numbers = {f"990101610488000{serial}" for serial in (1, 2, 3, 4)}
    assert found.unread - {ROW["NO_KK"]} == numbers, "and of broken lines every number that may be the NIK"


def test_bytes_that_mean_nothing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(row(1), row(2)).encode().replace(b"SITI", b"S\x81TI", 1))
    found = Read(path)
    assert found.wrong == [(2, "NAMA_LGKP", "unreadable", True)]
    assert len(found.people) == 1


@pytest.mark.parametrize(
    ("status", "flag", "recorded"),
    [
        ("", "", False),
        ("UNREGISTERED", "", False),
        ("BIO_CAPTURED", "", True),
        ("CARD_ISSUED", "", True),
        ("ENROLL_FAILURE_AT_REGIONAL", "", False),
        ("ENROLL_FAILURE_AT_CENTRAL", "", False),
        ("PRR", "", True),
        ("EFAC", "", False),
        ("CARD PRINTED", "", True),
        ("SUDAH REKAM", "", True),
        ("BELUM REKAM", "", False),
        ("BELUM WAJIB", "", False),
        ("HOLD", "", False),
        ("DELETED", "", False),
        ("FOO_BAR", "", False),
        ("", "Y", True),
        ("", "1", True),
        ("PRINT_READY_RECORD", "N", False),
    ],
)
def test_who_is_recorded_is_said_by_the_flag_or_else_by_the_status(
    tmp_path: Path, status: str, flag: str, recorded: bool
) -> None:
    somebody = row(1, EKTP_CURRENT_STATUS_CODE=status) | {"SUDAH_REKAM": flag}
    (found,) = Read(a_file(tmp_path / "a.csv", somebody, columns=[*ROW, "SUDAH_REKAM"])).people
    assert (found.recorded, found.central_code) == (recorded, status)


def test_province_99_is_for_training_only(tmp_path: Path) -> None:
    assert Read(a_file(tmp_path / "a.csv", row(1)), training=False).wrong == [(2, "NIK", "nik.province", True)]


def test_the_report_names_lines_and_never_people(tmp_path: Path) -> None:
    bad = row(7, NAMA_LGKP="RAHASIA SEKALI" * 6, ALAMAT="JL. RAHASIA")
    shifted = row(8, NIK="RAHASIA SEKALI 16")
    long_one = row(9, NIK="RAHASIASEKALIXYZ")
    found = Read(a_file(tmp_path / "a.csv", bad, shifted, long_one))
    with Report(tmp_path / "report.csv") as write:
        for problem in found.problems:
            write(problem)
    said = (tmp_path / "report.csv").read_text("utf-8-sig")
    assert "RAHA" not in said
    assert "9901016104880007" not in said
    assert "9901••••••••0007" in said
    assert [line.split(";")[0] for line in said.splitlines()[1:]] == ["2", "3", "4"]


def test_every_code_of_a_problem_has_a_sentence() -> None:
    source = Path(csv_intake.__file__).read_text("utf-8")
    assert all(f'"{code}"' in source or code.startswith("nik.") for code in WHAT)
