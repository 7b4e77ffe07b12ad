"""What the answer becomes when one choice of the analysis is made otherwise: one row a choice."""
