"""Parts that no exporter has its own words for yet: the engine's own source, with all it uses.

So a loss, an optimizer or a schedule that is written tomorrow is exported too, if less prettily.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from playground.base.errors import InputError
from playground.base.registry import Registry
from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.engine.updates import Chunk, Clock
from playground.export.material import name_of, settings_of

_LOSS = '''
loss_rule = {make}


def loss(out, y):
    """{help}"""
    return loss_rule.value(out, y)


def loss_gradient(out, y):
    d = np.empty_like(out.T)
    for call in loss_rule.gradient(out.T, y.T, d):
        call()
    return d.T
'''
_TORCH_LOSS = '''
loss_rule = {make}


class LossRule(torch.autograd.Function):
    """{help}"""

    @staticmethod
    def forward(context, out, y):
        out, y = out.detach().numpy(), y.numpy()
        d = np.empty_like(out.T)
        for call in loss_rule.gradient(out.T, y.T, d):
            call()
        context.gradient = torch.from_numpy(d.T)
        return torch.tensor(loss_rule.value(out, y))

    @staticmethod
    def backward(context, above):
        return above * context.gradient, None


loss = LossRule.apply
'''
_OPTIMIZER = '''
update_rule = {make}
clock = Clock(np.array(0.0))
chunks, calls = {{}}, []


def update(gradients, step, rate):
    """{help}"""
    if not calls:
        for name, p in params.items():
            state = {{key: np.zeros_like(p) for key in update_rule.state}}
            chunks[name] = Chunk(p, np.empty_like(p), np.empty_like(p), state)
        calls.extend(update_rule.bind(clock, list(chunks.values())))
    clock.rate[()] = rate
    for name, chunk in chunks.items():
        chunk.g[...] = gradients[name]
    for call in calls:
        call()
'''
_TORCH_OPTIMIZER = '''
update_rule = {make}


class UpdateRule(torch.optim.Optimizer):
    """{help}"""

    def __init__(self, params, lr):
        super().__init__(params, {{"lr": lr}})
        self.clock, chunks = Clock(np.array(lr)), []
        for p in self.param_groups[0]["params"]:
            p.grad = torch.zeros_like(p)
            arrays = p.detach().numpy(), p.grad.numpy()
            state = {{key: np.zeros_like(arrays[0]) for key in update_rule.state}}
            chunks.append(Chunk(*arrays, np.empty_like(arrays[0]), state))
        self.calls = update_rule.bind(self.clock, chunks)

    def zero_grad(self):
        super().zero_grad(set_to_none=False)  # the calls are bound to these very arrays

    def step(self):
        self.clock.rate[()] = self.param_groups[0]["lr"]
        for call in self.calls:
            call()
'''
_ACTIVATION = '''
{name}_rule = {make}


def {name}(z):
    """{help}"""
    return {name}_rule.value(z)


def {name}_slope(z, a):
    return {name}_rule.slope(z)
'''
_TORCH_ACTIVATION = '''
{name}Rule = {make}


class {name}Function(torch.autograd.Function):
    @staticmethod
    def forward(context, z):
        z = z.detach().numpy()
        context.slope = torch.from_numpy({name}Rule.slope(z))
        return torch.from_numpy({name}Rule.value(z))

    @staticmethod
    def backward(context, above):
        return above * context.slope


class {name}(nn.Module):
    """{help}"""

    def forward(self, z):
        return {name}Function.apply(z)
'''
_SCHEDULE = '''
schedule_rule = {make}


def schedule(epochs):
    """{help}"""
    return schedule_rule.factor(epochs)
'''


def activation(settings: BaseModel, name: str, *, torch: bool = False) -> str:
    """The functions `name` and `name_slope`, or for PyTorch the class `name`."""
    template = _TORCH_ACTIVATION if torch else _ACTIVATION
    return _around(template, ACTIVATIONS, settings, name=name)


def loss(settings: BaseModel, *, torch: bool = False) -> str:
    """`loss` (and, for NumPy, `loss_gradient`) around the engine's rule."""
    return _around(_TORCH_LOSS if torch else _LOSS, LOSSES, settings)


def optimizer(settings: BaseModel, *, torch: bool = False) -> str:
    """`update`, or for PyTorch the class `UpdateRule`, around the engine's rule."""
    template = _TORCH_OPTIMIZER if torch else _OPTIMIZER
    return _around(template, OPTIMIZERS, settings, Clock, Chunk)


def schedule(settings: BaseModel) -> str:
    """`schedule`, and `tell_schedule` where a loss decides, around the engine's rule."""
    text = _around(_SCHEDULE, SCHEDULES, settings)
    if SCHEDULES.make(settings).plateau:
        text += "\n\ntell_schedule = schedule_rule.plateau.tell\n"
    return text


def _around(
    template: str, registry: Registry, settings: BaseModel, *used: Any, name: str = ""
) -> str:
    part = registry.part(name_of(settings))
    given = ", ".join(f"{key}={value!r}" for key, value in settings_of(settings).items())
    filled = template.format(make=f"{part.make.__name__}({given})", help=part.help, name=name)
    return "\n\n\n".join([*lifted(*used, part.make), filled.strip("\n")])


def lifted(*wanted: Callable[..., Any]) -> list[str]:
    """The source of functions and classes, after all that they use of ours; imports come first."""
    found: dict[str, str] = {}
    imports: set[str] = set()
    for item in wanted:
        _lift(item, found, imports)
    head = "\n".join(sorted(imports))
    return [head, *found.values()] if head else list(found.values())


def _lift(item: Any, found: dict[str, str], imports: set[str]) -> None:
    module = inspect.getmodule(item)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(item)))
    except (OSError, TypeError):
        raise InputError(f"the source of {item!r} is not there to be exported") from None
    tree = _Bare(vars(module)).visit(tree)
    for name in _names_used(tree):
        if name in vars(module) and name not in found and name != item.__name__:
            _lift_name(name, vars(module)[name], found, imports)
    found[item.__name__] = ast.unparse(ast.fix_missing_locations(tree))


def _lift_name(name: str, value: Any, found: dict[str, str], imports: set[str]) -> None:
    if isinstance(value, ModuleType):
        spelled = f"import {value.__name__}"
        if value.__name__ != name:
            spelled += f" as {name}"
        if spelled != "import numpy as np":  # every script has it
            imports.add(spelled)
    elif isinstance(value, int | float | str):
        found[name] = f"{name} = {value!r}"
    elif str(getattr(value, "__module__", "")).startswith("playground."):
        _lift(value, found, imports)
    elif inspect.getmodule(value) is not None:
        imports.add(f"from {inspect.getmodule(value).__name__} import {name}")  # type: ignore[union-attr]
    else:  # a ufunc says nothing of its module
        imports.add(f"from scipy.special import {name}")


def _names_used(tree: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


class _Bare(ast.NodeTransformer):
    """Takes away what is there for checkers and the registry: annotations, its decorator."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = [d for d in node.decorator_list if not self._registers(d)]
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        # A field of a dataclass must keep an annotation; any will do.
        node.annotation = ast.Name("object", ast.Load())
        return self.generic_visit(node)

    def _registers(self, decorator: ast.expr) -> bool:
        root = decorator
        while isinstance(root, ast.Call | ast.Attribute):
            root = root.func if isinstance(root, ast.Call) else root.value
        return isinstance(root, ast.Name) and isinstance(self._names.get(root.id), Registry)
