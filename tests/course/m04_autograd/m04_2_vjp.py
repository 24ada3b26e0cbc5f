"""Other ways to do vjp, jvp and jacobian."""

from __future__ import annotations

import torch
from m04_autograd import jacobian, jvp, vjp
from torch.autograd import forward_ad

from autograder.course.marks import restated, right, wrong


@right(replaces="vjp")
def gradient_of_the_weighted_sum(f, x, v):
    """Weighs the outputs, adds them and differentiates the sum."""
    leaf = x.detach().clone().requires_grad_()
    (f(leaf) * v).sum().backward()
    return leaf.grad


@right(replaces="vjp")
def functional_vjp(f, x, v):
    """torch.func returns the value and a function of v."""
    _, pull = torch.func.vjp(f, x.detach())
    return pull(v)[0]


@right(replaces="vjp")
def row_times_matrix(f, x, v):
    """Builds the whole matrix first."""
    return v @ jacobian(f, x)


@right(replaces="jvp")
def matrix_times_column(f, x, t):
    """Builds the whole matrix first."""
    return torch.mv(jacobian(f, x), t)


@right(replaces="jvp")
def dual_numbers(f, x, t):
    """Forward mode by its dual numbers."""
    with forward_ad.dual_level():
        return forward_ad.unpack_dual(f(forward_ad.make_dual(x.detach(), t))).tangent


@right(replaces="jvp")
def forward_mode(f, x, t):
    """torch.func pushes t forward."""
    return torch.func.jvp(f, (x.detach(),), (t,))[1]


@right(replaces="jacobian")
def columns_by_forward_mode(f, x):
    """A column for each unit vector of the inputs."""
    units = torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    return torch.stack([jvp(f, x, u) for u in units], dim=1)


@right(replaces="jacobian")
def rows_of_single_outputs(f, x):
    """Differentiates one output after the other, and keeps the graph in between."""
    own = x.detach().requires_grad_()
    y = f(own)
    return torch.stack([torch.autograd.grad(out, own, retain_graph=True)[0] for out in y])


@right(replaces="jacobian")
def of_the_library(f, x):
    """The ready-made function."""
    return torch.autograd.functional.jacobian(f, x.detach())


@wrong(replaces="jvp")
def differences(f, x, t):
    """Takes a small step along t."""
    x = x.detach()
    return (f(x + 1e-6 * t) - f(x)) / 1e-6


@wrong(replaces="vjp")
def last_output_only(f, x, v):
    """Leaves out all outputs but the last."""
    mask = torch.zeros_like(v)
    mask[-1] = 1
    return vjp(f, x, v * mask)


@wrong(replaces="vjp")
def vjp_with_a_graph(f, x, v):
    """Lets the backward pass be recorded."""
    own = x.detach().requires_grad_()
    return torch.autograd.grad(f(own), own, v, create_graph=True)[0]


@wrong(replaces="vjp")
def normalised(f, x, v):
    """Divides v by its length."""
    return vjp(f, x, v / v.norm())


@wrong(replaces="jvp")
def jvp_as_a_column(f, x, t):
    """Gives [M, 1]."""
    return jvp(f, x, t)[:, None]


@wrong(replaces="jvp")
def tied_to_x(f, x, t):
    """Differentiates at x itself, so the result requires a gradient where x does."""
    return torch.func.jvp(f, (x,), (t,))[1]


@wrong(replaces="jacobian")
def in_float64(f, x):
    """Gives float64 for all."""
    return jacobian(f, x).double()


@wrong(replaces="jacobian")
def square_part_only(f, x):
    """Takes as many rows as there are inputs, at most."""
    return jacobian(f, x)[: x.numel()]


@restated("vjp-from-the-right", replaces="vjp")
def sum_over_columns(f, x, v):
    """Multiplies with v as a column."""
    return torch.mv(torch.func.jacrev(f)(x.detach()), v)


@restated("no-vector", replaces="vjp")
def bare_grad(f, x, v):
    """Differentiates all outputs without weights."""
    leaf = x.clone().detach().requires_grad_(True)
    y = f(leaf)
    (g,) = torch.autograd.grad(y, [leaf])
    return g


@restated("outputs-added", replaces="vjp")
def sum_of_outputs(f, x, v):
    """Calls backward() on the sum."""
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward()
    return leaf.grad


@restated("vjp-in-a-tuple", replaces="vjp")
def not_unpacked(f, x, v):
    """Returns what grad returns."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf, grad_outputs=v)


@restated("x-flagged", replaces="vjp")
def flag_by_attribute(f, x, v):
    """Sets the attribute of x."""
    x.requires_grad = True
    (g,) = torch.autograd.grad((f(x) * v).sum(), x)
    return g


@restated("vjp-by-backward-on-x", replaces="vjp")
def reads_x_grad(f, x, v):
    """Calls backward() on the weighted sum and reads x.grad."""
    x.requires_grad = True
    (v * f(x)).sum().backward()
    return x.grad.detach().clone()


@restated("jvp-by-vjp", replaces="jvp")
def t_into_a_backward_pass(f, x, t):
    """Hands t to grad as its weights."""
    own = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(own), own, grad_outputs=t)
    return g


@restated("jvp-with-the-value", replaces="jvp")
def whole_answer(f, x, t):
    """Returns all that torch.func.jvp says."""
    return torch.func.jvp(f, (x.detach(),), (t,))


@restated("gradient-times-t", replaces="jvp")
def elementwise(f, x, t):
    """Multiplies the gradient of the sum by t."""
    own = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(own).sum(), own)
    return t * g


@restated("jvp-added-up", replaces="jvp")
def directional_derivative_of_the_sum(f, x, t):
    """The gradient of the sum, in the direction t."""
    own = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(own).sum(), own)
    return g @ t


@restated("jacobian-transposed", replaces="jacobian")
def stacked_along_the_columns(f, x):
    """Stacks rows as columns."""
    units = torch.eye(len(f(x.detach()))).to(x)
    return torch.stack([vjp(f, x, u) for u in units], dim=-1)


@restated("rows-added", replaces="jacobian")
def all_weights_one(f, x):
    """One pass, with ones."""
    y = f(x.detach())
    return vjp(f, x, torch.ones_like(y))


@restated("rows-not-stacked", replaces="jacobian")
def rows_in_a_list(f, x):
    """Collects the rows."""
    rows = []
    for unit in torch.eye(len(f(x.detach()))).to(x):
        rows.append(vjp(f, x, unit))
    return rows


@restated("jacobian-with-a-graph", replaces="jacobian")
def forward_mode_at_x_itself(f, x):
    """Differentiates at x itself."""
    return torch.func.jacfwd(f)(x)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "outputs = len(f(x.detach())) -> outputs = len(f(x))": "tracked or not, it is as long",
}
