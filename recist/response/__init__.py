"""Response: from measured lesions to responses at each time point, best responses and endpoints."""

from __future__ import annotations

from recist.response.coded import CodedResponses, score_coded
from recist.response.engine import score
from recist.response.options import Options, parse_options
from recist.response.scored import Scored

__all__ = ["CodedResponses", "Options", "Scored", "parse_options", "score", "score_coded"]
