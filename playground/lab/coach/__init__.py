"""The coach: what is wrong with a run, why, and what to try; silent where nothing is."""
