"""Backpropagation in NumPy: arrays in, arrays out. No screen, no socket, no experiment."""
