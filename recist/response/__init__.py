"""Response: from measured lesions to responses at each time point, best responses and endpoints."""

from __future__ import annotations

from recist.response.engine import score
from recist.response.options import Options, parse_options
from recist.response.scored import Scored

__all__ = ["Options", "Scored", "parse_options", "score"]
