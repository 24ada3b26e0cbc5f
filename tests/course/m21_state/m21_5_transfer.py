"""Other ways to do transfer and gradients_below."""

from __future__ import annotations

import torch
from m21_state import gradients_below, transfer
from torch import nn

from autograder.course.marks import restated, right, wrong


def _new(backbone, n_features, n_out):
    """Make the new layer."""
    return nn.Linear(n_features, n_out).to(next(backbone.parameters()))


@right()
def eval_in_each_forward(backbone, n_features, n_out):
    """Puts the backbone into eval mode before each forward pass, by a hook."""
    for p in backbone.parameters():
        p.requires_grad = False
    head = _new(backbone, n_features, n_out)
    model = nn.Sequential(backbone, head)
    backbone.eval()
    model.register_forward_pre_hook(lambda *_: backbone.eval() and None)
    return model, [head.bias, head.weight]


class _Kept(nn.Sequential):
    def train(self, mode=True):
        super().train(mode)
        self[0].train(False)
        return self


@right()
def sequential_of_its_own(backbone, n_features, n_out):
    """Derives from nn.Sequential."""
    model = _Kept(backbone, _new(backbone, n_features, n_out)).train()
    for p in model[0].parameters():
        p.requires_grad_(False)
    return model, [p for p in model.parameters() if p.requires_grad]


class _Body(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.inner = backbone.eval()

    def train(self, mode=True):
        self.training = mode
        return self

    def forward(self, x):
        return self.inner(x)


@right()
def body_that_hears_nothing(backbone, n_features, n_out):
    """Wraps the backbone, so that no mode reaches it."""
    backbone.requires_grad_(False)
    head = _new(backbone, n_features, n_out)
    return nn.Sequential(_Body(backbone), head), list(head.parameters())


@right()
def train_replaced(backbone, n_features, n_out):
    """Replaces the method train of this one object."""
    backbone.requires_grad_(False).eval()
    backbone.train = lambda mode=True: backbone
    head = _new(backbone, n_features, n_out)
    return nn.Sequential(backbone, head), [*head.parameters()]


@right(replaces="gradients_below")
def body_computed_twice(below, body, x):
    """Computes all twice, and restores each flag in the end."""
    found = {}
    flags = [(p, p.requires_grad) for p in body.parameters()]
    for p, _ in flags:
        p.requires_grad = False
    (found["flag"],) = torch.autograd.grad(body(below(x)).sum(), [below.weight])
    for p, flag in flags:
        p.requires_grad = flag
    hidden = below(x)
    with torch.no_grad():
        out = body(hidden)
    found["no_grad"] = None if out.grad_fn is None else torch.autograd.grad(out, below.weight)[0]
    return found


@right(replaces="gradients_below")
def by_backward_with_grads_put_away(below, body, x):
    """Puts every .grad away, goes back, and puts them back."""
    params = [*below.parameters(), *body.parameters()]
    kept = [p.grad for p in params]
    for p in params:
        p.grad = None
    body.requires_grad_(False)
    body(below(x)).sum().backward()
    gradient = below.weight.grad
    body.requires_grad_(True)
    for p, g in zip(params, kept, strict=True):
        p.grad = g
    return {"no_grad": None, "flag": gradient}


@right(replaces="gradients_below")
def detached_parameters(below, body, x):
    """Lets the body compute with detached parameters."""
    frozen = {name: p.detach() for name, p in body.named_parameters()}
    out = torch.func.functional_call(body, frozen, (below(x),))
    return {"flag": torch.autograd.grad(out.sum(), below.weight)[0], "no_grad": None}


@wrong(asks="tb.27")
def statistics_put_back(backbone, n_features, n_out):
    """Stops the statistics of BatchNorm by a momentum of 0, in training mode."""
    for part in backbone.modules():
        if isinstance(part, nn.BatchNorm1d):
            part.momentum = 0.0
    backbone.requires_grad_(False)
    head = _new(backbone, n_features, n_out)
    return nn.Sequential(backbone, head), list(head.parameters())


@wrong()
def only_matrices_frozen(backbone, n_features, n_out):
    """Freezes the weights, and forgets biases."""
    model, params = transfer(backbone, n_features, n_out)
    for p in backbone.parameters():
        p.requires_grad_(p.dim() == 1)
    return model, params


@wrong(asks="tb.27")
def weight_alone(backbone, n_features, n_out):
    """Lets only the new weight be trained."""
    model, params = transfer(backbone, n_features, n_out)
    return model, [p for p in params if p.dim() == 2]


@wrong()
def no_bias(backbone, n_features, n_out):
    """Makes a layer without a bias."""
    model, _ = transfer(backbone, n_features, n_out)
    p = next(backbone.parameters())
    model.head = nn.Linear(n_features, n_out, bias=False, device=p.device, dtype=p.dtype)
    return model, [model.head.weight]


@wrong()
def relu_between(backbone, n_features, n_out):
    """Puts an activation before the new layer."""
    model, params = transfer(backbone, n_features, n_out)
    model.body, model.head = backbone, nn.Sequential(nn.ReLU(), model.head)
    model.forward = lambda x: model.head(backbone(x) - 0.5)
    return model, params


@wrong()
def kaiming_start(backbone, n_features, n_out):
    """Draws the new weight from a wide normal distribution."""
    model, params = transfer(backbone, n_features, n_out)
    for p in params:
        nn.init.normal_(p, std=3.0)
    return model, params


@wrong()
def generator_returned(backbone, n_features, n_out):
    """Returns a generator of the parameters."""
    model, params = transfer(backbone, n_features, n_out)
    return model, (p for p in params)


@restated("body-not-recorded")
def features_detached(backbone, n_features, n_out):
    """Detaches the input of the backbone."""
    model, params = transfer(backbone, n_features, n_out)
    model.register_forward_pre_hook(lambda _, args: (args[0].detach(),))
    return model, params


@wrong()
def eval_after_the_first_batch(backbone, n_features, n_out):
    """Puts the backbone to sleep after a forward pass only."""
    backbone.requires_grad_(False)
    head = _new(backbone, n_features, n_out)
    model = nn.Sequential(backbone, head)
    backbone.eval()
    model.register_forward_hook(lambda *_: backbone.eval() and None)
    return model, list(head.parameters())


@wrong(replaces="gradients_below")
def mean_in_place_of_sum(below, body, x):
    """Takes the mean of the prediction."""
    found = gradients_below(below, body, x)
    return found | {"flag": found["flag"] / body(below(x)).numel()}


@wrong(replaces="gradients_below")
def of_the_bias(below, body, x):
    """Returns the gradient for the bias."""
    out = body(below(x)).sum()
    return {"flag": torch.autograd.grad(out, below.bias)[0], "no_grad": None}


@wrong(replaces="gradients_below")
def bools(below, body, x):
    """Says whether a gradient arrives."""
    return {way: g is not None for way, g in gradients_below(below, body, x).items()}


@restated("body-left-frozen", replaces="gradients_below")
def below_frozen(below, body, x):
    """Clears the flags of both, and sets those of the body alone again."""
    found = gradients_below(below, body, x)
    below.requires_grad_(False)
    return found


@restated("flag-alone")
def only_the_flag(backbone, n_features, n_out):
    """Loops over the parameters."""
    for p in backbone.parameters():
        p.requires_grad = False
    head = _new(backbone, n_features, n_out)
    model = nn.Sequential(backbone, head)
    return model, [head.weight, head.bias]


@restated("woken-by-train")
def eval_at_the_start(backbone, n_features, n_out):
    """Calls eval before it puts both together."""
    head = _new(backbone, n_features, n_out)
    return nn.Sequential(backbone.eval().requires_grad_(False), head), [*head.parameters()]


class _NoGrad(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone, self.head = backbone, head

    @torch.no_grad()
    def features(self, x):
        """Run the backbone without recording."""
        return self.backbone.eval()(x)

    def forward(self, x):
        return self.head(self.features(x))


@restated("body-not-recorded")
def features_without_recording(backbone, n_features, n_out):
    """Has a method under no_grad for the features."""
    head = _new(backbone, n_features, n_out)
    return _NoGrad(backbone.requires_grad_(False).eval(), head), [*head.parameters()]


class _NoneRecorded(_NoGrad):
    @torch.no_grad()
    def forward(self, x):
        return self.head(self.features(x))


@restated("head-not-recorded")
def nothing_recorded(backbone, n_features, n_out):
    """Decorates forward with no_grad."""
    head = _new(backbone, n_features, n_out)
    return _NoneRecorded(backbone.requires_grad_(False).eval(), head), [*head.parameters()]


@restated("all-parameters-returned")
def whole_list(backbone, n_features, n_out):
    """Lists what the model has."""
    model, head = transfer(backbone, n_features, n_out)
    return model, [*backbone.parameters(), *head]


@restated("not-frozen")
def eval_alone(backbone, n_features, n_out):
    """Takes eval mode for freezing."""
    model = _Kept(backbone, _new(backbone, n_features, n_out)).train()
    return model, list(model[1].parameters())


@restated("head-frozen-too")
def frozen_in_the_end(backbone, n_features, n_out):
    """Freezes the model when it is put together."""
    model = _Kept(backbone, _new(backbone, n_features, n_out)).train()
    for p in model.parameters():
        p.requires_grad = False
    return model, list(model[1].parameters())


@restated("backbone-copied")
def loaded_into_a_twin(backbone, n_features, n_out):
    """Makes a twin from the children."""
    import copy

    twin = copy.deepcopy(backbone).requires_grad_(False)
    model = _Kept(twin, _new(backbone, n_features, n_out)).train()
    return model, [*model[1].parameters()]


@restated("default-dtype-and-device")
def plain_linear(backbone, n_features, n_out):
    """Makes the layer with sizes alone."""
    model = _Kept(backbone.requires_grad_(False), nn.Linear(n_features, n_out)).train()
    return model, [*model[1].parameters()]


@restated("model-in-eval-mode")
def all_in_eval_mode(backbone, n_features, n_out):
    """Calls eval on the whole."""
    model = _Kept(backbone.requires_grad_(False), _new(backbone, n_features, n_out))
    return model.eval(), [*model[1].parameters()]


@restated("head-starts-at-zero")
def zeroed(backbone, n_features, n_out):
    """Fills the new layer with zeros."""
    model, params = transfer(backbone, n_features, n_out)
    with torch.no_grad():
        for p in params:
            p.fill_(0)
    return model, params


@restated("flag-blocks", replaces="gradients_below")
def none_at_all(below, body, x):
    """Answers without computing anything."""
    return dict.fromkeys(("flag", "no_grad"))


@restated("no-grad-passes", replaces="gradients_below")
def no_grad_around_nothing(below, body, x):
    """Switches recording off at the wrong place."""
    with torch.no_grad():
        body(below(x))
    found = [torch.autograd.grad(body(below(x)).sum(), below.weight)[0] for _ in range(2)]
    return dict(zip(("flag", "no_grad"), found, strict=True))


@restated("zeros-for-none", replaces="gradients_below")
def zeros(below, body, x):
    """Has zeros for what is cut off."""
    flag = torch.autograd.grad(body(below(x)).sum(), below.weight)[0]
    return {"flag": flag, "no_grad": 0 * flag}


@restated("body-left-frozen", replaces="gradients_below")
def never_put_back(below, body, x):
    """Clears the flags and goes."""
    body.requires_grad_(False)
    return {"flag": torch.autograd.grad(body(below(x)).sum(), below.weight)[0], "no_grad": None}


@restated("stored-gradients-changed", replaces="gradients_below")
def by_backward(below, body, x):
    """Zeroes, goes back, and leaves what is there."""
    below.zero_grad()
    body.requires_grad_(False)
    body(below(x)).sum().backward()
    body.requires_grad_(True)
    return {"flag": below.weight.grad.clone(), "no_grad": None}


@wrong(replaces="gradients_below", asks="tb.21")
def never_frozen(below, body, x):
    """Lets the body compute with all its flags set: the gradient below is the same."""
    return {"flag": torch.autograd.grad(body(below(x)).sum(), below.weight)[0], "no_grad": None}


EXCUSED = {
    "backbone.requires_grad_(False) -> it twice": "a cleared flag stays cleared",
    "backbone.requires_grad_(False) -> one statement later": "nothing is computed in between",
    "body.requires_grad_(False) -> it twice": "a cleared flag stays cleared",
    "body.requires_grad_(False) -> one statement earlier": "no_grad records nothing anyhow",
}
