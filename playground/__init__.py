"""Backprop Playground: see backpropagation happen, step by step, in the browser."""

__version__ = "0.1.0"
