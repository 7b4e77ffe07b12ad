"""What a cohort, its spans, dates and times must keep; every check gives its problems as values."""
