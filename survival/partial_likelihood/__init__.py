"""The engine behind Cox models: design, partial likelihood, its maximum, residuals, Firth and profile limits."""
