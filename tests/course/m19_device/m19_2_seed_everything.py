"""Other ways to do seed_everything."""

from __future__ import annotations

import os
import random

import numpy as np
import torch
from m19_device import seed_everything

from autograder.course.marks import restated, right, wrong


@right()
def with_cuda_by_name(seed):
    """The recipe of many scripts, but for the settings."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    g = torch.Generator(device="cpu")
    g.manual_seed(seed)
    return g


@right()
def by_states(seed):
    """Sets the states of the global generators to those of seeded ones."""
    random.setstate(random.Random(seed).getstate())
    np.random.set_state(np.random.RandomState(seed).get_state())
    generator = torch.Generator().manual_seed(seed)
    torch.random.manual_seed(seed)
    torch.set_rng_state(generator.get_state())
    return generator


@right()
def in_a_loop(seed):
    """One call after the other, in another order."""
    generator = torch.Generator()
    for seeding in (generator.manual_seed, torch.manual_seed, np.random.seed, random.seed):
        seeding(seed)
    return generator


@right()
def cloned_from_the_global_one(seed):
    """Gives the new generator the state of the global one, which was seeded just before."""
    random.seed(int(seed))
    np.random.seed(int(seed))
    generator = torch.Generator()
    generator.set_state(torch.manual_seed(seed).get_state())
    return generator


@wrong()
def zero_is_no_seed(seed):
    """Takes 0 for no seed."""
    return seed_everything(seed or 1234)


@wrong()
def shortened_seed(seed):
    """Keeps the last digits of the seed."""
    return seed_everything(seed % 1000)


@wrong()
def halves_of_the_seed(seed):
    """Shifts the seed, so that two neighbours are one."""
    return seed_everything(seed >> 1)


@wrong()
def numbers_for_each(seed):
    """Seeds each library with another number."""
    generator = seed_everything(seed)
    np.random.seed((seed + 1) % 2**32)
    return generator


@wrong()
def drawn_from(seed):
    """Draws from torch after seeding."""
    generator = seed_everything(seed)
    torch.rand(1)
    return generator


@wrong()
def generator_seeded_by_a_draw(seed):
    """Draws the generator's seed from the global generator."""
    seed_everything(seed)
    return torch.Generator().manual_seed(torch.empty((), dtype=torch.int64).random_().item())


@wrong(named="numpy-not-seeded")
def new_numpy_generator(seed):
    """Makes NumPy's new kind of generator, and drops it."""
    random.seed(seed)
    np.random.default_rng(seed)
    return torch.Generator().manual_seed(torch.manual_seed(seed).initial_seed())


@wrong()
def the_seed_returned(seed):
    """Returns the seed."""
    seed_everything(seed)
    return seed


@wrong()
def nothing_returned(seed):
    """Returns no generator."""
    seed_everything(seed)


@wrong()
def deterministic_algorithms(seed):
    """Asks torch for deterministic algorithms, too."""
    torch.use_deterministic_algorithms(True)
    return seed_everything(seed)


@wrong()
def numpys_generator_returned(seed):
    """Returns a generator of NumPy."""
    seed_everything(seed)
    return np.random.default_rng(seed)


@restated("torch-alone")
def torch_twice(seed):
    """Seeds torch and torch.cuda."""
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    generator = torch.Generator()
    generator.manual_seed(seed)
    return generator


@restated("random-not-seeded")
def own_random(seed):
    """Makes a generator of Python that nobody uses."""
    random.Random(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


@restated("numpy-not-seeded")
def default_rng_dropped(seed):
    """Believes that default_rng seeds something."""
    random.seed(seed)
    np.random.default_rng(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


@restated("torch-not-seeded")
def own_generator_only(seed):
    """Believes that its generator is the global one."""
    random.seed(seed)
    np.random.seed(seed)
    generator = torch.Generator("cpu")
    generator.manual_seed(seed)
    return generator


@restated("nothing-global-seeded")
def only_a_generator(seed):
    """Makes generators of its own."""
    random.Random(seed), np.random.RandomState(seed)
    g = torch.Generator()
    return g.manual_seed(seed)


@restated("global-generator-returned")
def what_manual_seed_returns(seed):
    """Returns the result of torch.manual_seed."""
    random.seed(seed)
    np.random.seed(seed)
    return torch.manual_seed(seed)


@restated("generator-not-seeded")
def fresh_generator(seed):
    """Relies on the global seed."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator(device="cpu")


@restated("fixed-seed")
def forty_two(seed):
    """Writes 42 everywhere."""
    random.seed(42)
    np.random.seed(42)
    torch.manual_seed(42)
    return torch.Generator().manual_seed(42)


@restated("generator-with-another-seed")
def fixed_generator(seed):
    """The generator has 42."""
    random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
    return torch.Generator().manual_seed(42)


@restated("cudnn-settings-changed")
def with_cudnn(seed):
    """The recipe with both settings."""
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "torch.manual_seed(seed) -> it twice": "to seed twice is to seed once",
    "torch.manual_seed(seed) -> one statement earlier": "the order of the libraries is free",
}


@wrong()
def hash_seed_set(seed):
    """Changes the environment of the process, too, for the hashes of texts."""
    os.environ["PYTHONHASHSEED"] = str(seed)
    return seed_everything(seed)


_ONLY = torch.Generator()


@wrong()
def always_the_same_generator(seed):
    """Returns one generator of the module in every call."""
    seed_everything(seed)
    return _ONLY.manual_seed(seed)
