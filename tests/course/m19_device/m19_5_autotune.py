"""Other ways to do autotune."""

from __future__ import annotations

from contextlib import ContextDecorator, ExitStack, contextmanager
from itertools import pairwise

import torch
from torch.backends import cudnn

from autograder.course.marks import restated, right, wrong


def put(flag):
    """Set the setting."""
    torch.backends.cudnn.benchmark = flag


@right()
@contextmanager
def by_a_generator(shapes):
    """A generator with finally."""
    was = cudnn.benchmark
    cudnn.benchmark = all(shape == shapes[0] for shape in shapes)
    try:
        yield
    finally:
        cudnn.benchmark = was


@right()
class FlagsOfTorch:
    """torch's own block, with the other settings as they are."""

    def __init__(self, shapes):
        """Compare neighbours."""
        self.equal = all(a == b for a, b in pairwise(shapes))

    def __enter__(self):
        """Enter torch's block."""
        self.block = cudnn.flags(
            enabled=cudnn.enabled,
            benchmark=self.equal,
            deterministic=cudnn.deterministic,
            allow_tf32=cudnn.allow_tf32,
        )
        self.block.__enter__()
        return self

    def __exit__(self, *error):
        """Leave it."""
        return self.block.__exit__(*error)


@right()
class WithAStack:
    """Hands the way back to an ExitStack."""

    def __init__(self, shapes):
        """Count different shapes."""
        self.shapes = {tuple(shape) for shape in shapes}

    def __enter__(self):
        """Switch, and note the way back."""
        self.stack = ExitStack()
        self.stack.callback(put, cudnn.benchmark)
        put(len(self.shapes) < 2)
        return self.stack

    def __exit__(self, kind, error, trace):
        """Go back."""
        self.stack.close()
        return False


@right()
class Decorating(ContextDecorator):
    """Can be a decorator, too; keeps a list of what was there."""

    def __init__(self, shapes):
        """Begin with an empty list."""
        first, *others = shapes
        self.on = not any(other != first for other in others)
        self.before = []

    def __enter__(self):
        """Push."""
        self.before.append(torch.backends.cudnn.benchmark)
        torch.backends.cudnn.benchmark = self.on

    def __exit__(self, *error):
        """Pop."""
        torch.backends.cudnn.benchmark = self.before.pop()


def by(decide):
    """Make a right block around a decision about the shapes."""

    @contextmanager
    def block(shapes):
        was = cudnn.benchmark
        cudnn.benchmark = decide(list(shapes))
        try:
            yield
        finally:
            cudnn.benchmark = was

    return block


@wrong()
@contextmanager
def by_the_number_of_elements(shapes):
    """Compares the sizes of the tensors, not their shapes."""
    with by(lambda each: len({torch.Size(s).numel() for s in each}) == 1)(shapes):
        yield


@wrong()
@contextmanager
def by_the_rank(shapes):
    """Compares the numbers of dimensions."""
    with by(lambda each: len({len(s) for s in each}) == 1)(shapes):
        yield


@wrong()
@contextmanager
def ends_compared(shapes):
    """Compares the first shape with the last one."""
    with by(lambda each: each[0] == each[-1])(shapes):
        yield


@wrong()
@contextmanager
def by_the_first_dimension(shapes):
    """Compares the sizes of the batches."""
    with by(lambda each: len({s[0] for s in each}) == 1)(shapes):
        yield


@wrong()
@contextmanager
def without_the_first_dimension(shapes):
    """Compares all but the sizes of the batches."""
    with by(lambda each: len({tuple(s[1:]) for s in each}) == 1)(shapes):
        yield


@wrong()
@contextmanager
def most_are_equal(shapes):
    """Some shape that comes twice is enough."""
    with by(lambda each: max(map(each.count, each)) > 1)(shapes):
        yield


@wrong()
class PutBackAtTheEnd:
    """Puts the setting back when the object is deleted."""

    def __init__(self, shapes):
        """Note what was there."""
        self.on = len(set(shapes)) == 1

    def __enter__(self):
        """Switch."""
        self.before = cudnn.benchmark
        cudnn.benchmark = self.on

    def __exit__(self, *error):
        """Turn it over."""
        cudnn.benchmark = not cudnn.benchmark


@wrong()
class OtherException:
    """Raises an exception of its own where the block raises."""

    def __init__(self, shapes):
        """Look at the shapes."""
        self.on = len(set(shapes)) == 1

    def __enter__(self):
        """Switch."""
        self.before = cudnn.benchmark
        cudnn.benchmark = self.on

    def __exit__(self, kind, error, trace):
        """Put back, and raise."""
        cudnn.benchmark = self.before
        if kind:
            raise RuntimeError("the block has failed")


@wrong()
class Deterministic:
    """Switches another setting."""

    def __init__(self, shapes):
        """Look at the shapes."""
        self.on = len(set(shapes)) == 1

    def __enter__(self):
        """Switch the wrong one."""
        self.before = cudnn.deterministic
        cudnn.deterministic = not self.on

    def __exit__(self, *error):
        """Put it back."""
        cudnn.deterministic = self.before


class Plain:
    """A right block, to be spoilt."""

    def __init__(self, shapes):
        """Look at the shapes."""
        self.on = len(set(shapes)) == 1

    def __enter__(self):
        """Switch."""
        self.before = torch.backends.cudnn.benchmark
        torch.backends.cudnn.benchmark = self.on

    def __exit__(self, *error):
        """Put back."""
        torch.backends.cudnn.benchmark = self.before


@restated("left-on")
class NothingToDo(Plain):
    """Has nothing to do at the end."""

    def __exit__(self, *error):
        """Pass."""
        return None


@restated("always-off-afterwards")
@contextmanager
def off_in_the_end(shapes):
    """Switches off in finally."""
    cudnn.benchmark = len(set(shapes)) == 1
    try:
        yield
    finally:
        cudnn.benchmark = False


@restated("on-for-changing-shapes")
@contextmanager
def always_on(shapes):
    """Does not look at the shapes."""
    with by(lambda each: True)(shapes):
        yield


@restated("never-on")
@contextmanager
def compares_with_a_list(shapes):
    """Compares a shape with the list of shapes."""
    with by(lambda each: each == each[0])(shapes):
        yield


@restated("only-switched-on")
class NoElse(Plain):
    """Has an if without else."""

    def __enter__(self):
        """Switch on, perhaps."""
        self.before = cudnn.benchmark
        if self.on:
            cudnn.benchmark = True


@restated("on-for-different-shapes")
@contextmanager
def more_than_one(shapes):
    """Asks for more than one shape."""
    with by(lambda each: len(set(each)) > 1)(shapes):
        yield


@restated("lost-after-an-exception")
@contextmanager
def without_finally(shapes):
    """A generator without finally."""
    was = cudnn.benchmark
    cudnn.benchmark = len(set(shapes)) == 1
    yield
    cudnn.benchmark = was


@restated("exception-swallowed")
@contextmanager
def excepted(shapes):
    """Catches what the block raises."""
    was = cudnn.benchmark
    cudnn.benchmark = len(set(shapes)) == 1
    try:
        yield
    except Exception as error:
        print(error)
    cudnn.benchmark = was


@restated("set-when-made")
class AllInInit(Plain):
    """Switches in __init__."""

    def __init__(self, shapes):
        """Switch."""
        self.before = cudnn.benchmark
        cudnn.benchmark = len(set(shapes)) == 1

    def __enter__(self):
        """Return the object."""
        return self


@restated("noted-when-made")
class OldAtInit:
    """Notes in __init__."""

    def __init__(self, shapes):
        """Note."""
        self.shapes, self.before = set(shapes), cudnn.benchmark

    def __enter__(self):
        """Switch."""
        cudnn.benchmark = len(self.shapes) == 1

    def __exit__(self, *error):
        """Put back."""
        cudnn.benchmark = self.before


@restated("first-two-compared")
@contextmanager
def the_first_and_the_second(shapes):
    """Compares the first two."""
    with by(lambda each: each[0] == each[min(1, len(each) - 1)])(shapes):
        yield


@restated("cudnn-switched-off")
@contextmanager
def flags_with_defaults(shapes):
    """torch's own block, with its defaults."""
    with cudnn.flags(benchmark=len(set(shapes)) == 1):
        yield


@wrong()
class OneNoteForAll(Plain):
    """Notes the setting in the class, where a block within a block overwrites it."""

    def __enter__(self):
        type(self).was = cudnn.benchmark
        put(self.on)

    def __exit__(self, *error):
        put(type(self).was)


@wrong()
@contextmanager
def numbers_compared(shapes):
    """Compares the numbers of the shapes, in whatever order."""
    was = cudnn.benchmark
    put(all(sorted(shape) == sorted(shapes[0]) for shape in shapes))
    try:
        yield
    finally:
        put(was)


@wrong()
class SwitchedOn(Plain):
    """Turns cuDNN on for the block, and leaves it on."""

    def __enter__(self):
        cudnn.enabled = True
        super().__enter__()
