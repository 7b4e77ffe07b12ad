"""The settings of the survival report: their names, defaults, meanings and checks."""
