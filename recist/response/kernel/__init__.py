"""The decisions of the engine as compiled loops over courses; a course is one reader's series of one subject.

Three walks follow one another: rows are added up into visits (`sums`), every course is walked to its target responses
(`target`) and then to its overall responses (`overall`). All lengths are whole hundredths of a millimetre, all limits
come from `rules`. Numba keeps what it compiled as long as the file of
the caller stays the same: a compiled function that calls one of another file (`is_seen`, `has_grown`) or uses its
numbers misses a change there until the package is installed anew, or the `*.nbi` files are removed. Tuples of arrays
are taken apart before a loop and not handed to inner functions: numba would count references at every step. Inner
functions of the loops are inlined for the same reason.
"""
