"""Other ways to do load_matching."""

from __future__ import annotations

import copy

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


def _sorted(own, sd):
    """Sort the names rightly."""
    report = {"loaded": [], "missing": [], "unexpected": [], "wrong_shape": []}
    for name, tensor in own.items():
        if name not in sd:
            report["missing"].append(name)
        elif sd[name].shape == tensor.shape:
            report["loaded"].append(name)
        else:
            report["wrong_shape"].append(name)
    report["unexpected"] = sorted(set(sd) - set(own))
    return report


def _copied(own, sd, names):
    with torch.no_grad():
        for name in names:
            own[name].copy_(sd[name])


@right()
def copied_in_place(model, sd):
    """Copies into what the state_dict shows."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    return report


@right()
def parameters_and_buffers(model, sd):
    """Goes through parameters and buffers, and keeps what is left of a copy of the names."""
    left = dict(sd)
    report = {key: [] for key in ("wrong_shape", "unexpected", "missing", "loaded")}
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        other = left.pop(name, None)
        if other is None:
            report["missing"].append(name)
        elif tuple(other.size()) != tuple(t.size()):
            report["wrong_shape"].append(name)
        else:
            t.data.copy_(other.data)
            report["loaded"].append(name)
    report["unexpected"].extend(left)
    return report


@right()
def by_torchs_report(model, sd):
    """Lets torch say which names are missing and unexpected."""
    own = model.state_dict()
    wrong_shape = [k for k in sd if k in own and own[k].shape != sd[k].shape]
    told = model.load_state_dict(
        {k: v for k, v in sd.items() if k not in wrong_shape}, strict=False
    )
    return {
        "loaded": [k for k in own if k in sd and k not in wrong_shape],
        "missing": [k for k in told.missing_keys if k not in wrong_shape],
        "unexpected": list(told.unexpected_keys),
        "wrong_shape": wrong_shape,
    }


@right()
def all_of_it_loaded(model, sd):
    """Loads a whole state_dict: its own numbers where nothing fits."""
    own = model.state_dict()
    report = _sorted(own, sd)
    mixed = {k: sd[k] if k in report["loaded"] else t for k, t in own.items()}
    model.load_state_dict(mixed)
    return report


@right()
def sets_of_names(model, sd):
    """Computes with sets, and gives lists in alphabetical order."""
    own = model.state_dict()
    mine, theirs = own.keys(), sd.keys()
    fitting = {k for k in mine & theirs if own[k].size() == sd[k].size()}
    with torch.inference_mode():
        for k in fitting:
            own[k].copy_(sd[k].detach())
    return {
        "missing": sorted(mine - theirs),
        "wrong_shape": sorted((mine & theirs) - fitting),
        "unexpected": sorted(theirs - mine),
        "loaded": sorted(fitting),
    }


@wrong(asks="tb.26")
def until_the_first_misfit(model, sd):
    """Copies until a shape does not fit, and stops there."""
    own = model.state_dict()
    report = _sorted(own, sd)
    for name in own:
        if name in report["wrong_shape"]:
            break
        if name in report["loaded"]:
            _copied(own, sd, [name])
    return report


@wrong()
def smaller_part_copied(model, sd):
    """Copies the part of a wrong shape that fits."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    with torch.no_grad():
        for name in report["wrong_shape"]:
            if own[name].dim() == sd[name].dim() == 2:
                r, c = (min(a, b) for a, b in zip(own[name].shape, sd[name].shape, strict=True))
                own[name][:r, :c] = sd[name][:r, :c]
    return report


@wrong()
def missing_set_to_zero(model, sd):
    """Fills what is missing with zeros."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    for name in report["missing"]:
        own[name].zero_()
    return report


@restated("nothing-loaded")
def into_a_copy(model, sd):
    """Loads a copy of the model."""
    twin = copy.deepcopy(model)
    report = _sorted(twin.state_dict(), sd)
    _copied(twin.state_dict(), sd, report["loaded"])
    return report


@wrong()
def by_the_last_name(model, sd):
    """Compares only what stands behind the last dot."""
    own = model.state_dict()
    ends = {name.rpartition(".")[2] for name in own}
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    report["unexpected"] = [n for n in report["unexpected"] if n.rpartition(".")[2] not in ends]
    return report


@wrong()
def floats_only(model, sd):
    """Leaves whole numbers out."""
    own = {k: t for k, t in model.state_dict().items() if t.is_floating_point()}
    report = _sorted(own, {k: t for k, t in sd.items() if t.is_floating_point()})
    _copied(own, sd, report["loaded"])
    return report


@wrong()
def counts_reported(model, sd):
    """Reports how many there are."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    return {key: len(names) for key, names in report.items()}


@wrong()
def same_dtype_only(model, sd):
    """Takes another dtype for another shape."""
    own = model.state_dict()
    report = _sorted(own, sd)
    other = [k for k in report["loaded"] if own[k].dtype != sd[k].dtype]
    report["loaded"] = [k for k in report["loaded"] if k not in other]
    report["wrong_shape"] += other
    _copied(own, sd, report["loaded"])
    return report


@wrong()
def shapes_reported(model, sd):
    """Gives the shapes beside the names."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    report["wrong_shape"] = [(k, tuple(sd[k].shape)) for k in report["wrong_shape"]]
    return report


@wrong(named="new-parameters, memory-shared")
def assigned(model, sd):
    """Assigns the tensors of sd, whose dtype and memory come along."""
    own = model.state_dict()
    report = _sorted(own, sd)
    fitting = {k: nn.Parameter(sd[k].detach(), sd[k].is_floating_point()) for k in report["loaded"]}
    model.load_state_dict(fitting, strict=False, assign=True)
    return report


@restated("not-strict-alone")
def told_by_torch(model, sd):
    """Takes torch's report."""
    told = model.load_state_dict(sd, strict=False)
    report = _sorted(model.state_dict(), sd)
    return report | {"missing": told.missing_keys, "unexpected": told.unexpected_keys}


@restated("nothing-loaded")
def names_rebound(model, sd):
    """Gives the tensors of sd to the names of a dict."""
    own = dict(model.state_dict())
    report = _sorted(own, sd)
    for name in report["loaded"]:
        own[name] = sd[name]
    return report


@restated("as-many-numbers-fit")
def viewed(model, sd):
    """Compares the numbers of elements."""
    own = model.state_dict()
    report = _sorted(own, sd)
    for name in list(report["wrong_shape"]):
        if sd[name].numel() == own[name].numel():
            report["wrong_shape"].remove(name)
            report["loaded"].append(name)
    with torch.no_grad():
        for name in report["loaded"]:
            own[name].copy_(sd[name].reshape(own[name].shape))
    return report


@restated("broadcast")
def stretched(model, sd):
    """Tries copy_, and calls it a wrong shape where that raises; a single dimension more counts."""
    own = model.state_dict()
    report = _sorted(own, sd)
    for name in list(report["wrong_shape"]):
        if own[name].dim() and sd[name].numel() == 1:
            report["wrong_shape"].remove(name)
            report["loaded"].append(name)
    _copied(own, sd, report["loaded"])
    return report


@restated("parameters-only")
def of_named_parameters(model, sd):
    """Takes the parameters for the whole state."""
    own = dict(model.named_parameters())
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    return report


@restated("memory-shared")
def data_rebound(model, sd):
    """Lets .data be the tensor of sd."""
    report = _sorted(model.state_dict(), sd)
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        if name in report["loaded"]:
            t.data = sd[name].data
    return report


@restated("new-parameters")
def set_anew(model, sd):
    """Sets attributes of the submodules."""
    report = _sorted(model.state_dict(), sd)
    _copied(model.state_dict(), sd, report["loaded"])
    for part_name, part in model.named_modules():
        for name, p in list(part.named_parameters(recurse=False)):
            if f"{part_name}.{name}".lstrip(".") in report["loaded"]:
                setattr(part, name, nn.Parameter(p.data.clone()))
    return report


@restated("missing-and-unexpected-swapped")
def seen_from_sd(model, sd):
    """Sees both from the side of sd."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    missing = [k for k in sd if k not in own]
    return report | {"missing": missing, "unexpected": [k for k in own if k not in sd]}


@restated("wrong-shape-is-missing-too")
def all_that_is_not_loaded(model, sd):
    """Calls missing whatever was not loaded."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    return report | {"missing": [k for k in own if k not in report["loaded"]]}


@restated("empty-lists-left-out")
def by_setdefault(model, sd):
    """Makes a list when the first name comes."""
    own = model.state_dict()
    _copied(own, sd, _sorted(own, sd)["loaded"])
    report = {}
    for key, names in _sorted(own, sd).items():
        for name in names:
            report.setdefault(key, []).append(name)
    return report


@restated("sd-used-up")
def popped(model, sd):
    """Pops each tensor that it loads."""
    own = model.state_dict()
    report = _sorted(own, sd)
    with torch.no_grad():
        for name in report["loaded"]:
            own[name].copy_(sd.pop(name))
    return report


@restated("raises-for-shapes")
def asserts(model, sd):
    """Raises for the first shape that differs."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    for name in report["wrong_shape"]:
        raise ValueError(f"{name} has shape {tuple(sd[name].shape)}")
    return report


@restated("trainable-again")
def whole_model_trainable(model, sd):
    """Calls requires_grad_ on the model."""
    own = model.state_dict()
    report = _sorted(own, sd)
    _copied(own, sd, report["loaded"])
    model.requires_grad_()
    return report
