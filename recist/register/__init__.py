"""From a point in the baseline scan to the same place in the follow-up."""
