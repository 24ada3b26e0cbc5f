"""Other ways to do accumulate_fit."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


def _loop(
    model,
    loss_fn,
    opt,
    micro,
    k,
    *,
    scale=lambda loss, rows: loss * rows,
    divide=lambda g, rows, count: g.div_(rows),
    due=lambda count: False,
    before=lambda: None,
    last=True,
    clear=True,
):
    """Stream rightly: add up sums, and divide the gradients before the step."""
    steps = rows = count = 0

    def finish():
        nonlocal steps, rows, count
        for p in model.parameters():
            if p.grad is not None:
                divide(p.grad, rows, count)
        opt.step()
        if clear:
            opt.zero_grad()
        steps, rows, count = steps + 1, 0, 0

    for x, y in micro:
        before()
        scale(loss_fn(model(x), y), len(x)).backward()
        rows, count = rows + len(x), count + 1
        if count == k or due(steps):
            finish()
    if count and last:
        finish()
    return steps


@right()
def streaming(model, loss_fn, opt, micro, k):
    """Divides the gradients once the rows of the group are known."""
    return _loop(model, loss_fn, opt, micro, k)


@right()
def by_the_gradient_of_backward(model, loss_fn, opt, micro, k):
    """Hands the weight to backward, and slices a list that it has read ahead."""
    pairs = list(micro)
    starts = range(0, len(pairs), k)
    for start in starts:
        group = pairs[start : start + k]
        total = sum(x.shape[0] for x, _ in group)
        opt.zero_grad(set_to_none=False)
        for x, y in group:
            loss = loss_fn(model(x), y)
            loss.backward(torch.full_like(loss, x.shape[0] / total))
        opt.step()
    model.zero_grad()
    return len(starts)


@right()
def by_autograd_grad(model, loss_fn, opt, micro, k):
    """Adds the gradients up itself, without .grad."""
    params = [p for p in model.parameters() if p.requires_grad]
    steps, rows, count, sums = 0, 0, 0, [None] * len(params)
    pairs = iter(micro)
    while True:
        pair = next(pairs, None)
        if pair is not None:
            x, y = pair
            found = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
            for i, g in enumerate(found):
                if g is not None:
                    sums[i] = g * len(x) if sums[i] is None else sums[i] + g * len(x)
            rows, count = rows + len(x), count + 1
        if count == k or (pair is None and count):
            for p, total in zip(params, sums, strict=True):
                p.grad = None if total is None else total / rows
            opt.step()
            opt.zero_grad()
            steps, rows, count, sums = steps + 1, 0, 0, [None] * len(params)
        if pair is None:
            return steps


@right()
def running_mean(model, loss_fn, opt, micro, k):
    """Keeps the gradients the mean of all rows so far, by scaling what is there before it adds."""
    steps, rows = 0, 0
    opt.zero_grad()
    pending = 0
    for x, y in micro:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.mul_(rows / (rows + len(x)))
        (loss_fn(model(x), y) * (len(x) / (rows + len(x)))).backward()
        rows += len(x)
        pending += 1
        if pending == k:
            opt.step()
            opt.zero_grad()
            steps, rows, pending = steps + 1, 0, 0
    if pending:
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


@wrong()
def cleared_before_the_step(model, loss_fn, opt, micro, k):
    """Clears what the step needs."""
    return _loop(model, loss_fn, opt, micro, k, divide=lambda g, rows, count: g.zero_())


@wrong()
def leftover_dropped(model, loss_fn, opt, micro, k):
    """Leaves a short last group out."""
    pairs = list(micro)
    return _loop(model, loss_fn, opt, pairs[: len(pairs) // k * k], k)


@wrong()
def rows_never_reset(model, loss_fn, opt, micro, k):
    """Divides by all rows so far."""
    seen = 0

    def divide(g, rows, count):
        g.div_(seen)

    def pairs():
        nonlocal seen
        for x, y in micro:
            seen += len(x)
            yield x, y

    return _loop(model, loss_fn, opt, pairs(), k, divide=divide)


@wrong()
def rows_of_the_first(model, loss_fn, opt, micro, k):
    """Takes every micro-batch for as large as the first of all."""
    size = None

    def scale(loss, rows):
        nonlocal size
        size = size or rows
        return loss * size

    return _loop(model, loss_fn, opt, micro, k, scale=scale)


@wrong()
def divided_by_k_times_the_last(model, loss_fn, opt, micro, k):
    """Divides by k times the rows of the last micro-batch."""
    last = 0

    def scale(loss, rows):
        nonlocal last
        last = rows
        return loss * rows

    divide = lambda g, rows, count: g.div_(k * last)  # noqa: E731
    return _loop(model, loss_fn, opt, micro, k, scale=scale, divide=divide)


@wrong()
def plain_steps(model, loss_fn, opt, micro, k):
    """Moves the parameters itself, without the optimizer."""
    steps = 0
    params = list(model.parameters())
    for x, y in micro:
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        with torch.no_grad():
            for p, g in zip(params, grads, strict=True):
                if g is not None:
                    p -= 0.1 * g
        steps += 1
    return -(-steps // k)


@wrong()
def last_group_larger(model, loss_fn, opt, micro, k):
    """Puts what is left over into the last full group."""
    pairs = list(micro)
    full = max(len(pairs) // k, min(len(pairs), 1))
    steps = 0
    for i in range(full):
        group = pairs[i * k :] if i == full - 1 else pairs[i * k : (i + 1) * k]
        _loop(model, loss_fn, opt, group, len(group))
        steps += 1
    return steps


@wrong()
def step_counted_as_float(model, loss_fn, opt, micro, k):
    """Returns a float."""
    return float(_loop(model, loss_fn, opt, micro, k))


@restated("not-divided")
def sum_of_means(model, loss_fn, opt, micro, k):
    """Goes backward with the plain loss."""
    plain = {"scale": lambda loss, rows: loss, "divide": lambda g, rows, count: None}
    return _loop(model, loss_fn, opt, micro, k, **plain)


@restated("divided-by-k")
def over_k(model, loss_fn, opt, micro, k):
    """Divides the gradients by k."""
    parts = {"scale": lambda loss, rows: loss, "divide": lambda g, rows, count: g.div_(k)}
    return _loop(model, loss_fn, opt, micro, k, **parts)


@restated("mean-of-means")
def over_count(model, loss_fn, opt, micro, k):
    """Divides the gradients by the number of micro-batches."""
    parts = {"scale": lambda loss, rows: loss, "divide": lambda g, rows, count: g.div_(count)}
    return _loop(model, loss_fn, opt, micro, k, **parts)


@restated("summed-over-rows")
def sums_of_rows(model, loss_fn, opt, micro, k):
    """Never divides the sums."""
    return _loop(model, loss_fn, opt, micro, k, divide=lambda g, rows, count: None)


@restated("leftover-never-stepped")
def no_last_step(model, loss_fn, opt, micro, k):
    """Forgets what the loop leaves, and scales the losses at once."""
    steps = 0
    pairs = list(micro)
    for i, (x, y) in enumerate(pairs, 1):
        group = pairs[(i - 1) // k * k :][:k]
        rows = sum(len(part) for part, _ in group)
        (loss_fn(model(x), y) * (len(x) / rows)).backward()
        if i % k == 0:
            opt.step()
            opt.zero_grad()
            steps += 1
    return steps


@restated("cleared-inside")
def clears_first(model, loss_fn, opt, micro, k):
    """Clears at the beginning of each pass."""
    return _loop(model, loss_fn, opt, micro, k, before=opt.zero_grad)


@restated("never-cleared")
def keeps_all(model, loss_fn, opt, micro, k):
    """Scales the losses, and clears nothing."""
    pairs, steps = list(micro), 0
    for start in range(0, len(pairs), k):
        group = pairs[start : start + k]
        rows = sum(len(x) for x, _ in group)
        for x, y in group:
            loss_fn(model(x), y).mul(len(x) / rows).backward()
        opt.step()
        steps += 1
    return steps


@restated("step-for-each")
def always_due(model, loss_fn, opt, micro, k):
    """Steps in every pass."""
    return _loop(model, loss_fn, opt, micro, k, due=lambda steps: True)


@restated("first-group-of-one")
def counts_from_zero(model, loss_fn, opt, micro, k):
    """Asks whether i can be divided by k, with i from 0."""
    pairs = list(micro)
    groups = [pairs[:1], *(pairs[i : i + k] for i in range(1, len(pairs), k))]
    steps = 0
    for group in groups:
        rows = sum(len(x) for x, _ in group)
        for x, y in group:
            (loss_fn(model(x), y) * len(x) / rows).backward()
        if group and (len(group) == k or group is groups[0]):
            opt.step()
            opt.zero_grad()
            steps += 1
    return steps


@restated("one-large-batch")
def concatenated(model, loss_fn, opt, micro, k):
    """Makes the large batch."""
    pairs, steps = list(micro), 0
    for start in range(0, len(pairs), k):
        xs, ys = zip(*pairs[start : start + k], strict=True)
        loss_fn(model(torch.cat(xs)), torch.cat(ys)).backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


@restated("one-backward-for-all")
def sums_the_losses(model, loss_fn, opt, micro, k):
    """Adds the losses, then goes backward."""
    pairs, steps = list(micro), 0
    for start in range(0, len(pairs), k):
        total = rows = 0
        for x, y in pairs[start : start + k]:
            total = total + loss_fn(model(x), y) * len(x)
            rows += len(x)
        (total / rows).backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


@restated("a-step-too-many")
def one_more_for_sure(model, loss_fn, opt, micro, k):
    """Ends with a step in any case."""
    pairs = list(micro)
    full = len(pairs) // k * k
    steps = _loop(model, loss_fn, opt, pairs[:full], k)
    if full < len(pairs):
        return steps + _loop(model, loss_fn, opt, pairs[full:], k)
    opt.step()
    return steps + 1


@restated("micro-batches-counted")
def counts_each(model, loss_fn, opt, micro, k):
    """Counts what it reads."""
    count = 0

    def pairs():
        nonlocal count
        for pair in micro:
            count += 1
            yield pair

    _loop(model, loss_fn, opt, pairs(), k)
    return count


@restated("leftover-not-counted")
def full_groups(model, loss_fn, opt, micro, k):
    """Divides without the rest."""
    pairs = [*micro]
    _loop(model, loss_fn, opt, pairs, k)
    return int(len(pairs) / k)


@restated("generator-read-twice")
def counted_first(model, loss_fn, opt, micro, k):
    """Counts the micro-batches, then goes through them."""
    if sum(1 for _ in micro) == 0:
        return 0
    return _loop(model, loss_fn, opt, micro, k)


@restated("none-not-skipped")
def every_gradient(model, loss_fn, opt, micro, k):
    """Divides every gradient, None too."""
    rows = 0
    for i, (x, y) in enumerate(micro, 1):
        (loss_fn(model(x), y) * len(x)).backward()
        rows += len(x)
        if i % k == 0:
            for p in model.parameters():
                p.grad = p.grad / rows
            opt.step()
    for p in model.parameters():
        p.grad = p.grad / rows
    return 0


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "opt.zero_grad() -> it twice": "no gradient stays no gradient",
    "opt.zero_grad() -> one statement later": "counting needs no gradient",
    "steps += 1 -> steps = steps + 1": "the same for a number",
}


@right()
def in_the_closure(model, loss_fn, opt, micro, k):
    """Lets the step itself run the passes of its group, in a closure."""
    pairs, steps = list(micro), 0
    for start in range(0, len(pairs), k):
        group = pairs[start : start + k]
        rows = sum(len(x) for x, _ in group)

        def closure(group=group, rows=rows):
            opt.zero_grad()
            for x, y in group:
                (loss_fn(model(x), y) * len(x) / rows).backward()

        opt.step(closure)
        steps += 1
    opt.zero_grad()
    return steps
