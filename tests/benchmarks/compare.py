"""Our engine beside its peers, in turns on the same machine: microseconds a step, and ratios.

    python tests/benchmarks/compare.py [NET …] [--dtype float64] [--rounds 15]

Each contender is a process of its own on one core; they take turns, a short stretch each, and what
counts is the median over the rounds of each round's ratio, with the quartiles as its spread. Peers
that are not installed are left out. The textbook loop runs in float64, as textbooks do.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from nets import NETS

HERE = Path(__file__).parent
TURN_MICROS = 100_000


@dataclass
class Contender:
    """A script, its form, and the nets that it is tried on."""

    name: str
    script: str
    needs: str = "numpy"
    form: str = ""
    nets: str = "abcdefg"
    dtype: str | None = None
    process: subprocess.Popen[str] | None = None
    steps: int = 2
    times: list[float] = field(default_factory=list)

    def start(self, net: str, dtype: str) -> subprocess.Popen[str]:
        """Begin to get ready; compiling may take a minute."""
        command = [sys.executable, str(HERE / self.script), net, self.dtype or dtype, self.form]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self.process

    def ask(self, line: str) -> str:
        """One line of an answer."""
        assert self.process
        assert self.process.stdin
        assert self.process.stdout
        if line:
            print(line, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().strip()
        if not answer:
            sys.exit(f"{self.name} gave up: its error stands above")
        return answer


def contenders() -> list[Contender]:
    """All of them; `nets` leaves out what would only compile for minutes."""
    compiled = {"needs": "torch", "script": "pytorch.py", "nets": "abcde"}
    return [
        Contender("playground", "ours.py"),
        Contender("textbook", "textbook.py", dtype="float64"),
        Contender("scikit-learn", "sklearn_mlp.py", "sklearn"),
        Contender("pytorch", "pytorch.py", "torch", "eager"),
        Contender("torch.compile model", form="model", **compiled),  # type: ignore[arg-type]
        Contender("torch.compile step", form="step", **compiled),  # type: ignore[arg-type]
        Contender("jax tree", "jax_step.py", "jax", "tree"),
        Contender("jax flat", "jax_step.py", "jax", "flat"),
        Contender("numba loops", "numba_step.py", "numba", "loops", "abcdg"),
        Contender("numba blas", "numba_step.py", "numba", "blas"),
    ]


@dataclass(frozen=True)
class Ratio:
    """How many times faster we are: median and quartiles over the rounds."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """Median microseconds a step by contender, and our ratio to each."""

    micros: dict[str, float]
    ratios: dict[str, Ratio]

    def best(self, family: str) -> float:
        """Our ratio to the fastest form of a peer."""
        return min(r.median for name, r in self.ratios.items() if name.startswith(family))


def compare(
    net: str, rounds: int = 15, dtype: str = "float32", only: Iterable[str] | None = None
) -> Result:
    """Let the installed contenders (or those of `only`) take turns on a net."""
    running = [
        c
        for c in contenders()
        if net in c.nets
        and importlib.util.find_spec(c.needs)
        and (only is None or c.name in {"playground", *only})
    ]
    with ExitStack() as stack:
        for contender in running:
            process = stack.enter_context(contender.start(net, dtype))
            stack.callback(process.kill)
            contender.ask("")
        for contender in running:
            contender.steps = 2
            for _ in range(3):  # to warm up, and to find how many steps fill a turn
                micros = float(contender.ask(str(contender.steps)))
                contender.steps = max(2, round(TURN_MICROS / max(micros, 0.1)))
        for _ in range(rounds):
            for contender in running:
                contender.times.append(float(contender.ask(str(contender.steps))))
    ours = running[0].times
    return Result(
        {c.name: statistics.median(c.times) for c in running},
        {c.name: _ratio(c.times, ours) for c in running[1:]},
    )


def _ratio(theirs: list[float], ours: list[float]) -> Ratio:
    found = [t / o for t, o in zip(theirs, ours, strict=True)]
    low, median, high = statistics.quantiles(found, n=4)
    return Ratio(median, low, high)


def main() -> None:
    """Print a table as it fills."""
    parser = argparse.ArgumentParser(description="Our engine beside its peers.")
    parser.add_argument("nets", nargs="*", metavar="NET", help=f"of {' '.join(NETS)}; default all")
    parser.add_argument("--dtype", default="float32", choices=["float32", "float64"])
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    print(
        f"µs of processor time a training step, {given.dtype} (textbook: float64), one core;\n"
        "× is how many times faster we are: median (quartiles) of the rounds' ratios\n"
    )
    for net in given.nets or NETS:
        result = compare(net, given.rounds, given.dtype)
        print(f"{net}  {NETS[net].title}: {result.micros['playground']:,.1f} µs")
        for name, ratio in result.ratios.items():
            spread = f"× {ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"
            print(f"   {name:20} {result.micros[name]:10,.1f} µs   {spread}", flush=True)


if __name__ == "__main__":
    main()
