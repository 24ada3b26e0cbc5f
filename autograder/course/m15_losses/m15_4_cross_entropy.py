"""Mistakes of nll and cross_entropy."""

from __future__ import annotations

from m15_losses import cross_entropy, nll
from torch import Tensor
from torch.nn import functional as F

from autograder.course.marks import mistake


@mistake("nll-summed", replaces="nll")
def nll_summed(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll adds the rows up. The task has their mean, as torch by default, so that the loss
    does not grow with the number of rows. Look at the last operation."""
    return nll(logp, y) * len(y)


@mistake("sign-not-turned", replaces="nll")
def sign_not_turned(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll is below 0: it is the log likelihood, which grows as the model gets better. Descent
    would make it worse and worse. A loss has the sign turned."""
    return -nll(logp, y)


@mistake("all-rows-all-classes", replaces="nll")
def all_rows_all_classes(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll takes the columns y from every row: N x N numbers, the right class of each row met
    by all the rows. One number of each row is wanted, so the index needs the row as well as the
    class."""
    return -logp[:, y].mean()


@mistake("mean-over-classes", replaces="nll")
def mean_over_classes(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll divides by all N x C numbers, those that were blanked out included. Only one number
    of each row counts, so the mean is over N. Look at what you divide by."""
    return nll(logp, y) / logp.shape[1]


@mistake("logarithm-again", replaces="nll", asks="tb.36")
def logarithm_again(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll takes a logarithm. What comes in are logarithms of probabilities already, numbers
    below 0, whose logarithm is nan. Look at what logp holds."""
    return nll(logp.log(), y)


@mistake("probabilities-made-again", replaces="nll", asks="tb.36")
def probabilities_made_again(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll turns the logarithms back into probabilities, and averages these. A probability
    between 0 and 1 punishes no wrong answer by more than 1; the loss is about its logarithm."""
    return nll(logp.exp(), y)


@mistake("likeliest-class", replaces="nll")
def likeliest_class(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll looks at the class that the model finds likeliest, and not at the right one. A model
    that is sure and wrong would be praised. Look at where y comes in."""
    return nll(logp, logp.argmax(dim=1))


@mistake("torchs-nll", replaces="nll")
def torchs_nll(logp: Tensor, y: Tensor) -> Tensor:
    """Your nll lets torch's own loss do the work. The task is to write it yourself: pick one number
    of each row, turn the sign, average. Look at the function that you call."""
    return F.nll_loss(logp, y)


@mistake("log-of-softmax", asks="tb.36")
def log_of_softmax(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy is infinite, or nan, where a logit lies far below the largest: its
    probability is rounded to 0 before you take the logarithm. The logarithm of the softmax can be
    computed in one step, without the probability in between."""
    return nll(logits.softmax(dim=1).log(), y)


@mistake("exp-overflows", asks="tb.36")
def exp_overflows(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy is infinite or nan for large logits: exp of some hundred is too large for
    any float. The softmax stays the same when a number is subtracted from all logits of a row; take
    the largest away first."""
    return nll(logits - logits.exp().sum(dim=1, keepdim=True).log(), y)


@mistake("softmax-over-rows")
def softmax_over_rows(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy normalises each column over the rows. The probabilities of the classes of
    one row have to add up to 1, and rows must not influence each other. Look at the dim of the
    softmax."""
    return nll(logits.log_softmax(dim=0), y)


@mistake("softmax-twice", asks="tb.36")
def softmax_twice(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy takes the softmax of probabilities. These lie between 0 and 1, so the
    second softmax makes all classes nearly alike, and the loss too flat. The raw logits go in, and
    once."""
    return nll(logits.softmax(dim=1).log_softmax(dim=1), y)


@mistake("raw-logits", asks="tb.36")
def raw_logits(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy hands the raw logits to the likelihood. They are no logarithms of
    probabilities: nothing makes these add up to 1, so the loss falls for ever as one logit
    grows."""
    return nll(logits, y)


@mistake("log-forgotten", asks="tb.36")
def log_forgotten(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy averages probabilities, with the sign turned, where their logarithms
    belong. No answer can then cost much more than another, however wrong it is. Look at what nll
    takes."""
    return nll(logits.softmax(dim=1), y)


@mistake("cross-entropy-summed")
def cross_entropy_summed(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy adds the rows up. The task has their mean, as torch by default, so that
    the loss does not grow with the number of rows. Look at the last operation."""
    return cross_entropy(logits, y) * len(y)


@mistake("torchs-cross-entropy")
def torchs_cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy lets torch's own loss do the work. The task is to write it yourself, of
    the softmax and the negative log likelihood. Look at the function that you call."""
    return F.cross_entropy(logits, y)


@mistake("cut-off")
def cut_off(logits: Tensor, y: Tensor) -> Tensor:
    """Your cross_entropy is cut off from the logits, so backward() reaches nothing. Look for
    detach, .data, no_grad, or a new tensor that is made of the result."""
    return cross_entropy(logits, y).detach()
