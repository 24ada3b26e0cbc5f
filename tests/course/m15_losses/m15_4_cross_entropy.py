"""Other ways to do nll and cross_entropy."""

from __future__ import annotations

import math

import torch
from m15_losses import cross_entropy, nll
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


def one_hot(like, y):
    """Return ones at the right classes."""
    return F.one_hot(y, like.shape[1]).to(like.dtype)


@right(replaces="nll")
def gathered(logp, y):
    """Gathers along the classes."""
    return -logp.gather(1, y.unsqueeze(1)).squeeze(1).mean()


@right(replaces="nll")
def one_hot_product(logp, y):
    """Blanks out all other classes, and divides by the rows."""
    return -(one_hot(logp, y) * logp).sum() / y.numel()


@right(replaces="nll")
def row_by_row(logp, y):
    """A loop over the rows."""
    total = logp.new_zeros(())
    for row, right_class in zip(logp, y.tolist(), strict=True):
        total = total - row[right_class]
    return total / len(logp)


@right()
def log_sum_exp(logits, y):
    """The logarithm of the sum, less the right logit."""
    rows = torch.arange(y.shape[0], device=logits.device)
    return (torch.logsumexp(logits, 1) - logits[rows, y]).mean()


@right()
def largest_taken_away(logits, y):
    """Subtracts the largest logit of a row by hand."""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    logp = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -logp.gather(1, y[:, None]).mean()


@right()
def differences_from_the_right_one(logits, y):
    """Distances from the right logit, in one sum of exponentials."""
    differences = logits - logits.gather(1, y[:, None])
    return differences.logsumexp(dim=-1).sum() / len(y)


@right()
def module_of_torch(logits, y):
    """torch's LogSoftmax as a module."""
    return nll(nn.LogSoftmax(dim=1)(logits), y)


@wrong(replaces="nll")
def first_class_only(logp, y):
    """Looks at class 0 in all rows."""
    return nll(logp, torch.zeros_like(y))


@wrong(replaces="nll")
def column_by_row(logp, y):
    """Takes classes for rows."""
    return -logp.T.gather(1, y[None].clamp(max=len(y) - 1)).mean()


@wrong(replaces="nll")
def unreduced(logp, y):
    """Gives a number for each row."""
    return -logp.gather(1, y[:, None])[:, 0]


@wrong(replaces="nll")
def as_a_number(logp, y):
    """Gives a number of Python."""
    return nll(logp, y).item()


@wrong(replaces="nll")
def with_one_axis(logp, y):
    """Gives a loss of shape [1]."""
    return nll(logp, y)[None]


@wrong(named="log-of-softmax", asks="tb.36")
def small_number_added(logits, y):
    """Adds a small number under the logarithm."""
    return nll((logits.softmax(dim=1) + 1e-12).log(), y)


@wrong()
def base_two(logits, y):
    """Counts in bits."""
    return cross_entropy(logits, y) / math.log(2)


@wrong()
def smoothed(logits, y):
    """Gives a tenth of the weight to all classes."""
    logp = logits.log_softmax(1)
    return 0.9 * nll(logp, y) - 0.1 * logp.mean()


@wrong()
def logits_clamped(logits, y):
    """Clamps the logits, so that nothing overflows."""
    return cross_entropy(logits.clamp(-50, 50), y)


@wrong()
def softmax_in_place(logits, y):
    """Writes over the logits of the caller."""
    loss = cross_entropy(logits, y)
    logits.data.sub_(1.0)
    return loss


@wrong()
def sigmoids(logits, y):
    """Takes every class for itself."""
    return nll(F.logsigmoid(logits), y)


@restated("nll-summed", replaces="nll")
def sum_of_picked(logp, y):
    """Ends in a sum."""
    return -logp.gather(1, y[:, None]).sum()


@restated("sign-not-turned", replaces="nll")
def mean_of_picked(logp, y):
    """Has no minus."""
    return (logp * one_hot(logp, y)).sum(dim=1).mean()


@restated("all-rows-all-classes", replaces="nll")
def columns_selected(logp, y):
    """Selects columns by index_select."""
    return -torch.index_select(logp, 1, y).mean()


@restated("mean-over-classes", replaces="nll")
def mean_of_products(logp, y):
    """Averages what was blanked out, too."""
    return -(logp * one_hot(logp, y)).mean()


@restated("logarithm-again", replaces="nll")
def log_of_picked(logp, y):
    """Takes the logarithm of what it picked."""
    return -torch.log(logp.gather(1, y[:, None])).mean()


@restated("probabilities-made-again", replaces="nll")
def exp_of_picked(logp, y):
    """Takes exp of what it picked."""
    return -torch.exp(logp.gather(1, y[:, None])).mean()


@restated("likeliest-class", replaces="nll")
def largest(logp, y):
    """Takes the largest of each row."""
    return -logp.max(dim=1).values.mean()


@restated("torchs-nll", replaces="nll")
def object_of_torch(logp, y):
    """An object of torch's class."""
    return nn.NLLLoss(reduction="sum")(logp, y) / len(y)


@restated("log-of-softmax")
def softmax_by_torch(logits, y):
    """Picks the probability first."""
    p = torch.softmax(logits, -1)
    return -p.gather(1, y[:, None]).log().mean()


@restated("exp-overflows")
def softmax_by_hand(logits, y):
    """Divides exponentials by their sum, after the logarithm."""
    total = torch.exp(logits).sum(1)
    return (torch.log(total) - logits.gather(1, y[:, None])[:, 0]).mean()


@restated("softmax-over-rows")
def columns_normalised(logits, y):
    """Goes down the columns."""
    return nll(logits - logits.logsumexp(0), y)


@restated("softmax-twice")
def as_if_logits(logits, y):
    """Hands probabilities to the right function."""
    return cross_entropy(torch.softmax(logits, dim=1), y)


@restated("raw-logits")
def picked_logits(logits, y):
    """Picks the logits themselves."""
    return -logits.gather(1, y[:, None]).mean()


@restated("log-forgotten")
def minus_probability(logits, y):
    """Averages the probabilities of the right classes."""
    return -(logits.softmax(dim=1) * one_hot(logits, y)).sum(dim=1).mean()


@restated("cross-entropy-summed")
def rows_added(logits, y):
    """Adds the rows up."""
    return (logits.logsumexp(1) - logits.gather(1, y[:, None])[:, 0]).sum()


@restated("torchs-cross-entropy")
def cross_entropy_loss(logits, y):
    """An object of torch's class."""
    return nn.CrossEntropyLoss()(logits, y)


@restated("cut-off")
def of_detached(logits, y):
    """Detaches the logits."""
    return cross_entropy(logits.detach(), y)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {}
