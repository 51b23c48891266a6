"""Records tests/reference/pytorch_scripts.npz: `python -m reference.record_scripts` in tests/.

Wants torch (2.13.0 was used) in the same interpreter. Every case's exported PyTorch script is run,
and what it computed is kept beside the fingerprint of the script, so that the tests, which need no
torch, notice when the exporter writes something that torch has not yet run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from playground.export.exporters import EXPORTERS
from reference.export_cases import CASES, STEPS, experiment, fingerprint

HERE = Path(__file__).parent


def main() -> None:
    """Run all scripts in a process of their own, and keep what they found."""
    with tempfile.TemporaryDirectory() as folder:
        scripts, prints = [], {}
        for name in CASES:
            text = EXPORTERS.part("pytorch").make(experiment(name))
            prints |= {f"{name}/{key}": value for key, value in fingerprint(text).items()}
            scripts.append(Path(folder) / f"{name}.py")
            scripts[-1].write_text(text, encoding="utf-8")
        out = Path(folder) / "found.npz"
        runner = HERE / "run_scripts.py"
        subprocess.run(
            [sys.executable, str(runner), str(STEPS), str(out), *map(str, scripts)], check=True
        )
        with np.load(out) as found:
            np.savez_compressed(HERE / "pytorch_scripts.npz", **prints, **found)


if __name__ == "__main__":
    main()
