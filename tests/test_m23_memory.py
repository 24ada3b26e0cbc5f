"""The references of m23, proved by plain loops, closed forms, differences and cells run by hand."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest
import torch
from m23_memory import Recompute, best_segments, checkpointed, run_lstm, tbptt
from torch import Tensor, nn


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Draw the same numbers in every run."""
    torch.manual_seed(23)


class Block(nn.Module):
    """A layer with a dropout, which notes its place in a list whenever it runs."""

    def __init__(self, place: int, ran: list[int], dropout: float = 0.0, width: int = 5) -> None:
        super().__init__()
        self.layer = nn.Linear(width, width, dtype=torch.float64)
        self.dropout = nn.Dropout(dropout)
        self.place, self.ran = place, ran

    def forward(self, x: Tensor) -> Tensor:
        """Note the place, and compute."""
        self.ran.append(self.place)
        y: Tensor = self.dropout(torch.tanh(self.layer(x)))
        return y


def stack(count: int, dropout: float = 0.0) -> tuple[list[nn.Module], list[int]]:
    """Return blocks, and the list in which they note their places."""
    ran: list[int] = []
    return [Block(place, ran, dropout) for place in range(count)], ran


def gradients(blocks: list[nn.Module]) -> list[Tensor | None]:
    """Return the gradients of all parameters."""
    return [p.grad for block in blocks for p in block.parameters()]


@pytest.mark.parametrize(("count", "segments"), [(1, 1), (4, 2), (5, 3), (7, 7), (6, 1)])
@pytest.mark.parametrize("tracked", [False, True])
def test_checkpointed_equals_a_plain_loop(count: int, segments: int, tracked: bool) -> None:
    """Result and all gradients are those of a loop on copies with the same dropout masks."""
    blocks, _ = stack(count, dropout=0.5)
    twins = copy.deepcopy(blocks)
    x = torch.randn(3, 5, dtype=torch.float64, requires_grad=tracked)
    other = x.detach().clone().requires_grad_(tracked)
    state = torch.get_rng_state()
    y = checkpointed(blocks, x, segments)
    y.square().sum().backward()
    torch.set_rng_state(state)
    expected = other
    for twin in twins:
        expected = twin(expected)
    expected.square().sum().backward()
    torch.testing.assert_close(y, expected)
    torch.testing.assert_close(gradients(blocks), gradients(twins))
    torch.testing.assert_close(x.grad, other.grad)


@pytest.mark.parametrize(
    ("count", "segments", "again"),
    [(4, 2, [2, 3, 0, 1]), (4, 4, [3, 2, 1, 0]), (3, 1, [0, 1, 2]), (5, 2, [2, 3, 4, 0, 1])],
)
def test_checkpointed_runs_each_segment_again_from_the_last(
    count: int, segments: int, again: list[int]
) -> None:
    """Each block runs once forward and once more backward, in the known order; nothing warns."""
    blocks, ran = stack(count)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = checkpointed(blocks, torch.randn(2, 5, dtype=torch.float64), segments)
        assert ran == list(range(count))
        ran.clear()
        y.sum().backward()
    assert ran == again


def saved_bytes(run: Callable[[], object], own: list[nn.Module]) -> int:
    """Return how many bytes are saved for a backward pass, but for parameters."""
    places = {p.data_ptr() for block in own for p in block.parameters()}
    total = 0

    def pack(tensor: Tensor) -> Tensor:
        nonlocal total
        total += tensor.nbytes if tensor.data_ptr() not in places else 0
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        run()
    return total


def test_checkpointed_saves_one_input_for_each_segment() -> None:
    """A plain loop saves bytes for every block, the reference those of one input a segment."""
    blocks, _ = stack(12)
    x = torch.randn(7, 5, dtype=torch.float64)
    assert saved_bytes(lambda: nn.Sequential(*blocks)(x), blocks) >= 12 * x.nbytes
    for segments in (1, 3, 12):
        kept = saved_bytes(partial(checkpointed, blocks, x, segments), blocks)
        assert kept == segments * x.nbytes


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_checkpointed_lowers_the_peak_on_a_gpu() -> None:
    """With 16 blocks in 4 segments the peak is below two thirds of the plain loop's."""
    blocks = [Block(place, [], width=64).cuda() for place in range(16)]
    x = torch.randn(4096, 64, dtype=torch.float64, device="cuda")
    peaks = []
    for run in (nn.Sequential(*blocks), lambda x: checkpointed(list(blocks), x, 4)):
        torch.cuda.synchronize()
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        run(x).sum().backward()
        peaks.append(torch.cuda.max_memory_allocated() - before)
    assert peaks[1] < peaks[0] * 2 / 3


def test_best_segments_is_the_best_of_all_and_near_the_root() -> None:
    """For each n no exact sum n / s + s is smaller, and s (s - 1) <= n <= s (s + 1)."""
    for n in range(1, 300):
        s = best_segments(n)
        assert isinstance(s, int) and 1 <= s <= n
        assert min(Fraction(n, t) + t for t in range(1, n + 1)) == Fraction(n, s) + s
        assert s * (s - 1) <= n <= s * (s + 1)


def test_recompute_has_the_gradients_of_the_function_itself() -> None:
    """Two in a row give what two modules give that draw the same masks; old gradients stay in."""
    layers, _ = stack(2, dropout=0.5)
    twins = copy.deepcopy(layers)
    for p in [p for layer in layers + twins for p in layer.parameters()]:
        p.grad = torch.ones_like(p)
    start = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    other = start.detach().clone().requires_grad_()
    g = torch.randn(4, 5, dtype=torch.float64)
    state = torch.get_rng_state()
    y = start.exp()
    for layer in layers:
        y = Recompute.apply(layer, y)
    torch.rand(7)
    y.backward(g)
    torch.set_rng_state(state)
    expected = twins[1](twins[0](other.exp()))
    expected.backward(g)
    torch.testing.assert_close(y, expected)
    torch.testing.assert_close(start.grad, other.grad)
    torch.testing.assert_close(gradients(layers), gradients(twins))


def test_recompute_draws_the_same_mask_twice_and_leaves_the_generator_alone() -> None:
    """The gradient of a dropout is its mask over 1 - p, and backward moves no generator."""
    x = torch.ones(200, dtype=torch.float64, requires_grad=True)
    y = Recompute.apply(nn.Dropout(0.75), x)
    torch.rand(3)
    before = torch.get_rng_state()
    (y * 3).sum().backward()
    assert torch.equal(torch.get_rng_state(), before)
    assert 0 < (y != 0).sum() < 200
    torch.testing.assert_close(x.grad, 3 * (y.detach() != 0).double() / 0.25)


def test_recompute_calls_the_function_twice_and_saves_its_input_alone() -> None:
    """The function runs once for each pass, and of the first only x is saved."""
    (block, *_), ran = stack(1)
    start = torch.randn(6, 5, dtype=torch.float64, requires_grad=True)
    x = start * 2
    results: list[Tensor] = []
    kept = saved_bytes(lambda: results.append(Recompute.apply(block, x)), [block])
    assert kept == x.nbytes and ran == [0]
    results[0].sum().backward()
    assert ran == [0, 0]


def test_recompute_passes_gradcheck() -> None:
    """Differences confirm the gradient for a function that changes the shape."""
    w = torch.randn(3, 4, dtype=torch.float64)
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: Recompute.apply(lambda x: torch.sin(x @ w), x), x)


class Cell(nn.Module):
    """A recurrent cell with one number for each of its three jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor([0.5, -0.75, 1.25], dtype=torch.float64))

    def forward(self, x: Tensor, h: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return a prediction and the next state."""
        h = torch.tanh(self.w[0] * x + self.w[1] * (torch.ones_like(x) if h is None else h))
        return self.w[2] * h, h


def chunk_loss(w: list[float], xs: list[float], ys: list[float], h: float) -> tuple[float, float]:
    """Return the mean squared error of one sequence and its last state, in plain Python."""
    total = 0.0
    for x, y in zip(xs, ys, strict=True):
        h = math.tanh(w[0] * x + w[1] * h)
        total += (w[2] * h - y) ** 2
    return total / len(xs), h


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 9])
def test_tbptt_follows_differences_chunk_by_chunk(chunk: int) -> None:
    """Losses and weights are those of steps by central differences in plain Python, where a state
    goes on as a number."""
    xs, ys = torch.randn(2, 7, dtype=torch.float64).tolist()
    w, h, losses, lr, d = [0.5, -0.75, 1.25], 1.0, [], 0.1, 1e-6
    for start in range(0, 7, chunk):
        part = (xs[start : start + chunk], ys[start : start + chunk], h)
        loss, end = chunk_loss(w, *part)
        slopes = []
        for i in range(3):
            up, down = ([v + (j == i) * s for j, v in enumerate(w)] for s in (d, -d))
            slopes.append((chunk_loss(up, *part)[0] - chunk_loss(down, *part)[0]) / (2 * d))
        w = [v - lr * slope for v, slope in zip(w, slopes, strict=True)]
        losses.append(loss)
        h = end
    cell = Cell()
    opt = torch.optim.SGD(cell.parameters(), lr=lr)
    x, y = (torch.tensor(v, dtype=torch.float64).reshape(7, 1, 1) for v in (xs, ys))
    found = tbptt(cell, x, y, chunk, opt, nn.functional.mse_loss)
    assert all(isinstance(loss, float) for loss in found)
    assert found == pytest.approx(losses, rel=1e-7)
    assert cell.w.tolist() == pytest.approx(w, rel=1e-7)


class Recurrent(nn.Module):
    """torch's own recurrent cell, and a linear layer for the predictions."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.RNNCell(2, 4, dtype=torch.float64)
        self.out = nn.Linear(4, 3, dtype=torch.float64)

    def forward(self, x: Tensor, h: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return predictions and the next state."""
        h = self.cell(x, h)
        return self.out(h), h


def test_tbptt_with_one_chunk_is_backpropagation_through_time() -> None:
    """A chunk of all time steps gives the gradients that torch's nn.RNN gives."""
    model = Recurrent()
    rnn = nn.RNN(2, 4, dtype=torch.float64)
    for name, p in model.cell.named_parameters():
        getattr(rnn, f"{name}_l0").data.copy_(p.data)
    out = copy.deepcopy(model.out)
    xs, ys = (torch.randn(6, 5, n, dtype=torch.float64) for n in (2, 3))
    loss = nn.functional.mse_loss(out(rnn(xs)[0]), ys)
    loss.backward()
    opt = torch.optim.SGD(model.parameters(), lr=1.0)
    start = copy.deepcopy(model)
    assert tbptt(model, xs, ys, 6, opt, nn.functional.mse_loss) == pytest.approx([loss.item()])
    for name, p in model.cell.named_parameters():
        moved = start.cell.get_parameter(name) - p
        torch.testing.assert_close(moved, getattr(rnn, f"{name}_l0").grad)


def test_tbptt_saves_no_more_for_a_longer_sequence() -> None:
    """The bytes that are saved at once are the same for 6 and for 30 time steps."""
    peaks = []
    for steps in (6, 30):
        model, now, peak = Recurrent(), 0, 0

        class Kept:
            """A saved tensor, whose bytes count as long as it lives."""

            def __init__(self, tensor: Tensor) -> None:
                nonlocal now, peak
                self.tensor = tensor.detach()
                now += tensor.nbytes
                peak = max(peak, now)

            def __del__(self) -> None:
                nonlocal now
                now -= self.tensor.nbytes

        xs, ys = (torch.randn(steps, 2, n, dtype=torch.float64) for n in (2, 3))
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
            tbptt(model, xs, ys, 3, opt, nn.functional.mse_loss)
        peaks.append(peak)
    assert peaks[0] == peaks[1] > 0


def by_cells(lstm: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
    """Run an LSTM on one sequence [L, F] by cells; return its outputs and final states."""
    ends: list[Tensor] = []
    for layer in range(lstm.num_layers):
        outs = []
        for suffix in ("", "_reverse") if lstm.bidirectional else ("",):
            cell = nn.LSTMCell(x.shape[1], lstm.hidden_size, dtype=x.dtype)
            for name, p in cell.named_parameters():
                p.data.copy_(lstm.get_parameter(f"{name}_l{layer}{suffix}").data)
            state, seen = None, []
            for row in x.flip(0) if suffix else x:
                state = cell(row[None], state)
                seen.append(state[0][0])
            ends.append(seen[-1])
            outs.append(torch.stack(seen[::-1] if suffix else seen))
        x = torch.cat(outs, dim=1)
    return x, torch.cat(ends[-2:] if lstm.bidirectional else ends[-1:])


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_run_lstm_is_what_cells_give_sample_by_sample(
    layers: int, both: bool, batch_first: bool
) -> None:
    """Outputs and final states are those of torch's LSTMCell, run on each sample alone."""
    lstm = nn.LSTM(3, 2, layers, bidirectional=both, batch_first=batch_first, dtype=torch.float64)
    x = torch.randn(4, 5, 3, dtype=torch.float64)
    out, last = run_lstm(lstm, x)
    expected = [by_cells(lstm, sample) for sample in x]
    torch.testing.assert_close(out, torch.stack([o for o, _ in expected]))
    torch.testing.assert_close(last, torch.stack([end for _, end in expected]))
    assert lstm.batch_first is batch_first


@pytest.mark.parametrize("batch_first", [False, True])
def test_run_lstm_lets_no_sample_see_another(batch_first: bool) -> None:
    """The gradient of sample 1's outputs is exactly 0 in every other sample, as many as steps."""
    lstm = nn.LSTM(2, 3, bidirectional=True, batch_first=batch_first, dtype=torch.float64)
    x = torch.randn(4, 4, 2, dtype=torch.float64, requires_grad=True)
    out, last = run_lstm(lstm, x)
    (found,) = torch.autograd.grad(out[1].sum() + last[1].sum(), x)
    assert found[1].abs().min() > 0
    assert not found[[0, 2, 3]].any()
