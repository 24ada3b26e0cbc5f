"""Other ways to do one_hot and embed."""

from __future__ import annotations

import torch
from m03_algebra import embed, one_hot
from torch import nn

from autograder.course.marks import restated, right, wrong


def labels_checked(y, k):
    """Raise ValueError where a label is no class; what many ways of one_hot begin with."""
    if y.numel() and (y.min() < 0 or y.max() >= k):
        raise ValueError("label out of range")


@right()
def by_scatter(y, k):
    """Scatters ones into zeros."""
    labels_checked(y, k)
    zeros = torch.zeros(*y.shape, k, device=y.device)
    return zeros.scatter(-1, y.unsqueeze(-1), 1.0)


@right()
def rows_of_the_unit_matrix(y, k):
    """Picks rows of eye after a check of every label."""
    for label in y.flatten().tolist():
        if label not in range(k):
            raise ValueError(f"{label} is no class")
    return torch.eye(k, device=y.device)[y]


@right()
def by_torchs_own(y, k):
    """torch's own codes, with its error turned into a ValueError."""
    try:
        return nn.functional.one_hot(y, k).to(torch.float32)
    except RuntimeError as error:
        raise ValueError("no such class") from error


@right()
def class_by_class(y, k):
    """Compares with each class in a loop; a label without any class is refused afterwards."""
    codes = torch.stack([(y == c).to(torch.float32) for c in range(k)], dim=-1)
    if not bool((codes.sum(-1) == 1).all()):
        raise ValueError("a label is no class")
    return codes


@right(replaces="embed")
def by_index_select(y, table):
    """Flattens the labels, selects and folds the rows back."""
    labels_checked(y, len(table))
    return table.index_select(0, y.reshape(-1)).reshape(*y.shape, table.shape[1])


@right(replaces="embed")
def by_functional_embedding(y, table):
    """torch's function for embeddings, with its error turned into a ValueError."""
    try:
        return nn.functional.embedding(y, table)
    except (IndexError, RuntimeError) as error:
        raise ValueError("no such row") from error


@right(replaces="embed")
def by_gather(y, table):
    """Gathers along the rows with the labels repeated for every column."""
    labels_checked(y, table.size(0))
    index = y.reshape(-1, 1).expand(-1, table.size(1))
    return torch.gather(table, 0, index).view(y.shape + table.shape[1:])


@right(replaces="embed")
def by_where(y, table):
    """Chooses row by row with where, which lets no other row in."""
    labels_checked(y, len(table))
    out = torch.zeros((), dtype=table.dtype, device=table.device)
    for c, row in enumerate(table):
        out = torch.where((y == c).unsqueeze(-1), row, out)
    return out


@wrong()
def asserted(y, k):
    """Labels that are no class raise AssertionError."""
    assert bool(((y >= 0) & (y < k)).all())
    return one_hot(y, k)


@wrong()
def largest_label_only_checked(y, k):
    """Negative labels get a code of zeros."""
    if bool((y >= k).any()):
        raise ValueError("label too large")
    return (y.unsqueeze(-1) == torch.arange(k, device=y.device)).float()


@wrong()
def negative_labels_only_checked(y, k):
    """Labels of k or more get a code of zeros."""
    if bool((y < 0).any()):
        raise ValueError("negative label")
    return (y.unsqueeze(-1) == torch.arange(k, device=y.device)).float()


@wrong()
def k_allowed(y, k):
    """The label k is let in and becomes the last class."""
    if bool(((y < 0) | (y > k)).any()):
        raise ValueError("label out of range")
    return one_hot(y.clamp(max=k - 1), k)


@wrong()
def in_float64(y, k):
    """The codes are float64."""
    return one_hot(y, k).double()


@wrong()
def on_the_cpu(y, k):
    """The classes are made on the CPU, wherever the labels lie."""
    one_hot(y, k)
    return (y.unsqueeze(-1) == torch.arange(k)).float()


@wrong()
def a_label_becomes_a_row(y, k):
    """A label without axes gets the code [1, k]."""
    return torch.atleast_2d(one_hot(y, k))


@wrong()
def cold(y, k):
    """0 at the label's place and 1 elsewhere."""
    return 1 - one_hot(y, k)


@wrong()
def one_class_more(y, k):
    """A last class for everything unknown is added."""
    one_hot(y, k)
    return one_hot(y, k + 1)


@wrong()
def empty_refused(y, k):
    """max of no labels raises."""
    if y.max() >= k or y.min() < 0:
        raise ValueError("label out of range")
    return one_hot(y, k)


@wrong(replaces="embed")
def codes_times_table(y, table):
    """A product of float32 codes and the table, whatever its dtype."""
    return one_hot(y, len(table)) @ table


@wrong(replaces="embed")
def bad_numbers_cleaned(y, table):
    """A product with inf and nan replaced, also in the rows that are asked for."""
    return one_hot(y, len(table)).to(table.dtype) @ table.nan_to_num(0.0, 0.0, 0.0)[:, :1].expand(
        table.shape
    )


@wrong(replaces="embed")
def gradient_of_the_last_use(y, table):
    """A row that several labels name gets its gradient once only."""
    rows = embed(y, table.detach())
    if not table.requires_grad:
        return rows
    seen = torch.zeros_like(table)
    seen[y.reshape(-1)] = 1
    return rows + ((table - table.detach()) * seen)[y] * 0.5


@wrong(replaces="embed")
def rows_added_up(y, table):
    """The embeddings of all labels are added up."""
    return embed(y, table).reshape(-1, table.shape[1]).sum(0)


@wrong(replaces="embed")
def embeddings_in_float32(y, table):
    """The rows pass through float32."""
    return embed(y, table).float().to(table.dtype)


@wrong(named="integers, codes-by-torch")
def first_draft(y, k):
    """torch's own, as it comes."""
    return nn.functional.one_hot(y, k)


@wrong(replaces="embed", named="embed-cut-off, embed-by-torch")
def layer_made_of_the_table(y, table):
    """A layer made of the table is frozen."""
    return nn.Embedding.from_pretrained(table)(y)


@restated("width-from-the-labels")
def max_plus_one(y, k):
    """The row of classes ends at the largest label."""
    labels_checked(y, k)
    width = y.max() + 1 if y.numel() else 0
    return (y[..., None] == torch.arange(int(width), device=y.device)).float()


@restated("width-by-torch")
def library_without_k(y, k):
    """torch's codes as their only argument makes them, cast."""
    return nn.functional.one_hot(y).to(torch.float32)


@restated("as-torch-makes-them")
def library_as_it_comes(y, k):
    """The number of classes is said to be unknown."""
    return nn.functional.one_hot(y, num_classes=-1)


@restated("integers")
def as_int(y, k):
    """Casts the comparison to int64."""
    labels_checked(y, k)
    return (y[..., None] == torch.arange(k, device=y.device)).to(torch.int64)


@restated("booleans")
def comparison_alone(y, k):
    """The comparison is all."""
    labels_checked(y, k)
    return y[..., None] == torch.arange(k, device=y.device)


@restated("classes-first")
def classes_as_a_column(y, k):
    """The classes get the new axes, and y stays as it is."""
    labels_checked(y, k)
    return torch.stack([(y == c).float() for c in range(k)])


@restated("one-for-the-label")
def label_written(y, k):
    """Scatters the labels themselves."""
    labels_checked(y, k)
    zeros = torch.zeros(*y.shape, k, device=y.device)
    return zeros.scatter(-1, y.unsqueeze(-1), y.unsqueeze(-1).float())


@restated("counted-from-one")
def arange_from_one(y, k):
    """The row of classes is 1 to k."""
    labels_checked(y, k)
    return (y[..., None] == torch.arange(1, k + 1, device=y.device)).float()


@restated("labels-flattened")
def column_of_labels(y, k):
    """The labels become a column."""
    labels_checked(y, k)
    return (y.reshape(-1, 1) == torch.arange(k, device=y.device)).float()


@restated("codes-not-checked")
def nothing_asked(y, k):
    """where writes the ones."""
    return torch.where(y[..., None] == torch.arange(k, device=y.device), 1.0, 0.0)


@restated("codes-from-the-end")
def unit_vectors(y, k):
    """Indexes the rows of a unit matrix made from a diagonal."""
    return torch.diag(torch.ones(k, device=y.device))[y, :]


@restated("codes-by-torch")
def library_codes(y, k):
    """torch's codes, cast."""
    return torch.nn.functional.one_hot(y, num_classes=k).to(torch.float32)


@restated("error-returned")
def returns_the_error(y, k):
    """return stands where raise should."""
    if bool(((y < 0) | (y >= k)).any()):
        return ValueError("label out of range")
    return (y[..., None] == torch.arange(k, device=y.device)).float()


@restated("product-for-lookup", replaces="embed")
def einsum_of_codes(y, table):
    """einsum multiplies codes and table."""
    codes = one_hot(y, len(table)).type_as(table)
    return torch.einsum("...k,kd->...d", codes, table)


@restated("embed-not-checked", replaces="embed")
def index_alone(y, table):
    """The labels are the index of the rows."""
    return table[y, :]


@restated("embed-by-torch", replaces="embed")
def layer_function(y, table):
    """torch.embedding, without a check."""
    return torch.embedding(table, y)


@restated("columns-looked-up", replaces="embed")
def labels_in_the_second_place(y, table):
    """The labels stand in the second place."""
    labels_checked(y, len(table))
    return table[..., y]


@restated("embed-cut-off", replaces="embed")
def from_the_numbers(y, table):
    """Looks the rows up in table.data."""
    labels_checked(y, len(table))
    return table.data[y]
