"""The columns of the results: everything measured has one, and a manifest cannot state what is measured."""

from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest

from recist.batch import measure_manifest
from recist.batch.columns import columns_of_results, rows_to_arrow, schema_of_part
from recist.batch.plan import make_plan
from recist.errors import DataError
from recist.measure import axes_from_mask
from sample_dicom import committed_slices


def test_everything_that_is_measured_has_a_column() -> None:
    row = axes_from_mask(np.ones((1, 3, 4), dtype=bool), (1.0, 1.0, 1.0)).to_row()
    names = {column.name for column in columns_of_results([])}
    assert set(row) <= names


def test_an_unknown_column_of_the_manifest_passes_through(study: Path) -> None:
    lines = study.read_text().splitlines()
    study.write_text("\n".join([lines[0] + ",centre", *(line + ",Leiden" for line in lines[1:])]) + "\n")
    found = measure_manifest(study).measurements
    assert set(found["centre"]) == {"Leiden"}


def test_a_size_stated_in_the_manifest_never_stands_for_a_measured_one(study: Path) -> None:
    lines = study.read_text().splitlines()
    stated = [lines[0] + ",long_axis_mm,volume_mm3", *(line + ",99,99" for line in lines[1:])]
    study.write_text("\n".join(stated) + "\n")
    found = measure_manifest(study).measurements
    refused = found["state"] == "not_evaluable"
    assert refused.sum() == 2
    assert found.loc[refused, ["long_axis_mm", "volume_mm3"]].isna().all(axis=None)
    assert not (found["long_axis_mm"] == 99).any()


def test_a_word_that_no_table_knows_is_told_before_anything_is_measured(study: Path) -> None:
    lines = study.read_text().splitlines()
    study.write_text("\n".join([lines[0] + ",modality", *(line + ",CTX" for line in lines[1:])]) + "\n")
    with pytest.raises(DataError) as fault:
        make_plan(study, convention="quarter")
    assert {(problem.field, problem.found) for problem in fault.value.problems} == {("modality", "CTX")}
    assert len(fault.value.problems) == 12


def test_a_number_that_is_not_given_is_empty_and_never_zero() -> None:
    schema = schema_of_part(columns_of_results([]))
    table = rows_to_arrow([{"task": 0, "manifest_row": 2, "long_axis_mm": float("nan")}], schema).to_pandas()
    row = table.iloc[0]
    assert pd.isna(row["long_axis_mm"])
    assert pd.isna(row["n_voxels"])
    assert pd.isna(row["nodal"])
    assert pd.isna(row["date"])
    assert row["lesion"] == ""


def test_what_a_lesion_was_measured_on_stands_beside_it() -> None:
    found = measure_manifest(committed_slices() / "manifest.csv").measurements
    told = found[["geometry", "nominal_thickness_mm", "slice_spacing_mm", "kernel", "lossy"]].drop_duplicates()
    first = pydicom.dcmread(next((committed_slices() / "dicom/PHANTOM/baseline/ct").glob("*.dcm")))
    assert len(told) == 1
    assert told["nominal_thickness_mm"].iloc[0] == float(first.SliceThickness)
    assert told["kernel"].iloc[0] == first.ConvolutionKernel
    assert not told["lossy"].iloc[0]
    assert (found["series_uid"] != "").all()
