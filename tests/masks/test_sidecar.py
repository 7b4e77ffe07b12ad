"""A folder of masks and a table beside it make a manifest, or every fault is told."""

import SimpleITK as sitk

from recist.manifest import MANIFEST, derive_manifest

HEADER = "file,label,subject,timepoint,date,lesion,role,site\n"


def make_masks(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        sitk.WriteImage(sitk.Image(4, 4, 2, sitk.sitkUInt8), str(folder / name))


def test_rows_find_their_masks_by_name_or_path(tmp_path) -> None:
    make_masks(tmp_path / "masks", "s1/a.nii.gz", "s2/a.nii.gz", "b.nrrd")
    table = tmp_path / "table.csv"
    table.write_text(
        HEADER
        + "s1/a.nii.gz,,S1,baseline,2020-01-01,T1,target,liver\n"
        + "s2/a.nii.gz,,S2,baseline,2020-01-01,T1,target,lung\n"
        + "b.nrrd,1,S2,week 8,2020-03-01,T1,target,lung\n"
        + "b.nrrd,2,S2,week 8,2020-03-01,T2,target,lung\n"
    )
    manifest, problems = derive_manifest(tmp_path / "masks", table)
    assert problems == []
    assert list(manifest.columns) == list(MANIFEST.column_names)
    assert manifest["mask"].tolist() == ["s1/a.nii.gz", "s2/a.nii.gz", "b.nrrd", "b.nrrd"]
    assert manifest["label"].tolist() == ["", "", "1", "2"]


def test_every_fault_of_a_sidecar_is_told_at_once(tmp_path) -> None:
    make_masks(tmp_path / "masks", "s1/a.nii.gz", "s2/a.nii.gz", "b.nrrd", "c.nrrd")
    table = tmp_path / "table.csv"
    table.write_text(
        HEADER
        + "a.nii.gz,,S1,baseline,2020-01-01,T1,target,liver\n"
        + "gone.nrrd,,S2,baseline,01/02/2020,T1,target,lung\n"
        + "b.nrrd,1,S2,week 8,2020-03-01,T1,main,lung\n"
        + "b.nrrd,1,,week 8,2020-03-01,T2,target,lung\n"
    )
    _, problems = derive_manifest(tmp_path / "masks", table)
    told = {(problem.row, problem.field, problem.code) for problem in problems}
    assert {(2, "file", "several_files"), (3, "file", "missing_file"), (5, "label", "repeated_label")} <= told
    assert {(3, "date"), (4, "role"), (5, "subject")} <= {(row, field) for row, field, _ in told}
    without = [problem.found for problem in problems if problem.code == "mask_without_row"]
    assert without == ["c.nrrd", "s1/a.nii.gz", "s2/a.nii.gz"]
