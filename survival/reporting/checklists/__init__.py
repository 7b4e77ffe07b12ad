"""What reporting guidelines ask of a paper, what the report gives of it, and what only the authors can write."""
