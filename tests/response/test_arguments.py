"""What the functions of the package take, and what they say to what they cannot take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import recist
from recist.criteria import RECIST_1_1
from recist.errors import MissingInput, UsageError
from recist.response.arguments import find_criteria

PROTOCOL = """
base = "recist-1.1"
name = "trial-7"
citation = "protocol 7, section 9"
[limits]
progression_increase = 10
"""


def test_a_path_in_place_of_a_table_is_answered_with_how_to_read_it() -> None:
    with pytest.raises(UsageError) as caught:
        recist.score("m.csv")
    assert str(caught.value) == (
        "measurements must be a pandas DataFrame; read the file first: recist.tables.read_cells(Path('m.csv'))"
    )
    with pytest.raises(UsageError, match=r"^visits must be a pandas DataFrame"):
        recist.best(Path("v.csv"))
    with pytest.raises(UsageError, match=r"^lesions must be a pandas DataFrame; this is of type list"):
        recist.score_coded([], pd.DataFrame())


def test_the_subjects_must_be_a_table_too(course) -> None:
    with pytest.raises(UsageError, match=r"^subjects must be a pandas DataFrame"):
        recist.score(course({"T1": (30, 30)}), subjects="s.csv")


def test_the_criteria_may_be_the_file_of_a_protocol(course, tmp_path: Path) -> None:
    file = tmp_path / "protocol.toml"
    file.write_text(PROTOCOL)
    rows = course({"T1": (40, 48)})  # +8 mm and +20 %: PD by RECIST 1.1, not by a protocol that asks for 10 mm
    assert recist.score(rows).responses["overall_response"].tolist() == ["PD"]
    for given in (file, str(file)):
        assert recist.score(rows, criteria=given).responses["overall_response"].tolist() == ["SD"]
    assert find_criteria(RECIST_1_1) is RECIST_1_1
    with pytest.raises(MissingInput):
        recist.score(rows, criteria="none.toml")


def test_a_protocol_with_an_unknown_option_is_refused(course, tmp_path: Path) -> None:
    file = tmp_path / "protocol.toml"
    file.write_text(PROTOCOL + "[options]\nmin_sd = 49\n")
    with pytest.raises(UsageError, match="min_sd"):
        recist.score(course({"T1": (40, 48)}), criteria=file)


def test_the_names_of_the_package_are_listed_for_completion() -> None:
    assert {"best", "derive_rates", "read_series", "score", "score_coded"} <= set(dir(recist))
    assert all(callable(getattr(recist, name)) for name in recist.__all__)


def test_lesions_held_as_numbers_give_the_numbers_that_the_docstring_lists() -> None:
    lesions = pd.DataFrame({"patient": [1, 1], "visit": [0, 1], "lesion": [0, 0], "node": [False, False]})
    visits = pd.DataFrame({"patient": [1, 1], "visit": [0, 1], "day": [-7, 56], "nt": [4, 4], "new": [False, False]})
    found = recist.score_coded(lesions.assign(diam=np.array([50.0, 35.0])), visits)  # -30 %: PR is 1
    assert (found.overall.tolist(), found.best.tolist()) == ([1], [1])
    assert "0 CR, 1 PR, 2 SD, 3 NON-CR/NON-PD, 4 NED, 5 PD, 6 NE, 7 ND" in (recist.score_coded.__doc__ or "")
