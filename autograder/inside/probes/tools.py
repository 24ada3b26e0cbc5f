"""What several probes need to look."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim.optimizer import register_optimizer_step_pre_hook
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.inside import PACKAGE
from autograder.inside.given import Given
from autograder.inside.implementation import describe
from autograder.inside.observation import Logged
from autograder.inside.trace import CAUGHT

ONLY_EXPECTED = ContextVar("ONLY_EXPECTED", default=False)  # set where the reference is observed


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    """Have tensors made in another dtype where none is named."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def more_sizes(given: Given, low: int, high: int) -> list[int]:
    """Return `given.more` sizes from low to high, both included, drawn for this case alone.

    Where an answer is a small whole number, a table of answers to another secret's sizes may hold
    the right one by chance; it does not for several sizes at once.
    """
    count = given.spec.get("more", 0)
    sizes: list[int] = np.random.RandomState(given.seed).randint(low, high + 1, count).tolist()
    return sizes


def gradients(value: Any, tensors: Sequence[Tensor]) -> list[Tensor | str]:
    """Return d(sum of value)/d(tensor) for each tensor, or that value is cut off from it."""
    found: Sequence[Tensor | None] = [None] * len(tensors)
    if isinstance(value, Tensor) and value.requires_grad:
        found = torch.autograd.grad(value.sum(), tensors, allow_unused=True)
    return ["missing (cut off from the graph)" if g is None else g for g in found]


def outcome_of(call: Callable[[], Any], *expected: type[BaseException]) -> str:
    """Say what a call that should be refused does: the name of the expected class it raises, the
    name of any other exception, or `no exception`.

    Apart from the others are told: an error on None, whatever form the code has, and one of the
    call itself, which never reached the code. Where the reference is observed, another exception
    is the probe's own fault, and leaves it.
    """
    try:
        call()
    except expected as error:
        return next(kind.__name__ for kind in expected if isinstance(error, kind))
    except Exception as error:
        if isinstance(error, NotImplementedError) and not error.args:
            raise  # a stub refuses nothing
        if ONLY_EXPECTED.get():
            raise
        CAUGHT.set(CAUGHT.get() or error)
        if "NoneType" in str(error):
            return "an error, since None is used like an object that it is not"
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        reached = not frame.f_code.co_filename.startswith(str(PACKAGE / "inside"))
        return type(error).__name__ + ("" if reached else " of the call itself")
    return "no exception"


def refusal_of(call: Callable[[], Any], *expected: type[BaseException]) -> str:
    """Say what a call that should be refused does, see `outcome_of`; or what it returns instead."""
    results: list[Any] = []
    outcome = outcome_of(lambda: results.append(call()), *expected)
    return f"{outcome}, but {describe(results[0])} returned" if results else outcome


def logged(losses: Any) -> Any:
    """Mark the floats among losses as kept for reading; anything else stays what it is."""
    if isinstance(losses, list):
        return [logged(loss) for loss in losses]
    return Logged(losses) if isinstance(losses, float | np.floating) else losses


def read(losses: Any) -> Any:
    """Return losses as `logged` does, and 0-dim tensors among them as the numbers they hold: that
    they are tensors is another fact, see `kind_of`."""
    if isinstance(losses, list):
        return [read(loss) for loss in losses]
    return logged(number_of(losses))


def number_of(value: Any) -> Any:
    """Return the number that a 0-dim tensor of floats holds; anything else stays what it is."""
    one = isinstance(value, Tensor) and not value.shape and value.is_floating_point()
    return value.item() if one else value


def kind_of(losses: Any) -> str:
    """Say whether a loss, or any in a list, is a tensor, which may have a graph behind it."""
    every = losses if isinstance(losses, list) else [losses]
    return "tensor" if any(isinstance(loss, Tensor) for loss in every) else "float"


def copies(tensors: Iterable[Tensor]) -> list[Tensor]:
    """Return the tensors as they are now, without their graphs."""
    return [tensor.detach().clone() for tensor in tensors]


def at_start(**params: Tensor) -> dict[str, Any]:
    """Name the numbers of parameters before a step: how far yours then moved can be told by them.

    They are the given's own, and so never decide.
    """
    return {f"{name} at the start": p.detach().clone() for name, p in params.items()}


def seen_after_writing(written: Tensor, numbers: Tensor, other: Any) -> Any:
    """Write numbers into a tensor; return what another one, which may share its memory, holds then.

    Drawn numbers tell what a flag could only claim. Write to a tensor of the probe's own, such as
    `given.leaf(...).detach()`: an input would then count as changed.
    """
    with torch.no_grad():
        written.copy_(numbers)
    return other.detach().clone() if isinstance(other, Tensor) else other


def stored_gradient(tensor: Tensor) -> Tensor | str:
    """Return what .grad holds now, None in words: it is nothing that a function has returned."""
    return "None" if tensor.grad is None else tensor.grad.detach().clone()


def equal(tensor: Tensor | None, other: Tensor | None) -> bool:
    """Say whether two tensors have the same shape and numbers, or are both None."""
    if tensor is None or other is None:
        return tensor is other
    return torch.equal(tensor.detach(), other.detach())


def unmoved(params: Mapping[str, Tensor], before: Sequence[Tensor]) -> str:
    """Name the parameters that are what they were before.

    Only float64 ones: in float32 a right step may be rounded away, or not, by how it is computed.
    """
    pairs = zip(params.items(), before, strict=True)
    names = [name for (name, p), old in pairs if p.dtype == torch.float64 and equal(p, old)]
    return " and ".join(names) or "none"


def handed_over(kind: str, params: Sequence[Tensor]) -> Iterable[Tensor]:
    """Return parameters as a list, or as a generator, which can be read only once."""
    return (p for p in params) if kind == "generator" else list(params)


def tenths(number: Tensor) -> float:
    """Round to a tenth: right answers that depend on chance then give the same fact."""
    return round(number.item(), 1) + 0.0  # + 0.0 makes 0 of -0


def standard_normal(name: str, numbers: Tensor, unit: str = "") -> dict[str, Any]:
    """Return what 20,000 or more draws of N(0, 1) have in common, each fact far from changing.

    Mean and standard deviation are within 7 standard errors, 1/sqrt(n) and 1/sqrt(2n), but for a
    probability of 3e-12 each; the share near 0.683 leaves its tenth with 2 exp(-2 n 0.03^2) = 5e-16
    (Hoeffding), and that no draw is beyond 3 has 0.9973^n = 3e-24. Together a right answer is
    refused less than once in 1e10 runs. `unit` says what the numbers count, such as sigmas.
    """
    error = numbers.numel() ** -0.5
    counted, one, three = (f" (in {unit}s)", f"1 {unit}", f"3 {unit}s") if unit else ("", "1", "3")
    spread = numbers.std(correction=0)
    return {
        f"mean of {name}{counted}": _near(numbers.mean(), 0.0, 7 * error),
        f"standard deviation of {name}{counted}": _near(spread, 1.0, 5 * error),
        f"share of {name} within {one}, to a tenth": tenths((numbers.abs() < 1).double().mean()),
        f"{name} beyond {three}": "some" if bool((numbers.abs() > 3).any()) else "none",
    }


def _near(number: Tensor, expected: float, bound: float) -> float:
    """Return the expected number if the other is that near, or else the other, to a tenth where
    that tells them apart."""
    found = number.item()
    if abs(found - expected) < bound:
        return expected
    return tenths(number) if tenths(number) != expected else round(found, 3)


class Operations(TorchDispatchMode):
    """Records, in `names`, the operations of torch that run while it is active."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        self.names.append(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


class Lines:
    """Counts, in `count`, the lines of some files that run while it is active.

    A loop without torch, such as one over `x.tolist()`, shows only here.
    """

    def __init__(self, files: frozenset[str]) -> None:
        self.count = 0
        self._files = files
        self._before: Any = None

    def __enter__(self) -> Lines:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        self.count += 1
        return self._trace


@contextmanager
def calls_noted(note: Callable[[FrameType, str, Any], None]) -> Iterator[None]:
    """Let a function see every call that is made meanwhile, as `sys.setprofile` tells it."""
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)


@contextmanager
def noting_optimizers() -> Iterator[list[str]]:
    """Note every optimizer of torch that is made, or takes a step."""
    made: list[str] = []
    own = torch.optim.Optimizer.__init__

    def init(self: torch.optim.Optimizer, *args: Any, **kwargs: Any) -> None:
        made.append("made")
        own(self, *args, **kwargs)

    stepping = register_optimizer_step_pre_hook(lambda *_: made.append("stepped"))
    torch.optim.Optimizer.__init__ = init  # type: ignore[method-assign]
    try:
        yield made
    finally:
        torch.optim.Optimizer.__init__ = own  # type: ignore[method-assign]
        stepping.remove()
