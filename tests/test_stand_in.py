"""The stand-in device: each rule of CUDA, held on it and, where there is a GPU, on CUDA itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, one_hot
from torch.nn.utils import clip_grad_norm_, parameters_to_vector, vector_to_parameters
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, TensorDataset

from autograder.inside.device import DEVICE, device_called, name_of
from autograder.inside.stand_in import StandIn

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
CPU = torch.device("cpu")

Layer = Callable[[torch.device], nn.Module]


@pytest.fixture(params=["stand-in", pytest.param("cuda", marks=NO_GPU)])
def device(request: pytest.FixtureRequest) -> Iterator[torch.device]:
    """The stand-in at work, and CUDA."""
    named = device_called(request.param)
    with StandIn() if named == DEVICE else nullcontext():
        yield torch.ones(1, device=named).device


@pytest.fixture
def x(device: torch.device) -> Tensor:
    """A tensor [3, 2] on the device."""
    return torch.arange(6.0).reshape(3, 2).to(device)


@pytest.fixture
def near() -> Tensor:
    """A tensor [3, 2] of the CPU."""
    return torch.arange(6.0).reshape(3, 2) + 1


@pytest.mark.parametrize(
    "make",
    [
        lambda d: torch.zeros(2, device=d),
        lambda d: torch.zeros(2, device=str(d)),
        lambda d: torch.zeros(2, device=d.type),
        lambda d: torch.randn(2, device=d, requires_grad=True),
        lambda d: torch.normal(0.0, 1.0, (2,), device=d),
        lambda d: torch.tensor([1.0, 2.0], device=d),
        lambda d: torch.as_tensor(np.ones(2), device=d),
        lambda d: torch.as_tensor([1.0], device=d),
        lambda d: torch.asarray(np.ones(2), device=d),
        lambda d: torch.ones(2).to(d),
        lambda d: torch.ones(2).to(device=d, dtype=torch.float64),
        lambda d: torch.ones(2).to(str(d)),
        lambda d: torch.zeros_like(torch.ones(2), device=d),
        lambda d: torch.ones(2).new_zeros(3, device=d),
        lambda d: nn.Parameter(torch.ones(2, device=d)),
        lambda d: nn.Linear(2, 3, device=d).weight,
        lambda d: nn.Linear(2, 3).to(d).weight,
        lambda d: nn.Linear(2, 3).to(device=d, dtype=torch.float64).weight,
        lambda d: nn.Linear(2, 3).to(torch.ones(1, device=d)).weight,
        lambda d: nn.Linear(2, 3, device="meta").to_empty(device=d).weight,
    ],
)
def test_what_is_made_on_the_device_or_moved_there_lies_there(
    make: Callable[[torch.device], Tensor], device: torch.device
) -> None:
    """Every way to name the device is understood, and makes leaves."""
    made = make(device)
    assert (made.device, made.is_cpu, made.get_device()) == (device, False, 0)
    assert made.is_leaf and str(made.device) == str(device)


@pytest.mark.parametrize(
    "derive",
    [
        lambda x: x[0],
        lambda x: x[:, 1:],
        lambda x: x.t(),
        lambda x: x.view(-1),
        lambda x: x.detach(),
        lambda x: x.data,
        lambda x: x.clone(),
        lambda x: x @ x.t(),
        lambda x: -x,
        lambda x: 2 / x,
        lambda x: x.double(),
        lambda x: x.to(torch.float64),
        lambda x: x.to(torch.ones(1, device=x.device)),
        lambda x: torch.ones(2).to(x),
        lambda x: torch.ones(2).type_as(x),
        lambda x: torch.ones(2, dtype=torch.float64).type(x.type()),
        lambda x: x.type(torch.float64),
        lambda x: x.sum(),
        lambda x: x.max(0).values,
        lambda x: x.sort().indices,
        lambda x: torch.stack(list(x)),
        lambda x: torch.cat([x, x]),
        lambda x: torch.zeros_like(x),
        lambda x: x.new_zeros(3),
        lambda x: x.new_tensor([1.0]),
        lambda x: x.new_tensor(torch.ones(1)),
        lambda x: x.clone().add_(1),
        lambda x: x.requires_grad_(),
        lambda x: torch.tensor(x),
        lambda x: torch.as_tensor(x),
        lambda x: copy.deepcopy(x),
        lambda x: copy.copy(x),
        lambda x: x.to_sparse(),
        lambda x: torch.sparse_coo_tensor(torch.arange(3)[None], x[:, 0]),
        lambda x: torch.sparse_coo_tensor(indices=torch.arange(3)[None], values=x),
        lambda x: torch.sparse_csr_tensor([0, 1, 2], [0, 1], x[0]),
        lambda x: x.split(1)[2],
        lambda x: next(iter(x)),
        lambda x: one_hot(x.long()),
        lambda x: torch.linalg.lstsq(x, x).solution,
        lambda x: torch.func.grad(lambda each: each.square().sum())(x),
        lambda x: torch.func.jacrev(lambda each: x @ each)(x[0]),
        lambda x: torch.func.jacfwd(lambda each: x @ each)(x[0]),
        lambda x: torch.vmap(lambda row: row * torch.ones(2, device=row.device))(x),
        lambda x: torch.where(x > 1, x, 0.0),
        lambda x: nn.Parameter(x),
    ],
)
@pytest.mark.filterwarnings("ignore:To copy construct", "ignore:.torch.jit", "ignore:Sparse")
def test_what_comes_of_a_tensor_lies_where_it_does(
    derive: Callable[[Tensor], Tensor], x: Tensor
) -> None:
    """Views, copies, results and new tensors like it."""
    assert derive(x).device == x.device


@pytest.mark.parametrize(
    "copied",
    [
        lambda x: x.cpu(),
        lambda x: x.to("cpu"),
        lambda x: x.to(device="cpu", dtype=torch.float64),
        lambda x: x.to(torch.ones(1)),
        lambda x: x.type_as(torch.ones(1)),
        lambda x: x.type(torch.FloatTensor),
        lambda x: x.type("torch.DoubleTensor"),
        lambda x: torch.as_tensor(x, device="cpu"),
        lambda x: torch.zeros_like(x, device="cpu"),
        lambda x: x.new_zeros(2, device="cpu"),
        lambda x: torch.ones(3, 2).copy_(x),
        lambda x: torch.full((2,), x.sum()),
        lambda x: torch.tensor([x.sum(), x.sum()]),
        lambda x: torch.zeros(2),
        lambda x: nn.Linear(2, 1).weight,
        lambda x: torch.ones(6).view_as(x),
        lambda x: torch.ones(1, 2).expand_as(x),
        lambda x: torch.broadcast_tensors(x, torch.ones(2))[1],
        lambda x: torch.from_numpy(np.ones(2)),
        lambda x: nn.Linear(2, 1).to(x.device).to("cpu").weight,
    ],
)
def test_what_is_made_on_the_cpu_or_moved_there_lies_there(
    copied: Callable[[Tensor], Tensor], x: Tensor
) -> None:
    """Copies to the CPU are legal, and what names no device is made on the CPU."""
    made = copied(x)
    assert (made.device, made.is_cpu, x.is_cpu) == (CPU, True, False)


def test_a_move_copies_and_no_move_does_not(x: Tensor, near: Tensor) -> None:
    """The copy has a memory of its own; a tensor that stays is the same object."""
    moved = near.to(x.device)
    moved += 1
    assert near[0, 0] == 1
    shared = np.ones(2)
    torch.as_tensor(shared, device=x.device).add_(1)
    assert shared.tolist() == [1, 1]
    assert x.to(x.device) is x and near.cpu() is near and x.cpu() is not x


@pytest.mark.parametrize(
    "mixed",
    [
        lambda x, near: x + near,
        lambda x, near: near * x,
        lambda x, near: x @ near.t(),
        lambda x, near: near.add_(x),
        lambda x, near: torch.stack([x, near]),
        lambda x, near: torch.cat([near, x]),
        lambda x, near: torch.equal(x, near),
        lambda x, near: torch.where(near > 1, x, x),
        lambda x, near: x.masked_fill(near > 1, 0),
        lambda x, near: x.gather(0, near.long() * 0),
        lambda x, near: torch.index_select(x, 0, torch.tensor([0])),
        lambda x, near: torch.add(x, x, out=near),
        lambda x, near: mse_loss(x, near),
        lambda x, near: nn.Linear(2, 1)(x),
        lambda x, near: nn.Linear(2, 1, device=x.device)(near),
        lambda x, near: torch.linalg.lstsq(x, near),
        lambda x, near: torch.vmap(lambda row: row + torch.ones(2))(x),
        lambda x, near: torch.func.grad(lambda each: (each * near).sum())(x),
        # numbers without dimensions, where CUDA does not take them either
        lambda x, near: near * x.sum(),
        lambda x, near: torch.tensor(0.0).add_(x.sum()),
        lambda x, near: torch.stack([x.sum(), torch.tensor(0.0)]),
        lambda x, near: mse_loss(x, torch.tensor(0.0)),
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_tensors_of_two_devices_are_not_mixed(
    mixed: Callable[[Tensor, Tensor], object], x: Tensor, near: Tensor
) -> None:
    """The error is CUDA's own."""
    with pytest.raises(RuntimeError, match="same device"):
        mixed(x, near)


@pytest.mark.parametrize(
    "used",
    [
        lambda x, one: x * one,
        lambda x, one: one - x,
        lambda x, one: x.clone().mul_(one),
        lambda x, one: x.sum() + one,
        lambda x, one: torch.where(x > one, x, one),
        lambda x, one: x.new_zeros(3, 2).fill_(one),
    ],
)
def test_a_number_of_the_cpu_may_be_an_operand(
    used: Callable[[Tensor, Tensor], Tensor], x: Tensor
) -> None:
    """A tensor without dimensions counts as a number."""
    assert used(x, torch.tensor(2.0)).device == x.device


def test_indices_may_lie_on_the_cpu_but_not_the_other_way_round(x: Tensor, near: Tensor) -> None:
    """An index of the device does not fit a tensor of the CPU."""
    rows = torch.tensor([0, 2])
    assert x[rows].device == x[rows.to(x.device)].device == x[near[:, 0] > 1].device == x.device
    with pytest.raises(RuntimeError, match="indices should be either on"):
        near[rows.to(x.device)]
    assert near[rows.to(x.device)[0]].tolist() == near[0].tolist()


def test_a_part_is_filled_from_anywhere_but_picked_rows_are_not(x: Tensor, near: Tensor) -> None:
    """Writing into a slice copies; writing by an index tensor takes what lies there, or numbers."""
    x[0], near[1], near[2, 1] = near[0], x[1], x[1, 0]
    assert (x.device, near.device) == (torch.zeros(1).to(x).device, CPU)
    assert (x[0].tolist(), near[1:].tolist()) == ([1, 2], [[2, 3], [5, 2]])
    x[torch.tensor([0, 1])] = torch.tensor(7.0)
    with pytest.raises(RuntimeError, match="same device"):
        x[torch.tensor([0, 1])] = near[:2]


@pytest.mark.parametrize("read", [lambda x: x.numpy(), np.asarray])
def test_numpy_reads_only_what_lies_on_the_cpu(read: Callable[[Tensor], object], x: Tensor) -> None:
    """It takes a copy, made by cpu() or force."""
    with pytest.raises(TypeError, match=r"Use Tensor.cpu\(\)"):
        read(x)
    assert read(x.cpu()) is not None and x.numpy(force=True).shape == (3, 2)


def test_functions_of_python_change_only_what_lies_on_the_cpu(x: Tensor) -> None:
    """apply_ has no counterpart elsewhere."""
    with pytest.raises(TypeError, match="only implemented on CPU"):
        x.apply_(abs)
    assert x.cpu().apply_(abs).tolist() == x.tolist()


def test_numbers_can_be_read(x: Tensor) -> None:
    """item, tolist, float, bool and print copy what they need."""
    assert (x.sum().item(), float(x[0, 1]), bool(x[0, 1] > 0)) == (15, 1, True)
    assert x.tolist() == [[0, 1], [2, 3], [4, 5]] and "5." in repr(x)
    assert [float(row.sum()) for row in x] == [1, 5, 9]


def test_gradients_lie_where_their_tensors_do(x: Tensor) -> None:
    """Also behind a move, in both directions, and for a parameter that is a leaf."""
    w, far = torch.ones(2, requires_grad=True), torch.ones(2, device=x.device, requires_grad=True)
    ((x @ w.to(x.device)).sum() + (x @ far).sum()).backward()
    assert w.grad is not None and far.grad is not None
    assert (w.grad.device, far.grad.device) == (CPU, x.device)
    assert w.grad.tolist() == far.grad.tolist() == [6, 9]
    (gradient,) = torch.autograd.grad((far.cpu() * torch.ones(2)).sum(), far)
    assert (gradient.device, far.is_leaf) == (x.device, True)
    with pytest.raises(RuntimeError, match="located on a different device"):
        far.grad = torch.zeros(2)


def test_a_hook_of_a_tensor_gets_its_gradient_there(x: Tensor) -> None:
    """What backward() hands to a hook lies where the tensor does, and may be replaced."""
    told: list[Tensor] = []

    def doubled(gradient: Tensor) -> Tensor:
        told.append(gradient.detach().clone())
        return gradient * 2

    with StandIn():
        own = x.detach().clone().requires_grad_()
        handle = own.register_hook(doubled)
        own.sum().backward()
        handle.remove()
        assert told[0].device == x.device
        assert own.grad is not None and own.grad.unique().item() == 2


def test_a_gradient_of_parts_lies_there(x: Tensor) -> None:
    """Torch fills what has no gradient with zeros of its own making."""
    both = x[0].clone().requires_grad_()
    first, _ = both.split(1)
    first.sum().backward()
    assert both.grad is not None and both.grad.device == x.device


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam, torch.optim.LBFGS])
def test_optimizers_and_loaders_work(optimizer: Callable[..., torch.optim.Optimizer]) -> None:
    """A layer trained there ends at the CPU's numbers."""

    def trained(device: torch.device) -> nn.Linear:
        layer = nn.Linear(2, 1, dtype=torch.float64)
        nn.init.ones_(layer.weight), nn.init.zeros_(layer.bias)
        layer.to(device)
        x = torch.arange(8.0, dtype=torch.float64, device=device).reshape(4, 2)
        opt = optimizer(layer.parameters(), lr=0.01)
        for xb, yb in DataLoader(TensorDataset(x, x[:, :1]), batch_size=3):

            def closure(xb: Tensor, yb: Tensor) -> float:
                opt.zero_grad()
                loss = mse_loss(layer(xb), yb)
                loss.backward()
                return loss.item()

            opt.step(partial(closure, xb, yb))
        return layer

    with StandIn():
        layer = trained(DEVICE)
        assert layer.weight.device == DEVICE
        found = layer.weight.tolist()[0]
    assert found == pytest.approx(trained(CPU).weight.tolist()[0], rel=1e-12)


@pytest.mark.parametrize(
    "make", [lambda d: nn.Linear(2, 3), lambda d: nn.Linear(2, 3, device=d)], ids=["cpu", "device"]
)
def test_setting_data_moves_a_parameter(make: Layer, device: torch.device) -> None:
    """It stays the same object, a leaf that is trained, and nothing crashes."""
    layer, w = make(device), torch.ones(3, 2, device=device)
    weight = layer.weight
    weight.data = w
    layer.bias.data = w[:, 0]
    assert layer.weight is weight and (weight.device, weight.is_leaf) == (device, True)
    layer(torch.ones(4, 2, device=device)).sum().backward()
    assert isinstance(weight.grad, Tensor) and weight.grad.device == device
    weight.data = torch.ones(3, 2)
    assert (layer.weight.device, w.device, layer.weight.tolist()) == (CPU, device, w.tolist())


def test_state_is_loaded_across_devices(device: torch.device) -> None:
    """load_state_dict copies into what is there; a deep copy lies where its original does."""
    there, here = nn.Linear(2, 3, device=device), nn.Linear(2, 3)
    there.load_state_dict(here.state_dict())
    assert there.weight.device == device and there.weight.tolist() == here.weight.tolist()
    here.load_state_dict(there.state_dict())
    assert here.weight.device == CPU
    assert copy.deepcopy(there).bias.device == there.state_dict()["bias"].device == device


def test_parameters_as_a_vector(device: torch.device) -> None:
    """torch.nn.utils reads and writes parameters of the device."""
    layer = nn.Linear(2, 3, device=device)
    vector_to_parameters(parameters_to_vector(layer.parameters()) * 0, layer.parameters())
    layer(torch.ones(1, 2, device=device)).sum().backward()
    assert layer.weight.device == device and not layer.weight.any()
    assert clip_grad_norm_(layer.parameters(), 1.0).device == device


def test_the_default_device_can_be_set(device: torch.device) -> None:
    """Within `with device`, or after set_default_device, what names no device lies there."""
    with torch.device(device):
        made = [torch.zeros(2), torch.tensor([1.0]), nn.Linear(2, 1).weight, torch.arange(3)]
        assert {tensor.device for tensor in made} == {device}
        assert torch.zeros(2, device="cpu").device == torch.from_numpy(np.ones(2)).device == CPU
    torch.set_default_device(device)
    try:
        assert torch.zeros(2).device == torch.randperm(3).device == device
    finally:
        torch.set_default_device(None)


@pytest.mark.parametrize(
    "draw",
    [
        lambda g, d: torch.randn(2, generator=g, device=d),
        lambda g, d: torch.randperm(3, generator=g, device=d),
        lambda g, d: torch.empty(3, device=d).normal_(generator=g),
        lambda g, d: torch.normal(torch.zeros(2, device=d), 1.0, generator=g),
    ],
)
def test_a_generator_belongs_to_its_device(
    draw: Callable[[torch.Generator, torch.device], Tensor], device: torch.device
) -> None:
    """It draws there, again the same for the same seed, and nowhere else."""
    first, again = (draw(torch.Generator(device).manual_seed(5), device) for _ in range(2))
    assert first.device == device and torch.equal(first, again)
    with pytest.raises(RuntimeError, match="device type for generator but found 'cpu'"):
        draw(torch.Generator(), device)
    with pytest.raises(RuntimeError, match="Expected a 'cpu' device type for generator"):
        draw(torch.Generator(device=str(device)), CPU)


def test_generators_are_torchs(device: torch.device) -> None:
    """Those of the CPU, also torch's own one, and those of the device are torch.Generator."""
    made = torch.Generator(device=device)
    assert isinstance(made, torch.Generator) and isinstance(
        torch.default_generator, torch.Generator
    )
    assert (made.device, torch.Generator().device, torch.Generator("cpu").device) == (
        device,
        CPU,
        CPU,
    )


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_device_written_as_text_is_another_one() -> None:
    """Neither "cuda" nor "cpu" is the stand-in, whose name is told as what it is."""
    with StandIn():
        x = torch.ones(2, device=DEVICE)
        with pytest.raises((AssertionError, RuntimeError)):
            torch.ones(2, device="cuda")
        with pytest.raises((AssertionError, RuntimeError)):
            x.to("cuda")
        assert not x.is_cuda and name_of(x) == "stand-in"
    assert name_of(torch.zeros(1)) == "cpu"


def test_without_it_nothing_is_changed() -> None:
    """Where the stand-in is not active, its device does not exist."""
    with pytest.raises((ImportError, RuntimeError)):
        torch.zeros(2, device=DEVICE)
    with StandIn():
        far = torch.ones(2, device=DEVICE)
    assert (far + torch.ones(2)).tolist() == [2, 2]


def test_a_lazy_layer_has_its_weight_where_it_was_made(device: torch.device, x: Tensor) -> None:
    """Before its first call a parameter of it has no memory that could lie anywhere."""
    layer = nn.LazyLinear(3, device=device)
    assert layer(x).shape == (3, 3)
    assert name_of(layer.weight) == name_of(x)


def test_a_checkpoint_computes_again_where_its_input_lies(device: torch.device, x: Tensor) -> None:
    """torch.utils.checkpoint draws the same mask twice, and the gradient lies on the device."""
    x.requires_grad_()
    kept = checkpoint(nn.Dropout(), x, use_reentrant=False)
    (kept * 3).sum().backward()
    assert x.grad is not None and x.grad.device == kept.device == device
    assert torch.equal(x.grad * x, kept * 3)


def test_a_seed_may_be_set_where_it_stands_in(
    device: torch.device, recwarn: pytest.WarningsRecorder
) -> None:
    """torch hands a seed to the module of every device it knows, and warns where it cannot."""
    torch.manual_seed(0)
    assert not recwarn.list
