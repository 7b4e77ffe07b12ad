"""The variables of the datasets that are written: names, labels, types and keys, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_NAME, MAX_LABEL, MAX_TEXT = 8, 40, 200  # SAS transport format, version 5


class VariableType(StrEnum):
    """What a variable holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"  # a numeric date of ADaM; dates of SDTM are text


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of a dataset."""

    name: str
    label: str
    kind: VariableType = VariableType.TEXT
    is_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A dataset: its name, label and variables in order."""

    name: str
    label: str
    variables: tuple[Variable, ...]

    @property
    def names(self) -> list[str]:
        """Names of the variables, in order."""
        return [variable.name for variable in self.variables]


def text(name: str, label: str, *, is_key: bool = False) -> Variable:
    """Describe a variable of text."""
    return Variable(name=name, label=label, is_key=is_key)


def integer(name: str, label: str, *, is_key: bool = False) -> Variable:
    """Describe a variable of whole numbers."""
    return Variable(name=name, label=label, kind=VariableType.INTEGER, is_key=is_key)


def number(name: str, label: str) -> Variable:
    """Describe a variable of numbers."""
    return Variable(name=name, label=label, kind=VariableType.NUMBER)


def date(name: str, label: str) -> Variable:
    """Describe a numeric date."""
    return Variable(name=name, label=label, kind=VariableType.DATE)


STUDY = text("STUDYID", "Study Identifier", is_key=True)
DOMAIN = text("DOMAIN", "Domain Abbreviation")
SUBJECT = text("USUBJID", "Unique Subject Identifier", is_key=True)
VISITS = (integer("VISITNUM", "Visit Number"), text("VISIT", "Visit Name"))

# Labels and order of the SDTM Implementation Guide: Human Clinical Trials, version 3.4
TU = Definition(
    name="TU",
    label="Tumor/Lesion Identification",
    variables=(
        *(STUDY, DOMAIN, SUBJECT),
        integer("TUSEQ", "Sequence Number", is_key=True),
        text("TUGRPID", "Group ID"),
        text("TULNKID", "Link ID"),
        text("TUTESTCD", "Tumor/Lesion ID Short Name"),
        text("TUTEST", "Tumor/Lesion ID Test Name"),
        text("TUORRES", "Tumor/Lesion ID Result"),
        text("TUSTRESC", "Tumor/Lesion ID Result Std. Format"),
        text("TULOC", "Location of the Tumor/Lesion"),
        text("TUMETHOD", "Method of Identification"),
        text("TUEVAL", "Evaluator"),
        text("TUEVALID", "Evaluator Identifier"),
        *VISITS,
        text("TUDTC", "Date/Time of Tumor/Lesion Identification"),
    ),
)
TR = Definition(
    name="TR",
    label="Tumor/Lesion Results",
    variables=(
        *(STUDY, DOMAIN, SUBJECT),
        integer("TRSEQ", "Sequence Number", is_key=True),
        text("TRGRPID", "Group ID"),
        text("TRLNKID", "Link ID"),
        text("TRLNKGRP", "Link Group"),
        text("TRTESTCD", "Tumor/Lesion Assessment Short Name"),
        text("TRTEST", "Tumor/Lesion Assessment Test Name"),
        text("TRORRES", "Result or Finding in Original Units"),
        text("TRORRESU", "Original Units"),
        text("TRSTRESC", "Character Result/Finding in Std Format"),
        number("TRSTRESN", "Numeric Result/Finding in Standard Units"),
        text("TRSTRESU", "Standard Units"),
        text("TRSTAT", "Completion Status"),
        text("TRREASND", "Reason Not Done"),
        text("TRMETHOD", "Method Used to Identify the Tumor/Lesion"),
        text("TRLOBXFL", "Last Observation Before Exposure Flag"),
        text("TRDRVFL", "Derived Flag"),
        text("TREVAL", "Evaluator"),
        text("TREVALID", "Evaluator Identifier"),
        *VISITS,
        text("TRDTC", "Date/Time of Tumor/Lesion Measurement"),
    ),
)
RS = Definition(
    name="RS",
    label="Disease Response and Clin Classification",
    variables=(
        *(STUDY, DOMAIN, SUBJECT),
        integer("RSSEQ", "Sequence Number", is_key=True),
        text("RSLNKGRP", "Link Group ID"),
        text("RSTESTCD", "Assessment Short Name"),
        text("RSTEST", "Assessment Name"),
        text("RSCAT", "Category for Assessment"),
        text("RSORRES", "Result or Finding in Original Units"),
        text("RSSTRESC", "Character Result/Finding in Std Format"),
        text("RSDRVFL", "Derived Flag"),
        text("RSEVAL", "Evaluator"),
        text("RSEVALID", "Evaluator Identifier"),
        *VISITS,
        text("RSDTC", "Date/Time of Assessment"),
    ),
)

EVALUATOR = (text("EVAL", "Evaluator", is_key=True), text("EVALID", "Evaluator Identifier", is_key=True))
PARAMETER = (text("PARAM", "Parameter"), text("PARAMCD", "Parameter Code", is_key=True))
ANALYSIS_VISIT = (text("AVISIT", "Analysis Visit"), integer("AVISITN", "Analysis Visit (N)", is_key=True))

# Names and labels of the ADaM Implementation Guide, version 1.3, basic data structure
ADTR = Definition(
    name="ADTR",
    label="Tumor Results Analysis Dataset",
    variables=(
        *(STUDY, SUBJECT, *EVALUATOR, *PARAMETER, *ANALYSIS_VISIT),
        date("ADT", "Analysis Date"),
        number("AVAL", "Analysis Value"),
        text("AVALU", "Analysis Value Unit"),
        number("BASE", "Baseline Value"),
        number("CHG", "Change from Baseline"),
        number("PCHG", "Percent Change from Baseline"),
        number("NADIR", "Lowest Earlier Complete Sum"),
        number("CHGNAD", "Change from Nadir"),
        number("PCHGNAD", "Percent Change from Nadir"),
        text("COMPLFL", "All Target Lesions Evaluated Flag"),
        text("ABLFL", "Baseline Record Flag"),
        text("ANL01FL", "Analysis Flag 01"),
    ),
)
ADRS = Definition(
    name="ADRS",
    label="Response Analysis Dataset",
    variables=(
        *(STUDY, SUBJECT, *EVALUATOR, *PARAMETER, *ANALYSIS_VISIT),
        date("ADT", "Analysis Date"),
        text("AVALC", "Analysis Value (C)"),
        integer("AVAL", "Analysis Value"),
        text("ANL01FL", "Analysis Flag 01"),
    ),
)
ADTTE = Definition(
    name="ADTTE",
    label="Time-to-Event Analysis Dataset",
    variables=(
        *(STUDY, SUBJECT, *EVALUATOR, *PARAMETER),
        date("STARTDT", "Time-to-Event Origin Date for Subject"),
        date("ADT", "Analysis Date"),
        integer("AVAL", "Analysis Value"),
        text("AVALU", "Analysis Value Unit"),
        integer("CNSR", "Censor"),
        text("EVNTDESC", "Event or Censoring Description"),
        text("CNSDTDSC", "Censor Date Description"),
    ),
)
DEFINITIONS = (TU, TR, RS, ADTR, ADRS, ADTTE)
