"""This project's engine, as the page and `train` run it: many steps in one call, reshuffling."""

from __future__ import annotations

from contender import Train, compete
from nets import RATE, Net

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer


def prepare(net: Net, dtype: str, form: str) -> Train:
    """The trainer's `run`."""
    hidden, linear = ACTIVATIONS.make(net.activation), ACTIVATIONS.make("linear")
    initializer = INITIALIZERS.make("lecun_normal")
    specs = [LayerSpec(units, hidden, initializer) for units in net.widths[1:-1]]
    specs.append(LayerSpec(net.widths[-1], linear, initializer))
    network = Network(net.widths[0], specs, dtype=dtype)  # type: ignore[arg-type]
    loss = LOSSES.make("binary_cross_entropy" if net.widths[-1] == 1 else "cross_entropy")
    optimizer = OPTIMIZERS.make("adam" if net.adam else "sgd")
    x, y = net.data()
    trainer = Trainer(network, loss, optimizer, x, y, learning_rate=RATE, batch_size=net.batch)
    return trainer.run


if __name__ == "__main__":
    compete(prepare)
