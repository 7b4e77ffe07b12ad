"""All that a reading session knows at one moment, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole
from viewer.history import History
from viewer.lesions import Reading
from viewer.live_score import Score
from viewer.store import tell_refusal
from viewer.windows import WINDOW_PRESETS, WindowPreset

if TYPE_CHECKING:
    from pathlib import Path

    from recist.dicom.series import CTSeries
    from viewer.caliper import Caliper, Handle, Point
    from viewer.expecting import Expectation
    from viewer.proposal import Proposal
    from viewer.study import SeriesItem, Study, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the next accepted finding will belong to."""

    lesion: str = "T1"
    role: LesionRole = LesionRole.TARGET
    site: str = ""
    nodal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Axes being drawn or corrected, not accepted yet.

    Attributes
    ----------
    caliper : Caliper
    slice_index : int
        The slice they lie on; the axes never leave it.
    lesion : str
        The accepted lesion whose ends are being dragged; empty when the axes are new.
    proposal : Proposal or None
        The outline that the axes were measured on; None when they were drawn by hand.
    drawn : Draft or None
        The axes drawn by hand that the outline was found from; dropping the outline goes back to them.
    is_corrected : bool
        A hand has moved an end, so that the axes are no longer those of the outline.
    """

    caliper: Caliper
    slice_index: int
    lesion: str = ""
    proposal: Proposal | None = None
    drawn: Draft | None = None
    is_corrected: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether the outline is unsure, so that accepting it takes a key of its own."""
        return self.proposal is not None and not self.proposal.is_sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """What the mouse holds: the start of a new long axis, or one end of the draft.

    Attributes
    ----------
    offset : Point
        From the mouse to the end it holds, so that taking hold of an end does not move it.
    has_moved : bool
        Whether the mouse has gone anywhere since it was pressed: if not, it is a click.
    """

    slice_index: int
    start: Point
    handle: Handle | None = None
    offset: Point = (0.0, 0.0)
    has_moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """Study, reading, picture and pencil of one reader at one moment.

    Attributes
    ----------
    timepoint : str
        The visit that is read; it follows the series on the screen.
    series : CTSeries or None
        The series on the screen.
    doubtful : Proposal or None
        An outline that was too unsure to be proposed and has not been looked at.
    is_clicking : bool
        Whether a click finds the lesion under it.
    is_preparing : bool
        The engine of outlines is being made ready: to click now would hold the window up.
    expected : Expectation or None
        Where a lesion of an earlier visit is expected on the series on the screen.
    message : str
        One sentence for the reader about what just happened or why something cannot be done.
    save_fault : str
        Why the last change is not on disk; empty when it is.
    table_faults : tuple of str
        What is wrong in the table; while there is anything, it is neither used nor written and nothing can be drawn.
    """

    reader: str = "reader-1"
    study: Study | None = None
    subject: str = ""
    visits: tuple[Visit, ...] = ()
    timepoint: str = ""
    series: CTSeries | None = None
    item: SeriesItem | None = None
    history: History = field(default_factory=lambda: History(reading=Reading()))
    score: Score = field(default_factory=Score)
    form: Form = field(default_factory=Form)
    draft: Draft | None = None
    grip: Grip | None = None
    preset: WindowPreset = WINDOW_PRESETS[0]
    is_drawing: bool = True
    doubtful: Proposal | None = None
    is_clicking: bool = False
    is_preparing: bool = False
    expected: Expectation | None = None
    message: str = ""
    table: Path | None = None
    save_fault: str = ""
    table_faults: tuple[str, ...] = ()

    @property
    def reading(self) -> Reading:
        """The reading as it stands."""
        return self.history.reading

    @property
    def table_refusal(self) -> str:
        """Why nothing can be found or saved, the table being faulty; empty when it is not."""
        return tell_refusal(self.table, len(self.table_faults)) if self.table and self.table_faults else ""

    @property
    def visit(self) -> Visit | None:
        """The visit that is read."""
        return next((visit for visit in self.visits if visit.timepoint == self.timepoint), None)

    @property
    def is_baseline(self) -> bool:
        """Whether the visit that is read is the first one."""
        return bool(self.visits) and self.visits[0].timepoint == self.timepoint
