"""Numbers and results in words: formats of p values, months and ratios, phrases, and small tables for notebooks."""
