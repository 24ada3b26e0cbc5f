"""Mistakes of run_lstm."""

from __future__ import annotations

import torch
from m23_memory import run_lstm
from torch import Tensor, nn

from autograder.course.marks import mistake

Pair = tuple[Tensor, Tensor]


def _ends(lstm: nn.LSTM, h: Tensor) -> Tensor:
    """Return the last layer's states, as [D, B, H]."""
    return h[-2:] if lstm.bidirectional else h[-1:]


def _h(lstm: nn.LSTM, x: Tensor) -> Tensor:
    """Return the hidden states in which all layers end."""
    h: Tensor = lstm(x if lstm.batch_first else x.transpose(0, 1))[1][0]
    return h


@mistake("never-transposed", asks="tb.50")
def never_transposed(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You hand x to the LSTM as it is. Where batch_first is False it takes the first dimension for
    time: sample 0 becomes a past of sample 1, and nothing warns you. Look at lstm.batch_first."""
    out, (h, _) = lstm(x)
    return out, torch.cat(list(_ends(lstm, h)), dim=1)


@mistake("always-transposed", asks="tb.50")
def always_transposed(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You swap batch and time always. An LSTM with batch_first=True wants the batch first, and then
    your swap is what mixes the samples. Look at lstm.batch_first."""
    out, (h, _) = lstm(x.transpose(0, 1))
    return out.transpose(0, 1), torch.cat(list(_ends(lstm, h)), dim=1)


@mistake("reshaped", asks="tb.50")
def reshaped(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You change the layout by reshape or view. That gives the right shape with the numbers in
    their old order, so samples and time steps are mixed. Two dimensions change their places by
    transpose."""
    if lstm.batch_first:
        return run_lstm(lstm, x)
    n, steps, _ = x.shape
    out, (h, _) = lstm(x.reshape(steps, n, -1))
    return out.reshape(n, steps, -1), torch.cat(list(_ends(lstm, h)), dim=1)


@mistake("out-not-moved-back", asks="tb.50")
def out_not_moved_back(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You return out as the LSTM gave it. Without batch_first that is [L, B, D * H], with time
    first, and the caller expects the layout of x. Swap the two dimensions again."""
    out, last = run_lstm(lstm, x)
    return out if lstm.batch_first else out.transpose(0, 1), last


@mistake("last-time-step", asks="tb.50")
def last_time_step(lstm: nn.LSTM, x: Tensor) -> Pair:
    """Your last is out at the last time step. For the backward direction that is where it begins:
    it has seen a single time step there. Its end is at the first time step, and in h."""
    out, _ = run_lstm(lstm, x)
    return out, out[:, -1]


@mistake("first-time-step")
def first_time_step(lstm: nn.LSTM, x: Tensor) -> Pair:
    """Your last is out at the first time step. The forward direction has seen only one time step
    there, and it ends at the last one. Look at which end belongs to which direction."""
    out, _ = run_lstm(lstm, x)
    return out, out[:, 0]


@mistake("state-as-it-is", asks="tb.50")
def state_as_it_is(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You return the final states of all layers and directions as they come: [layers * D, B, H],
    with the batch in the middle whatever batch_first says. Take those of the last layer, and put
    the batch first."""
    return run_lstm(lstm, x)[0], _h(lstm, x)


@mistake("one-direction")
def one_direction(lstm: nn.LSTM, x: Tensor) -> Pair:
    """Your last has the state of one direction only. A bidirectional LSTM has two entries in h for
    its last layer, and the second is the backward direction. Join them along the features."""
    return run_lstm(lstm, x)[0], _h(lstm, x)[-1]


@mistake("states-reshaped", asks="tb.50")
def states_reshaped(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You reshape [D, B, H] into [B, D * H]. The numbers keep their order, so the states of
    different samples end up in one row. Bring the batch to the front first, or join the directions
    along the features."""
    return run_lstm(lstm, x)[0], _ends(lstm, _h(lstm, x)).reshape(len(x), -1)


@mistake("cell-state", asks="tb.50")
def cell_state(lstm: nn.LSTM, x: Tensor) -> Pair:
    """Your last is made of the cell state. An LSTM returns (h, c): h is what the next layer and the
    outputs see, and c what it keeps for itself. Look at which of the two you take."""
    _, (_, c) = lstm(x if lstm.batch_first else x.transpose(0, 1))
    return run_lstm(lstm, x)[0], torch.cat(list(_ends(lstm, c)), dim=1)


@mistake("all-layers")
def all_layers(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You join the final states of all layers. Asked for are those of the last layer: one entry of
    h for each direction, and the last layer stands at the end."""
    return run_lstm(lstm, x)[0], torch.cat(list(_h(lstm, x)), dim=1)


@mistake("first-layer")
def first_layer(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You take the final states of the first layer. h has the layers in their order, so the last
    one, whose outputs are in out, stands at the end of h. Count from there."""
    h = _h(lstm, x)
    return run_lstm(lstm, x)[0], torch.cat(list(h[: 2 if lstm.bidirectional else 1]), dim=1)


@mistake("directions-swapped")
def directions_swapped(lstm: nn.LSTM, x: Tensor) -> Pair:
    """Your last has the backward direction before the forward one. In out and in h the forward
    direction comes first, and so it has to here. Look at the order in which you join."""
    ends = list(_ends(lstm, _h(lstm, x)))
    return run_lstm(lstm, x)[0], torch.cat(ends[::-1], dim=1)


@mistake("directions-added")
def directions_added(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You add the states of both directions. They are different things, and last should have both:
    D * H numbers for each sample. Join them along the features."""
    return run_lstm(lstm, x)[0], _ends(lstm, _h(lstm, x)).sum(0)


@mistake("setting-changed")
def setting_changed(lstm: nn.LSTM, x: Tensor) -> Pair:
    """You change the LSTM's batch_first and leave it changed. The numbers come out right here, but
    for all other code that uses this LSTM, batch and time are now swapped. Turn x, not the LSTM."""
    lstm.batch_first = True
    return run_lstm(lstm, x)
