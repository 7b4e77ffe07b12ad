"""The decisions of the engine as compiled loops over courses; a course is one reader's series of one subject.

Three walks follow one another: rows are added up into visits (`sums`), every course is walked to its target responses
(`target`) and then to its overall responses (`overall`). All lengths are whole hundredths of a millimetre, all limits
come from `rules`. A compiled function calls no function of another file: numba keeps what it compiled as long as the
file of the caller stays the same, and would miss a change elsewhere. Tuples of arrays are taken apart before a loop and
not handed to inner functions: numba would count references at every step.
"""
