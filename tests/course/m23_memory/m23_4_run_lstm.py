"""Other ways to do run_lstm."""

from __future__ import annotations

import copy

import torch

from autograder.course.marks import restated, right, wrong


def _both(lstm, x):
    """Return out in x's layout, and the states h and c as they come."""
    if lstm.batch_first:
        out, (h, c) = lstm(x)
        return out, h, c
    out, (h, c) = lstm(x.swapaxes(0, 1))
    return out.swapaxes(0, 1), h, c


def _joined(lstm, states):
    """Join the states of the last layer along the features."""
    if lstm.bidirectional:
        return torch.hstack([states[-2], states[-1]])
    return states[-1]


@right()
def ends_of_out(lstm, x):
    """Both ends are taken from out."""
    out, _, _ = _both(lstm, x)
    size = lstm.hidden_size
    return out, torch.cat([out[:, -1, :size], out[:, 0, size:]], dim=1)


@right()
def layers_and_directions_apart(lstm, x):
    """The states are seen as layers and directions, and the batch moves to the front."""
    out, h, _ = _both(lstm, x)
    directions = 1 + lstm.bidirectional
    states = h.view(lstm.num_layers, directions, len(x), lstm.hidden_size)
    return out, states[-1].permute(1, 0, 2).reshape(len(x), -1)


@right()
def one_sample_at_a_time(lstm, x):
    """Each sample goes through alone, as a sequence without a batch."""
    outs, lasts = [], []
    for sample in x:
        out, (h, _) = lstm(sample)
        outs.append(out)
        lasts.append(_joined(lstm, h[:, None])[0])
    return torch.stack(outs), torch.stack(lasts)


@right()
def setting_put_back(lstm, x):
    """batch_first is changed for the call, and put back."""
    before, lstm.batch_first = lstm.batch_first, True
    try:
        out, (h, _) = lstm(x)
    finally:
        lstm.batch_first = before
    return out, _joined(lstm, h)


@right()
def on_a_copy(lstm, x):
    """The weights are lent to an LSTM that wants the batch first, as a list of two."""
    twin = copy.copy(lstm)
    twin.batch_first = True
    out, (h, _) = twin(x)
    return [out, _joined(lstm, h)]


@wrong()
def asked_the_wrong_way_round(lstm, x):
    """Swaps where it should not, and only there."""
    if lstm.batch_first:
        out, (h, _) = lstm(x.transpose(0, 1))
        return out.transpose(0, 1), _joined(lstm, h)
    out, (h, _) = lstm(x)
    return out, _joined(lstm, h)


@wrong()
def turned_in_time(lstm, x):
    """The sequences are read from the end."""
    out, h, _ = _both(lstm, x.flip(1))
    return out.flip(1), _joined(lstm, h)


@wrong()
def mean_over_time(lstm, x):
    """last is the mean of out."""
    out, _, _ = _both(lstm, x)
    return out, out.mean(1)


@wrong()
def cut_off(lstm, x):
    """Both are detached."""
    out, h, _ = _both(lstm, x)
    return out.detach(), _joined(lstm, h).detach()


@wrong()
def only_last_cut_off(lstm, x):
    """last is detached."""
    out, h, _ = _both(lstm, x)
    return out, _joined(lstm, h).detach()


@wrong()
def states_of_both_kinds(lstm, x):
    """h and c are joined."""
    out, h, c = _both(lstm, x)
    return out, torch.cat([_joined(lstm, h), _joined(lstm, c)], dim=1)


@wrong()
def pair_of_states(lstm, x):
    """Returns what the LSTM returns."""
    out, h, c = _both(lstm, x)
    return out, (h, c)


@wrong()
def only_last(lstm, x):
    """Returns last alone."""
    return _joined(lstm, _both(lstm, x)[1])


@wrong()
def samples_summed(lstm, x):
    """Adds the mean of the batch to each sample, and takes half of it."""
    return _both(lstm, (x + x.mean(0, keepdim=True)) / 2)[0], _joined(lstm, _both(lstm, x)[1])


@wrong()
def second_run_goes_on(lstm, x):
    """The state of a first run is the start of the second."""
    first = x if lstm.batch_first else x.transpose(0, 1)
    out, (h, _) = lstm(first, lstm(first)[1])
    return out if lstm.batch_first else out.transpose(0, 1), _joined(lstm, h)


@wrong()
def in_place(lstm, x):
    """x is changed on the way."""
    out, h, _ = _both(lstm, x.mul_(1.5))
    return out, _joined(lstm, h)


@wrong()
def directions_side_by_side(lstm, x):
    """The features of both directions alternate."""
    out, h, _ = _both(lstm, x)
    states = h[-2:] if lstm.bidirectional else h[-1:]
    return out, torch.stack(list(states), dim=2).flatten(1)


@restated("never-transposed")
def as_it_comes(lstm, x):
    """The call alone."""
    out, (h, _) = lstm(x)
    return out, _joined(lstm, h)


@restated("always-transposed")
def swapped_in_any_case(lstm, x):
    """Swaps without asking."""
    out, (h, _) = lstm(x.permute(1, 0, 2))
    return out.permute(1, 0, 2), _joined(lstm, h)


@restated("reshaped")
def by_view(lstm, x):
    """view in place of transpose."""
    if lstm.batch_first:
        out, (h, _) = lstm(x)
        return out, _joined(lstm, h)
    out, (h, _) = lstm(x.view(x.shape[1], x.shape[0], x.shape[2]))
    return out.reshape(x.shape[0], x.shape[1], -1), _joined(lstm, h)


@restated("out-not-moved-back")
def in_the_lstms_layout(lstm, x):
    """out stays as the LSTM gave it."""
    out, (h, _) = lstm(x if lstm.batch_first else x.movedim(0, 1))
    return out, _joined(lstm, h)


@restated("last-time-step")
def end_of_out(lstm, x):
    """The last time step of out."""
    out = _both(lstm, x)[0]
    return out, out.select(1, x.shape[1] - 1)


@restated("first-time-step")
def beginning_of_out(lstm, x):
    """The first time step of out."""
    out = _both(lstm, x)[0]
    return out, out.select(1, 0)


@restated("state-as-it-is")
def h_itself(lstm, x):
    """h as it comes."""
    return _both(lstm, x)[:2]


@restated("one-direction")
def last_entry(lstm, x):
    """The last entry of h."""
    out, h, _ = _both(lstm, x)
    return out, h.select(0, len(h) - 1)


@restated("states-reshaped")
def by_view_of_states(lstm, x):
    """view of the states."""
    out, h, _ = _both(lstm, x)
    directions = 1 + lstm.bidirectional
    return out, h[-directions:].contiguous().view(len(x), directions * lstm.hidden_size)


@restated("cell-state")
def c_joined(lstm, x):
    """c in place of h."""
    out, _, c = _both(lstm, x)
    return out, _joined(lstm, c)


@restated("all-layers")
def everything_joined(lstm, x):
    """All entries of h, side by side."""
    out, h, _ = _both(lstm, x)
    return out, h.transpose(0, 1).flatten(1)


@restated("first-layer")
def from_the_front(lstm, x):
    """The first entries of h."""
    out, h, _ = _both(lstm, x)
    return out, torch.hstack(list(h[: 1 + lstm.bidirectional]))


@restated("directions-swapped")
def backward_first(lstm, x):
    """The last entry first."""
    out, h, _ = _both(lstm, x)
    return out, torch.hstack([h[-1], h[-2]]) if lstm.bidirectional else h[-1]


@restated("directions-added")
def sum_of_directions(lstm, x):
    """The sum of both."""
    out, h, _ = _both(lstm, x)
    return out, h[-1] + h[-2] if lstm.bidirectional else h[-1]


@restated("setting-changed")
def made_batch_first(lstm, x):
    """Sets the attribute."""
    setattr(lstm, "batch" + "_first", True)
    out, (h, _) = lstm(x)
    return out, _joined(lstm, h)


EXCUSED = {
    "out, (h, _) = lstm(x if lstm.batch_first else x.transpose(0, 1)) -> "
    "out, (h, _) = lstm(x if lstm.batch_first else x.transpose(1, 0))": "the same swap",
    "return (out if lstm.batch_first else out.transpose(0, 1), last) -> "
    "return (out if lstm.batch_first else out.transpose(1, 0), last)": "the same swap",
}
