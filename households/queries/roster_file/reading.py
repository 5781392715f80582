"""One row of the roster: what it says, and what is wrong with it (逐行核对)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import cells, identity, kinds
from .cells import DITTO, Unfit, tidy, word
from .headings import Heading, plain_heading, repeats_heading
from .wording import message
from .workbook import Cell, Row, Sheet

# A merged or dittoed cell of these columns speaks for all the rows it covers.
CARRIED = ("zone", "building", "door", "tenure")
_TOTALS = re.compile(r"^(本页)?(总?合计|总计|小计|共计|总户数|累计)")
_FOOT = re.compile(r"^(制表|填表|填报|审核|复核|负责人|说明|注|备注|附注|日期|单位|联系人)")
_LONGEST = {
    "zone": 40,
    "building": 40,
    "door": 80,
    "room": 20,
    "part": 20,
    "name": 80,
    "certificate_number": 80,
    "area_basis": 120,
}


@dataclass
class RowReading:
    """What one row says (一行): ``values`` holds only fields the row speaks of."""

    sheet_row: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict, repr=False)  # field -> heading
    faulty: set[str] = field(default_factory=set)  # fields that have an error

    def _finding(self, about: str, problem: str, **facts: Any) -> dict[str, str]:
        return {
            "column": self.columns.get(about, ""),
            "problem": problem,
            "message": message(problem, **facts),
        }

    def error(self, about: str, problem: str, **facts: Any) -> None:
        self.faulty.add(about)
        self.errors.append(self._finding(about, problem, **facts))

    def warn(self, about: str, problem: str, **facts: Any) -> None:
        self.warnings.append(self._finding(about, problem, **facts))


def read_rows(sheet: Sheet, heading: Heading) -> Iterator[RowReading]:
    """Every row that speaks of a dwelling; titles, totals, blanks and foot notes are left out."""
    columns = {of: " ".join(heading.texts[c].split()) for c, of in heading.mapping.items()}
    first_at: dict[str, dict[Any, int]] = {"dwelling": {}, "id_number": {}, "certificate": {}}
    numbering = {c for c, text in heading.texts.items() if plain_heading(text) in ("序号", "编号")}
    covered = _covered(sheet, heading)
    above: dict[str, Cell] = {}
    for number in range(heading.row + 1, len(sheet.rows) + 1):
        row = sheet.rows[number - 1]
        if _says_nothing_of_a_dwelling(row, numbering) or repeats_heading(row, heading):
            continue
        said = {
            of: row[column - 1] if column <= len(row) else ""
            for column, of in heading.mapping.items()
        }
        for of in CARRIED:
            if of in said and ((number, of) in covered or _is_ditto(said[of])):
                said[of] = above.get(of, "")
        above = said
        reading = RowReading(number, columns=columns)
        _read(reading, said)
        _compare_with_rows_above(reading, first_at)
        yield reading


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip() in DITTO


def _covered(sheet: Sheet, heading: Heading) -> set[tuple[int, str]]:
    """Rows and fields inside a merged cell, its first row apart."""
    found = set()
    for top, left, bottom, _right in sheet.merged:
        of = heading.mapping.get(left + 1)
        if of in CARRIED and bottom - top < 2_000:
            found |= {(number + 1, of) for number in range(top + 1, bottom + 1)}
    return found


def _says_nothing_of_a_dwelling(row: Row, numbering: set[int]) -> bool:
    """A blank or only numbered row, a totals row, or a foot note standing alone."""
    said = [cell for n, cell in enumerate(row, 1) if n not in numbering and not _is_blank(cell)]
    lead = [cell for cell in row[:3] if isinstance(cell, str) and ("计" in cell or "户数" in cell)]
    if not said or any(_TOTALS.match(re.sub(r"\s", "", tidy(cell))) for cell in lead):
        return True
    return len(said) <= 4 and _FOOT.match(tidy(said[0])) is not None


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _read(reading: RowReading, said: dict[str, Cell]) -> None:
    for of, read in _READERS.items():
        if of in said:
            read(reading, of, said[of])
    for of, problem in (
        ("name", "missing_name"),
        ("building", "missing_building"),
        ("room", "missing_room"),
    ):
        if of not in reading.values and of not in reading.faulty:
            reading.error(of, problem)
    for of, problem in (("phone", "missing_phone"), ("id_number", "missing_id_number")):
        if of in said and of not in reading.values and not word(said[of]):
            reading.warn(of, problem)
    values = reading.values
    larger = values.get("floor_area") or values.get("usable_area")
    if larger and "living_area" in values and float(values["living_area"]) > float(larger):
        reading.warn("living_area", "living_above_floor")


def _compare_with_rows_above(reading: RowReading, first_at: dict[str, dict[Any, int]]) -> None:
    values = reading.values
    if "building" in values and "room" in values:
        dwelling = tuple(values.get(of, "") for of in ("building", "door", "room", "part"))
        first = first_at["dwelling"].setdefault(dwelling, reading.sheet_row)
        if first != reading.sheet_row:
            reading.error("room", "duplicate_dwelling", row=first)
    for of, seen, problem in (
        ("id_number", "id_number", "possible_duplicate_person"),
        ("certificate_number", "certificate", "duplicate_certificate"),
    ):
        if of in values:
            first = first_at[seen].setdefault(values[of], reading.sheet_row)
            if first != reading.sheet_row:
                reading.warn(of, problem, row=first)


# --- one reader per field -----------------------------------------------------------------------


def _text(clean: Callable[[Cell], str]) -> Callable[[RowReading, str, Cell], None]:
    def read(reading: RowReading, of: str, cell: Cell) -> None:
        text = clean(cell)
        if len(text) > _LONGEST.get(of, 2_000):
            reading.error(of, "too_long", most=_LONGEST.get(of, 2_000))
        elif text:
            reading.values[of] = text

    return read


def _parsed(
    parse: Callable[[Cell], Any], *, fatal: bool
) -> Callable[[RowReading, str, Cell], None]:
    def read(reading: RowReading, of: str, cell: Cell) -> None:
        try:
            value = parse(cell)
        except Unfit as unfit:
            note = reading.error if fatal else reading.warn
            note(of, unfit.problem, text=unfit.text)
            return
        if value is not None:
            reading.values[of] = value if isinstance(value, (int, bool)) else str(value)

    return read


def _area(reading: RowReading, of: str, cell: Cell) -> None:
    try:
        value = cells.area(cell)
    except Unfit as unfit:
        reading.error(of, unfit.problem, text=unfit.text)
        return
    if value is None:
        return
    if value == 0:
        reading.warn(of, "zero_area")
        return
    if not 3 <= value <= 500:
        reading.warn(of, "area_improbable", text=value)
    reading.values[of] = str(value)


def _tenure(reading: RowReading, of: str, cell: Cell) -> None:
    if kind := kinds.tenure(cell):
        reading.values[of] = kind
    else:
        reading.error(of, "unknown_tenure", text=word(cell) or "（空）")


def _name(reading: RowReading, of: str, cell: Cell) -> None:
    text = cells.person(cell)
    late = re.search(r"\((已故|已去世|亡|故)\)$|^故(?=.{2,4}$)", text)
    if late:
        text = re.sub(r"\(.*?\)$", "", text)
        reading.values |= {"is_deceased": True, "special": "inheritance"}
    first, *others = [cells.person(part) for part in cells.several(text)] or [""]
    if len(first) > _LONGEST["name"]:
        reading.error(of, "too_long", most=_LONGEST["name"])
        return
    if first:
        reading.values[of] = first
    if re.search(r"[0-9?*#@!%<>=]", first):
        reading.warn(of, "odd_name")
    if others:
        reading.values["co_owners"] = others
        reading.warn(of, "several_holders")


def _id_number(reading: RowReading, of: str, cell: Cell) -> None:
    try:
        number = identity.id_number(cell)
    except Unfit as unfit:
        reading.error(of, unfit.problem)
        return
    if number:
        reading.values[of] = number
    if identity.is_other_document(number):
        reading.warn(of, "other_document")


def _phone(reading: RowReading, of: str, cell: Cell) -> None:
    try:
        numbers = identity.phones(cell)
    except Unfit as unfit:
        reading.error(of, unfit.problem, text=unfit.text)
        return
    if not numbers:
        return
    reading.values[of] = numbers[0]
    if isinstance(cell, (int, float)):
        reading.warn(of, "numeric_phone")
    if len(numbers) > 1:
        reading.warn(of, "several_phones")
    if not identity.is_mobile(numbers[0]):
        reading.warn(of, "landline")


def _use(reading: RowReading, of: str, cell: Cell) -> None:
    if not tidy(cell):
        return
    kind, shared_with = kinds.use(cell)
    if not kind:
        reading.warn(of, "unknown_facility", text=tidy(cell))
        return
    reading.values[of] = kind
    if shared_with:
        reading.values.setdefault("shared_with", shared_with)


def _occupancy(reading: RowReading, of: str, cell: Cell) -> None:
    text = word(cell)
    if kind := kinds.occupancy(text):
        reading.values[of] = kind
    elif text:
        reading.warn(of, "unknown_occupancy", text=text)


def _remark(reading: RowReading, of: str, cell: Cell) -> None:
    """The remark as it is, and what it says of the tenancy and of who lives there."""
    _text(word)(reading, of, cell)
    text = reading.values.get(of, "")
    if kind := kinds.occupancy(text):
        reading.values.setdefault("occupancy", kind)
    if kind := kinds.special(text):
        reading.values.setdefault("special", kind)
        if re.search(r"(承租人|产权人|户主|本人)已?(故|去世|死亡)", text):
            reading.values["is_deceased"] = True


def _tags(reading: RowReading, of: str, cell: Cell) -> None:
    known, unknown = kinds.tags(cell)
    if known:
        reading.values[of] = known
    for text in unknown:
        reading.warn(of, "unknown_tag", text=text)


def _co_residents(reading: RowReading, of: str, cell: Cell) -> None:
    """``黄桂珍(妻)、赵军`` -> people, each with the relation."""
    people: dict[str, dict[str, str]] = {}
    for part in cells.several(tidy(cell) if cell != "" else ""):
        match = re.fullmatch(r"(.+?)(?:\((.{1,20})\))?", part)
        name = cells.person(match[1]) if match else ""
        if name and len(name) <= _LONGEST["name"]:
            people.setdefault(name, {"name": name, "relation": (match[2] or "") if match else ""})
    if people:
        reading.values[of] = list(people.values())


_READERS: dict[str, Callable[[RowReading, str, Cell], None]] = {
    "zone": _text(word),
    "building": _text(cells.building),
    "door": _text(cells.door),
    "room": _text(cells.room),
    "part": _text(word),
    "floor": _parsed(cells.floor, fatal=False),
    "tenure": _tenure,
    "name": _name,
    "id_number": _id_number,
    "phone": _phone,
    "certificate_number": _text(word),
    "certificate_issued_on": _parsed(cells.day, fatal=False),
    "living_area": _area,
    "usable_area": _area,
    "floor_area": _area,
    "area_basis": _text(word),
    "kitchen": _use,
    "toilet": _use,
    "shared_with": _parsed(cells.count, fatal=True),
    "has_balcony": _parsed(cells.yes, fatal=False),
    "has_gas_meter": _parsed(cells.yes, fatal=False),
    "has_loft": _parsed(cells.yes, fatal=False),
    "registered_count": _parsed(cells.count, fatal=True),
    "resident_count": _parsed(cells.count, fatal=True),
    "occupancy": _occupancy,
    "remark": _remark,
    "tags": _tags,
    "co_residents": _co_residents,
}
