"""`gradcheck`: backpropagation on an experiment against central differences, layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from playground.cli.files import (
    READABLE,
    READABLE_OR_STDIN,
    one_blas_thread,
    read_experiment,
    read_table,
    read_weights,
)

if TYPE_CHECKING:
    from playground.engine.gradcheck import GradientCheck


@click.command("gradcheck")
@click.argument("experiment", type=READABLE_OR_STDIN, metavar="EXPERIMENT.json")
@click.option("--steps", type=click.IntRange(min=0), default=0, help="Train so many steps first.")
@click.option("--weights", type=READABLE, help="Start from these (.npz), not from initializers.")
@click.option("--data", type=READABLE, help="The table of the data set 'csv'.")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0, min_open=True),
    default=1e-6,
    show_default=True,
    help="Largest relative error of a layer that passes.",
)
@click.option(
    "--coordinates",
    type=click.IntRange(min=1),
    default=400,
    show_default=True,
    help="Parameters looked at in each layer; larger layers are sampled.",
)
def gradcheck_command(
    experiment: Path,
    steps: int,
    weights: Path | None,
    data: Path | None,
    tolerance: float,
    coordinates: int,
) -> int:
    """Check the gradient of the experiment in a file ('-': standard input), in float64.

    A line for each layer: the relative error between backpropagation and central differences on
    the coming batch. A layer whose gradient is below 1e-5 of the loss is faint: it is right too
    where its absolute error is at most 1e-10. Where the loss bends too sharply for differences,
    they are doubtful, and the layer is right within their doubt. Exit codes: 1 above tolerance, 2
    for bad input, 3 where training diverged.
    """
    one_blas_thread()
    from playground.engine.gradcheck import gradcheck
    from playground.experiment.assemble import assemble

    described = read_experiment(experiment)
    double = described.model_copy(update={"dtype": "float64"})
    first, table = read_weights(weights), read_table(described, experiment, data)
    trainer = assemble(double, weights=first, table=table).trainer
    if steps:
        trainer.run(steps)
    found = gradcheck(trainer, tolerance=tolerance, coordinates=coordinates)
    click.echo(_table(found))
    return 0 if found.is_right else 1


def _table(found: GradientCheck) -> str:
    lines = ["layer  parameters  checked  at a kink  gradient norm  relative error  absolute error"]
    for layer in found.layers:
        right = layer.is_right(found.tolerance)
        verdict = "" if right else "  WRONG"
        verdict += "  (faint)" if layer.is_faint else ""
        if not (layer.is_settled(found.tolerance) or layer.is_faint):
            verdict += f"  (differences doubtful by {layer.doubt:.1e})"
        lines.append(
            f"{layer.layer:5}  {layer.parameters:10}  {layer.checked:7}  {layer.left_out:9}  "
            f"{layer.norm:13.3e}  {layer.error:14.1e}  {layer.absolute_error:14.1e}{verdict}"
        )
    word = "right" if found.is_right else "WRONG"
    lines.append(f"{word}: worst {found.worst:.1e}, tolerance {found.tolerance:g}")
    return "\n".join(lines)
