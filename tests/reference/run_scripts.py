"""Runs exported scripts in a process of its own: `python run_scripts.py STEPS OUT.npz SCRIPT.py …`.

Writes for each script, under its name: the batch loss of every step, the losses over the whole sets
and the weights after the last step. Needs nothing but what the scripts need.
"""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from pathlib import Path

import numpy as np

steps, out, *scripts = sys.argv[1:]
found = {}
for script in scripts:
    name = Path(script).stem
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run = runpy.run_path(script)
        found[f"{name}/losses"] = np.array(run["train"](int(steps)))
    found[f"{name}/training_loss"] = run["mean_loss"](run["x_train"], run["y_train"])
    if "x_test" in run:
        found[f"{name}/test_loss"] = run["mean_loss"](run["x_test"], run["y_test"])
    for key, value in run["trained_weights"]().items():
        found[f"{name}/{key}"] = np.array(value)
assert "playground" not in sys.modules
np.savez_compressed(out, **found)
