"""A second reader: RECIST for one patient at a time, in exact fractions, written from the guideline alone.

Slow and plain on purpose: no arrays, no code shared with the package. Where two programs written apart agree on many
random histories, a mistake must have been made twice.
"""
