"""What several probes of m09 need to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.probes import Facts

Epoch = list[tuple[Tensor, Tensor]]


def two_seeds(given: Given) -> tuple[int, int]:
    """Return two seeds that are not the global generators', and share their last digits."""
    seed = (given.seed ^ 2) % 2**31
    return seed, seed + 1000


def table(given: Given) -> tuple[Tensor, Tensor]:
    """Return features and targets whose rows can be told apart, also where float32 is rounded."""
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    if given.dtype == torch.float32:
        x = given.tensor(
            x.cpu() + 16 * torch.randperm(given.n, generator=seeded(given.seed))[:, None]
        )
    return x, y


def seeded(seed: int) -> torch.Generator:
    """Return a generator of the CPU with a seed."""
    return torch.Generator().manual_seed(seed)


def epoch_of(batches: Iterable[Any], n: int) -> Epoch:
    """Take the batches of an epoch; one that never ends is cut off."""
    return [(xb, yb) for xb, yb in islice(batches, 2 * n + 2)]


def listed(items: Iterable[Any]) -> str:
    """Write items out, so that a student sees which are missing or too many."""
    return ", ".join(map(repr, items))[:300] or "none"


def seen(epoch: Epoch, x: Tensor, y: Tensor) -> Facts:
    """Tell of a shuffled epoch what all right ones have in common."""
    sizes = sorted((len(xb) for xb, _ in epoch), reverse=True)
    facts: Facts = {
        "sizes of batches, largest first": listed(sizes),
        "pairs of the epoch": pairing(epoch, x, y),
    }
    return facts | {"order of the rows": order(epoch, x)} if epoch else facts


def pairing(epoch: Epoch, x: Tensor, y: Tensor) -> str:
    """Say whether an epoch has every row once, with its own target."""
    features = [tuple(row) for xb, _ in epoch for row in xb.tolist()]
    targets = [tuple(row) for _, yb in epoch for row in yb.tolist()]
    own_features, own_targets = (list(map(tuple, table.tolist())) for table in (x, y))
    rows = counted(features, own_features)
    own_pairs = Counter(zip(own_features, own_targets, strict=True))
    if rows == "each exactly once" and Counter(zip(features, targets, strict=False)) != own_pairs:
        return "rows of x with targets of other rows"
    return rows


def counted(rows: list[Any], expected: list[Any]) -> str:
    """Compare rows in any order with those that should be there."""
    found, wanted = Counter(rows), Counter(expected)
    if found == wanted:
        return "each exactly once"
    if found - wanted:
        return "some twice, or from elsewhere"
    return "some missing"


def order(epoch: Epoch, x: Tensor) -> str:
    """Say how the rows of an epoch are ordered.

    With n >= 64 rows in a random order, half of them stand beside a neighbour with a probability of
    at most C(63, 32) 2^32 32! / 64! = 1e-25. `_mixed` errs once in 3e10. With n >= 16 rows, the
    order of the data comes up once in 16! = 2e13; no more is asked of so few.
    """
    n, places = len(x), {tuple(row): place for place, row in enumerate(x.tolist())}
    rows = [places.get(tuple(row), -1) for xb, _ in epoch for row in xb.tolist()]
    if rows == list(range(len(rows))):
        return "as in the data"
    if n >= 64:
        if sum(abs(a - b) == 1 for a, b in pairwise(rows)) >= n // 2:
            return "neighbours stay together"
        if not mixed(rows[: n // 2], n):
            return "rows stay near their place"
    return "random"


def mixed(rows: Sequence[int], n: int) -> bool:
    """Say whether half of the rows come neither from one half of the data only, nor nearly so.

    For n >= 64 and h = n / 2 rows drawn at random, at most 3 are from one of the halves with a
    probability of 2 (C(h, 3)^2 + C(h, 2)^2 + h^2 + 1) / C(n, h) <= 3e-11.
    """
    early = sum(row < n // 2 for row in rows)
    return 3 < early < len(rows) - 3


def alike(epoch: Epoch, other: Epoch) -> str:
    """Compare two orders; right ones of n >= 16 rows are equal by chance once in 16! = 2e13."""
    rows, others = (joined([xb for xb, _ in each]) for each in (epoch, other))
    return "equal to the first" if torch.equal(rows, others) else "different from the first"


def joined(parts: list[Tensor]) -> Tensor:
    """Join batches along their rows; without any, an empty tensor."""
    return torch.cat(parts) if parts else torch.empty(0)
