"""Sizes, dtypes and devices that do not fit, and tensors where one number is wanted."""

from __future__ import annotations

import ast

from autograder.judging.causes.stop import Entry, Stop, called_name, quoted

_DTYPES = {"double": "float64", "float": "float32", "long": "int64", "int": "int32"}
_DTYPES |= {"byte": "uint8", "bool": "bool", "half": "float16", "short": "int16"}


def mixed_dtypes(stop: Stop) -> str | None:
    """Tensors of different dtype meet in one operation."""
    kinds = r"(?:c10::|torch\.)?(\w+)"
    for pattern in (
        rf"same dtype, but (?:got|found):? {kinds} (?:and|!=) {kinds}",
        rf"expected scalar type {kinds} but found {kinds}",
        rf"Found dtype {kinds} but expected {kinds}",
        rf"result type {kinds} can't be cast to the desired output type {kinds}",
    ):
        if found := stop.says("RuntimeError", pattern):
            one, other = (_DTYPES.get(name.lower(), name) for name in found.groups())
            return (
                f"Tensors of dtype {one} and {other} meet here, and this operation does not mix "
                "them. Find where one of them gets its dtype: what is made without a dtype is "
                "float32, and .float() or a fixed dtype does not follow the inputs."
            )
    return None


def no_floats(stop: Stop) -> str | None:
    """Integers where only floating-point numbers will do."""
    if stop.says("RuntimeError", r"floating point .*dtype can require gradients"):
        return (
            "Only floating-point tensors can require a gradient; this one holds integers. Look at "
            "what it was made of, and give it the dtype of the data."
        )
    if stop.says("RuntimeError", r"mean\(\): could not infer output dtype"):
        return "The mean of integers is not defined in torch: convert the tensor first."
    return None


def unequal_sizes(stop: Stop) -> str | None:
    """Sizes that cannot be combined number by number."""
    pattern = (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) .*dimension (\d+)"
    )
    if found := stop.says("RuntimeError", pattern):
        return (
            f"Two tensors are combined number by number here, and in dimension {found[3]} one has "
            f"size {found[1]}, the other {found[2]}. Only equal sizes fit, or a size of 1. Write "
            "down both shapes, and what each dimension stands for."
        )
    pattern = r"expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\)"
    if found := stop.says("RuntimeError", pattern):
        return (
            f"A tensor is to be repeated to size {found[1]} here, and has size {found[2]}: only "
            "that or 1 fits. Write down both shapes, and what each dimension stands for."
        )
    if stop.says("RuntimeError", r"split_with_sizes expects split_sizes to sum exactly"):
        return "The sizes of the parts do not add up to the whole that is split here."
    pattern = r"shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)"
    if found := stop.says("RuntimeError", pattern):
        rows, columns, others, last = found.groups()
        text = (
            f"A product of matrices [{rows}, {columns}] and [{others}, {last}]: the {columns} "
            f"columns of the first do not meet the {others} rows of the second."
        )
        if columns == last:
            return f"{text} The second one turned (transposed) would fit."
        if rows == others:
            return f"{text} The first one turned (transposed) would fit."
        return f"{text} Write down both shapes, and what each dimension stands for."
    if found := stop.says(
        "RuntimeError", r"output with shape (\[.*?\]) doesn't match .* (\[.*?\])"
    ):
        return (
            f"A tensor of shape {found[1]} is changed in place by one of shape {found[2]}, and "
            "cannot grow to that. Compare their shapes."
        )
    return None


def two_shapes(stop: Stop) -> str | None:
    """torch has warned that a loss compares predictions and targets of two shapes."""
    sizes = r"\(torch\.Size\((\[.*?\])\)\)"
    found = stop.says("UserWarning", rf"target size {sizes} .* input size {sizes}")
    if not found:
        return None
    return (
        f"A loss was given predictions of shape {found[2]} and targets of shape {found[1]}. torch "
        "only warns, and stretches them to one shape: predictions then meet targets of other rows. "
        "Look at where the two shapes part."
    )


def wrong_dimensions(stop: Stop) -> str | None:
    """A function of torch that takes other dimensions or another number of elements."""
    if found := stop.says("RuntimeError", r"must be a matrix|must be 2D|2D tensors expected"):
        return (
            "This function of torch takes matrices only, and gets a tensor with another number of "
            "dimensions. The operator @ and torch.matmul take more."
        )
    if stop.says("RuntimeError", r"1D tensors expected, but got"):
        return (
            "torch.dot takes two vectors only. For other shapes multiply number by number and add "
            "up, or use @, which multiplies matrices."
        )
    if stop.says("RuntimeError", r"must be batches of square matrices"):
        return (
            "This function takes a square matrix only: as many equations as unknowns. Where there "
            "are more rows than unknowns, a least-squares solver is wanted."
        )
    if found := stop.says("RuntimeError", r"t\(\) expects a tensor with <= 2 dimensions.*is (\d)D"):
        return f"t() turns a matrix, and this tensor has {found[1]} dimensions."
    if found := stop.says("RuntimeError", r"shape '(\[.*?\])' is invalid for input of size (\d+)"):
        return (
            f"{found[2]} numbers do not fill the shape {found[1]}. Compare the two products, and "
            "look at where the sizes come from."
        )
    if stop.says("RuntimeError", r"view size is not compatible"):
        return (
            "view() needs numbers that lie in one piece, in order; those of a transposed or sliced "
            "tensor do not. reshape() takes both."
        )
    if stop.says("RuntimeError", r"unspecified dimension size -1 can be any value"):
        return (
            "With no rows, torch cannot work out the size that you leave open with -1: any size "
            "would do. Write the size where you know it."
        )
    if found := stop.says("IndexError", r"Dimension out of range .* but got (-?\d+)"):
        return f"The tensor has no dimension {found[1]}: it has fewer than you count on here."
    if stop.says("IndexError", r"too many indices for tensor"):
        return "You index more dimensions than this tensor has. Look at its shape."
    return None


def empty_list(stop: Stop) -> str | None:
    """Nothing to stack or to join, or pieces that do not fit."""
    if stop.says("RuntimeError ValueError", r"non-empty (TensorList|list of Tensors)"):
        return "There is nothing to join here: the list is empty, as it is when there are no rows."
    if stop.says(
        "RuntimeError", r"stack expects each tensor to be equal size|must match except in"
    ):
        return "Tensors of different shapes are joined here. Look at the piece that differs."
    return None


def mixed_devices(stop: Stop) -> str | None:
    """Tensors on two devices meet in one operation."""
    if stop.says("RuntimeError", r"on the same device|is not on the expected device"):
        return (
            "Tensors on two devices meet here. One of them is made or moved to a device of its "
            "own: let it follow the device of the inputs (or of the parameters)."
        )
    if stop.says("RuntimeError", r"device type for generator but found"):
        return "The generator and the tensor that is drawn with it lie on two devices."
    if stop.says("TypeError", r"can't convert .* device type tensor to numpy"):
        return "NumPy reads only the memory of the CPU: stay with torch's functions here."
    return None


def truth_of_many(stop: Stop) -> str | None:
    """A tensor with several numbers stands where yes or no is wanted."""
    if not stop.says("RuntimeError", r"Boolean value of Tensor with (more than one|no) value"):
        return None
    for call in stop.found(ast.Call):
        if called_name(call).endswith("Loss") and len(call.args) >= 2:
            return (
                f"{quoted(call.func)} is a class: its brackets take options, as reduction, and "
                "make a loss function. Call what they make with predictions and targets."
            )
    return (
        "Python wants a yes or a no here (if, while, and, or, not, in, max), and gets a tensor "
        "with as many answers as numbers. Compare shapes, ask `is None`, or say whether any or all "
        "numbers count."
    )


def one_number(stop: Stop) -> str | None:
    """A tensor stands where one number, a list or an index is wanted."""
    kinds = "RuntimeError ValueError TypeError"
    if found := stop.says(kinds, r"[Tt]ensor with (\d+) elements cannot be converted to Scalar"):
        return (
            f"item() reads a tensor of one number, and this one has {found[1]}. Look at whether "
            "its numbers are still to be averaged or summed."
        )
    if stop.says(kinds, r"only one.element tensors can be converted to Python scalars"):
        return (
            "A single number is wanted here, and the tensor holds several. Look at whether its "
            "numbers are still to be averaged or summed."
        )
    if stop.says("TypeError", r"integer tensors of a single element can be converted to an index"):
        return (
            "A Python list takes one whole number or a slice as index, and no tensor of several. "
            "A tensor takes both."
        )
    if stop.says("TypeError", r"list indices must be integers or slices, not (Tensor|tuple)"):
        return "A Python list is indexed here as only a tensor can be."
    if stop.says("TypeError", r"(iteration over|len\(\) of) a 0-d tensor"):
        return (
            "This tensor is a single number: it has no rows to go through or to count. Look at "
            "whether a sum or a mean was taken too early, or a list is missing."
        )
    if stop.says("IndexError", r"invalid index of a 0-dim tensor"):
        return "This tensor is a single number and has nothing to index."
    return None


def wrong_sign(stop: Stop) -> str | None:
    """An operator that means something else than is wanted."""
    if stop.says("NotImplementedError RuntimeError TypeError", r"bitwise_xor|for \^:"):
        return "`^` compares bits in Python, and fractions have none to compare. A power is `**`."
    if stop.says("RuntimeError", r"Subtraction, the `-` operator, with (two|a) bool tensor"):
        return (
            "Comparisons give tensors of True and False, and torch does not subtract these. Make "
            "numbers of them first, in the dtype that is asked for."
        )
    return None


def no_tensor(stop: Stop) -> str | None:
    """Something else stands where a tensor is wanted."""
    pattern = (
        r"argument '(\w+)' \(position \d+\) must be Tensor, not (float|int|list|tuple|ndarray)"
    )
    if found := stop.says("TypeError", pattern):
        return (
            f"A function of torch gets an object of type {found[2]} for `{found[1]}` and wants a "
            "tensor. Look at where this value is made."
        )
    if found := stop.says("AttributeError", r"'(float|int)' object has no attribute '(\w+)'"):
        return (
            f"The object in front of `.{found[2]}` is a plain Python number ({found[1]}), not a "
            "tensor. .item(), float() and Python's own arithmetic give such numbers, and they have "
            "no graph."
        )
    if found := stop.says("AttributeError", r"'(list|tuple)' object has no attribute '(\w+)'"):
        return (
            f"The object in front of `.{found[2]}` is a {found[1]} here, which has no such thing. "
            "Use only what every kind of value that the task names can do."
        )
    if found := stop.says(
        "AttributeError", r"'(?:Tensor|Parameter)' object has no attribute '(\w+)'"
    ):
        return (
            f"A tensor has no `{found[1]}`. Look at its spelling; methods that change a tensor in "
            "place end in _."
        )
    if stop.says("TypeError", r"can't multiply sequence by non-int of type 'float'"):
        return "You multiply a Python list by a number, and a list is no tensor."
    return None


CAUSES: tuple[Entry, ...] = (
    mixed_dtypes,
    no_floats,
    unequal_sizes,
    wrong_dimensions,
    empty_list,
    mixed_devices,
    truth_of_many,
    one_number,
    wrong_sign,
    no_tensor,
    two_shapes,
)
