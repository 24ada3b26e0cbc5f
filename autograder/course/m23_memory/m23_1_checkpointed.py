"""Mistakes of checkpointed and best_segments."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

from autograder.course.marks import mistake

Blocks = list[nn.Module]


def _evenly(blocks: Blocks, segments: int) -> list[Blocks]:
    ends = [round(i * len(blocks) / segments) for i in range(segments + 1)]
    return [blocks[a:b] for a, b in pairwise(ends)]


def _run(parts: list[Blocks], x: Tensor) -> Tensor:
    """Checkpoint each part, and keep the rest right."""
    for some in parts:
        x = checkpoint(nn.Sequential(*some), x, use_reentrant=False)
    return x


def _plainly(blocks: Blocks, x: Tensor) -> Tensor:
    for block in blocks:
        x = block(x)
    return x


def _in_lengths(blocks: Blocks, length: int) -> list[Blocks]:
    return [blocks[i : i + length] for i in range(0, len(blocks), length)]


@mistake("nothing-computed-again", asks="tb.35")
def nothing_computed_again(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You run the blocks as a plain loop does. The result is right, but all values of all blocks
    are kept until the backward pass, which runs nothing again. Each segment has to go through a
    checkpoint."""
    return _plainly(blocks, x)


@mistake("each-block-a-segment", asks="tb.35")
def each_block_a_segment(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You make a segment of every single block, so the inputs of all blocks are kept. The number of
    segments is given: put as many blocks into one checkpoint as the task says."""
    return _run([[block] for block in blocks], x)


@mistake("all-one-segment")
def all_one_segment(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You put all blocks into one segment. While it runs again, the values of all blocks exist at
    once, and that is as much as without a checkpoint. Divide the list first."""
    return _run([blocks], x)


@mistake("last-segment-left-out", asks="tb.35")
def last_segment_left_out(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """Your last segment runs without a checkpoint, as in torch's checkpoint_sequential: its
    backward pass comes first, so it would be run again at once. Its values are kept all the same,
    and here every segment counts."""
    *most, last = _evenly(blocks, segments)
    return _plainly(last, _run(most, x))


@mistake("checkpoint-sequential", asks="tb.35")
def sequential(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You leave it to checkpoint_sequential. It runs the last segment without a checkpoint and puts
    all blocks that are left over into it, so it may be by far the longest. Divide the list and call
    checkpoint for every segment."""
    result: Tensor = checkpoint_sequential(nn.Sequential(*blocks), segments, x, use_reentrant=False)
    return result


@mistake("rest-dropped")
def rest_dropped(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """Some blocks at the end never run: you round the length of a segment down, and what is left
    over belongs to no segment. Look at a number of blocks that segments does not divide."""
    length = len(blocks) // segments
    return _run([blocks[i * length : (i + 1) * length] for i in range(segments)], x)


@mistake("rest-in-the-last")
def rest_in_the_last(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You give all blocks that are left over to the last segment, and it may become much longer
    than the others. The longest segment decides the memory: spread what is left over, one block for
    each segment."""
    length = len(blocks) // segments
    parts = [blocks[i * length : (i + 1) * length] for i in range(segments - 1)]
    return _run([*parts, blocks[(segments - 1) * length :]], x)


@mistake("length-rounded-up")
def length_rounded_up(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You round the length of a segment up and cut until nothing is left. The last segment then
    gets too few blocks, and some numbers of blocks give fewer segments than asked for. Lengths may
    differ by one at most."""
    return _run(_in_lengths(blocks, math.ceil(len(blocks) / segments)), x)


@mistake("number-taken-for-length")
def number_taken_for_length(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """You take segments for the length of a segment. It is how many segments there are: two blocks
    in two segments are one block each. Look at the step of your slices."""
    return _run(_in_lengths(blocks, segments), x)


@mistake("reentrant", asks="tb.35")
def reentrant(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """No parameter of a segment gets a gradient where x requires none. The reentrant kind of
    checkpoint, use_reentrant=True, looks at its inputs only and takes the segment for a constant.
    Look at that argument."""
    for part in _evenly(blocks, segments):
        x = checkpoint(nn.Sequential(*part), x, use_reentrant=True)
    return x


@mistake("use-reentrant-omitted")
def use_reentrant_omitted(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """torch warns that you do not say which kind of checkpoint you want, and takes the older one.
    That kind gives the parameters no gradients where x requires none. Choose by the argument
    use_reentrant."""
    for part in _evenly(blocks, segments):
        x = checkpoint(nn.Sequential(*part), x)
    return x


@mistake("random-state-not-kept")
def random_state_not_kept(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """Your second run draws other random numbers than the first, so each dropout drops other values
    and the gradients belong to another result. checkpoint keeps the random state unless told not
    to. Look at preserve_rng_state."""
    for part in _evenly(blocks, segments):
        x = checkpoint(nn.Sequential(*part), x, use_reentrant=False, preserve_rng_state=False)
    return x


@mistake("not-recorded")
def not_recorded(blocks: Blocks, x: Tensor, segments: int) -> Tensor:
    """Your result has no graph, as after no_grad or detach(). That saves the memory, too, but
    nobody can go back from it to run the blocks again: no parameter gets a gradient. It takes a
    checkpoint to do both."""
    with torch.no_grad():
        return _plainly(blocks, x)


@mistake("root-rounded-down", replaces="best_segments")
def root_rounded_down(n: int) -> int:
    """You round the root of n down. For n = 8 that gives 2 segments and 8 / 2 + 2 = 6, though 3
    segments do better. Compare the whole numbers on both sides of the root."""
    return math.isqrt(n)


@mistake("root-rounded-up", replaces="best_segments")
def root_rounded_up(n: int) -> int:
    """You return the root of n rounded up, or what equals it: the length of a segment in place of
    their number. For n = 5 that gives 3 segments and 5 / 3 + 3, though 2 segments do better.
    Compare the whole numbers on both sides of the root."""
    return math.ceil(math.sqrt(n))


@mistake("root-is-a-float", replaces="best_segments")
def root_is_a_float(n: int) -> float:
    """You return the root of n as a float, and no list can be cut into 2.83 segments. Of the whole
    numbers from 1 to n, find the one that does best."""
    return math.sqrt(n)


@mistake("as-many-as-blocks", replaces="best_segments", asks="tb.35")
def as_many_as_blocks(n: int) -> int:
    """You make every block a segment. A segment that runs again is short then, but n inputs are
    kept, and the memory grows with n as before. Look for the number between 1 and n at which both
    parts of the sum are small."""
    return n


@mistake("only-one-segment", replaces="best_segments", asks="tb.35")
def only_one_segment(n: int) -> int:
    """You make one segment of all blocks. One input is kept, but when the segment runs again the
    values of all n blocks exist at once. Look for the number between 1 and n at which both parts of
    the sum are small."""
    return min(1, n)


@mistake("half-as-many", replaces="best_segments", asks="tb.35")
def half_as_many(n: int) -> int:
    """You make segments of two blocks. The number of inputs that are kept then still grows with n
    itself, though it could grow with its root. Try n = 100 with some other numbers."""
    return max(1, n // 2)


@mistake("logarithm", replaces="best_segments", asks="tb.35")
def logarithm(n: int) -> int:
    """You take the logarithm of n. For a large n the segments become too long: for 100 blocks your
    sum is above 20, and the smallest is 20. Set the derivative of n / s + s to zero."""
    return max(1, round(math.log2(n)))
