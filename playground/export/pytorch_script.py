"""An experiment as a PyTorch script with the same first weights, batches and masks as the run."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import groupby

import numpy as np
from pydantic import BaseModel

from playground.base.arrays import Array
from playground.engine.activations import ACTIVATIONS
from playground.experiment.config import Experiment, HiddenLayer
from playground.export import common, lifted, pytorch_parts
from playground.export.formulas import TORCH, UntraceableError, formula, number, trace
from playground.export.material import Material, array_text, material, name_of, settings_of

_OPENING = """DOCSTRING

IMPORTS

import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.DTYPE)
torch.set_num_threads(1)  # a network this small gains nothing from more
"""

_NAMED_TENSORS = '''
def named_tensors():
    """All weights by name, as in the playground's weight files; nn.Linear keeps W transposed."""
    found, k = {}, 0
    for module in network.modules():
        if isinstance(module, nn.Linear):
            k += 1
            found[f"W{k}"], found[f"b{k}"] = module.weight.data.T, module.bias.data
NORMALIZED    return found
'''
_NORMALIZED = """        if isinstance(module, nn.BatchNorm1d | nn.LayerNorm):
            found[f"gamma{k}"], found[f"beta{k}"] = module.weight.data, module.bias.data
"""
_AVERAGED = """        if isinstance(module, nn.BatchNorm1d):
            found[f"mean{k}"], found[f"variance{k}"] = module.running_mean, module.running_var
"""

_MEAN_LOSS = '''
@torch.no_grad()
def mean_loss(x, y):
    """The loss over a whole set."""
    network.eval()
    return loss(network(x), y).item()
'''

_CLIP_NORM = '''
def clip_by_global_norm():
    """As nn.utils.clip_grad_norm_, which divides by the norm + 1e-6, where this is exact."""
    norm = math.sqrt(sum((p.grad**2).sum().item() for p in network.parameters()))
    if norm > CLIP_NORM:
        for p in network.parameters():
            p.grad *= CLIP_NORM / norm
'''

_TRAINED_WEIGHTS = '''
def trained_weights():
    """All weights by name, as NumPy arrays."""
    return {name: tensor.numpy() for name, tensor in named_tensors().items()}
'''
_TRAINED_WITH_AVERAGES = '''
def trained_weights():
    """All weights by name, as NumPy arrays; layer normalization keeps no averages."""
    return {**first, **{name: tensor.numpy() for name, tensor in named_tensors().items()}}
'''
_BRING_BACK = """    for name, tensor in named_tensors().items():
        tensor.copy_(best["weights"][name])"""


def export(
    experiment: Experiment,
    weights: Mapping[str, Array] | None = None,
    table: bytes | None = None,
) -> str:
    """A PyTorch script: same first weights, same batches, same numbers."""
    m = material(experiment, weights, table)
    training = m.training
    lacking, made = pytorch_parts.optimizer(training.optimizer)
    loss = pytorch_parts.LOSSES.get(name_of(m.loss)) or lifted.loss(m.loss, torch=True)
    modules, own_activations = _activation_modules(m)
    blocks = [
        *own_activations,
        pytorch_parts.RESIDUAL if m.has_residual else "",
        _masks() if m.has_dropout else "",
        pytorch_parts.DROPOUT if m.has_dropout else "",
        pytorch_parts.BATCH_NORM_OF_ONE if _has_batch_of_one(m) else "",
        lacking,
        "" if "def " not in loss else loss,
        "\n".join([_network(m, modules), "" if "def " in loss else loss, f"optimizer = {made}"]),
        _named_tensors(m),
        _CLIP_NORM if training.clip_norm is not None else "",
        common.schedule(m),
        common.batches(m, "torch.from_numpy(shuffler.permutation(len(x_train)))"),
        _MEAN_LOSS,
        common.stop_text(
            m,
            keep="{name: tensor.clone() for name, tensor in named_tensors().items()}",
            bring_back=_BRING_BACK,
        ),
        _train(m),
        _TRAINED_WITH_AVERAGES if "layer" in m.normalizations else _TRAINED_WEIGHTS,
    ]
    opening = _OPENING.replace("DOCSTRING", common.docstring(m, "PyTorch and NumPy"))
    return common.assembled(opening.replace("DTYPE", experiment.dtype), blocks, _data(m), m)


def _activation_modules(m: Material) -> tuple[dict[BaseModel, str], list[str]]:
    """The expression for each activation's module, and the classes that PyTorch lacks."""
    modules: dict[BaseModel, str] = {}
    classes = []
    for phi in m.activations:
        name = name_of(phi)
        if phi in modules:
            continue
        if name in pytorch_parts.ACTIVATIONS:
            settings = {key: number(value) for key, value in settings_of(phi).items()}
            modules[phi] = pytorch_parts.ACTIVATIONS[name].format(**settings)
            continue
        same = sum(name_of(other) == name for other in modules)
        title = name.title().replace("_", "") + (str(same + 1) if same else "")
        modules[phi] = f"{title}()"
        classes.append(_activation_class(phi, title))
    return modules, classes


def _activation_class(settings: BaseModel, title: str) -> str:
    """φ as the engine's own rule has it; PyTorch finds the slope by itself."""
    phi = ACTIVATIONS.make(settings)
    z, a = np.empty((20, 20)), np.empty((20, 20))
    try:
        value = formula(trace(phi.forward(z, a), {"z": z}, a), TORCH)
    except UntraceableError:
        return lifted.activation(settings, title, torch=True)
    lines = [*value.lines, f"return {value.result}"]
    body = "\n".join(f"        {line}" for line in lines)
    return f'''
class {title}(nn.Module):
    """{ACTIVATIONS.part(name_of(settings)).help}"""

    def forward(self, z):
{body}
'''


def _has_batch_of_one(m: Material) -> bool:
    """Whether PyTorch's own batch normalization would refuse one of the batches."""
    n, size = len(m.dataset.train), m.training.batch_size
    return "batch" in m.normalizations and (size == 1 or n == 1 or n % size == 1)


def _masks() -> str:
    return f"masks = {common.stream('SEED', 'dropout')}"


def _network(m: Material, modules: Mapping[BaseModel, str]) -> str:
    rows = []
    inputs = m.widths[0]
    for layer in m.hidden:
        rows.append(_hidden(m, layer, inputs, modules))
        inputs = layer.units
    lines = []
    for row, run in groupby(rows):
        count = len(list(run))
        if count > 2:
            inside = row[0] if len(row) == 1 else f"nn.Sequential({', '.join(row)})"
            if "\n" in inside or len(inside) > 60:
                inside = f"\n{textwrap.indent(inside, '    ')}\n   "
                lines.append(f"*[{inside} for _ in range({count})\n],")
            else:
                lines.append(f"*[{inside} for _ in range({count})],")
        else:
            lines += [f"{module}," for module in row] * count
    lines.append(f"nn.Linear({inputs}, {m.dataset.outputs}),")
    last = m.activations[-1]
    if name_of(last) != "linear":
        lines.append(f"{modules[last]},")
    return "network = nn.Sequential(\n" + textwrap.indent("\n".join(lines), "    ") + "\n)"


def _hidden(
    m: Material, layer: HiddenLayer, inputs: int, modules: Mapping[BaseModel, str]
) -> list[str]:
    row = [f"nn.Linear({inputs}, {layer.units})"]
    if layer.normalization:
        kind = name_of(layer.normalization)
        normalization = common.normalization(pytorch_parts.NORMALIZATIONS, kind)
        if _has_batch_of_one(m):
            normalization = normalization.replace("nn.BatchNorm1d", "BatchNorm")
        row.append(normalization.format(units=layer.units))
    row.append(modules[layer.activation])
    if layer.dropout:
        row.append(f"Dropout({number(layer.dropout)})")
    if layer.residual:
        inside = "".join(f"\n    {module}," for module in [number(layer.residual.scale), *row])
        row = [f"Residual({inside}\n)"]
    return row


def _named_tensors(m: Material) -> str:
    more = _NORMALIZED if m.normalizations else ""
    more += _AVERAGED if "batch" in m.normalizations else ""
    return _NAMED_TENSORS.replace("NORMALIZED", more)


def _train(m: Material) -> str:
    t = m.training
    lines = [
        "network.train()",
        "batch_loss = loss(network(x), y)",
        "losses.append(batch_loss.item())",
        "if not math.isfinite(losses[-1]):",
        '    raise SystemExit(f"diverged at step {step}")',
        "optimizer.zero_grad()",
    ]
    penalties = []
    if t.l2:
        penalties.append("objective = objective + L2 / 2 * sum((w**2).sum() for w in matrices)")
    if t.l1:
        penalties.append("objective = objective + L1 * sum(w.abs().sum() for w in matrices)")
    if penalties:
        lines += ["objective = batch_loss", *penalties, "objective.backward()"]
    else:
        lines.append("batch_loss.backward()")
    if t.clip_value is not None:
        lines.append("nn.utils.clip_grad_value_(network.parameters(), CLIP_VALUE)")
    if t.clip_norm is not None:
        lines.append("clip_by_global_norm()")
    if name_of(t.schedule) != "constant":
        lines.append(f'optimizer.param_groups[0]["lr"] = {common.rate_text(m)}')
    lines += [
        "optimizer.step()",
        "if step % STEPS_PER_EPOCH == 0:",
        *[f"    {line}" for line in common.epoch_end(m)],
    ]
    start = ["losses = []"]
    if t.l1 or t.l2:
        start.append("matrices = [m.weight for m in network.modules() if isinstance(m, nn.Linear)]")
    start.append("for step, (x, y) in enumerate(itertools.islice(batches(), steps), start=1):")
    return common.function("train(steps)", common.TRAIN_NOTE, start, lines, "return losses")


def _data(m: Material) -> str:
    """Examples and first weights, and what follows from them."""
    lines = [common.examples_note(m)]
    for name, split in m.splits.items():
        for letter, array in (("x", split.x), ("y", split.y)):
            lines += [f"{letter}_{name} = {array_text(array)}"]
    for name in m.splits:
        for own in (f"x_{name}", f"y_{name}"):
            lines.append(f"{own} = torch.tensor({own}, dtype=torch.DTYPE)")
    lines += ["", "# The first weights: W (inputs, units), b (units,).", "first = {}"]
    lines += [f'first["{name}"] = {array_text(value)}' for name, value in m.weights.items()]
    lines += [
        "for name, tensor in named_tensors().items():",
        "    tensor.copy_(torch.from_numpy(first[name]))",
        "",
        "STEPS_PER_EPOCH = math.ceil(len(x_train) / BATCH_SIZE)",
    ]
    return "\n".join(lines).replace("DTYPE", m.experiment.dtype)
