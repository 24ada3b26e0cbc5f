"""Mistakes of seed_everything."""

from __future__ import annotations

import random

import numpy as np
import torch
from m19_device import seed_everything
from torch import Generator

from autograder.course.marks import mistake


@mistake("torch-alone", asks="tb.19")
def torch_alone(seed: int) -> Generator:
    """You seed torch only. NumPy and Python's random draw from states of their own, and data that
    they shuffle or change is another one in every run. Each of the three has a function to seed
    it."""
    torch.manual_seed(seed)
    return Generator().manual_seed(seed)


@mistake("random-not-seeded", asks="tb.19")
def random_not_seeded(seed: int) -> Generator:
    """You do not seed Python's module random, which many datasets use for changes to their rows.
    Neither torch nor NumPy does it for you. It has a function seed of its own."""
    np.random.seed(seed)
    torch.manual_seed(seed)
    return Generator().manual_seed(seed)


@mistake("numpy-not-seeded", asks="tb.19")
def numpy_not_seeded(seed: int) -> Generator:
    """You do not seed NumPy's global generator. To make a new one, as default_rng(seed) does, does
    not change it either: code that calls numpy.random draws from the global one."""
    random.seed(seed)
    torch.manual_seed(seed)
    return Generator().manual_seed(seed)


@mistake("torch-not-seeded", asks="tb.19")
def torch_not_seeded(seed: int) -> Generator:
    """You do not seed torch's global generators. The weights of new layers and dropout come from
    them. A generator of your own, seeded or not, leaves them alone."""
    random.seed(seed)
    np.random.seed(seed)
    return Generator().manual_seed(seed)


@mistake("nothing-global-seeded")
def nothing_global_seeded(seed: int) -> Generator:
    """You seed the generator that you return, and none of the global ones. Layers, dropout, NumPy
    and random still draw other numbers in every run. Seed each of the three libraries, too."""
    return Generator().manual_seed(seed)


@mistake("global-generator-returned", asks="lr.38")
def global_generator_returned(seed: int) -> Generator:
    """You return what torch.manual_seed returns: the global generator itself. A loader that draws
    from it moves the numbers of layers and dropout, and they move its order. Make a new generator,
    and seed that."""
    seed_everything(seed)
    return torch.default_generator


@mistake("generator-not-seeded", asks="lr.38")
def generator_not_seeded(seed: int) -> Generator:
    """Your generator is new, but nothing has seeded it: it begins with the same fixed numbers for
    every seed. A new generator does not look at the global seed. Seed it, too."""
    seed_everything(seed)
    return Generator()


@mistake("fixed-seed")
def fixed_seed(seed: int) -> Generator:
    """You seed with a number of your own, such as 42, and not with the seed that was handed in.
    Every run is then the same one, and nobody can try another. Look at what your calls get."""
    return seed_everything(42)


@mistake("generator-with-another-seed")
def generator_with_another_seed(seed: int) -> Generator:
    """Your generator is seeded with another number than the one handed in. The order of the rows
    then does not depend on it as the task says. Look at what you seed the generator with."""
    seed_everything(seed)
    return Generator().manual_seed(42)


@mistake("cudnn-settings-changed")
def cudnn_settings_changed(seed: int) -> Generator:
    """You change settings of cuDNN along with the seeds. They decide which algorithms run and how
    fast, not which numbers are drawn, and the task leaves them as they are. Keep such switches in a
    place of their own."""
    torch.backends.cudnn.deterministic = True
    return seed_everything(seed)
