"""Probes of matmul."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import Operations, gradients, refusal_of

# What torch's products of matrices and vectors are made of.
PRODUCTS = {
    *("mm", "bmm", "mv", "dot", "vdot", "matmul", "linear", "_int_mm", "_grouped_mm"),
    *("addmm", "addmm_", "addmv", "addmv_", "addbmm", "baddbmm", "baddbmm_", "_addmm_activation"),
}


@probe("product")
def matmul_product(impl: Implementation, given: Given) -> Facts:
    """The product, its gradients, and whether a product of torch's own was called for it."""
    a = given.randn(*given.a).requires_grad_()
    b = given.randn(*given.b).requires_grad_()
    with Operations() as operations:
        product = impl.matmul(a, b)
    slopes = gradients(product.square(), [a, b])
    return {
        "product": product,
        "gradient for a of the summed squared product": slopes[0],
        "gradient for b of the summed squared product": slopes[1],
        "product of plain tensors": impl.matmul(given.plain(a), given.plain(b + 1)),
        "torch's own products": "used" if PRODUCTS & {*operations.names} else "not used",
    }


@probe("refusal")
def matmul_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where the inner sizes differ."""
    a, b = given.randn(*given.a), given.randn(*given.b)
    return {"answer to other inner sizes": refusal_of(lambda: impl.matmul(a, b), ValueError)}
