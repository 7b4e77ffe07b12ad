"""One record of TR as a finding: an axis in mm, a word, or that nothing was done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from recist.cdisc.terms import (
    DERIVED_RESULTS,
    NOT_DONE,
    OTHER_RESULTS,
    RESULTS,
    STATE,
    STATES,
    UNIT_POWERS,
    YES,
    normal,
)
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from recist.cdisc.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of TR that says something about a lesion.

    Attributes
    ----------
    position : int
    subject, reader, link, visit, visit_number, date : str
    what : str
        The axis, or ``state``.
    size_mm : Decimal or None
    word : str
        A word of the table of states, or empty.
    is_not_done : bool
    reason : str
    is_baseline : bool
        Flagged as the last observation before exposure, or as baseline.
    role : str
        The role that the group names, for lesions without TU.
    """

    position: int
    subject: str
    reader: str
    link: str
    visit: str
    visit_number: str
    date: str
    what: str
    size_mm: Decimal | None
    word: str
    is_not_done: bool
    reason: str
    method: str
    is_baseline: bool


def read_records(ledger: Ledger, readers: list[str]) -> tuple[list[Record], list[Problem]]:
    """Read TR; records that RECIST does not use are entered in the ledger with the reason."""
    reader = _Reader(ledger, readers)
    records = [reader.read(place) for place in range(len(ledger.source.frame))]
    return [record for record in records if record is not None], reader.problems


NAMES = (
    *("USUBJID", "TRLNKID", "TRTESTCD", "TRORRES", "TRORRESU", "TRSTRESC", "TRSTRESN", "TRSTRESU", "TRSTAT"),
    *("TRREASND", "TRLOBXFL", "TRBLFL", "VISIT", "VISITNUM", "TRDTC", "TRMETHOD"),
)


class _Reader:
    """Reads records one by one and gathers what is wrong."""

    def __init__(self, ledger: Ledger, readers: list[str]) -> None:
        self.ledger = ledger
        self.readers = readers
        self.problems: list[Problem] = []
        self.columns = {name: ledger.source.column(name) for name in NAMES}

    def cell(self, name: str, place: int) -> str:
        return self.columns[name][place]

    def report(
        self, place: int, field: str, code: str, message: str, expected: str = "", *, is_warning: bool = False
    ) -> None:
        self.problems.append(
            Problem(
                code=code,
                file=self.ledger.source.file,
                row=place + self.ledger.source.first_row,
                subject=self.cell("USUBJID", place),
                field=field,
                found=self.cell(field, place),
                expected=expected,
                message=message,
                severity=Severity.WARNING if is_warning else Severity.ERROR,
            )
        )

    def read(self, place: int) -> Record | None:
        test = normal(self.cell("TRTESTCD", place))
        what = RESULTS.get(test)
        if what is None:
            self._pass_over_test(place, test)
            return None
        if not self._has_names(place):
            self.ledger.pass_over(place, "no subject or no lesion is named")
            return None
        is_not_done = normal(self.cell("TRSTAT", place)) == NOT_DONE
        if is_not_done and self.cell("TRSTRESN", place):
            message = "this result is marked as not done and has a value; correct one of the two"
            self.report(place, "TRSTRESN", "not_done_with_result", message, "no value")
        size_mm, word = (None, "") if is_not_done else self._result(place, what)
        return Record(
            position=place,
            subject=self.cell("USUBJID", place),
            reader=self.readers[place],
            link=self.cell("TRLNKID", place),
            visit=self.cell("VISIT", place),
            visit_number=self.cell("VISITNUM", place),
            date=day_of(self.cell("TRDTC", place)),
            what=what,
            size_mm=size_mm,
            word=word,
            is_not_done=is_not_done,
            reason=self.cell("TRREASND", place),
            method=self.cell("TRMETHOD", place),
            is_baseline=YES in (self.cell("TRLOBXFL", place), self.cell("TRBLFL", place)),
        )

    def _pass_over_test(self, place: int, test: str) -> None:
        if test in DERIVED_RESULTS:
            self.ledger.pass_over(place, f"{test}: derived by the sponsor; derived again here")
        elif test in OTHER_RESULTS:
            self.ledger.pass_over(place, f"{test}: not a size that RECIST counts")
        else:
            message = "this test is not known here, so the record is not used"
            self.report(place, "TRTESTCD", "unknown_test", message, ", ".join(RESULTS), is_warning=True)
            self.ledger.pass_over(place, f"{test or 'no test'}: not known here")

    def _has_names(self, place: int) -> bool:
        named = True
        for field, what in (("USUBJID", "subject"), ("TRLNKID", "lesion")):
            if not self.cell(field, place):
                self.report(place, field, "empty_cell", f"this result names no {what}", f"a {what}")
                named = False
        return named

    def _result(self, place: int, what: str) -> tuple[Decimal | None, str]:
        """Read the size and the word; one of the two, or for a lesion too small to measure both."""
        standard = self.cell("TRSTRESN", place) or self.cell("TRSTRESC", place)
        original = self.cell("TRORRES", place)
        word = next((normal(cell) for cell in (original, standard) if normal(cell) in STATES), "")
        if what == STATE:
            if not word:
                expected = ", ".join(STATES)
                message = "this word is not known for the state of a lesion"
                self.report(place, "TRSTRESC" if standard else "TRORRES", "unknown_state", message, expected)
            return None, word
        for number, unit, field in ((standard, "TRSTRESU", "TRSTRESN"), (original, "TRORRESU", "TRORRES")):
            if number_of(number) is not None:
                return self._size(place, number, unit, field), word
        if not word:
            message = "this size is neither a number nor a known word, and the record is not marked as not done"
            self.report(place, "TRSTRESC" if standard else "TRORRES", "wrong_size", message, "a number")
        return None, word

    def _size(self, place: int, number: str, unit_field: str, field: str) -> Decimal | None:
        size = number_of(number)
        unit = normal(self.cell(unit_field, place) or self.cell("TRORRESU", place))
        if unit not in UNIT_POWERS:
            code = "unknown_unit" if unit else "missing_unit"
            message = "the unit of a length is needed; no unit is assumed"
            self.report(place, unit_field, code, message, "mm or cm")
            return None
        if size is None or size < 0:
            self.report(place, field, "number_too_small", "a length is never negative", "a number ≥ 0")
            return None
        size_mm = size.scaleb(UNIT_POWERS[unit])
        self._compare_with_original(place, size_mm)
        return size_mm

    def _compare_with_original(self, place: int, size_mm: Decimal) -> None:
        original, unit = number_of(self.cell("TRORRES", place)), normal(self.cell("TRORRESU", place))
        if original is None or unit not in UNIT_POWERS or original.scaleb(UNIT_POWERS[unit]) == size_mm:
            return
        message = f"the standardised size is {size_mm} mm and differs from the original; the standardised one is used"
        self.report(place, "TRORRES", "standardised_differs", message, is_warning=True)


def number_of(text: str) -> Decimal | None:
    """Read a number; None where there is none.

    Examples
    --------
    >>> number_of("12.5"), number_of("NOT DONE")
    (Decimal('12.5'), None)
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day_of(moment: str) -> str:
    """Give the date of an ISO date and time; a partial date stays as it is.

    Examples
    --------
    >>> day_of("2010-02-18T09:30"), day_of("2010-02")
    ('2010-02-18', '2010-02')
    """
    return moment.partition("T")[0]
