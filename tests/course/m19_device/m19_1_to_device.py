"""Other ways to do to_device."""

from __future__ import annotations

import copy
from functools import partial

import torch
from m19_device import to_device
from torch.utils._pytree import tree_map

from autograder.course.marks import restated, right, wrong


@right()
def by_pytree(batch, device, non_blocking=False):
    """torch goes through the containers."""

    def move(leaf):
        return leaf.to(device, non_blocking=non_blocking) if torch.is_tensor(leaf) else leaf

    return tree_map(move, batch)


@right()
def by_its_methods(batch, device, non_blocking=False):
    """Asks for what batch can do, and makes named tuples by _make."""
    again = partial(by_its_methods, device=device, non_blocking=non_blocking)
    if hasattr(batch, "_make"):
        return batch._make(map(again, batch))
    if isinstance(batch, tuple | list):
        return batch.__class__(again(b) for b in batch)
    if hasattr(batch, "items"):
        return dict(zip(batch.keys(), map(again, batch.values()), strict=True))
    if isinstance(batch, torch.Tensor):
        return batch.to(device=device, non_blocking=non_blocking)
    return batch


@right()
def copied_into_new_tensors(batch, device, non_blocking=False):
    """Makes empty tensors there, and copies the numbers."""
    match batch:
        case torch.Tensor():
            if batch.device == device:
                return batch
            return torch.empty_like(batch, device=device).copy_(batch, non_blocking=non_blocking)
        case dict():
            return {k: copied_into_new_tensors(v, device, non_blocking) for k, v in batch.items()}
        case list():
            return [copied_into_new_tensors(v, device, non_blocking) for v in batch]
        case tuple():
            items = [copied_into_new_tensors(v, device, non_blocking) for v in batch]
            return batch._make(items) if hasattr(batch, "_fields") else tuple(items)
    return batch


@right()
def copy_filled(batch, device, non_blocking=False):
    """Copies a dict or list and fills the copy; a named tuple is replaced by its fields."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, batch.dtype, non_blocking)
    if isinstance(batch, (dict, list)):
        new = copy.copy(batch)
        for key in batch if isinstance(batch, dict) else range(len(batch)):
            new[key] = copy_filled(batch[key], device, non_blocking)
        return new
    if isinstance(batch, tuple) and hasattr(batch, "_asdict"):
        fields = copy_filled(batch._asdict(), device, non_blocking)
        return batch._replace(**fields)
    if isinstance(batch, tuple):
        return tuple(copy_filled(list(batch), device, non_blocking))
    return batch


class Mover:
    """Visits what is in a batch, by a method for each type."""

    def __init__(self, **options):
        """Keep what to() gets."""
        self.options = options

    def visit(self, batch):
        """Choose a method by the name of the type."""
        for kind in type(batch).__mro__:
            if method := getattr(self, f"visit_{kind.__name__}", None):
                return method(batch)
        return batch

    def visit_Tensor(self, tensor):  # noqa: N802 - by the name of the type
        """Move."""
        return tensor.to(**self.options)

    def visit_list(self, items):
        """Move each item."""
        return list(map(self.visit, items))

    def visit_tuple(self, items):
        """Move each item; a named tuple can be made of a list of them."""
        return getattr(items, "_make", tuple)([self.visit(item) for item in items])

    def visit_dict(self, items):
        """Move each value."""
        return {key: self.visit(value) for key, value in items.items()}


@right()
def visited(batch, device, non_blocking=False):
    """A class with a method for each type."""
    return Mover(device=device, non_blocking=non_blocking).visit(batch)


@wrong()
def parts_of_a_batch(batch, device, non_blocking=False):
    """Only a tensor, a pair and a dict of tensors are known."""
    if isinstance(batch, tuple):
        return tuple(b.to(device, non_blocking=non_blocking) for b in batch)
    if isinstance(batch, dict):
        return {k: b.to(device, non_blocking=non_blocking) for k, b in batch.items()}
    return batch.to(device, non_blocking=non_blocking)


@wrong()
def keys_lost(batch, device, non_blocking=False):
    """A dict becomes a list of its values."""
    if isinstance(batch, dict):
        return [keys_lost(v, device, non_blocking) for v in batch.values()]
    if isinstance(batch, (list, tuple)) and not hasattr(batch, "_fields"):
        return type(batch)(keys_lost(v, device, non_blocking) for v in batch)
    return to_device(batch, device, non_blocking)


@wrong()
def lists_become_tuples(batch, device, non_blocking=False):
    """A list comes back as a tuple."""
    if isinstance(batch, list):
        return tuple(lists_become_tuples(v, device, non_blocking) for v in batch)
    if isinstance(batch, dict):
        return {k: lists_become_tuples(v, device, non_blocking) for k, v in batch.items()}
    if isinstance(batch, tuple) and not hasattr(batch, "_fields"):
        return tuple(lists_become_tuples(v, device, non_blocking) for v in batch)
    return to_device(batch, device, non_blocking)


@wrong()
def others_as_texts(batch, device, non_blocking=False):
    """Writes all that is no tensor as a text."""
    return tree_map(
        lambda v: v.to(device, non_blocking=non_blocking) if torch.is_tensor(v) else str(v), batch
    )


@wrong()
def others_copied(batch, device, non_blocking=False):
    """Copies objects that should be handed on."""
    return copy.deepcopy(to_device(batch, device, non_blocking))


@wrong()
def numbers_become_tensors(batch, device, non_blocking=False):
    """Makes a tensor of every number."""

    def move(v):
        if isinstance(v, (int, float)) and not isinstance(v, bool):
            return torch.tensor(v, device=device)
        return v.to(device, non_blocking=non_blocking) if torch.is_tensor(v) else v

    return tree_map(move, batch)


@wrong()
def named_by_its_fields_only(batch, device, non_blocking=False):
    """A named tuple becomes a dict."""
    if hasattr(batch, "_asdict"):
        return to_device(batch._asdict(), device, non_blocking)
    if isinstance(batch, dict):
        return {k: named_by_its_fields_only(v, device, non_blocking) for k, v in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(named_by_its_fields_only(v, device, non_blocking) for v in batch)
    return to_device(batch, device, non_blocking)


@wrong()
def data_swapped(batch, device, non_blocking=False):
    """Moves the tensors that were handed in, by .data."""
    moved = to_device(batch, device, non_blocking)

    def swap(old, new):
        if torch.is_tensor(old):
            old.data = new.data
        elif isinstance(old, dict):
            for key in old:
                swap(old[key], new[key])
        elif isinstance(old, (list, tuple)):
            for one, other in zip(old, new, strict=True):
                swap(one, other)

    if not (torch.is_tensor(batch) and batch.device == moved.device):
        swap(batch, moved)
    return batch


@wrong(named="never-waits")
def waits_only_for_the_cpu(batch, device, non_blocking=False):
    """Decides itself which transfer waits."""
    return to_device(batch, device, torch.device(device).type != "cpu")


@wrong()
def reversed_items(batch, device, non_blocking=False):
    """Takes the items from the end and forgets to turn them."""
    if type(batch) in (list, tuple):
        return type(batch)(reversed_items(v, device, non_blocking) for v in reversed(batch))
    return to_device(batch, device, non_blocking)


@restated("copy-dropped")
def in_a_loop(batch, device, non_blocking=False):
    """Calls to() on each tensor, and returns what came in."""
    if isinstance(batch, torch.Tensor):
        batch.to(device, non_blocking=non_blocking)
    elif isinstance(batch, dict):
        for v in batch.values():
            in_a_loop(v, device, non_blocking)
    elif isinstance(batch, (list, tuple)):
        for v in batch:
            in_a_loop(v, device, non_blocking)
    return batch


@restated("tuple-becomes-list")
def list_comprehension(batch, device, non_blocking=False):
    """One list for lists and tuples."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, (list, tuple)):
        return [list_comprehension(v, device, non_blocking) for v in batch]
    if isinstance(batch, dict):
        return {k: list_comprehension(v, device, non_blocking) for k, v in batch.items()}
    return batch


@restated("names-lost")
def plain_tuple(batch, device, non_blocking=False):
    """Every tuple is built by tuple()."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, tuple):
        return tuple(plain_tuple(v, device, non_blocking) for v in batch)
    if isinstance(batch, list):
        return [plain_tuple(v, device, non_blocking) for v in batch]
    if isinstance(batch, dict):
        return {k: plain_tuple(v, device, non_blocking) for k, v in batch.items()}
    return batch


@restated("items-as-one-argument")
def class_of_a_generator(batch, device, non_blocking=False):
    """Calls the class with a generator."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, dict):
        return {k: class_of_a_generator(v, device, non_blocking) for k, v in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(class_of_a_generator(v, device, non_blocking) for v in batch)
    return batch


@restated("others-not-let-through")
def else_moved(batch, device, non_blocking=False):
    """Ends in to(), whatever is left."""
    if isinstance(batch, dict):
        return {k: else_moved(v, device, non_blocking) for k, v in batch.items()}
    if hasattr(batch, "_fields"):
        return type(batch)(*(else_moved(v, device, non_blocking) for v in batch))
    if isinstance(batch, (list, tuple)):
        return type(batch)(else_moved(v, device, non_blocking) for v in batch)
    return batch.to(device, non_blocking=non_blocking)


@restated("others-dropped")
def no_last_return(batch, device, non_blocking=False):
    """Forgets what is left."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, dict):
        return {k: no_last_return(v, device, non_blocking) for k, v in batch.items()}
    if isinstance(batch, (list, tuple)):
        moved = [no_last_return(v, device, non_blocking) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)


@restated("texts-taken-apart")
def whatever_can_be_iterated(batch, device, non_blocking=False):
    """Asks for a length."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, dict):
        return {k: whatever_can_be_iterated(v, device, non_blocking) for k, v in batch.items()}
    if hasattr(batch, "__len__"):
        moved = [whatever_can_be_iterated(v, device, non_blocking) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return batch


@restated("only-the-first-level")
def one_loop(batch, device, non_blocking=False):
    """Has a loop and no call of itself."""
    move = lambda v: v.to(device, non_blocking=non_blocking) if torch.is_tensor(v) else v  # noqa: E731
    if isinstance(batch, dict):
        return {k: move(v) for k, v in batch.items()}
    if hasattr(batch, "_fields"):
        return type(batch)(*map(move, batch))
    return type(batch)(map(move, batch)) if isinstance(batch, (list, tuple)) else move(batch)


@restated("dicts-passed-over")
def no_branch_for_dicts(batch, device, non_blocking=False):
    """Knows tensors, lists and tuples."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, (list, tuple)):
        moved = [no_branch_for_dicts(v, device, non_blocking) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return batch


@restated("dict-changed")
def dict_updated(batch, device, non_blocking=False):
    """Calls update on the dict."""
    if isinstance(batch, dict):
        batch.update({k: dict_updated(v, device, non_blocking) for k, v in batch.items()})
        return batch
    if isinstance(batch, (list, tuple)):
        moved = [dict_updated(v, device, non_blocking) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return to_device(batch, device, non_blocking)


@restated("list-changed")
def list_overwritten(batch, device, non_blocking=False):
    """Writes to each place."""
    if isinstance(batch, list):
        for i, v in enumerate(batch):
            batch[i] = list_overwritten(v, device, non_blocking)
        return batch
    if isinstance(batch, dict):
        return {k: list_overwritten(v, device, non_blocking) for k, v in batch.items()}
    if isinstance(batch, tuple):
        moved = [list_overwritten(v, device, non_blocking) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else tuple(moved)
    return to_device(batch, device, non_blocking)


@restated("targets-left-behind")
def features_only(batch, device, non_blocking=False):
    """Takes the first item of a tuple for the features."""
    if isinstance(batch, tuple) and len(batch):
        first, *rest = batch
        moved = [features_only(first, device, non_blocking), *rest]
        return batch._make(moved) if hasattr(batch, "_make") else tuple(moved)
    if isinstance(batch, list):
        return [features_only(v, device, non_blocking) for v in batch]
    if isinstance(batch, dict):
        return {k: features_only(v, device, non_blocking) for k, v in batch.items()}
    return to_device(batch, device, non_blocking)


@restated("float32-made")
def float_called(batch, device, non_blocking=False):
    """Calls float(), too."""
    move = lambda v: v.float().to(device, non_blocking=non_blocking) if torch.is_tensor(v) else v  # noqa: E731
    return tree_map(move, batch)


@restated("non-blocking-unused")
def only_the_device(batch, device, non_blocking=False):
    """Hands on the device alone."""
    return tree_map(lambda v: v.to(device) if torch.is_tensor(v) else v, batch)


@restated("non-blocking-lost-on-the-way")
def default_in_recursion(batch, device, non_blocking=False):
    """Forgets the third argument of its own calls."""
    if torch.is_tensor(batch):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, dict):
        return {k: default_in_recursion(v, device) for k, v in batch.items()}
    if isinstance(batch, (list, tuple)):
        moved = [default_in_recursion(v, device) for v in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return batch


@restated("never-waits")
def always_true(batch, device, non_blocking=False):
    """Writes True for non_blocking."""
    return tree_map(lambda v: v.to(device, non_blocking=True) if torch.is_tensor(v) else v, batch)


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {"pair": "the plain use, with numbers that change with the secret"}


@wrong()
def whatever_has_to(batch, device, non_blocking=False):
    """Moves all that has a method `to`, tensor or not."""
    if hasattr(batch, "to"):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, (tuple, list, dict)):
        return _rebuilt(batch, lambda item: whatever_has_to(item, device, non_blocking))
    return batch


@wrong()
def nothing_left_out(batch, device, non_blocking=False):
    """Leaves out what is None in a dict."""
    if isinstance(batch, dict):
        batch = type(batch)((k, v) for k, v in batch.items() if v is not None)
    if isinstance(batch, (tuple, list, dict)):
        return _rebuilt(batch, lambda item: nothing_left_out(item, device, non_blocking))
    return to_device(batch, device, non_blocking)


@wrong()
def keys_sorted(batch, device, non_blocking=False):
    """Puts the keys of a dict into the order of the alphabet."""
    if isinstance(batch, dict):
        batch = type(batch)(sorted(batch.items()))
    if isinstance(batch, (tuple, list, dict)):
        return _rebuilt(batch, lambda item: keys_sorted(item, device, non_blocking))
    return to_device(batch, device, non_blocking)


@wrong()
def sets_rebuilt(batch, device, non_blocking=False):
    """Takes a set for a container, too."""
    if isinstance(batch, set):
        return {sets_rebuilt(item, device, non_blocking) for item in batch}
    if isinstance(batch, (tuple, list, dict)):
        return _rebuilt(batch, lambda item: sets_rebuilt(item, device, non_blocking))
    return to_device(batch, device, non_blocking)


def _rebuilt(batch, moved):
    """Build a container anew of what is moved."""
    if isinstance(batch, dict):
        return type(batch)((key, moved(value)) for key, value in batch.items())
    items = [moved(item) for item in batch]
    return type(batch)(*items) if hasattr(batch, "_fields") else type(batch)(items)
