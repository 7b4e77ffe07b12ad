"""iRECIST: what comes after progression, from the same measurements (Seymour et al., Lancet Oncol 2017; 18: e143)."""
