"""Our engine beside its peers, in turns on the same machine: microseconds a step, and ratios.

    python tests/benchmarks/compare.py [NET …]

The engine is timed as people use it, through `train`; each contender is a process of its own with
one BLAS thread. Contenders take turns and the median of the rounds counts, so that a busy moment of
the machine does not decide. PyTorch takes part where it is installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from nets import NETS, STEPS, TITLES

HERE = Path(__file__).parent
ROUNDS = 5
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def ours(name: str, steps: int) -> float:
    """Microseconds of a step of `train`."""
    with tempfile.TemporaryDirectory() as folder:
        experiment = Path(folder) / "experiment.json"
        experiment.write_text(json.dumps(NETS[name]), encoding="utf-8")
        command = [sys.executable, "-m", "playground", "train", str(experiment)]
        said = _run([*command, "--steps", str(steps)])
    report = json.loads(said.splitlines()[-1])
    return 1e6 / float(report["steps_per_second"])


def peer(script: str, name: str, steps: int) -> float:
    """Microseconds of a step of a script beside this one."""
    return float(_run([sys.executable, str(HERE / script), name, str(steps)]))


def compare(name: str, rounds: int = ROUNDS) -> dict[str, float]:
    """Medians by contender."""
    contenders = {
        "playground": lambda: ours(name, STEPS[name]),
        "textbook": lambda: peer("textbook.py", name, STEPS[name] // 5),
    }
    if importlib.util.find_spec("torch"):
        contenders["pytorch"] = lambda: peer("pytorch.py", name, STEPS[name] // 20)
    times: dict[str, list[float]] = {contender: [] for contender in contenders}
    for _ in range(rounds):
        for contender, measure in contenders.items():
            times[contender].append(measure())
    return {contender: statistics.median(found) for contender, found in times.items()}


def main(names: list[str]) -> None:
    """Print a table as it fills."""
    print("microseconds a training step, float64, one thread; × is how many times faster we are\n")
    for name in names or NETS:
        found = compare(name)
        others = "   ".join(
            f"{contender} {micros:,.0f} (× {micros / found['playground']:.1f})"
            for contender, micros in found.items()
            if contender != "playground"
        )
        print(f"{name}  {TITLES[name]:32} playground {found['playground']:8,.1f}   {others}")


def _run(command: list[str]) -> str:
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
