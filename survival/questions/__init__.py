"""Survival asked in sentences: a cohort, a time, what tells people apart and from which day it was known.

Every quantity carries the day from which it is known, so that a comparison which could only be made by looking into the
future is refused with the reason and the remedies.
"""
