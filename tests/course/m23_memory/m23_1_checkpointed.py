"""Other ways to do checkpointed and best_segments."""

from __future__ import annotations

import copy
import math

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint, checkpoint_sequential, set_checkpoint_early_stop

from autograder.course.marks import restated, right, wrong


def _parts(blocks, segments):
    """Cut the blocks rightly, the longer segments first."""
    length, longer = divmod(len(blocks), segments)
    parts, at = [], 0
    for i in range(segments):
        end = at + length + (i < longer)
        parts.append(blocks[at:end])
        at = end
    return parts


def _run_on(part):
    """Return a function that runs some blocks."""

    def run(x):
        for block in part:
            x = block(x)
        return x

    return run


def _kept(parts, x, **options):
    """Send x through each part by a checkpoint."""
    for part in parts:
        x = checkpoint(_run_on(part), x, use_reentrant=False, **options)
    return x


@right()
def longer_ones_first(blocks, x, segments):
    """Functions in place of modules, and the longer segments first."""
    return _kept(_parts(blocks, segments), x)


@right()
def longer_ones_last(blocks, x, segments):
    """NumPy divides the places, from the other end."""
    cut = [part.tolist() for part in np.array_split(np.arange(len(blocks)), segments)]
    lengths = [len(part) for part in cut][::-1]
    at = 0
    for length in lengths:
        part = nn.ModuleList(blocks[at : at + length])
        x = checkpoint(_run_on(part), x, use_reentrant=False, preserve_rng_state=True)
        at += length
    return x


@right()
def reentrant_with_an_input_that_is_tracked(blocks, x, segments):
    """The reentrant kind, with an input that always requires its gradient."""
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    for part in _parts(blocks, segments):
        x = checkpoint(_run_on(part), x, use_reentrant=True)
    return x


@right()
def without_an_early_stop(blocks, x, segments):
    """Every block runs again to its end."""
    with set_checkpoint_early_stop(False):
        return _kept(_parts(blocks, segments), x)


class _Segment(torch.autograd.Function):
    """A checkpoint by hand, with the parameters among its inputs."""

    @staticmethod
    def forward(ctx, run, x, *params):
        """Keep the input."""
        ctx.run, ctx.params, ctx.state = run, params, torch.get_rng_state()
        ctx.save_for_backward(x)
        return run(x)

    @staticmethod
    def backward(ctx, g):
        """Run again."""
        x = ctx.saved_tensors[0].detach().requires_grad_()
        with torch.random.fork_rng([]), torch.enable_grad():
            torch.set_rng_state(ctx.state)
            y = ctx.run(x)
        return (None, *torch.autograd.grad(y, [x, *ctx.params], g))


@right()
def by_hand(blocks, x, segments):
    """A Function of its own."""
    for part in _parts(blocks, segments):
        x = _Segment.apply(_run_on(part), x, *nn.ModuleList(part).parameters())
    return x


@right(replaces="best_segments")
def rounded_root(n):
    """The root, rounded to the nearest."""
    return round(math.sqrt(n))


@right(replaces="best_segments")
def from_below(n):
    """Goes up as long as the next one is better."""
    s = 1
    while s * (s + 1) < n:
        s += 1
    return s


@right(replaces="best_segments")
def from_above(n):
    """Goes down from n, so that of two it finds the larger."""
    best = n
    for s in range(n, 0, -1):
        if n / s + s < n / best + best:
            best = s
    return best


@right(replaces="best_segments")
def by_numpy(n):
    """NumPy compares all sums, doubled so that they are exact at ties."""
    s = np.arange(1, n + 1)
    return int(np.argmin(np.round(n / s + s, 9))) + 1


@right()
def reentrant_with_a_number(blocks, x, segments):
    """The reentrant kind, with one number that requires its gradient to begin the graph."""
    start = torch.zeros(1, requires_grad=True)
    for k in range(segments):
        part = blocks[len(blocks) * k // segments : len(blocks) * (k + 1) // segments]

        def run(t, _, part=part):
            for block in part:
                t = block(t)
            return t

        x = checkpoint(run, x, start, use_reentrant=True)
    return x


@wrong()
def from_the_last(blocks, x, segments):
    """The segments run from the last to the first."""
    return _kept(_parts(blocks, segments)[::-1], x)


@wrong()
def run_before(blocks, x, segments):
    """All blocks run once more beforehand, to know the shapes."""
    with torch.no_grad():
        _run_on(blocks)(x)
    return _kept(_parts(blocks, segments), x)


@wrong()
def checkpoints_in_checkpoints(blocks, x, segments):
    """Each block of a segment is a checkpoint, too, and runs three times."""
    for part in _parts(blocks, segments):
        inner = [lambda x, block=block: checkpoint(block, x, use_reentrant=False) for block in part]
        x = checkpoint(_run_on(inner), x, use_reentrant=False)
    return x


@wrong()
def cut_off_from_x(blocks, x, segments):
    """x itself gets no gradient."""
    return _kept(_parts(blocks, segments), x.detach())


@wrong()
def cut_off_between(blocks, x, segments):
    """Only the last segment gets gradients."""
    parts = _parts(blocks, segments)
    for part in parts[:-1]:
        x = _kept([part], x).detach()
    return _kept(parts[-1:], x)


@wrong()
def copies_of_blocks(blocks, x, segments):
    """The gradients go to copies."""
    return _kept(_parts(copy.deepcopy(blocks), segments), x)


@wrong()
def first_one_left_out(blocks, x, segments):
    """The first segment runs without a checkpoint."""
    first, *more = _parts(blocks, segments)
    return _kept(more, _run_on(first)(x))


@wrong()
def one_segment_more(blocks, x, segments):
    """One segment more, where there are blocks for it."""
    return _kept(_parts(blocks, min(len(blocks), segments + 1)), x)


@wrong()
def first_block_forgotten(blocks, x, segments):
    """The first block never runs."""
    return _kept(_parts(blocks[1:] or blocks, min(segments, len(blocks[1:]) or 1)), x)


@wrong()
def kept_beside(blocks, x, segments):
    """Runs everything plainly and again in a checkpoint, of which the sum is twice the result."""
    return (_kept(_parts(blocks, segments), x) + _run_on(blocks)(x)) / 2


@wrong()
def input_halved(blocks, x, segments):
    """x is changed on the way."""
    with torch.no_grad():
        x.mul_(0.5)
    return _kept(_parts(blocks, segments), x)


@wrong()
def list_of_results(blocks, x, segments):
    """The results of all segments are returned."""
    results = []
    for part in _parts(blocks, segments):
        x = _kept([part], x)
        results.append(x)
    return results


@wrong(replaces="best_segments")
def rounded_down_inside(n):
    """Rounds the length of a segment down."""
    return min(range(1, n + 1), key=lambda s: n // s + s)


@wrong(replaces="best_segments")
def rounded_up_inside(n):
    """Rounds the length of a segment up."""
    return min(range(1, n + 1), key=lambda s: -(-n // s) + s)


@wrong(replaces="best_segments")
def memory_itself(n):
    """The smallest memory in place of the number."""
    return round(min(n / s + s for s in range(1, n + 1)))


@wrong(replaces="best_segments")
def root_as_a_float(n):
    """Rounds, and returns a float."""
    return float(round(math.sqrt(n)))


@wrong(replaces="best_segments")
def begins_with_two(n):
    """Never returns 1."""
    return max(2, round(math.sqrt(n)))


@restated("nothing-computed-again")
def plain_loop(blocks, x, segments):
    """A loop without checkpoints."""
    return _run_on(blocks)(x)


@restated("each-block-a-segment")
def checkpoint_for_each(blocks, x, segments):
    """A checkpoint for each block."""
    for block in blocks:
        x = checkpoint(block, x, use_reentrant=False)
    return x


@restated("all-one-segment")
def one_sequential(blocks, x, segments):
    """A single checkpoint."""
    return checkpoint(nn.Sequential(*blocks), x, use_reentrant=False)


@restated("last-segment-left-out")
def all_but_the_last(blocks, x, segments):
    """The last segment is a loop."""
    ends = [round(i * len(blocks) / segments) for i in range(segments + 1)]
    parts = [blocks[ends[i] : ends[i + 1]] for i in range(segments)]
    x = _kept(parts[:-1], x)
    for block in parts[-1]:
        x = block(x)
    return x


@restated("checkpoint-sequential")
def torchs_own(blocks, x, segments):
    """torch's own function, on the list itself."""
    return checkpoint_sequential(blocks, segments, x, use_reentrant=False)


@restated("rest-dropped")
def whole_lengths_only(blocks, x, segments):
    """Slices of one length."""
    k = int(len(blocks) / segments)
    for start in range(0, k * segments, k):
        x = checkpoint(nn.Sequential(*blocks[start : start + k]), x, use_reentrant=False)
    return x


@restated("rest-in-the-last")
def last_one_takes_all(blocks, x, segments):
    """The last slice is open."""
    k = len(blocks) // segments
    starts = [i * k for i in range(segments)]
    ends = [*starts[1:], None]
    return _kept([blocks[a:b] for a, b in zip(starts, ends, strict=True)], x)


@restated("length-rounded-up")
def steps_of_the_upper_length(blocks, x, segments):
    """Steps of the length, rounded up."""
    k = -(-len(blocks) // segments)
    return _kept([blocks[i : i + k] for i in range(0, len(blocks), k)], x)


@restated("number-taken-for-length")
def steps_of_segments(blocks, x, segments):
    """Steps of segments."""
    at = 0
    while at < len(blocks):
        x = _kept([blocks[at : at + segments]], x)
        at += segments
    return x


@restated("reentrant")
def older_kind(blocks, x, segments):
    """The older kind, said aloud."""
    for part in _parts(blocks, segments)[:]:
        x = checkpoint(_run_on(part), x, use_reentrant=True)
    return x


@restated("use-reentrant-omitted")
def nothing_said(blocks, x, segments):
    """Nothing is said of the kind."""
    for part in _parts(blocks, segments):
        x = checkpoint(_run_on(part), x)
    return x


@restated("random-state-not-kept")
def new_masks(blocks, x, segments):
    """The option that keeps the random state is off."""
    return _kept(_parts(blocks, segments), x, preserve_rng_state=False)


@restated("not-recorded")
def detached_at_the_end(blocks, x, segments):
    """The result is detached."""
    for block in blocks:
        x = block(x)
    return x.detach()


@restated("root-rounded-down", replaces="best_segments")
def int_of_the_root(n):
    """int() of the root."""
    return int(n**0.5)


@restated("root-rounded-up", replaces="best_segments")
def from_below_too_far(n):
    """The first s whose square reaches n."""
    s = 1
    while s * s < n:
        s += 1
    return s


@restated("root-is-a-float", replaces="best_segments")
def power_of_a_half(n):
    """n to the power of a half."""
    return n**0.5


@restated("as-many-as-blocks", replaces="best_segments")
def n_itself(n):
    """The length of the range."""
    return len(range(n))


@restated("only-one-segment", replaces="best_segments")
def one(n):
    """n over n."""
    return n // n


@restated("half-as-many", replaces="best_segments")
def pairs(n):
    """Cuts whole pairs alone."""
    return len(range(0, n - 1, 2)) or 1


@restated("logarithm", replaces="best_segments")
def natural_logarithms(n):
    """A quotient of natural logarithms."""
    return max(1, round(math.log(n) / math.log(2)))


EXCUSED = {
    "borders = [len(blocks) * i // segments for i in range(segments + 1)] -> "
    "borders = [len(blocks) * i // segments for i in range(segments + 2)]": (
        "one segment more has no blocks in it"
    ),
    "return min(range(1, n + 1), key=lambda s: n / s + s) -> "
    "return min(range(1, n + 2), key=lambda s: n / s + s)": "n + 1 is never the best",
}
