"""Leads the eye: to the slice of a proposed outline, and to where a lesion of an earlier visit is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.aligning import Aligner
from viewer.expecting import find_origin

if TYPE_CHECKING:
    from viewer.aligning import Pair
    from viewer.canvas import Canvas
    from viewer.expecting import Origin
    from viewer.loading import Loader
    from viewer.proposal import Proposal
    from viewer.session import Session

NOTHING_EXPECTED = "Nothing is expected here: choose a lesion that was drawn at an earlier visit and is not drawn here."


class Guide:
    """Follows the session; moves the picture only when the reader has not moved it in the meantime.

    Parameters
    ----------
    session : Session
    canvas : Canvas
    loader : Loader
        Gives series of earlier visits that are read already.
    """

    def __init__(self, session: Session, canvas: Canvas, loader: Loader) -> None:
        self._session, self._canvas, self._loader = session, canvas, loader
        self.aligner = Aligner()
        self.aligner.aligned.connect(self._on_aligned)
        self.aligner.failed.connect(session.tell)
        self.aligner.warming.connect(session.prepare)
        self._wanted: tuple[Origin, Pair] | None = None
        self._slice_then = 0
        self._proposal: Proposal | None = None

    def follow(self) -> None:
        """Look whether something new is proposed, or another lesion looked for."""
        self._follow_proposal()
        state = self._session.state
        origin = find_origin(state)
        wanted = (origin, (origin.item.key, state.item.key)) if origin and state.item else None
        if wanted == self._wanted:
            return
        self._wanted, self._slice_then = wanted, self._canvas.slice_index
        if state.expected is not None:
            self._session.expect(None)
        if wanted is not None:
            self._look_for(*wanted)

    def jump(self) -> None:
        """Go to where the chosen lesion is expected."""
        expected = self._session.state.expected
        if expected is None:
            busy = self.aligner.is_busy and self._wanted is not None
            self._session.tell("" if busy else NOTHING_EXPECTED)
            return
        if expected.slice_index is None:
            self._session.tell(expected.sentence)
            return
        self._canvas.go_to_slice(expected.slice_index)
        if expected.point is not None:
            self._canvas.centre_on(expected.point)

    def _follow_proposal(self) -> None:
        draft = self._session.state.draft
        proposal = draft.proposal if draft is not None else None
        if proposal is not self._proposal:
            self._proposal = proposal
            if draft is not None and proposal is not None and draft.slice_index != self._canvas.slice_index:
                self._canvas.go_to_slice(draft.slice_index)

    def _look_for(self, origin: Origin, pair: Pair) -> None:
        if self.aligner.found(pair) is not None:
            self._on_aligned(pair)
            return
        series = self._session.state.series
        assert series is not None
        source = self._loader.kept(origin.item) or origin.item
        self.aligner.align(source, pair, series, f"Aligning with {origin.finding.timepoint}")

    def _on_aligned(self, pair: Pair) -> None:
        """Mark where the lesion is expected, and go there unless the reader is already at work."""
        alignment = self.aligner.found(pair)
        if alignment is None or self._wanted is None or self._wanted[1] != pair:
            return
        self._session.expect_from(self._wanted[0], alignment)
        state = self._session.state
        is_free = state.draft is None and state.grip is None and self._canvas.slice_index == self._slice_then
        if is_free and state.expected is not None and state.expected.slice_index is not None:
            self.jump()
