"""What theory and experience say about a run: mean field, diagnoses."""
