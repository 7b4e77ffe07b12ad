"""The figures of the report, drawn without a screen and without touching matplotlib's global state."""
