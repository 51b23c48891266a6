"""How a contender is run: a process of its own, on one core, that trains when it is told to.

`python CONTENDER.py NET DTYPE [FORM]` gets ready, warms up and says `ready`; then for every line
`STEPS` that it reads it takes so many steps and answers with the microseconds of processor time a
step. Processor time, because the machine does other things too.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

CORE = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
if CORE is not None:  # before any library counts the cores
    os.sched_setaffinity(0, {CORE})
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_threads] = "1"

# NumPy reads these variables when it is imported.
import numpy as np  # noqa: E402
from nets import NETS, Net  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

Train = Callable[[int], None]
"""Take so many steps, and be done with them when it returns."""


def compete(prepare: Callable[[Net, str, str], Train]) -> None:
    """`prepare(net, dtype, form)` gives what is timed."""
    name, dtype, form = [*sys.argv[1:], ""][:3]
    train = prepare(NETS[name], dtype, form)
    train(3)
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.process_time()
        train(int(line))
        print((time.process_time() - start) / int(line) * 1e6, flush=True)


class Epochs:
    """The training set, shuffled afresh by `deal`: x (batches, n, inputs), y (batches, n, outputs).

    All contenders shuffle each epoch, in the way that costs them least.
    """

    def __init__(self, net: Net, dtype: str) -> None:
        self._x, self._y = (part.astype(dtype) for part in net.data())
        self._rng = np.random.default_rng(0)
        self.batch = net.batch
        self.count = len(self._x) // net.batch

    def deal(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The coming epoch's batches."""
        order = self._rng.permutation(len(self._x))
        return tuple(part[order].reshape(self.count, self.batch, -1) for part in (self._x, self._y))  # type: ignore[return-value]
