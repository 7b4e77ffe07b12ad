"""Other ways to carry points from a baseline to its follow-up: SimpleITK's affine, B-spline and demons registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import SimpleITK as sitk

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from register_cases import Pair

    Points = NDArray[np.float64]

THREADS = 2


def image_of(hu: NDArray[np.int16], affine: NDArray[np.float64]) -> sitk.Image:
    """Make an image in LPS; the scans here are axial."""
    image = sitk.GetImageFromArray(np.clip(hu, -1000, 500).astype(np.float32))
    image.SetSpacing([float(affine[0, 2]), float(affine[1, 1]), float(affine[2, 0])])
    image.SetOrigin([float(value) for value in affine[:3, 3]])
    return image


def carry(transform: sitk.Transform, points: Points) -> Points:
    """Apply a transform to points."""
    return np.array([transform.TransformPoint([float(value) for value in point]) for point in points])


def metric() -> sitk.ImageRegistrationMethod:
    """Set up mutual information on 2 % of the voxels."""
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(32)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.02, 1)
    method.SetInterpolator(sitk.sitkLinear)
    return method


def find_affine(fixed: sitk.Image, moving: sitk.Image) -> sitk.Transform:
    """Register affinely by mutual information, from where the middles of both scans meet."""
    method = metric()
    method.SetOptimizerAsRegularStepGradientDescent(2.0, 1e-3, 100)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2])
    method.SetSmoothingSigmasPerLevel([2, 1])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    middles = sitk.CenteredTransformInitializerFilter.GEOMETRY
    method.SetInitialTransform(sitk.CenteredTransformInitializer(fixed, moving, sitk.AffineTransform(3), middles), True)
    return method.Execute(fixed, moving)


def affine(pair: Pair) -> Points:
    fixed, moving = image_of(pair.baseline, pair.baseline_affine), image_of(pair.followup, pair.followup_affine)
    return carry(find_affine(fixed, moving), pair.points)


def affine_and_demons(pair: Pair) -> Points:
    fixed, moving = image_of(pair.baseline, pair.baseline_affine), image_of(pair.followup, pair.followup_affine)
    coarse = find_affine(fixed, moving)
    near = sitk.Resample(moving, fixed, coarse, sitk.sitkLinear, -1000.0)
    field = None
    for shrink, rounds in ((4, 40), (2, 20)):
        ours = sitk.Shrink(sitk.SmoothingRecursiveGaussian(fixed, shrink * 0.7), [shrink] * 3)
        theirs = sitk.Resample(sitk.SmoothingRecursiveGaussian(near, shrink * 0.7), ours)
        demons = sitk.FastSymmetricForcesDemonsRegistrationFilter()
        demons.SetNumberOfIterations(rounds)
        demons.SetStandardDeviations(1.5)
        field = (
            demons.Execute(ours, theirs) if field is None else demons.Execute(ours, theirs, sitk.Resample(field, ours))
        )
    bent = sitk.DisplacementFieldTransform(sitk.Cast(field, sitk.sitkVectorFloat64))
    return carry(coarse, carry(bent, pair.points))


def affine_and_bspline(pair: Pair) -> Points:
    fixed, moving = image_of(pair.baseline, pair.baseline_affine), image_of(pair.followup, pair.followup_affine)
    coarse = find_affine(fixed, moving)
    method = metric()
    method.SetMovingInitialTransform(coarse)
    spline = sitk.BSplineTransformInitializer(fixed, [7, 7, 7], 3)
    method.SetInitialTransformAsBSpline(spline, True, [1])
    method.SetShrinkFactorsPerLevel([2])
    method.SetSmoothingSigmasPerLevel([1])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    method.SetOptimizerAsLBFGSB(1e-5, 40, 5, 500, 1e7)
    method.Execute(fixed, moving)
    return carry(coarse, carry(spline, pair.points))


PEERS: dict[str, Callable[[Pair], Points]] = {
    "SimpleITK affine, mutual information": affine,
    "SimpleITK affine + demons": affine_and_demons,
    "SimpleITK affine + B-spline": affine_and_bspline,
}
