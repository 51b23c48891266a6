"""What an experiment can be exported to; `make(experiment, weights, table)` gives the script."""

from __future__ import annotations

from playground.base.registry import Registry
from playground.export import numpy_script, pytorch_script

EXPORTERS = Registry("exporter")

EXPORTERS.register("numpy", "NumPy")(numpy_script.export)
EXPORTERS.register("pytorch", "PyTorch")(pytorch_script.export)
