"""Probes of m11: loss, optimizer, fit, predict, evaluate."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import copies, equal, gradients, handed_over, logged, outcome_of

Batch = tuple[Tensor, Tensor]


class Broken(Exception):
    """What a broken part raises."""


class Batches:
    """What a loop may ask of a DataLoader, without its cost: batches in their order, its dataset.

    A moving one begins with another batch in every pass; `watch` is called with each batch.
    """

    def __init__(
        self,
        x: Tensor,
        y: Tensor,
        size: int,
        moving: bool = False,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self.dataset = TensorDataset(x, y)
        self.batch_size = size
        self.moving, self.watch, self.passes = moving, watch, 0
        self._batches = list(zip(x.split(size), y.split(size), strict=True))

    def __iter__(self) -> Iterator[Batch]:
        first = self.passes % len(self) if self.moving else 0
        self.passes += 1
        for batch in self._batches[first:] + self._batches[:first]:
            self.watch()
            yield batch

    def __len__(self) -> int:
        return len(self._batches)


@probe("functional_twin", "losses")
def twin_losses(it: Implementation, given: Given) -> Facts:
    """The twins of the three losses: their values, gradients and kind."""
    pred, target = given.randn(given.n, given.n_out), given.randn(given.n, given.n_out)
    pred.requires_grad_()
    target.requires_grad_()
    facts: Facts = {}
    for m in (
        nn.MSELoss(reduction=given.reduction),
        nn.L1Loss(reduction=given.reduction),
        nn.HuberLoss(reduction=given.reduction, delta=given.delta),
    ):
        name, calls = type(m).__name__, _count_calls(m)
        twin = it.functional_twin(m)
        facts[f"{name} twin's value"] = value = twin(pred, target)
        own, other = gradients(value, [pred, target])
        facts |= {f"{name} twin's gradient": own, f"{name} twin's gradient for targets": other}
        facts[f"kind of {name} twin"] = _kind_of(twin, calls)
    return facts


@probe("functional_twin", "layers")
def twin_layers(it: Implementation, given: Given) -> Facts:
    """The twins of a ReLU and of a Linear whose weights are updated after the twin was made."""
    x = given.randn(given.n, given.n_in).requires_grad_()
    relu, linear = nn.ReLU(), _linear(given, given.n_in, given.n_out, given.bias)
    facts: Facts = {}
    for m in (relu, linear):
        name, calls = type(m).__name__, _count_calls(m)
        twin = it.functional_twin(m)
        out = twin(x)
        facts[f"{name} twin's output"] = out.detach().clone()
        named = [("input", x), *m.named_parameters()]
        for (what, _), gradient in zip(
            named, gradients(out, [tensor for _, tensor in named]), strict=True
        ):
            facts[f"{name} twin's gradient for its {what}"] = gradient
        with torch.no_grad():
            for parameter in m.parameters():
                parameter.mul_(-0.5)
        facts[f"{name} twin's later output"] = twin(x)
        facts[f"{name} twin's output for data alone"] = twin(given.randn(given.n, given.n_in))
        facts[f"kind of {name} twin"] = _kind_of(twin, calls)
    return facts


@probe("functional_twin", "refusal")
def twin_refusal(it: Implementation, given: Given) -> Facts:
    """What happens when the module is of a type that has no twin here."""
    m = getattr(nn, given.module)()
    return {
        f"answer to nn.{given.module}": outcome_of(lambda: it.functional_twin(m), TypeError),
    }


@probe("SGD", "steps")
def sgd_steps(it: Implementation, given: Given) -> Facts:
    """Parameters and gradients over several steps of a linear model from a non-zero start."""
    x, y = given.regression()
    w, b = given.leaf(y.shape[1], x.shape[1]), given.leaf(y.shape[1])
    opt = it.SGD(handed_over(given.params, [w, b]), given.lr)
    it.SGD([given.leaf(2)], 2 * given.lr)  # another optimizer, which must not disturb the first
    facts: Facts = {
        "number of arguments that step demands": _demanded_arguments(opt.step),
        "gradients after step": "unchanged",
        "parameters after zero_grad": "unchanged",
        "gradients after zero_grad": "None or zero",
    }
    if facts["number of arguments that step demands"]:
        return facts
    for step in range(1, given.steps + 1):
        ((x @ w.t() + b - y) ** 2).mean().backward()
        gradients_before = [p.grad.clone() for p in (w, b)]
        opt.step()
        after = facts[f"w after step {step}"], facts[f"b after step {step}"] = copies([w, b])
        if not all(map(equal, [w.grad, b.grad], gradients_before)):
            facts["gradients after step"] = "changed"
        opt.zero_grad()
        if not all(map(equal, [w, b], after)):
            facts["parameters after zero_grad"] = "changed"
        if not all(p.grad is None or not p.grad.any() for p in (w, b)):
            facts["gradients after zero_grad"] = "not cleared"
        if step == 1:  # somebody else may have cleared them, and autograd then makes new ones
            w.grad = b.grad = None
    facts["w and b"] = "leaves" if w.is_leaf and b.is_leaf else "no leaves any more"
    return facts


@probe("SGD", "no gradient")
def sgd_no_gradient(it: Implementation, given: Given) -> Facts:
    """What step and zero_grad do where the second of three parameters has no gradient."""
    params = [given.leaf(given.n) for _ in range(3)]
    for p in (params[0], params[2]):
        p.grad = given.leaf(given.n).detach()
    opt = it.SGD(params, given.lr)
    facts: Facts = {
        "step with a missing gradient": outcome_of(opt.step),
        "zero_grad with a missing gradient": outcome_of(opt.zero_grad),
    }
    if set(facts.values()) == {"no exception"}:
        facts["parameters after the step"] = torch.stack([p.detach() for p in params])
    facts["parameters that require a gradient afterwards"] = sum(p.requires_grad for p in params)
    return facts


@probe("SGD", "refusal")
def sgd_refusal(it: Implementation, given: Given) -> Facts:
    """What happens when there are no parameters."""
    return {
        "answer to no parameters": outcome_of(
            lambda: it.SGD(handed_over(given.params, []), 0.1), ValueError
        )
    }


@probe("make_training", "training")
def make_training_training(it: Implementation, given: Given) -> Facts:
    """The three parts, and some steps of training with them from a start set by the grader."""
    x, y = given.regression()
    model, loss_fn, opt = it.make_training(x.shape[1], y.shape[1], given.lr, given.model_seed)
    model.to(given.device)  # moves the numbers; the parameters stay the same objects
    facts: Facts = {
        "shape of the model's weight": tuple(model.weight.shape),
        "shape of the model's bias": tuple(model.bias.shape),
        "optimizer": "torch.optim.SGD" if isinstance(opt, torch.optim.SGD) else type(opt).__name__,
        "optimizer's tensors": _whose(opt, list(model.parameters())),
        "optimizer's settings": _settings(opt),
    }
    with torch.no_grad():
        for p in (model.weight, model.bias):
            p.copy_(given.leaf(*p.shape))
    for step in range(1, given.steps + 1):
        opt.zero_grad()
        facts[f"loss before step {step}"] = value = loss_fn(model(x), y)
        value.backward()
        opt.step()
        facts[f"weight after step {step}"] = model.weight.detach().clone()
        facts[f"bias after step {step}"] = model.bias.detach().clone()
    return facts


@probe("make_training", "seed")
def make_training_seed(it: Implementation, given: Given) -> Facts:
    """Whether the first weights depend on the seed, and on nothing else."""

    def made(seed: int) -> nn.Module:
        model: nn.Module = it.make_training(given.n_in, given.n_out, 0.1, seed)[0]
        return model

    def numbers(model: nn.Module) -> Tensor:
        return torch.cat([p.detach().clone().reshape(-1) for p in model.parameters()])

    def compared(model: nn.Module) -> str:
        return "the same" if equal(first, numbers(model)) else "different"

    one = made(given.model_seed)
    first = numbers(one)
    torch.rand(3)  # another state of torch's generator than before the first draw
    another = made(given.model_seed)
    torch.rand(5)
    return {
        "weights with the same seed": compared(another),
        "weights with another seed": compared(made(given.model_seed + 1000)),
        "model of a second call": "the same one" if one is another else "another one",
    }


@probe("fit", "trajectory")
def fit_trajectory(it: Implementation, given: Given) -> Facts:
    """The losses of all epochs, and the parameters after them, from a non-zero start."""
    x, y = given.regression()
    model = _linear(given, x.shape[1], y.shape[1])
    opt = torch.optim.SGD(model.parameters(), lr=given.lr, momentum=given.momentum)
    # The data stay on the CPU, wherever the model lies.
    loader, loss_fn = _loader(given, x.cpu(), y.cpu()), _loss(given)
    shapes = set[tuple[int, ...]]()

    def seen(pred: Tensor, target: Tensor) -> Tensor:
        shapes.add(tuple(target.shape))
        return loss_fn(pred, target)

    losses = it.fit(given.epochs, model, seen, opt, loader)
    return {
        "epoch losses": logged(losses),
        "shapes of the targets in the loss": ", ".join(map(str, sorted(shapes))) or "none",
        "batches that require a gradient afterwards": _tracked(loader),
        "model's weight afterwards": model.weight,
        "model's bias afterwards": model.bias,
        "model's mode afterwards": _mode(model),
    }


@probe("predict", "prediction")
def predict_prediction(it: Implementation, given: Given) -> Facts:
    """Predictions of a model with dropout, whether they are tracked, and the modes afterwards."""
    model = _network(given, nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    shape = (given.n_in,) if given.x == "one row" else (given.n, given.n_in)
    x = given.integers(20, 140, *shape) if given.integer else given.randn(*shape)
    x = x.to(getattr(torch, given.spec["kind"])) if "kind" in given.spec else x
    with torch.set_grad_enabled(given.mode == "train"):
        pred = it.predict(model, x)
        grad = "on" if torch.is_grad_enabled() else "off"
    if x.is_meta:  # where operations are slow, and there are no numbers
        return {"prediction": pred}
    facts: Facts = {
        "prediction": pred,
        "prediction's requires_grad": pred.requires_grad,
        "second prediction": it.predict(model, x),
        "model's mode afterwards": _mode(model),
        "grad mode afterwards": grad,
    }
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(-0.5)
    return facts | {"prediction of the updated model": it.predict(model, x)}


@probe("evaluate", "value")
def evaluate_value(it: Implementation, given: Given) -> Facts:
    """The mean loss of a model with batch normalisation, and what is left of the model's state."""
    model = _normalising(given)
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    loader = _loader(given, x, y)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    with torch.set_grad_enabled(given.grad == "on"):
        loss, recorded = _watched(lambda: it.evaluate(model, loader, _loss(given)))
        grad = "on" if torch.is_grad_enabled() else "off"
    same = all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    kept = all(equal(p.grad, torch.ones_like(p)) for p in model.parameters())
    return {
        "mean loss": logged(loss),
        "passes through the loader": getattr(loader, "passes", 1),
        "graph": recorded,
        "model's state afterwards": "unchanged" if same else "changed",
        "model's gradients afterwards": "unchanged" if kept else "changed",
        "model's mode afterwards": _mode(model),
        "grad mode afterwards": grad,
    }


@probe("evaluate", "exception")
def evaluate_exception(it: Implementation, given: Given) -> Facts:
    """What is restored when the loss, the model or the loader raises at its first use."""
    model = _normalising(given)
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    loader = Batches(x, y, given.batch, watch=lambda: may_break("loader"))
    loss_fn, calls = _loss(given), 0

    def may_break(part: str) -> None:
        nonlocal calls
        if part == given.broken:
            calls += 1
            if calls == 1:
                raise Broken(part)

    def breaking_loss(pred: Tensor, target: Tensor) -> Tensor:
        may_break("loss")
        return loss_fn(pred, target)

    model.register_forward_pre_hook(lambda *_: may_break("model"))
    with torch.set_grad_enabled(given.grad == "on"):
        outcome = outcome_of(lambda: it.evaluate(model, loader, breaking_loss), Broken)
        grad = "on" if torch.is_grad_enabled() else "off"
    return {
        "exception passed on": outcome,
        "grad mode after the exception": grad,
        "model's mode after the exception": _mode(model),
    }


def _linear(given: Given, n_in: int, n_out: int, bias: bool = True) -> nn.Linear:
    layer = nn.Linear(n_in, n_out, bias, device=given.device, dtype=given.dtype)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(given.leaf(*p.shape))
    return layer


def _network(given: Given, *middle: nn.Module) -> nn.Sequential:
    first, last = _linear(given, given.n_in, 5), _linear(given, 5, given.n_out)
    return nn.Sequential(first, *middle, last).train(given.mode == "train")


def _normalising(given: Given) -> nn.Sequential:
    """Return a model whose batch normalisation shows the mode in which it is used."""
    norm = nn.BatchNorm1d(5, device=given.device, dtype=given.dtype)
    with torch.no_grad():
        norm.running_mean.copy_(given.leaf(5))
        norm.running_var.copy_(given.leaf(5) ** 2 + 1)
    return _network(given, norm)


def _loader(given: Given, x: Tensor, y: Tensor) -> Iterable[Batch]:
    if given.loader == "list":
        return list(zip(x.split(given.batch), y.split(given.batch), strict=True))
    if given.loader == "DataLoader":
        return DataLoader(TensorDataset(x, y), batch_size=given.batch)
    return Batches(x, y, given.batch, moving=given.loader == "moving")


def _tracked(loader: Iterable[Batch]) -> int:
    """Count the tensors of a list of batches that require a gradient; a DataLoader makes new."""
    if isinstance(loader, DataLoader):
        return 0
    return sum(tensor.requires_grad for batch in loader for tensor in batch)


def _loss(given: Given) -> Callable[[Tensor, Tensor], Tensor]:
    if given.spec.get("loss") == "pinball":  # one that is not the same the other way round
        return lambda pred, target: torch.maximum(0.8 * (target - pred), pred - target).mean()
    return nn.MSELoss()


def _demanded_arguments(method: Callable[..., Any]) -> int:
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(method).parameters.values()
    return sum(p.kind in named and p.default is p.empty for p in parameters)


def _count_calls(m: nn.Module) -> list[str]:
    """Have the module note every call of itself in the list that is returned."""
    calls: list[str] = []
    own = m.forward

    def forward(*args: Any, **kwargs: Any) -> Any:
        calls.append("call")
        return own(*args, **kwargs)

    m.forward = forward
    return calls


def _kind_of(twin: object, calls: Sequence[str]) -> str:
    if isinstance(twin, nn.Module):
        return "a module"
    return "a function that calls the module" if calls else "a function of its own"


def _whose(opt: Any, own: Sequence[Tensor]) -> str:
    """Say whose tensors an optimizer holds: the model's own, copies of them, or others."""
    held = [p for group in getattr(opt, "param_groups", []) for p in group["params"]]
    if {id(p) for p in held} == {id(p) for p in own}:
        return "the model's own"
    if len(held) == len(own) and all(map(equal, held, own)):
        return "copies of the model's"
    return "not the model's"


def _settings(opt: Any) -> str:
    """Name what makes an optimizer more than plain gradient descent."""
    extras = ("momentum", "dampening", "weight_decay", "nesterov", "maximize")
    groups = getattr(opt, "param_groups", [])
    return ", ".join(name for group in groups for name in extras if group.get(name)) or "plain"


def _watched(call: Callable[[], Any]) -> tuple[Any, str]:
    """Call, and say whether autograd saved anything for a backward pass meanwhile."""
    saved = []

    def pack(tensor: Tensor) -> Tensor:
        saved.append("tensor")
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = call()
    return result, "recorded" if saved else "not recorded"


def _mode(model: nn.Module) -> str:
    modes = {part.training for part in model.modules()}
    return "mixed" if len(modes) > 1 else ("train" if modes.pop() else "eval")
