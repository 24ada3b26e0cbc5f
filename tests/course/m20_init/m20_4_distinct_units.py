"""Other ways to do distinct_units and break_symmetry_."""

from __future__ import annotations

import numpy as np
import torch
from m20_init import break_symmetry_
from torch import nn

from autograder.course.marks import restated, right, wrong


def _linear(mlp):
    return [layer for layer in mlp if isinstance(layer, nn.Linear)]


def _drawn(p, generator):
    return torch.randn(p.shape, generator=generator, device=p.device, dtype=p.dtype)


@right()
def kept_in_a_list(w):
    """Keeps one row of each kind."""
    threshold = 1e-5 * w.abs().max().item()
    kept = []
    for row in w:
        if not any((row - other).abs().max().item() <= threshold for other in kept):
            kept.append(row)
    return len(kept)


@right()
def by_cdist(w):
    """The largest difference of each pair is a distance of torch."""
    near = torch.cdist(w, w, p=float("inf")) <= 1e-4 * w.abs().max()
    return len({tuple(row) for row in near.tolist()})


@right()
def by_numpy(w):
    """Counts in NumPy, each row as its share of a group."""
    rows = w.detach().cpu().numpy().astype(float)
    far = np.abs(rows[:, None] - rows[None]).max(axis=2)
    shares = 1 / (far <= 1e-3 * np.abs(rows).max()).sum(axis=1)
    return round(float(shares.sum()))


@right()
def rounded_and_unique(w):
    """Divides by the largest number, then counts rows whose first equal row is themselves."""
    scaled = w / w.abs().max().clamp_min(torch.finfo(w.dtype).tiny)
    equal = torch.isclose(scaled[:, None], scaled, rtol=0, atol=1e-3).all(-1)
    return len(set(equal.int().argmax(dim=1).tolist()))


@right(replaces="break_symmetry_")
def through_data(mlp, generator):
    """Writes to .data, going through the children's names."""
    layers = [m for _, m in mlp.named_children() if hasattr(m, "weight")]
    for layer in layers[:-1]:
        layer.weight.data.add_(_drawn(layer.weight, generator), alpha=0.1)


@right(replaces="break_symmetry_")
@torch.no_grad()
def by_parameters(mlp, generator):
    """Goes through all matrices among the parameters, but for the last, backwards."""
    matrices = [p for p in mlp.parameters() if p.dim() == 2]
    for p in reversed(matrices[:-1]):
        p.copy_(torch.normal(p, 0.1, generator=generator))


@right(replaces="break_symmetry_")
def one_draw_for_all(mlp, generator):
    """Draws all noise at once and cuts it up."""
    weights = [layer.weight for layer in _linear(mlp)[:-1]]
    sizes, first = [p.numel() for p in weights], weights[0]
    noise = torch.empty(sum(sizes), device=first.device, dtype=first.dtype)
    parts = noise.normal_(0, 0.1, generator=generator).split(sizes)
    with torch.no_grad():
        for p, part in zip(weights, parts, strict=True):
            p += part.view_as(p)


@right(replaces="break_symmetry_")
def row_by_row(mlp, generator):
    """Each unit gets a vector of noise."""
    for layer in _linear(mlp)[:-1]:
        for row in layer.weight.detach():
            row += 0.1 * _drawn(row, generator)


@wrong()
def rows_met_once(w):
    """Counts only the rows that have no equal."""
    threshold = 1e-5 * w.abs().max()
    equal = ((w[:, None] - w).abs() <= threshold).all(dim=2)
    return max(1, int((equal.sum(dim=1) == 1).sum()))


@wrong()
def by_sums(w):
    """Compares the sums of rows."""
    sums = w.sum(dim=1).sort().values
    return 1 + int((sums.diff() > 1e-3 * w.abs().max()).sum())


@wrong()
def by_norms(w):
    """Compares the lengths of rows, so that a row and its opposite are one."""
    norms = w.norm(dim=1).sort().values
    return 1 + int((norms.diff() > 1e-3 * w.abs().max()).sum())


@wrong()
def neighbours_only(w):
    """Compares each row with the one above it."""
    near = ((w[1:] - w[:-1]).abs() <= 1e-5 * w.abs().max()).all(dim=1)
    return len(w) - int(near.sum())


@wrong()
def any_for_all(w):
    """Takes rows for equal that have one number in common."""
    equal = ((w[:, None] - w).abs() <= 1e-5 * w.abs().max()).any(dim=2)
    return int((~equal.tril(-1).any(dim=1)).sum())


@wrong()
def numbers_counted(w):
    """Counts different numbers in place of different rows."""
    return len((w / w.abs().max().clamp_min(1e-30)).mul(1e3).round().unique())


@wrong()
def sorted_in_place(w):
    """Sorts the caller's rows on the way."""
    w.copy_(w[w[:, 0].argsort()])
    equal = ((w[:, None] - w).abs() <= 1e-5 * w.abs().max()).all(dim=2)
    return int((~equal.tril(-1).any(dim=1)).sum())


@wrong()
def none_for_zeros(w):
    """Returns 0 where all weights are 0."""
    if not w.any():
        return 0
    equal = ((w[:, None] - w).abs() <= 1e-5 * w.abs().max()).all(dim=2)
    return int((~equal.tril(-1).any(dim=1)).sum())


@wrong(replaces="break_symmetry_")
def one_number_a_unit(mlp, generator):
    """All weights of a unit get the same noise."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            layer.weight += 0.1 * _drawn(layer.weight[:, :1], generator)


@wrong(replaces="break_symmetry_")
def rewound_for_each_layer(mlp, generator):
    """Each layer gets the noise of the first one again."""
    state = generator.get_state()
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            generator.set_state(state)
            layer.weight += 0.1 * _drawn(layer.weight, generator)


@wrong(replaces="break_symmetry_")
def seeded_inside(mlp, generator):
    """The generator is seeded anew, so each network gets the same noise."""
    break_symmetry_(mlp, generator.manual_seed(0))


@wrong(replaces="break_symmetry_")
def uniform_noise(mlp, generator):
    """The noise is uniform, with the right mean and spread."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            bound = 0.1 * 3**0.5
            layer.weight += torch.empty_like(layer.weight).uniform_(
                -bound, bound, generator=generator
            )


@wrong(replaces="break_symmetry_")
def a_hundredth(mlp, generator):
    """The noise is ten times too small."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            layer.weight += 0.01 * _drawn(layer.weight, generator)


@wrong(replaces="break_symmetry_")
def biases_instead(mlp, generator):
    """Only the hidden biases get noise."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            if layer.bias is not None:
                layer.bias += 0.1 * _drawn(layer.bias, generator)


@wrong(replaces="break_symmetry_")
def in_a_copy(mlp, generator):
    """Only a copy of the weights gets noise."""
    for layer in _linear(mlp)[:-1]:
        noisy = layer.weight.detach().clone()
        noisy += 0.1 * _drawn(noisy, generator)


@wrong(replaces="break_symmetry_")
def frozen_afterwards(mlp, generator):
    """The hidden weights require no gradient afterwards."""
    break_symmetry_(mlp, generator)
    for layer in _linear(mlp)[:-1]:
        layer.weight.requires_grad_(False)


@wrong(replaces="break_symmetry_")
def recorded(mlp, generator):
    """Adds in place while operations are recorded, which torch refuses."""
    for layer in _linear(mlp)[:-1]:
        layer.weight += 0.1 * _drawn(layer.weight, generator)


@wrong(replaces="break_symmetry_")
def bias_expected(mlp, generator):
    """Fails where a layer has no bias."""
    break_symmetry_(mlp, generator)
    for layer in _linear(mlp)[:-1]:
        layer.bias.data.add_(0)


@restated("exactly-equal")
def set_of_tuples(w):
    """A set of tuples knows exact equality only."""
    return len({tuple(row) for row in w.tolist()})


@restated("every-row")
def first_size(w):
    """The first size of w."""
    return w.shape[0]


@restated("rank")
def by_singular_values(w):
    """Counts the singular values that are not small."""
    s = torch.linalg.svdvals(w.detach().cpu().double())
    return int((s > 1e-4 * s.max()).sum())


@restated("columns-compared")
def other_dimension(w):
    """Compares along the other dimension."""
    columns = list(w.detach().T)
    kept = []
    for column in columns:
        if not any((column - one).abs().max() <= 1e-5 * w.abs().max() for one in kept):
            kept.append(column)
    return len(kept)


@restated("fixed-threshold")
def default_of_allclose(w):
    """A threshold for weights of about 1."""
    kept = []
    for row in w:
        if not any(torch.allclose(row, one, rtol=0, atol=1e-4) for one in kept):
            kept.append(row)
    return len(kept)


@restated("count-is-a-tensor")
def sum_as_it_is(w):
    """The sum of the mask is returned as it is."""
    equal = ((w[:, None] - w).abs() <= 1e-5 * w.abs().max()).all(dim=2)
    return (~equal.tril(-1).any(dim=1)).sum()


@restated("same-noise-for-all-units", replaces="break_symmetry_")
def one_vector_a_layer(mlp, generator):
    """A vector of noise is broadcast over all rows."""
    for layer in _linear(mlp)[:-1]:
        vector = 0.1 * _drawn(layer.weight[0], generator)
        layer.weight.data += vector


@restated("last-layer-instead", replaces="break_symmetry_")
def index_minus_one(mlp, generator):
    """Only mlp[-1] gets noise."""
    p = mlp[-1].weight
    p.data.add_(0.1 * _drawn(p, generator))


@restated("last-layer-too", replaces="break_symmetry_")
def all_layers(mlp, generator):
    """Goes through all linear layers."""
    with torch.no_grad():
        for layer in _linear(mlp):
            layer.weight += 0.1 * _drawn(layer.weight, generator)


@restated("biases-too", replaces="break_symmetry_")
def all_parameters_of_hidden_layers(mlp, generator):
    """Goes through the weights of the hidden layers, then through their biases."""
    layers = _linear(mlp)[:-1]
    with torch.no_grad():
        for layer in layers:
            layer.weight += 0.1 * _drawn(layer.weight, generator)
        for layer in layers:
            if layer.bias is not None:
                layer.bias += 0.1 * _drawn(layer.bias, generator)


@restated("first-layer-only", replaces="break_symmetry_")
def index_zero(mlp, generator):
    """Only mlp[0] gets noise."""
    p = mlp[0].weight
    p.data += 0.1 * _drawn(p, generator)


@restated("noise-multiplied", replaces="break_symmetry_")
def stretched(mlp, generator):
    """Each weight is multiplied by a number near 1."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            layer.weight *= 1 + 0.1 * _drawn(layer.weight, generator)


@restated("noise-above-0", replaces="break_symmetry_")
def uniform_from_0(mlp, generator):
    """rand in place of randn."""
    for layer in _linear(mlp)[:-1]:
        p = layer.weight
        noise = torch.empty_like(p.data).uniform_(0, 0.1, generator=generator)
        p.data.add_(noise)


@restated("noise-not-scaled", replaces="break_symmetry_")
def plain_randn(mlp, generator):
    """randn as it is."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            layer.weight += _drawn(layer.weight, generator)


@restated("start-overwritten", replaces="break_symmetry_")
def drawn_in_place(mlp, generator):
    """normal_ writes over the weights."""
    for layer in _linear(mlp)[:-1]:
        nn.init.normal_(layer.weight, std=0.1, generator=generator)


@restated("generator-ignored", replaces="break_symmetry_")
def global_noise(mlp, generator):
    """normal_ without the generator."""
    with torch.no_grad():
        for layer in _linear(mlp)[:-1]:
            layer.weight += torch.empty_like(layer.weight).normal_(0, 0.1)


@restated("new-parameters", replaces="break_symmetry_")
def parameters_replaced(mlp, generator):
    """The sum becomes a new parameter."""
    for layer in _linear(mlp)[:-1]:
        old = layer.weight.detach()
        layer.weight = nn.Parameter(old + 0.1 * _drawn(old, generator))


EXCUSED = {
    "noise = 1e-05 * w.abs().max() -> noise = 1.0009999999999999e-05 * w.abs().max()": (
        "no two rows differ by anything between"
    ),
    "equal = ((w[:, None] - w).abs() <= noise).all(dim=2) -> "
    "equal = ((w - w[:, None]).abs() <= noise).all(dim=2)": "a size has no sign",
    "met_before = equal.tril(diagonal=-1).any(dim=1) -> "
    "met_before = equal.tril(diagonal=-1).any(dim=0)": (
        "the last of each kind is counted in place of the first"
    ),
    "layer.weight += torch.empty_like(layer.weight).normal_(0, 0.1, generator=generator) -> "
    "layer.weight += torch.empty_like(layer.weight).normal_(0, 0.1001, generator=generator)": (
        "20,000 draws do not tell a spread that is 0.1 percent too wide"
    ),
    "layer.weight += torch.empty_like(layer.weight).normal_(0, 0.1, generator=generator) -> "
    "layer.weight -= torch.empty_like(layer.weight).normal_(0, 0.1, generator=generator)": (
        "the normal distribution is the same on both sides"
    ),
}


@wrong(replaces="break_symmetry_")
def frozen_passed_over(mlp, generator):
    """Gives no draws to layers that are frozen."""
    frozen = [(p, p.detach().clone()) for p in mlp.parameters() if not p.requires_grad]
    break_symmetry_(mlp, generator)
    for p, old in frozen:
        p.copy_(old)


@wrong(replaces="break_symmetry_")
def thawed(mlp, generator):
    """Lets every weight require its gradient afterwards."""
    break_symmetry_(mlp, generator)
    for p in mlp.parameters():
        p.requires_grad_()


@wrong(replaces="distinct_units")
def euclidean(w):
    """Measures the distance of whole rows, in which much noise adds up."""
    equal = (w[:, None] - w).norm(dim=2) <= 1e-5 * w.abs().max()
    return int((~equal.tril(diagonal=-1).any(dim=1)).sum())


@wrong(replaces="distinct_units")
def largest_with_its_sign(w):
    """Takes the largest number for the largest absolute value."""
    equal = ((w[:, None] - w).abs() <= 1e-5 * w.max()).all(dim=2)
    return int((~equal.tril(diagonal=-1).any(dim=1)).sum())
