"""Probes of m10: nn.Module, nn.Linear and their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import Operations, gradients, outcome_of

SUMS = {"add", "sub", "rsub", "mul"}  # operations that show a product and a sum made apart
PARAMETERS = ("weight", "bias")


@probe("Linear", "exchange")
def linear_exchange(it: Implementation, given: Given) -> Facts:
    """Parameters, the exchange of state_dicts with nn.Linear, outputs and gradients of a layer."""
    n_in, n_out, x = given.n_in, given.n_out, _rows(given).requires_grad_()
    torch.set_default_dtype(getattr(torch, given.spec.get("default", "float32")))
    try:
        layer = it.Linear(n_in, n_out) if given.bias else it.Linear(n_in, n_out, bias=False)
    finally:
        torch.set_default_dtype(torch.float32)
    if any(isinstance(part, nn.Linear) for part in layer.modules()):
        return {"layer": "built with nn.Linear"}
    facts: Facts = {"layer": "written on nn.Module"} | _parameters(layer)
    # Where its numbers cannot be set, or it must stop for want of a bias, nothing more is told.
    if facts.get("attribute bias") == "missing" or not _exchanged(layer, given, facts):
        return facts
    called: list[nn.Module] = []
    with register_module_forward_hook(lambda module, *_: called.append(module)):
        facts["output"] = output = layer(x)
    if any(isinstance(module, nn.Linear) for module in called):
        return {"layer": "built with nn.Linear"}
    trained = {n: p for n, p in layer.named_parameters() if p.requires_grad}
    if isinstance(output, Tensor):
        facts |= _gradients(output, {"x": x} | trained)
    layer.eval()(x)
    with torch.no_grad():
        for p in layer.parameters():
            p.mul_(-0.5)
    facts["output in eval mode after an update"] = output = layer(x)
    facts["gradients in eval mode"] = gradients(output, list(trained.values()))
    return facts


def _rows(given: Given) -> Tensor:
    """Draw x [*lead, n_in], not contiguous where the given says that it is turned."""
    if given.spec.get("turned"):
        return given.randn(*given.lead[::-1], given.n_in).transpose(0, -2)
    return given.randn(*given.lead, given.n_in)


def _parameters(layer: nn.Module) -> Facts:
    """Return what a new layer holds; its start values are free, so zeros stand for them."""
    params = dict(layer.named_parameters())
    facts: Facts = {"parameters": ", ".join(sorted(params)) or "none"}
    for name in PARAMETERS:
        if name in params:
            facts[f"new {name}"] = torch.zeros_like(params[name])
    facts["trainable parameters"] = ", ".join(_trainable(layer)) or "none"
    if "bias" not in params:
        has_bias = hasattr(layer, "bias")
        facts["attribute bias"] = _cell(layer.bias) if has_bias else "missing"
    return facts


def _exchanged(layer: nn.Module, given: Given, facts: Facts) -> bool:
    """Load an nn.Linear's numbers into a layer, and the layer's into another; True if both work."""
    twin, back = (_layer(given, given.n_in, given.n_out, given.bias) for _ in range(2))
    layer.to(given.device, given.dtype)
    outcomes = [
        outcome_of(lambda: layer.load_state_dict(twin.state_dict()), RuntimeError),
        outcome_of(lambda: back.load_state_dict(layer.state_dict()), RuntimeError),
    ]
    facts["outcome of loading nn.Linear's state_dict"] = outcomes[0]
    facts["outcome of loading it into nn.Linear"] = outcomes[1]
    if set(outcomes) != {"no exception"}:
        return False
    facts["weight that came back in nn.Linear"] = back.weight
    return True


@probe("to_linear", "layer")
def to_linear_layer(it: Implementation, given: Given) -> Facts:
    """The layer made from w and b, and what becomes of it when w and b change later."""
    w, b = given.leaf(given.n_out, given.n_in), given.leaf(given.n_out)
    if given.spec.get("fixed"):
        w, b = given.leaf(given.n_in, given.n_out).detach().t(), torch.zeros_like(b).detach()
    before = w.detach().clone(), b.detach().clone()
    facts = _layer_facts(lambda: it.to_linear(w, b), given.randn(given.n, given.n_in), [w, b])
    facts["w and b afterwards"] = _changes([w, b], [before[0] + 1, before[1] + 1])
    return facts


@probe("param_table", "table")
def param_table_table(it: Implementation, given: Given) -> Facts:
    """The rows of the table for plain, nested, frozen, sharing and empty models."""
    model = _model(given).to(given.device, given.dtype).train(not given.spec.get("evaluated"))
    params = list(model.parameters())
    gradients_before = _put_gradients(params)
    before = _state(model)
    table = it.param_table(model)
    if not isinstance(table, Mapping):
        return {"table": table}
    rows = sorted(((str(name), row) for name, row in table.items()), key=lambda pair: pair[0])
    facts: Facts = {"table": "a dict", "names": ", ".join(name for name, _ in rows) or "none"}
    facts["kinds of rows"] = ", ".join(sorted({_kind(row) for _, row in rows}))
    if all(isinstance(row, tuple) and len(row) == 3 for _, row in rows):
        for index, column in enumerate(("shapes", "trainable flags", "numbers of elements")):
            facts[column] = ", ".join(f"{name} {_cell(row[index])}" for name, row in rows)
    same = _state(model) == before and _gradient_marks(params) == gradients_before
    facts["model afterwards"] = "unchanged" if same else "changed"
    model.requires_grad_(False)
    trainable = sum(_cell(row[1]) != "False" for row in it.param_table(model).values())
    return facts | {"trainable parameters after freezing": trainable}


def _state(model: nn.Module) -> list[object]:
    """Return what a model holds and how it is set, to be compared with what it is later."""
    return [
        [(id(p), p.requires_grad, p.dtype, p._version) for p in model.parameters()],
        [module.training for module in model.modules()],
    ]


def _put_gradients(tensors: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Give tensors gradients and return the marks of these."""
    for tensor in tensors:
        tensor.grad = torch.empty_like(tensor)
    return _gradient_marks(tensors)


def _gradient_marks(tensors: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Return which gradients tensors have, and how often these were changed in place."""
    return [(id(t.grad), -1 if t.grad is None else t.grad._version) for t in tensors]


def _cell(value: object) -> str:
    """Write a cell so that equal ones look equal, whether torch, NumPy or Python made them."""
    if isinstance(value, tuple):
        return f"({' x '.join(map(_cell, value))})"
    if isinstance(value, np.bool_):
        return str(bool(value))
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    return "a tensor" if isinstance(value, Tensor) else repr(value)[:80]


def _kind(row: object) -> str:
    return f"tuple of {len(row)}" if isinstance(row, tuple) else type(row).__name__


class _Nested(nn.Module):
    """A scalar of its own, a stack with a vector and a stack, a frozen layer, and buffers."""

    def __init__(self, n_in: int, n_hidden: int, n_out: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        inner = nn.Sequential(nn.Linear(n_in, n_hidden), nn.BatchNorm1d(n_hidden))
        self.body = nn.Sequential(inner, nn.ReLU())
        self.body.register_parameter("shift", nn.Parameter(torch.ones(n_hidden)))
        self.head = nn.Linear(n_hidden, n_out, bias=False).requires_grad_(False)


def _model(given: Given) -> nn.Module:
    """Return the model that a given of param_table asks for."""
    if given.model == "nested":
        return _Nested(*given.sizes)
    if given.model == "empty":
        return nn.ReLU()
    if given.model == "odd":  # a parameter without elements, and one of three dimensions
        shapes = {"none": (0, 3), "cube": given.sizes}
        return nn.ParameterDict({n: nn.Parameter(torch.ones(s)) for n, s in shapes.items()})
    layers = [nn.Linear(i, o) for i, o in zip(given.sizes[:-1], given.sizes[1:], strict=True)]
    if given.model == "twins":  # equal numbers, but two parameters
        layers[1].load_state_dict(layers[0].state_dict())
    if given.model == "tied":
        layers[1].weight = layers[0].weight
    if given.model == "reused":
        layers.append(layers[0])
    return nn.Sequential(*layers)


@probe("linear", "value")
def linear_value(it: Implementation, given: Given) -> Facts:
    """The result and its gradients, and for 2-D inputs the operations that led to it."""
    x = _rows(given).requires_grad_()
    w = given.randn(given.n_out, given.n_in).requires_grad_()
    inputs = {"x": x, "w": w}
    if given.bias:
        b = (
            given.tensor([0.0] * given.n_out)
            if given.spec.get("zero")
            else given.randn(given.n_out)
        )
        inputs["b"] = b.requires_grad_()
    with _Operations(x.detach() @ w.detach().t()) as operations:
        result = it.linear(*inputs.values())
    facts: Facts = {"result": result}
    facts |= _gradients(result, inputs)
    if given.bias and x.dim() == 2:
        facts["way to add b"] = _way(operations)
    return facts


def _gradients(result: Tensor, inputs: dict[str, Tensor]) -> Facts:
    found = zip(inputs, gradients(result, list(inputs.values())), strict=True)
    return {f"gradient of {name}": gradient for name, gradient in found}


class _Operations(Operations):
    """Records also whether the bare product, in any layout, was a result on the way."""

    def __init__(self, product: Tensor) -> None:
        super().__init__()
        # Its sum tells it; a single number could be met by chance, and on meta there are none.
        self.known = product.numel() > 1 and not product.is_meta
        self.count, self.total = product.numel(), product.sum().item() if self.known else 0.0
        self.met = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        """Run an operation and look at its result."""
        result = super().__torch_dispatch__(func, types, args, kwargs)
        if not self.known or not isinstance(result, Tensor) or result.is_meta:
            return result
        if result.numel() == self.count:
            self.met |= abs(result.sum().item() - self.total) < 1e-9
        return result


def _way(operations: _Operations) -> str:
    """Say whether the bias was added by an operation of its own."""
    names = {name.rstrip("_") for name in operations.names}
    apart = operations.met or bool(names & SUMS)
    return "separate product and sum" if apart else "one fused operation"


@probe("collapse", "layer")
def collapse_layer(it: Implementation, given: Given) -> Facts:
    """The layer that a stack collapses to, and what becomes of it when the stack changes later."""
    sizes = given.sizes
    layers = [
        _layer(given, i, o, bias)
        for i, o, bias in zip(sizes[:-1], sizes[1:], given.biases, strict=True)
    ]
    params = [p for layer in layers for p in layer.parameters()]
    if given.spec.get("frozen"):
        for p in params:
            p.requires_grad_(False)
    later = [p.detach() + 1 for p in params]
    settings = [_settings(layer) for layer in layers]
    stack = list(layers)
    facts = _layer_facts(lambda: it.collapse(stack), given.randn(2, sizes[0]), params)
    facts["list afterwards"] = "as it was" if stack == layers else "changed"
    same = settings == [_settings(layer) for layer in layers]
    facts["layers afterwards"] = _changes(params, later) if same else "changed"
    return facts


def _settings(layer: nn.Linear) -> list[object]:
    """Return what a layer is made of and how it is set."""
    held = [(id(p), p.requires_grad) for p in (layer.weight, layer.bias) if p is not None]
    return [layer.training, held]


def _layer(given: Given, n_in: int, n_out: int, bias: bool) -> nn.Linear:
    """Return an nn.Linear with drawn numbers."""
    layer = nn.Linear(n_in, n_out, bias=bias)
    for name, p in list(layer.named_parameters()):
        setattr(layer, name, nn.Parameter(given.leaf(*p.shape).detach()))
    return layer


def _layer_facts(make: Callable[[], object], x: Tensor, sources: Sequence[Tensor]) -> Facts:
    """Return the facts of a layer made from `sources`, which are then increased by 1.

    It is made twice: what is drawn at random, and so differs, is told as such. On meta, where there
    are no numbers, it is made once; a layer on another device stops at the copying.
    """
    if x.is_meta:
        with Operations() as operations:
            made: list[object] = []
            outcome = outcome_of(lambda: made.append(make()))
        if outcome != "no exception" and operations.names[-1:] != ["copy_"]:
            make()  # whoever reads numbers stops, and rightly: there are none
        held = [getattr(layer, name, "missing") for layer in made for name in PARAMETERS]
        return {"outcome on the device meta": outcome, "weight and bias": held}
    gradients_before = _put_gradients(sources)
    layer, again = make(), make()
    facts: Facts = {"gradients of the originals": "as they were"}
    if gradients_before != _gradient_marks(sources):
        facts["gradients of the originals"] = "changed"
    if not isinstance(layer, nn.Linear) or not isinstance(again, nn.Linear):
        facts["layer"] = layer
    else:
        facts["layer"] = "the same one at every call" if layer is again else "an nn.Linear"
        facts["sizes"] = f"in {layer.in_features}, out {layer.out_features}"
        same = {name: _same(getattr(layer, name), getattr(again, name)) for name in PARAMETERS}
        facts |= {name: same[name] for name in PARAMETERS}
        facts["trainable parameters"] = ", ".join(_trainable(layer)) or "none"
        if all(isinstance(v, Tensor) and _fits(v, x) for v in same.values()):
            facts["output"] = layer(x)
    with torch.no_grad():
        for source in sources:
            source.add_(1)
    if "output" in facts:
        facts["output after the originals were changed"] = layer(x)
    return facts


def _same(tensor: Tensor | None, again: Tensor | None) -> Tensor | str:
    """Return a copy of what two layers hold, or say that they differ or hold nothing."""
    if tensor is None or again is None:
        return "missing"
    if tensor.is_meta or torch.equal(tensor, again):
        return tensor.detach().clone()
    return "different at every call"


def _fits(tensor: Tensor, x: Tensor) -> bool:
    return tensor.dtype == x.dtype and tensor.device == x.device


def _trainable(layer: nn.Module) -> list[str]:
    return sorted(name for name, p in layer.named_parameters() if p.requires_grad)


def _changes(tensors: Sequence[Tensor], expected: Sequence[Tensor]) -> str:
    """Say whether tensors are what they should be after the probe itself has increased them."""
    pairs = zip(tensors, expected, strict=True)
    kept = all(t.is_meta or torch.equal(t.detach(), other) for t, other in pairs)
    return "as they were" if kept else "changed"
