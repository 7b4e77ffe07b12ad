"""What is known of the visits and the lesions of all courses before the walk along them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.irecist.rules import WalkRules
    from recist.response.irecist.sightings import Sightings


class WalkVisits(NamedTuple):
    """What is known of each visit; shape (n_visits,) each.

    Attributes
    ----------
    day : numpy.ndarray
    target, non_target : numpy.ndarray
        Numbers of TargetResponse and NonTargetResponse by RECIST 1.1.
    total : numpy.ndarray
        Sum of the targets in hundredths of a mm; negative where there is none.
    is_complete : numpy.ndarray
        Whether every target has a value.
    is_target_seen, is_non_target_seen : numpy.ndarray
        Whether lesions of the category show disease.
    is_single_node : numpy.ndarray
        Whether one target node is the only disease seen after a CR.
    has_new_symptoms : numpy.ndarray
        Whether the scan was made because of new symptoms.
    """

    day: Ints
    target: Ints
    non_target: Ints
    total: Ints
    is_complete: Bools
    is_target_seen: Bools
    is_non_target_seen: Bools
    is_single_node: Bools
    has_new_symptoms: Bools


class CourseLesions(NamedTuple):
    """What each lesion is; shape (n_lesions,) each."""

    is_target: Bools
    is_non_target: Bools
    is_new: Bools
    is_new_target: Bools


class Scene(NamedTuple):
    """All that is known and that decides; nothing of it changes on the walk.

    Attributes
    ----------
    visits : WalkVisits
    lesions : CourseLesions
    sightings : Sightings
    rules : WalkRules
    """

    visits: WalkVisits
    lesions: CourseLesions
    sightings: Sightings
    rules: WalkRules
