"""Mistakes of gd_flops and gd_wins."""

from __future__ import annotations

from m13_optimisation import gd_flops, gd_wins

from autograder.course.marks import mistake


@mistake("half-counted", replaces="gd_flops")
def half_counted(n: int, d: int, o: int, steps: int) -> int:
    """You count half of the operations. A step has two products, for the predictions and for the
    gradient of w, and each term of a product takes a multiplication and an addition. One of these
    two twos is missing."""
    return gd_flops(n, d, o, steps) // 2


@mistake("quarter-counted", replaces="gd_flops")
def quarter_counted(n: int, d: int, o: int, steps: int) -> int:
    """You count a quarter of the operations: one product in each step, and one operation for each
    of its terms. The backward pass has a product, too, and a term takes a multiplication and an
    addition."""
    return gd_flops(n, d, o, steps) // 4


@mistake("input-gradient-counted", replaces="gd_flops")
def input_gradient_counted(n: int, d: int, o: int, steps: int) -> int:
    """You count three products in each step. The third would be the gradient of x, which nobody
    needs: only w learns, and backward leaves out what is not asked for."""
    return gd_flops(n, d, o, steps) * 3 // 2


@mistake("steps-ignored", replaces="gd_flops", asks="lr.5")
def steps_ignored(n: int, d: int, o: int, steps: int) -> int:
    """You count a single step. That looks cheap, but every step costs as much again, and a bowl
    with a large condition number takes very many. Look for where the number of steps comes in."""
    return gd_flops(n, d, o, 1)


@mistake("outputs-ignored", replaces="gd_flops")
def outputs_ignored(n: int, d: int, o: int, steps: int) -> int:
    """You count as if there were one target. Each target has its own weights, its own predictions
    and its own gradient. Look at the sizes that meet in the two products."""
    return gd_flops(n, d, 1, steps)


@mistake("bias-counted", replaces="gd_flops")
def bias_counted(n: int, d: int, o: int, steps: int) -> int:
    """You count a bias as one more feature. This model has none: it predicts with x @ w.T alone,
    and w has d columns."""
    return gd_flops(n, d + 1, o, steps)


@mistake("update-counted", replaces="gd_flops")
def update_counted(n: int, d: int, o: int, steps: int) -> int:
    """You also count the update of w, a multiplication and a subtraction for each weight. The task
    counts the matrix products alone: all that is elementwise is left out on both sides."""
    return gd_flops(n, d, o, steps) + steps * 2 * d * o


@mistake("float-returned", replaces="gd_flops")
def float_returned(n: int, d: int, o: int, steps: int) -> float:
    """You return a float. Operations are counted in whole numbers, and above 2 to the power 53 a
    float can no longer tell two neighbours apart. Look for a factor with a point, or a division."""
    return float(gd_flops(n, d, o, steps))


@mistake("product-left-out", asks="lr.5")
def product_left_out(n: int, d: int, o: int, steps: int) -> bool:
    """You leave out what it takes to form x.T @ x. With more rows than features it is the greater
    part of the work, and solving is the smaller one. Look at what you compare with."""
    return 3 * gd_flops(n, d, o, steps) < 2 * d**3


@mistake("solving-left-out")
def solving_left_out(n: int, d: int, o: int, steps: int) -> bool:
    """You leave out what it takes to solve the equations. It grows with the cube of the number of
    features: where they are many and the rows few, it decides. Look at what you compare with."""
    return gd_flops(n, d, o, steps) < 2 * n * d**2


@mistake("inverse-counted", asks="lr.5")
def inverse_counted(n: int, d: int, o: int, steps: int) -> bool:
    """You count 2d³ for the second part, as for an inverse. Nobody has to make one: solving by
    elimination takes a third of that. The task names both parts; look at their factors."""
    return gd_flops(n, d, o, steps) < 2 * n * d**2 + 2 * d**3


@mistake("other-way-round")
def other_way_round(n: int, d: int, o: int, steps: int) -> bool:
    """You say True where gradient descent takes as many operations or more. It wins where it takes
    fewer. Look at the direction of your comparison."""
    return not gd_wins(n, d, o, steps)


@mistake("tie-won")
def tie_won(n: int, d: int, o: int, steps: int) -> bool:
    """You say True where both take equally many. The task wants fewer. Look at your comparison
    where both sides are equal."""
    return 3 * gd_flops(n, d, o, steps) <= 6 * n * d**2 + 2 * d**3
