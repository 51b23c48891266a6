"""The Experiment, the one description of a run, and how a run is assembled from it."""
