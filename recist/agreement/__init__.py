"""Agreement between readers: of responses, of sums and diameters, and where they part."""

from __future__ import annotations

from recist.agreement.agree import Agreement, agree

__all__ = ["Agreement", "agree"]
