"""Probes of scale_grad."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import equal, gradients


@probe("path")
def scale_grad_path(impl: Implementation, given: Given) -> Facts:
    """The numbers of the result, and the gradients on its path, on others and on both."""
    leaf, (u, v, w) = given.leaf(*given.shape), (given.randn(*given.shape) for _ in range(3))

    def t() -> Tensor:  # anew for each gradient, which frees the graph behind it
        return leaf * u if given.spec.get("inside") else leaf

    tensor = t()
    result = impl.scale_grad(tensor, given.k)
    if not isinstance(result, Tensor) or result.shape != tensor.shape:
        return {"kind of the result": describe(result)}
    facts: Facts = {
        "kind of the result": describe(result),
        "result": result.detach(),
        "numbers of the result": "those of t" if equal(result, tensor) else "others",
        "gradient through the sum of the result": gradients(result, [leaf])[0],
    }
    again = impl.scale_grad(t(), given.k) * v
    facts["gradient through the weighted result"] = gradients(again, [leaf])[0]
    tensor = t()
    one, other = impl.scale_grad(tensor, given.k), impl.scale_grad(tensor, given.k + 1)
    every = one * v + tensor * w + other * u
    return facts | {"gradient where t is used in three ways": gradients(every, [leaf])[0]}
