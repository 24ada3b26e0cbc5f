"""Other ways to do grad_of."""

from __future__ import annotations

import torch
from m04_autograd import grad_of

from autograder.course.marks import restated, right, wrong


@right()
def backward_on_a_copy(f, x):
    """A leaf of its own, backward(), and its .grad."""
    leaf = x.detach().clone()
    if not leaf.is_floating_point():
        leaf = leaf.float()
    leaf.requires_grad = True
    f(leaf).backward()
    return leaf.grad


@right()
def functional(f, x):
    """torch.func differentiates with respect to plain numbers."""
    numbers = x.detach()
    if not torch.is_floating_point(numbers):
        numbers = numbers.type(torch.get_default_dtype())
    return torch.func.grad(f)(numbers)


@right()
def vector_jacobian_product(f, x):
    """The helper for products with the Jacobian, with a 1 for the only output."""
    own = x.detach() * 1.0
    _, gradient = torch.autograd.functional.vjp(f, own)
    return gradient


@right()
def copied_with_recording_off(f, x):
    """Copies without history, and switches recording on for f."""
    with torch.no_grad():
        own = torch.empty_like(x, dtype=torch.result_type(x, 1.0)).copy_(x)
    with torch.enable_grad():
        value = f(own.requires_grad_())
    return torch.autograd.grad([value], [own])[0].detach()


@right()
def told_by_a_hook(f, x):
    """Takes the gradient from a hook while backward() runs."""
    told = []
    leaf = x.detach().clone()
    if not leaf.is_floating_point():
        leaf = leaf.to(torch.get_default_dtype())
    leaf.requires_grad_()
    leaf.register_hook(lambda gradient: told.append(gradient.detach().clone()))
    f(leaf).backward()
    return told[0]


@wrong()
def doubled_by_adding(f, x):
    """Calls backward() twice on a leaf of its own."""
    leaf = (x.detach() if x.is_floating_point() else x.float()).clone().requires_grad_()
    f(leaf).backward()
    f(leaf).backward()
    return leaf.grad


@wrong()
def differences(f, x):
    """Estimates each slope by a small step."""
    own = x.detach().clone() if x.is_floating_point() else x.float()
    out = torch.zeros_like(own)
    flat, slots = own.reshape(-1), out.reshape(-1)
    for i in range(len(flat)):
        moved = flat.clone()
        moved[i] += 1e-4
        slots[i] = (f(moved.reshape(own.shape)) - f(own)) / 1e-4
    return out


@wrong()
def remembers_the_first(f, x, known={}):  # noqa: B006
    """Keeps the gradient for a shape and hands it out again."""
    key = (tuple(x.shape), x.dtype)
    return known.setdefault(key, grad_of(f, x))


@wrong()
def at_least_one_axis(f, x):
    """Gives a gradient [1] for a number without dimensions."""
    return torch.atleast_1d(grad_of(f, x))


@wrong()
def descent_direction(f, x):
    """Turns the sign, as an update would."""
    return -grad_of(f, x)


@wrong()
def writes_its_answer_into_x(f, x):
    """Leaves the gradient in x.grad as well."""
    gradient = grad_of(f, x)
    if x.is_floating_point() and x.is_leaf:
        x.grad = gradient.clone()
    return gradient


@wrong()
def gradient_of_integers_rounded(f, x):
    """Gives integers for integers."""
    return grad_of(f, x).to(x.dtype)


@wrong()
def summed(f, x):
    """Adds up the gradient to one number."""
    return grad_of(f, x).sum()


@restated("integers-kept")
def no_conversion(f, x):
    """Makes a leaf of whatever numbers come."""
    leaf = x.clone().detach()
    leaf.requires_grad_(True)
    value = f(leaf)
    return torch.autograd.grad(value, (leaf,))[0]


@restated("callers-flag-set")
def sets_the_attribute(f, x):
    """Sets the flag of x as an attribute."""
    if not x.is_floating_point():
        x = x.to(torch.float32)
    x.requires_grad = True
    (g,) = torch.autograd.grad(f(x), [x])
    return g


@restated("backward-on-the-callers")
def reads_the_grad_of_x(f, x):
    """Calls backward() and reads x.grad."""
    if not x.is_floating_point():
        x = x.float()
    x.requires_grad_(True)
    x.retain_grad()
    value = f(x)
    value.backward()
    return x.grad.detach().clone()


@restated("not-flagged")
def backward_without_a_flag(f, x):
    """Hands a plain copy to f."""
    copy = x.detach().clone()
    if not copy.is_floating_point():
        copy = copy.float()
    return torch.autograd.grad(f(copy), [copy])[0]


@restated("float32-for-all")
def to_float(f, x):
    """Every x becomes float32."""
    leaf = x.detach().to(torch.float32).requires_grad_()
    f(leaf).backward()
    return leaf.grad


@restated("float64-for-integers")
def to_double(f, x):
    """Integers become float64."""
    leaf = x.detach().clone()
    if leaf.dtype == torch.int64:
        leaf = leaf.to(torch.float64)
    leaf.requires_grad_()
    f(leaf).backward()
    return leaf.grad


@restated("tuple-returned")
def forgets_to_unpack(f, x):
    """Returns what torch.autograd.grad returns."""
    leaf = (x.detach() if x.is_floating_point() else x.float()).clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)


@restated("graph-behind-it")
def backward_with_a_graph(f, x):
    """Lets backward() record what it does."""
    leaf = x.detach().clone()
    if not leaf.is_floating_point():
        leaf = leaf.float()
    leaf.requires_grad_()
    value = f(leaf)
    return torch.autograd.grad(value, leaf, retain_graph=True, create_graph=True)[0]


@restated("callers-flag-cleared")
def flag_off_at_the_end(f, x):
    """Switches the flag of x on, and off afterwards."""
    if not x.is_floating_point() or x.grad_fn is not None:
        return grad_of(f, x)
    x.requires_grad = True
    gradient = torch.autograd.grad(f(x), x)[0]
    x.requires_grad = False
    return gradient


@restated("callers-gradient-cleared")
def clears_before_it_starts(f, x):
    """Empties x.grad as if x were its own."""
    if x.is_floating_point() and x.grad_fn is None and x.grad is not None:
        x.grad = None
    leaf = x.detach().clone() if x.is_floating_point() else x.float()
    leaf.requires_grad_()
    f(leaf).backward()
    return leaf.grad


@restated("history-kept")
def times_one(f, x):
    """Multiplies by one to get a tensor of its own."""
    own = x * 1.0
    own.requires_grad_()
    own.retain_grad()
    f(own).backward()
    return own.grad


@restated("value-returned")
def number_of_f(f, x):
    """Returns f of the numbers."""
    with torch.no_grad():
        return f(x if x.is_floating_point() else x.to(torch.get_default_dtype()))


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {"own.requires_grad_() -> it twice": "a flag that is set is set"}
