"""The references of m18, proved by other routes."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from m18_precision import (
    LossScaler,
    accurate_sum,
    amp_step,
    min_scale,
    needs_float64,
    survives,
)
from torch import Tensor, nn

from autograder.inside.tables import crop_yield

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
PLACES = [
    ("cpu", torch.bfloat16),
    ("cpu", torch.float16),
    pytest.param("cuda", torch.float16, marks=NO_GPU),
]


def numbers(seed: int, *shape: int) -> Tensor:
    """Draw float32 tensors."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("n", [1, 2, 7, 100, 3000])
@pytest.mark.parametrize("spread", [1, 10, 24])
def test_accurate_sum_is_that_of_fsum(n: int, spread: int) -> None:
    """Python's exact sum, rounded to float32, is at most a rounding away; large numbers cancel."""
    sizes = torch.randint(-spread, spread, (n,), generator=torch.Generator().manual_seed(n))
    x = numbers(n, n) * 2.0**sizes
    x[-1] = 1234.5  # what is left; the others add up to at most 1e8 times as much
    x = torch.cat([x, -x[:-1].flip(0)])
    exact = math.fsum(x.tolist())
    assert accurate_sum(x).item() == pytest.approx(exact, rel=1e-6)
    assert accurate_sum(x).dtype == torch.float32


def test_accurate_sum_keeps_what_torch_loses() -> None:
    """tb.40: with 1e8, eight times 1 and -1e8 the sum is 8, and one at a time float32 gives 0."""
    x = torch.tensor([1e8, *[1.0] * 8, -1e8])
    total = torch.zeros(())
    for value in x:
        total = total + value
    assert accurate_sum(x).item() == 8
    assert total.item() == 0


def test_a_sum_one_at_a_time_drifts() -> None:
    """tb.40: ten million times 0.1 are a million; in float32, one at a time, 8.8 % more."""
    tenths = np.full(10_000_000, 0.1, dtype=np.float32)
    assert np.cumsum(tenths)[-1] == pytest.approx(1_087_937)
    assert accurate_sum(torch.from_numpy(tenths)).item() == 1e6


def test_accurate_sum_of_nothing_is_0() -> None:
    """An empty tensor has the sum 0, in float32 and without dimensions."""
    total = accurate_sum(torch.empty(0))
    assert (total.item(), total.dtype, total.shape) == (0, torch.float32, ())


def halves() -> Iterator[float]:
    """Yield all numbers of float16 from 0 on, by their bits."""
    for bits in range(0x7C00):
        yield struct.unpack("<e", struct.pack("<H", bits))[0]


def test_survives_is_what_python_stores_in_float16() -> None:
    """Python's own format of 16 bits, another code than torch's, loses the same numbers."""
    sizes = torch.tensor([*halves()], dtype=torch.float64)
    for factor in (0.499, 0.501, 1.0, 1.0003):
        g = sizes[::50] * factor
        assert survives(g, torch.float16).tolist() == [stored(v) for v in g.tolist()]


def stored(number: float) -> bool:
    """Say whether a number is still there in Python's format of 16 bits."""
    try:
        (back,) = struct.unpack("<e", struct.pack("<e", number))
    except OverflowError:
        return False
    return back != 0 or number == 0


@pytest.mark.parametrize(
    ("dtype", "exponent", "largest"),
    [
        (torch.float16, -24, 2.0**16 - 2.0**5),
        (torch.bfloat16, -133, 2.0**128 - 2.0**120),
        (torch.float32, -149, 2.0**128 - 2.0**104),
    ],
)
def test_survives_ends_half_a_step_beyond_both_ends(
    dtype: torch.dtype, exponent: int, largest: float
) -> None:
    """The ends come from the number of bits: 5 or 8 for the exponent, 10, 7 or 23 for digits."""
    half = 2.0 ** (exponent - 1)
    bits = {torch.float16: 10, torch.bfloat16: 7, torch.float32: 23}[dtype]
    beyond = largest * (1 + 2.0 ** -(bits + 2) * 0.9)
    ends = [half, half * 1.001, -half * 1.001, largest, -beyond, largest * (1 + 2.0**-bits), 0.0]
    mask = survives(torch.tensor(ends, dtype=torch.float64), dtype)
    assert mask.tolist() == [False, True, True, True, True, False, True]


def test_survives_tells_what_the_documents_say() -> None:
    """lr.33, tb.49: float16 loses 1e-8 and 70000; bfloat16 keeps them; float32 keeps 1e-5."""
    g = torch.tensor([1e-8, 6e-8, 1e-5, 70000.0])
    assert survives(g, torch.float16).tolist() == [False, True, True, False]
    assert survives(g, torch.bfloat16).all() and survives(g, torch.float32).all()
    assert survives(g / 65536, torch.float16, 65536.0).tolist() == [False, True, True, False]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("seed", range(5))
def test_min_scale_is_the_smallest(dtype: torch.dtype, seed: int) -> None:
    """With it all survive; with half of it, one does not."""
    least = torch.finfo(dtype).tiny * torch.finfo(dtype).eps
    g = numbers(seed, 4, 3).double() * least * 2.0**-seed
    scale = min_scale(g, dtype)
    assert survives(g, dtype, float(scale)).all()
    assert scale == 1 or not survives(g, dtype, scale / 2).all()
    assert scale & (scale - 1) == 0


def test_min_scale_of_a_power_of_two_passes_the_tie() -> None:
    """2^-30 times 2^5 is half of float16's smallest number, which torch rounds to 0."""
    assert min_scale(torch.tensor([2.0**-30, 0.0]), torch.float16) == 2**6
    assert min_scale(torch.tensor([1.0, -3.0]), torch.float16) == 1


def test_min_scale_refuses_what_no_scale_keeps() -> None:
    """1e-13 and 1 are too far apart for float16, not for bfloat16; 70000 is lost already."""
    apart = torch.tensor([1e-13, 1.0])
    for g in (apart, torch.tensor([70000.0])):
        with pytest.raises(ValueError, match="no scale"):
            min_scale(g, torch.float16)
    assert min_scale(apart, torch.bfloat16) == 1


def gradients(step: int) -> Tensor:
    """Return the gradients of a step: large ones in some, inf, -inf or nan in others."""
    g = numbers(step, 3) * 2.0 ** (118 if step % 3 == 0 else 3)
    g[step % 3] = {4: math.inf, 5: -math.inf, 9: math.nan}.get(step, g[step % 3].item())
    return g


def test_a_loss_scaler_does_what_torchs_scaler_does() -> None:
    """Step by step: the same weights, the same scale, over overflows, inf and nan."""
    ours, theirs = LossScaler(1024.0), torch.amp.GradScaler("cpu", 1024.0, growth_interval=10**6)
    ways = []
    for scaler in (ours, theirs):
        w = torch.ones(3, requires_grad=True)
        opt = torch.optim.SGD([w, torch.ones(2, requires_grad=True)], lr=2.0**-130, momentum=0.5)
        ways.append((scaler, w, opt))
    scales = []
    for step in range(12):
        for scaler, w, opt in ways:
            opt.zero_grad()
            scaler.scale((w * gradients(step)).sum()).backward()
            if step % 2:
                scaler.unscale_(opt)
                nn.utils.clip_grad_value_([w], 1e30)
            scaler.step(opt)
            scaler.update()
        assert torch.equal(ways[0][1], ways[1][1])
        assert ours.get_scale() == theirs.get_scale()
        scales.append(ours.get_scale())
    assert 1 < len(set(scales)) < 12


def test_a_loss_scaler_refuses_to_unscale_twice() -> None:
    """As torch does; after update() it is allowed again."""
    w = torch.ones(2, requires_grad=True)
    opt, scaler = torch.optim.SGD([w], lr=1.0), LossScaler(8.0)
    scaler.scale(w.sum()).backward()
    scaler.unscale_(opt)
    with pytest.raises(RuntimeError, match="already"):
        scaler.unscale_(opt)
    assert w.grad is not None and w.grad.tolist() == [1, 1]
    scaler.update()
    scaler.unscale_(opt)


def test_a_loss_scaler_saves_what_float16_would_lose() -> None:
    """lr.33: a gradient of 1e-8 through a layer in float16 arrives only with a scaled loss."""
    found = []
    for init in (1.0, 65536.0):
        w = torch.ones(1, requires_grad=True)
        opt, scaler = torch.optim.SGD([w], lr=1.0), LossScaler(init)
        scaler.scale((w.half() * 1.0).float().sum() * 1e-8).backward()
        scaler.unscale_(opt)
        assert w.grad is not None
        found.append(w.grad.item())
    assert found == [0, pytest.approx(1e-8, rel=1e-3)]


def network(device: str) -> nn.Sequential:
    """Return two layers with drawn weights."""
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    with torch.no_grad():
        for seed, p in enumerate(model.parameters()):
            p.copy_(numbers(seed, *p.shape))
    return model.to(device)


@pytest.mark.parametrize(("device", "dtype"), PLACES)
def test_amp_step_is_a_step_on_rounded_numbers(device: str, dtype: torch.dtype) -> None:
    """A twin that casts by hand, without autocast and scaler, takes the same steps."""
    x, y, model, twin = numbers(8, 5, 3), numbers(9, 5, 2), network(device), network(device)
    x, y = x.to(device), y.to(device)
    opt = torch.optim.SGD(model.parameters(), lr=0.05)
    scaler = torch.amp.GradScaler(device, init_scale=64.0)
    for _ in range(3):
        hidden = nn.functional.linear(x.to(dtype), *(p.to(dtype) for p in twin[0].parameters()))
        pred = nn.functional.linear(hidden.relu(), *(p.to(dtype) for p in twin[2].parameters()))
        expected = nn.functional.mse_loss(pred.float(), y)
        twin.zero_grad()
        (64 * expected).backward()
        with torch.no_grad():
            for p in twin.parameters():
                assert p.grad is not None
                p.sub_(0.05 * p.grad / 64)
        loss = amp_step(model, nn.MSELoss(), opt, x, y, scaler, device, dtype)
        assert loss == pytest.approx(expected.item(), rel=1e-6)
    for ours, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)
        assert ours.dtype == torch.float32


@pytest.mark.parametrize(("device", "dtype"), PLACES)
def test_amp_step_skips_what_overflows(device: str, dtype: torch.dtype) -> None:
    """tb.49: too large a scale costs steps, not weights, and is halved until they fit."""
    model = network(device)
    before = [p.detach().clone() for p in model.parameters()]
    opt = torch.optim.SGD(model.parameters(), lr=0.05)
    scaler = torch.amp.GradScaler(device, init_scale=2.0**127)
    x, y = numbers(8, 5, 3).to(device), 9 + numbers(9, 5, 2).to(device)
    skipped = 0
    while all(map(torch.equal, model.parameters(), before)):
        assert scaler.get_scale() == 2.0 ** (127 - skipped)
        amp_step(model, nn.MSELoss(), opt, x, y, scaler, device, dtype)
        skipped += 1
    assert 2 < skipped < 128
    assert all(bool(p.isfinite().all()) for p in model.parameters())


@pytest.mark.parametrize(("device", "dtype"), PLACES)
def test_amp_step_lets_the_loss_fall(device: str, dtype: torch.dtype) -> None:
    """The layers compute in the low dtype, and training works all the same."""
    model, seen = network(device), set()
    model[0].register_forward_hook(lambda _, __, out: seen.add(out.dtype))
    opt = torch.optim.SGD(model.parameters(), lr=0.02)
    scaler = torch.amp.GradScaler(device, init_scale=128.0)
    x, y = numbers(8, 20, 3).to(device), numbers(9, 20, 2).to(device)
    steps = [amp_step(model, nn.MSELoss(), opt, x, y, scaler, device, dtype) for _ in range(30)]
    assert steps[-1] < steps[0] / 2
    assert seen == {dtype}


def fitted(x: Tensor, y: Tensor) -> Tensor:
    """Return the weights of least squares, by QR in the dtype of x."""
    q, r = torch.linalg.qr(x)
    found: Tensor = torch.linalg.solve_triangular(r, q.T @ y, upper=True)
    return found


def test_needs_float64_is_about_what_a_fit_loses() -> None:
    """lr.41: float32 features move the weights by at most the product, and for some directions by
    a good part of it."""
    q, _ = torch.linalg.qr(numbers(1, 20, 3).double())
    v, _ = torch.linalg.qr(numbers(2, 3, 3).double())
    for condition in (1e1, 1e3, 1e5):
        x = q @ torch.diag(torch.tensor([1, 0.5, 1 / condition], dtype=torch.float64)) @ v.T
        w = numbers(3, 3, 1).double()
        moved = (fitted(x.float().double(), x @ w) - w).norm() / w.norm()
        product = condition * torch.finfo(torch.float32).eps
        assert product / 1000 < moved < product
        assert needs_float64(x, product * 0.9) and not needs_float64(x, product * 1.1)


def test_needs_float64_of_the_tutorials_table() -> None:
    """With a column of ones, 15 rows have the condition number 1484 (NumPy's), so 1.8e-4."""
    x = np.column_stack([crop_yield(15)[0], np.ones(15)])
    assert np.linalg.cond(x) == pytest.approx(1483.5, abs=0.1)
    table = torch.from_numpy(x)
    assert needs_float64(table, 1.7e-4) and not needs_float64(table, 1.8e-4)


def test_needs_float64_ignores_units_and_directions() -> None:
    """Neither a common unit nor a rotation changes the answer; a singular table needs it always."""
    x = numbers(4, 6, 3).double() * torch.tensor([1.0, 1e-2, 1e-3])
    limit = float(np.linalg.cond(x.numpy())) * 2.0**-23
    rotation, _ = torch.linalg.qr(numbers(5, 3, 3).double())
    for same in (x, 1e6 * x, x @ rotation, x[torch.randperm(6)]):
        assert needs_float64(same, limit * 0.999) and not needs_float64(same, limit * 1.001)
    assert needs_float64(torch.cat([x, 2 * x[:, :1]], dim=1), 0.99)
    assert needs_float64(torch.cat([x, 0 * x[:, :1]], dim=1), 0.99)


def test_no_function_changes_its_inputs() -> None:
    """Tensors are the same afterwards, and results lie where they do."""
    x = numbers(6, 5, 3)
    before = x.clone()
    accurate_sum(x[:, 0]), survives(x, torch.float16), needs_float64(x, 0.1)
    min_scale(x, torch.bfloat16)
    assert torch.equal(x, before)
    assert accurate_sum(x[0].to("meta")).is_meta and survives(x.to("meta"), torch.float16).is_meta
