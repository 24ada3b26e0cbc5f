"""Other ways to do regime, best_lr and steps_to."""

from __future__ import annotations

import math

import torch

from autograder.course.marks import restated, right, wrong


@right()
def by_sorting(lams):
    """Sorts the curvatures, and asks the factor of the flattest."""
    low, *_, high = sorted([*lams.tolist(), *lams.tolist()])
    lr = 2 / (low + high)
    return lr, 1 - lr * low


@right()
def by_condition(lams):
    """From the condition number."""
    kappa = float(lams.max() / lams.min())
    return 2 / ((1 + kappa) * float(lams.min())), (kappa - 1) / (kappa + 1)


@right()
def largest_factor_measured(lams):
    """Measures the greatest factor in double precision."""
    lams = lams.double()
    lr = (2 / (lams.amin() + lams.amax())).item()
    return lr, torch.linalg.vector_norm(1 - lr * lams, ord=float("inf")).item()


@right(replaces="regime")
def by_factors(lr, lams):
    """Looks at all factors."""
    factors = 1 - lr * lams
    if bool((factors.abs() >= 1).any()):
        return "diverging"
    return "oscillating" if bool((factors < 0).any()) else "monotone"


@right(replaces="regime")
def by_thresholds(lr, lams):
    """Compares the rate with one and two over the greatest curvature."""
    top = max(lams.tolist())
    if lr <= 1 / top:
        return "monotone"
    return "oscillating" if lr < 2 / top else "diverging"


@right(replaces="steps_to")
def by_a_loop(lr, lams, tol):
    """Multiplies until it is small enough."""
    rate = float((1 - lr * lams).abs().max())
    if not rate < 1:
        raise ValueError("never")
    left, steps = 1.0, 0
    while left > tol:
        left *= rate
        steps += 1
    return steps


@right(replaces="steps_to")
def by_simulation(lr, lams, tol):
    """Runs gradient descent from each direction by itself, and takes the longest run."""
    if lr * lams.max().item() >= 2:
        raise ValueError(f"{lr} is too large")
    longest = 0
    for lam in lams.tolist():
        theta, steps = 1.0, 0
        while abs(theta) > tol:
            theta -= lr * lam * theta
            steps += 1
        longest = max(longest, steps)
    return longest


@right(replaces="steps_to")
def by_doubling_logs(lr, lams, tol):
    """Logarithms to the base of two, for every direction."""
    counts = []
    for factor in (1 - lr * lams.double()).abs().tolist():
        if factor >= 1:
            raise ValueError
        counts.append(1 if factor == 0 else math.ceil(math.log2(tol) / math.log2(factor)))
    return max(counts)


@wrong()
def tried_out(lams):
    """Tries a thousand learning rates."""
    low, high = lams.min().item(), lams.max().item()
    rates = [2 / high * (k + 1) / 1000 for k in range(1000)]
    return min((max(abs(1 - lr * low), abs(1 - lr * high)), lr) for lr in rates)[::-1]


@wrong()
def two_over_sum(lams):
    """Two over the sum of all curvatures, which is right for two of them."""
    lr = 2 / lams.sum().item()
    return lr, max(abs(1 - lr * lam) for lam in lams.tolist())


@wrong()
def geometric_mean(lams):
    """One over the root of the product of the extremes."""
    lr = 1 / (lams.min() * lams.max()).sqrt().item()
    return lr, max(abs(1 - lr * lam) for lam in lams.tolist())


@wrong()
def condition_for_rate(lams):
    """The condition number in place of the rate."""
    low, high = lams.min().item(), lams.max().item()
    return 2 / (low + high), high / low


@wrong()
def halved(lams):
    """Half of the best rate, and its own factor."""
    lr = 1 / (lams.min() + lams.max()).item()
    return lr, 1 - lr * lams.min().item()


@wrong(replaces="regime")
def all_have_to_swing(lr, lams):
    """Says oscillating only where every factor is below 0."""
    factors = 1 - lr * lams
    if (factors.abs() >= 1).any():
        return "diverging"
    return "oscillating" if (factors < 0).all() else "monotone"


@wrong(replaces="regime")
def last_curvature(lr, lams):
    """Takes the last curvature for the greatest."""
    step = lr * lams[-1].item()
    return "monotone" if step <= 1 else "oscillating" if step < 2 else "diverging"


@wrong(replaces="regime")
def other_words(lr, lams):
    """Says converging for monotone."""
    step = lr * lams.max().item()
    return "converging" if step <= 1 else "oscillating" if step < 2 else "diverging"


@wrong(replaces="regime")
def mean_asked(lr, lams):
    """Asks the mean curvature."""
    step = lr * lams.mean().item()
    return "monotone" if step <= 1 else "oscillating" if step < 2 else "diverging"


@wrong(replaces="steps_to")
def one_more(lr, lams, tol):
    """Rounds down and adds one, which is too much where it comes out even."""
    rate = (1 - lr * lams.double()).abs().max().item()
    if rate >= 1:
        raise ValueError
    return math.floor(math.log(tol) / math.log(rate)) + 1 if rate else 1


@wrong(replaces="steps_to")
def nearest(lr, lams, tol):
    """Rounds to the nearest whole number."""
    rate = (1 - lr * lams.double()).abs().max().item()
    if rate >= 1:
        raise ValueError
    return round(math.log(tol) / math.log(rate)) if rate else 1


@wrong(replaces="steps_to")
def rule_of_thumb(lr, lams, tol):
    """The first term of the logarithm: log(1/tol) over lr times the flattest curvature."""
    if lr * lams.max().item() >= 2:
        raise ValueError
    return math.ceil(math.log(1 / tol) / (lr * lams.min().item()))


@wrong(replaces="steps_to")
def from_ones(lr, lams, tol):
    """Starts at the same distance along all directions."""
    if lr * lams.max().item() >= 2:
        raise ValueError
    theta, steps = torch.ones_like(lams), 0
    while theta.norm() > tol * len(lams) ** 0.5:
        theta, steps = theta - lr * lams * theta, steps + 1
    return steps


@wrong(replaces="steps_to")
def infinite_for_never(lr, lams, tol):
    """Returns infinity where the rate diverges."""
    rate = (1 - lr * lams.double()).abs().max().item()
    if rate >= 1:
        return math.inf
    return math.ceil(math.log(tol) / math.log(rate)) if rate else 1


@wrong(replaces="steps_to")
def zero_not_thought_of(lr, lams, tol):
    """Takes the logarithm of 0 where the first step arrives."""
    rate = (1 - lr * lams.double()).abs().max().item()
    if rate >= 1:
        raise ValueError
    return math.ceil(math.log(tol) / math.log(rate))


@restated("one-over-largest")
def no_overshoot(lams):
    """The greatest rate without any swing."""
    lr = lams.amax().reciprocal().item()
    return lr, max(1 - lr * lam for lam in lams.tolist())


@restated("limit-returned")
def stable_limit(lams):
    """Two over the greatest curvature."""
    lr = 2 / max(lams.tolist())
    return lr, max(abs(1 - lr * lam) for lam in lams.tolist())


@restated("root-of-condition")
def of_singular_values(lams):
    """The rate from roots."""
    low, high = lams.min().item(), lams.max().item()
    return 2 / (low + high), (high**0.5 - low**0.5) / (high**0.5 + low**0.5)


@restated("rate-squared")
def of_the_loss(lams):
    """The factor of the loss."""
    lr = 2 / (lams.min() + lams.max()).item()
    return lr, (1 - lr * lams.min().item()) ** 2


@restated("swapped")
def rate_first(lams):
    """The rate stands first."""
    low, high = lams.min().item(), lams.max().item()
    return (high - low) / (high + low), 2 / (low + high)


@restated("tensors-returned")
def without_item(lams):
    """Numbers stay in tensors."""
    lr = 2 / (lams.amin() + lams.amax())
    return lr, 1 - lr * lams.amin()


@restated("ends-taken")
def sorted_assumed(lams):
    """Unpacks what it takes to be sorted."""
    low, high = lams.tolist()[0], lams.tolist()[-1]
    lr = 2 / (low + high)
    return lr, (high - low) / (high + low)


@restated("mean-curvature")
def through_the_trace(lams):
    """The number of curvatures over their sum."""
    lr = len(lams) / lams.sum().item()
    return lr, max(abs(1 - lr * lams.min().item()), abs(1 - lr * lams.max().item()))


@restated("oscillating-as-diverging", replaces="regime")
def any_sign(lr, lams):
    """Every factor below 0 counts as diverging."""
    return "diverging" if ((1 - lr * lams) < 0).any() else "monotone"


@restated("smallest-asked", replaces="regime")
def flattest(lr, lams):
    """The factor of the flattest."""
    factor = 1 - lr * min(lams.tolist())
    return "monotone" if factor >= 0 else "oscillating" if factor > -1 else "diverging"


@restated("rate-alone", replaces="regime")
def curvature_ignored(lr, lams):
    """Never looks at a curvature."""
    if lr >= 2:
        return "diverging"
    return "oscillating" if lr > 1 else "monotone"


@restated("limit-oscillates", replaces="regime")
def beyond_two(lr, lams):
    """Diverging only beyond the limit."""
    step = lr * lams.max().item()
    return "diverging" if step > 2 else "oscillating" if step > 1 else "monotone"


@restated("zero-oscillates", replaces="regime")
def below_one(lr, lams):
    """Monotone only below 1."""
    step = lr * lams.max().item()
    return "diverging" if step >= 2 else "oscillating" if step >= 1 else "monotone"


def _factors(lr, lams):
    return (1 - lr * lams.double()).abs()


@restated("fastest-counted", replaces="steps_to")
def least_factor(lr, lams, tol):
    """The least factor."""
    factors = _factors(lr, lams)
    if factors.max() >= 1:
        raise ValueError
    left, steps = 1.0, 0
    while left > tol:
        left, steps = left * factors.min().item(), steps + 1
    return steps


@restated("flattest-alone", replaces="steps_to")
def sign_kept(lr, lams, tol):
    """The greatest factor, by its sign."""
    if _factors(lr, lams).max() >= 1:
        raise ValueError
    rate = (1 - lr * lams.double()).max().item()
    return math.ceil(math.log(tol) / math.log(rate)) if rate > 0 else 1


@restated("one-too-few", replaces="steps_to")
def rounded_down(lr, lams, tol):
    """The quotient is cut off."""
    rate = _factors(lr, lams).max().item()
    if rate >= 1:
        raise ValueError
    return int(math.log(tol) / math.log(rate)) if rate else 1


@restated("loss-counted", replaces="steps_to")
def squares_followed(lr, lams, tol):
    """Follows the square of the distance."""
    rate = _factors(lr, lams).max().item()
    if rate >= 1:
        raise ValueError
    left, steps = 1.0, 0
    while left**2 > tol:
        left, steps = left * rate, steps + 1
    return steps


@restated("never-refused", replaces="steps_to")
def formula_alone(lr, lams, tol):
    """Only the formula."""
    rate = _factors(lr, lams).max().item()
    return math.ceil(math.log10(tol) / math.log10(rate)) if rate != 0 else 1


@restated("no-end", replaces="steps_to")
def loop_alone(lr, lams, tol):
    """Only the loop."""
    rate, k = _factors(lr, lams).max().item(), 0
    while rate**k > tol:
        k += 1
        if rate > 1:
            k = min(k, 100)
    return k


@restated("limit-not-refused", replaces="steps_to")
def beyond_refused(lr, lams, tol):
    """Refuses only what is above 1."""
    rate = _factors(lr, lams).max().item()
    if rate > 1:
        raise ValueError
    return math.ceil(math.log(tol) / math.log(rate)) if rate else 1


@restated("not-rounded", replaces="steps_to")
def quotient(lr, lams, tol):
    """The quotient of logarithms."""
    rate = _factors(lr, lams).max().item()
    if rate >= 1:
        raise ValueError
    return math.log(tol) / math.log(rate) if rate else 1.0


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "steepest = lr * lams.max().item() -> steepest = lr * lams.max()": "a comparison of a "
    "one-element tensor is a condition like any other",
    "rate = max((abs(1 - lr * lam) for lam in lams.tolist())) -> "
    "rate = max((abs(lr * lam - 1) for lam in lams.tolist()))": "a size has no sign",
}
