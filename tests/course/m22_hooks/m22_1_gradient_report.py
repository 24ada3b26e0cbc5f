"""Other ways to do gradient_report."""

from __future__ import annotations

import math

import torch

from autograder.course.marks import restated, right, wrong


def _layers(model):
    return {name: m for name, m in model.named_modules() if next(m.children(), None) is None}


def _full(model, loss_fn, x, y, look):
    """Return what a full backward hook sees at each layer; .grad is put back."""
    report = dict.fromkeys(_layers(model))
    before = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    handles = []
    for name, layer in _layers(model).items():

        def hook(module, into, out, name=name):
            report[name] = look(into, out)

        handles.append(layer.register_full_backward_hook(hook))
    loss_fn(model(x), y).backward()
    for handle in handles:
        handle.remove()
    for p, grad in zip(model.parameters(), before, strict=True):
        p.grad = grad
    return report


@right()
def by_full_backward_hooks(model, loss_fn, x, y):
    """Backward hooks of modules, and .grad put back."""
    return _full(model, loss_fn, x, y, lambda into, out: out[0].norm().item())


@right()
def by_hooks_on_the_outputs(model, loss_fn, x, y):
    """Hooks on the output tensors, and gradients asked for by autograd.grad."""
    norms, handles = {}, []
    for name, layer in _layers(model).items():

        def forward(module, into, out, name=name):
            out.register_hook(lambda g: norms.__setitem__(name, float(g.pow(2).sum().sqrt())))

        handles.append(layer.register_forward_hook(forward))
    try:
        loss = loss_fn(model(x), y)
        torch.autograd.grad(loss, list(model.parameters()))
    finally:
        for handle in handles:
            handle.remove()
    return {name: norms[name] for name in _layers(model)}


@right()
def by_retained_gradients(model, loss_fn, x, y):
    """Outputs that keep their gradient, collected by wrapping nothing but a hook."""
    kept, handles = {}, []
    for name, layer in _layers(model).items():
        handles.append(
            layer.register_forward_hook(lambda m, i, o, name=name: kept.update({name: o}))
        )
    loss = loss_fn(model(x), y)
    [h.remove() for h in handles]
    for out in kept.values():
        out.retain_grad()
    loss.backward(inputs=[kept[name] for name in kept])
    return {name: math.sqrt((kept[name].grad ** 2).sum()) for name in _layers(model)}


@right()
def with_zeros_added(model, loss_fn, x, y):
    """Each layer's forward hook adds zeros that require a gradient, which is the output's."""
    zeros, handles = {}, []
    for name, layer in _layers(model).items():

        def add(module, into, out, name=name):
            zeros[name] = torch.zeros_like(out, requires_grad=True)
            return out + zeros[name]

        handles.append(layer.register_forward_hook(add))
    pred = model(x)
    for handle in handles:
        handle.remove()
    names = list(_layers(model))
    grads = torch.autograd.grad(loss_fn(pred, y), [zeros[name] for name in names])
    return {name: torch.linalg.vector_norm(g).item() for name, g in zip(names, grads, strict=True)}


@wrong()
def layers_with_parameters_alone(model, loss_fn, x, y):
    """Activations, which have no parameters, are left out."""
    report = _full(model, loss_fn, x, y, lambda into, out: out[0].norm().item())
    return {n: v for n, v in report.items() if any(True for _ in _layers(model)[n].parameters())}


@wrong(named="containers-included")
def every_module(model, loss_fn, x, y):
    """All of named_modules() but the model itself and what it calls twice."""
    report = {}
    handles = [
        m.register_full_backward_hook(lambda m, i, o, n=n: report.update({n: o[0].norm().item()}))
        for n, m in model.named_modules()
    ]
    before = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    loss_fn(model(x), y).backward()
    for h in handles:
        h.remove()
    for p, grad in zip(model.parameters(), before, strict=True):
        p.grad = grad
    return {n: report[n] for n, _ in model.named_modules()}


@wrong()
def children_of_the_first_floor(model, loss_fn, x, y):
    """Looks at the direct children alone."""
    report, handles = {}, []
    for n, m in model.named_children():
        handles.append(
            m.register_forward_hook(
                lambda m, i, o, n=n: (
                    o.register_hook(lambda g: report.update({n: g.norm().item()})) and None
                )
            )
        )
    torch.autograd.grad(loss_fn(model(x), y), list(model.parameters()))
    for h in handles:
        h.remove()
    return {n: report[n] for n, _ in model.named_children()}


@wrong()
def largest_entry(model, loss_fn, x, y):
    """The largest absolute entry of each gradient."""
    return _full(model, loss_fn, x, y, lambda into, out: out[0].abs().max().item())


@wrong()
def averaged_over_the_rows(model, loss_fn, x, y):
    """The norm of the mean over the rows."""
    return _full(model, loss_fn, x, y, lambda into, out: out[0].mean(0).norm().item())


@wrong()
def without_the_loss(model, loss_fn, x, y):
    """Differentiates the sum of the predictions."""
    return _full(model, lambda pred, target: pred.sum(), x, y, lambda i, o: o[0].norm().item())


@wrong()
def as_a_list(model, loss_fn, x, y):
    """A list of pairs."""
    return list(_full(model, loss_fn, x, y, lambda i, o: o[0].norm().item()).items())


@wrong()
def by_type_names(model, loss_fn, x, y):
    """Names the layers by their classes, so that one takes the place of another."""
    report = _full(model, loss_fn, x, y, lambda i, o: o[0].norm().item())
    return {type(_layers(model)[n]).__name__: v for n, v in report.items()}


@wrong()
def one_hook_forgotten(model, loss_fn, x, y):
    """Removes all hooks but the last."""
    handles = [m.register_forward_hook(lambda *_: None) for m in model.modules()]
    for handle in handles[:-1]:
        handle.remove()
    return _full(model, loss_fn, x, y, lambda i, o: o[0].norm().item())


@restated("hooks-kept")
def full_hooks_never_removed(model, loss_fn, x, y):
    """Registers backward hooks and throws the handles away."""
    report = dict.fromkeys(_layers(model))
    before = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    for name, layer in _layers(model).items():

        def hook(module, into, out, name=name):
            report[name] = out[0].norm().item()

        layer.register_full_backward_hook(hook)
    loss_fn(model(x), y).backward()
    for p, grad in zip(model.parameters(), before, strict=True):
        p.grad = grad
    return report


@restated("containers-included")
def outputs_of_all_modules(model, loss_fn, x, y):
    """Keeps the outputs of all modules, in the order of named_modules()."""
    kept = {}
    handles = [
        m.register_forward_hook(lambda m, i, o, n=n: kept.update({n: o}))
        for n, m in model.named_modules()
    ]
    loss = loss_fn(model(x), y)
    for h in handles:
        h.remove()
    names = [n for n, _ in model.named_modules()]
    grads = torch.autograd.grad(loss, [kept[n] for n in names])
    return {n: g.norm().item() for n, g in zip(names, grads, strict=True)}


@restated("gradients-of-the-inputs")
def first_argument_of_the_hook(model, loss_fn, x, y):
    """Takes grad_input for grad_output."""

    def look(into, out):
        return 0.0 if into[0] is None else torch.linalg.norm(into[0]).item()

    return _full(model, loss_fn, x, y, look)


@restated("gradients-of-the-weights")
def weight_grads(model, loss_fn, x, y):
    """Reads .grad of each weight after backward()."""
    before = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    loss_fn(model(x), y).backward()
    report = {
        n: m.weight.grad.norm().item() if hasattr(m, "weight") else 0.0
        for n, m in _layers(model).items()
    }
    for p, grad in zip(model.parameters(), before, strict=True):
        p.grad = grad
    return report


@restated("outputs-not-gradients")
def activations(model, loss_fn, x, y):
    """Forward hooks that keep norms."""
    report = dict.fromkeys(_layers(model))
    handles = [
        m.register_forward_hook(lambda m, i, o, n=n: report.update({n: o.norm().item()}))
        for n, m in _layers(model).items()
    ]
    model(x)
    for h in handles:
        h.remove()
    return report


@restated("gradients-stored")
def backward_and_nothing_put_back(model, loss_fn, x, y):
    """backward() with hooks on the outputs, .grad left as it comes."""
    report, handles = dict.fromkeys(_layers(model)), []
    for n, m in _layers(model).items():

        def forward(module, into, out, n=n):
            out.register_hook(lambda g: report.update({n: g.norm().item()}))

        handles.append(m.register_forward_hook(forward))
    loss_fn(model(x), y).backward()
    for h in handles:
        h.remove()
    return report


@restated("gradients-cleared")
def zeroed_afterwards(model, loss_fn, x, y):
    """backward(), then .grad set to None everywhere."""
    report = _full(model, loss_fn, x, y, lambda into, out: out[0].norm().item())
    for p in model.parameters():
        p.grad = None
    return report


@restated("mean-for-norm")
def mean_of_absolute_values(model, loss_fn, x, y):
    """abs().mean() of each."""
    return _full(model, loss_fn, x, y, lambda i, o: float(o[0].abs().sum() / o[0].numel()))


@restated("squares-without-root")
def sum_of_squares(model, loss_fn, x, y):
    """(g * g).sum() of each."""
    return _full(model, loss_fn, x, y, lambda i, o: (o[0] * o[0]).sum().item())


@restated("norms-are-tensors")
def item_forgotten(model, loss_fn, x, y):
    """norm() without item()."""
    return _full(model, loss_fn, x, y, lambda i, o: o[0].norm())


@restated("in-the-order-they-come-back")
def dict_filled_by_the_hooks(model, loss_fn, x, y):
    """The dict gets its names when the hooks run."""
    report, handles = {}, []
    for n, m in _layers(model).items():

        def forward(module, into, out, n=n):
            out.register_hook(lambda g: report.update({n: g.norm().item()}))

        handles.append(m.register_forward_hook(forward))
    torch.autograd.grad(loss_fn(model(x), y), list(model.parameters()))
    for h in handles:
        h.remove()
    return report


EXCUSED = {
    "return {name: grad.norm().item() for name, grad in zip(layers, grads, strict=True)} -> "
    "return {name: grad.norm().item() for name, grad in zip(layers, grads)}": (
        "autograd.grad returns as many gradients as it was asked for"
    ),
    "return {name: grad.norm().item() for name, grad in zip(layers, grads, strict=True)} -> "
    "return {name: grad.norm().item() for name, grad in zip(layers, grads, strict=False)}": (
        "autograd.grad returns as many gradients as it was asked for"
    ),
}
