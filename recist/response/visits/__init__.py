"""Best response and endpoints from overall responses given per visit, without lesions."""

from __future__ import annotations

from recist.response.visits.engine import BestScored, best

__all__ = ["BestScored", "best"]
