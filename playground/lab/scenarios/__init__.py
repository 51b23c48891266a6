"""Demonstrations: each an experiment, a script of a few scenes, and what must come out."""
