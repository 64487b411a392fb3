"""Tables that people send are read row by row; a broken row is said, the next one is read."""

import gzip
import json
from datetime import date

import pytest
import xlsxwriter

from linli.kit import tables
from linli.kit.errors import Invalid
from linli.kit.tables import BadRow, Hints, Row, read_rows

COLUMNS = ["编号", "地点"]
NO_HINTS = Hints()


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding, "surrogateescape"))
    return path


def cells(path, columns=COLUMNS, hints=NO_HINTS):
    return [row.cells if isinstance(row, Row) else row for row in read_rows(path, columns, hints)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path, encoding, delimiter):
    text = "编号,别的,地点\r\n1,x,村口\r\n2,y,桥头\r\n".replace(",", delimiter)
    assert cells(write(tmp_path / "a.csv", text, encoding)) == [("1", "村口"), ("2", "桥头")]


def test_a_hint_wins(tmp_path):
    file = write(tmp_path / "a.csv", "编号/地点\n1/a,b\n", "gb18030")
    assert cells(file, hints=Hints("gb18030", "/")) == [("1", "a,b")]


def test_a_packed_file_is_unpacked(tmp_path):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress("编号,地点\n1,村口\n".encode()))
    assert cells(file) == [("1", "村口")]


def test_a_utf8_file_with_one_broken_byte_stays_utf8(tmp_path):
    text = "编号,地点\n1,村口的路灯不亮了\n2,桥\udcff头\n3,学校门口\n"
    found = cells(write(tmp_path / "a.csv", text))
    assert found == [("1", "村口的路灯不亮了"), ("2", "桥\udcff头"), ("3", "学校门口")]


def test_lines_in_quotes_are_one_row_and_rows_are_numbered_as_in_a_spreadsheet(tmp_path):
    file = write(tmp_path / "a.csv", '编号,地点\n1,"村口\n东边, ""老"" 桥"\n\n2,桥头\n')
    assert list(read_rows(file, COLUMNS)) == [
        Row(2, ("1", '村口\n东边, "老" 桥')),
        Row(4, ("2", "桥头")),
    ]


@pytest.mark.parametrize(
    "broken",
    ['2,"桥头', '2,"桥"头,"', '2,桥"头', "2", "2,桥头,x", '"2",桥头,' + ",".join("x" * 300)],
)
def test_a_broken_row_is_refused_alone(tmp_path, broken):
    file = write(tmp_path / "a.csv", f'编号,地点\n1,村口\n{broken}\n3,"学校"\n4,河边\n')
    first, bad, *rest = read_rows(file, COLUMNS)
    assert first == Row(2, ("1", "村口"))
    assert (type(bad), bad.number) == (BadRow, 3)
    assert bad.sentence
    assert rest == [Row(4, ("3", "学校")), Row(5, ("4", "河边"))]


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "LONGEST_LINE", 50)
    file = write(tmp_path / "a.csv", f"编号,地点\n1,{'长' * 120}\n2,桥头\n")
    assert [type(row) for row in read_rows(file, COLUMNS)] == [BadRow, Row]


def test_a_file_of_300_columns_gives_the_wanted_ones(tmp_path):
    names = ",".join(f"c{one}" for one in range(300))
    values = ",".join(str(one) for one in range(300))
    assert cells(write(tmp_path / "a.csv", f"{names}\n{values}\n"), ["c299", "c7"]) == [
        ("299", "7")
    ]


@pytest.mark.parametrize("header", ["", "编号", "编号,地点,地点", "\x00"])
def test_a_file_without_its_columns_is_refused_as_a_whole(tmp_path, header):
    with pytest.raises(Invalid):
        cells(write(tmp_path / "a.csv", f"{header}\n1,2\n"))


def test_what_is_no_packed_file_is_refused(tmp_path):
    with pytest.raises(Invalid):
        cells(write(tmp_path / "a.csv.gz", "编号,地点\n"))


def test_json_lines_are_read_and_broken_ones_refused(tmp_path):
    lines = [
        '{"编号": 1, "地点": null}',
        "{",
        '["编号"]',
        '{"编号": "\\ud800"}',
        '{"编号": NaN}',
        "",
    ]
    file = write(tmp_path / "a.jsonl", "\n".join([*lines, json.dumps({"地点": "桥头"})]))
    found = cells(file)
    assert found[0] == (1, None)
    assert [type(one) for one in found[1:5]] == [BadRow] * 4
    assert found[5:] == [(None, "桥头")]


def workbook(path, rows, merge=None):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "村口")
        sheet.write_datetime(1, 2, date(2020, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    return path


def test_a_workbook_is_read_with_its_dates(tmp_path):
    file = workbook(tmp_path / "a.xlsx", [["编号", "地点", "日期"], [1, "村口", ""], ["", "", ""]])
    assert cells(file, ["编号", "地点", "日期"]) == [(1.0, "村口", date(2020, 1, 2))]
    with pytest.raises(Invalid):
        cells(file, hints=Hints(sheet="没有"))


def test_merged_rows_are_refused(tmp_path):
    rows = [["编号", "地点"], ["1", "村口"], ["2", ""], ["3", ""], ["4", "桥头"]]
    file = workbook(tmp_path / "a.xlsx", rows, merge="B3:B4")
    assert [type(row) for row in read_rows(file, COLUMNS)] == [Row, BadRow, BadRow, Row]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"text"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Invalid):
        cells(tmp_path / "a.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED", 100)
    with pytest.raises(Invalid):
        cells(workbook(tmp_path / "a.xlsx", [COLUMNS]))
