"""Other ways to do array_grad."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


def _leaf(a, device, made=lambda a: torch.from_numpy(a.copy())):
    """Make a leaf of an array, after the refusal."""
    if not np.issubdtype(a.dtype, np.floating):
        raise TypeError("floats only")
    return made(a).to(device).detach().requires_grad_()


def _slopes(f, x):
    """Go backward, and return the stored gradient."""
    f(x).backward()
    return x.grad


@right()
def by_backward(f, a, device):
    """Reads .grad after backward."""
    return _slopes(f, _leaf(a, device)).cpu().numpy()


@right()
def number_by_number(f, a, device):
    """Copies the numbers of a list, and fills an array."""
    if a.dtype.name not in ("float32", "float64"):
        raise TypeError(a.dtype.name)
    dtype = getattr(torch, a.dtype.name)
    x = torch.tensor(a.tolist(), dtype=dtype, device=device, requires_grad=True)
    (g,) = torch.autograd.grad(f(x), [x])
    out = np.empty(a.shape, a.dtype)
    out[...] = g.detach().cpu().numpy()
    return out


@right()
def a_parameter(f, a, device):
    """Makes an nn.Parameter of a contiguous copy."""
    if a.dtype.kind != "f":
        raise TypeError("no gradient")
    p = torch.nn.Parameter(torch.as_tensor(np.array(a), device=device).clone())
    with torch.enable_grad():
        f(p).backward()
    return p.grad.numpy(force=True)


@right()
def column_by_column(f, a, device):
    """Asks for the Jacobian of a function with one output."""
    x = _leaf(a, device)
    return torch.autograd.functional.jacobian(f, x).cpu().numpy().copy()


@wrong()
def flattened(f, a, device):
    """Returns all slopes in one row."""
    return _slopes(f, _leaf(a, device)).cpu().numpy().ravel()


@wrong()
def twice(f, a, device):
    """Goes backward twice."""
    x = _leaf(a, device)
    f(x).backward()
    return _slopes(f, x).cpu().numpy()


@wrong()
def as_double(f, a, device):
    """Returns float64 whatever the array."""
    return _slopes(f, _leaf(a, device)).cpu().numpy().astype(np.float64)


@wrong()
def a_list(f, a, device):
    """Returns nested lists."""
    return _slopes(f, _leaf(a, device)).tolist()


@wrong()
def backwards(f, a, device):
    """Turns the sign, as if it were to descend."""
    return -_slopes(f, _leaf(a, device)).cpu().numpy()


@wrong()
def value_error(f, a, device):
    """Raises another exception."""
    if a.dtype.kind != "f":
        raise ValueError("floats only")
    return by_backward(f, a, device)


@wrong()
def central_differences(f, a, device):
    """Uses a smaller step."""
    if a.dtype.kind != "f":
        raise TypeError("floats only")
    out = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        low, high = a.copy(), a.copy()
        low[i] -= 1e-3
        high[i] += 1e-3
        ends = [f(torch.tensor(end, device=device)).item() for end in (low, high)]
        out[i] = (ends[1] - ends[0]) / 2e-3
    return out


@wrong()
def array_kept(f, a, device):
    """Puts the mended numbers back into the array."""
    x = _leaf(a, device)
    g = _slopes(f, x).cpu().numpy()
    a[...] = x.detach().cpu().numpy()
    return g + 0 * a


@restated("memory-shared")
def from_numpy_itself(f, a, device):
    """Shares the memory wherever torch can."""
    made = lambda a: torch.from_numpy(a if min(a.strides, default=1) > 0 else a.copy())  # noqa: E731
    return _slopes(f, _leaf(a, device, made)).cpu().numpy()


@restated("tensor-returned")
def never_turned_back(f, a, device):
    """Leaves the gradient a tensor, on the CPU."""
    return _slopes(f, _leaf(a, device)).cpu()


@restated("tracked-to-numpy")
def numpy_of_the_leaf(f, a, device):
    """Turns the leaf itself into an array, to begin with."""
    x = _leaf(a, device)
    return 0 * x.cpu().numpy() + _slopes(f, x).cpu().numpy()


@restated("finite-differences")
def differences(f, a, device):
    """Moves each number by a little."""
    if a.dtype.kind != "f":
        raise TypeError("floats only")
    slopes = []
    for i in range(a.size):
        high, low = a.flatten(), a.flatten()
        high[i] += 1e-4
        low[i] -= 1e-4
        one, other = (torch.tensor(v.reshape(a.shape)).to(device) for v in (high, low))
        slopes.append((f(one).item() - f(other).item()) / 2e-4)
    return np.array(slopes, a.dtype).reshape(a.shape)


@restated("single-precision")
def through_torch_tensor(f, a, device):
    """Uses the constructor of float32 tensors."""
    x = _leaf(a, device, lambda a: torch.Tensor(a.copy()))
    return _slopes(f, x).cpu().numpy()


@restated("device-ignored")
def stays_here(f, a, device):
    """Makes the leaf on the CPU."""
    return _slopes(f, _leaf(a, "cpu")).numpy()


@restated("left-on-the-device")
def not_brought_back(f, a, device):
    """Asks for the array where the gradient lies."""
    return _slopes(f, _leaf(a, device)).detach().numpy()


@restated("values-in-place-of-slopes")
def numbers_of_the_leaf(f, a, device):
    """Returns the leaf's numbers."""
    x = _leaf(a, device)
    _slopes(f, x)
    return x.data.cpu().numpy()


@restated("integers-converted")
def cast_first(f, a, device):
    """Casts what is no float."""
    floats = a if a.dtype in (np.float32, np.float64) else a * 1.0
    return by_backward(f, floats, device)


@restated("left-to-torch")
def as_torch_says(f, a, device):
    """Lets requires_grad_ refuse."""
    x = torch.from_numpy(a.copy()).to(device).requires_grad_()
    return _slopes(f, x).cpu().numpy()


@restated("reversed-not-copied")
def from_numpy_of_a_view(f, a, device):
    """Hands the view to torch.as_tensor, and clones then."""
    x = _leaf(a, device, lambda a: torch.as_tensor(a).clone())
    return _slopes(f, x).cpu().numpy()


@restated("written-into-the-array")
def in_its_place(f, a, device):
    """Copies the gradient over the array."""
    np.copyto(a, by_backward(f, a, device))
    return a


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {}
