"""Other ways to do gd_flops and gd_wins."""

from __future__ import annotations

import math
from fractions import Fraction

from autograder.course.marks import restated, right, wrong


@right(replaces="gd_flops")
def step_by_step(n, d, o, steps):
    """Adds up two products, and multiplies at the end."""
    forward = 2 * n * d * o
    gradient = 2 * o * n * d
    return (forward + gradient) * steps


@right(replaces="gd_flops")
def shifted(n, d, o, steps):
    """Four is a shift by two."""
    return math.prod((n, d, o, steps)) << 2


@right()
def by_fractions(n, d, o, steps):
    """Counts in exact thirds."""
    return 4 * n * d * o * steps < 2 * n * d**2 + Fraction(2, 3) * d**3


@right()
def break_even(n, d, o, steps):
    """Compares the number of steps with the one at which both are equal, without the factor d."""
    return steps * 6 * n * o < 3 * n * d + d * d


@right()
def in_floats(n, d, o, steps):
    """Floats are near enough, and here exact where both are equal."""
    return bool(4 * n * d * o * steps < 2 * n * d**2 + 2 * d**3 / 3)


@wrong()
def half_a_cube(n, d, o, steps):
    """A third of the cube, as Cholesky takes."""
    return 12 * n * d * o * steps < 6 * n * d**2 + d**3


@wrong()
def half_the_product(n, d, o, steps):
    """Half of the product, since it is symmetric."""
    return 12 * n * d * o * steps < 3 * n * d**2 + 2 * d**3


@wrong()
def solved_for_each_target(n, d, o, steps):
    """The equations are solved anew for each target."""
    return 12 * n * d * o * steps < o * (6 * n * d**2 + 2 * d**3)


@wrong(asks="lr.5")
def more_features_than_rows(n, d, o, steps):
    """Looks only at the sizes of the table."""
    return d > n


@wrong()
def words(n, d, o, steps):
    """Says it in words."""
    return "gd" if 12 * n * d * o * steps < 6 * n * d**2 + 2 * d**3 else "exact"


@wrong(replaces="gd_flops")
def per_row(n, d, o, steps):
    """Counts one row."""
    return 4 * d * o * steps


@wrong(replaces="gd_flops")
def single_precision(n, d, o, steps):
    """The factors pass through a float."""
    return int(4.0 * n * d * o * steps + 0.001 * n * d)


@wrong(replaces="gd_flops")
def last_backward_left_out(n, d, o, steps):
    """The last step has no backward pass."""
    return 4 * n * d * o * steps - 2 * n * d * o


@restated("half-counted", replaces="gd_flops")
def forward_alone(n, d, o, steps):
    """Only the forward pass."""
    return 2 * n * d * o * steps


@restated("quarter-counted", replaces="gd_flops")
def terms_alone(n, d, o, steps):
    """The terms of one product."""
    return math.prod((n, d, o, steps))


@restated("input-gradient-counted", replaces="gd_flops")
def three_products(n, d, o, steps):
    """Three products in a step."""
    return 3 * (2 * n * d * o) * steps


@restated("steps-ignored", replaces="gd_flops")
def once(n, d, o, steps):
    """Counts one pass alone."""
    return 4 * n * d * o


@restated("outputs-ignored", replaces="gd_flops")
def one_target(n, d, o, steps):
    """No targets counted."""
    return 4 * n * d * steps


@restated("bias-counted", replaces="gd_flops")
def one_more_column(n, d, o, steps):
    """A column of ones."""
    return 4 * n * o * steps * (d + 1)


@restated("update-counted", replaces="gd_flops")
def with_the_update(n, d, o, steps):
    """With the update of each weight."""
    return steps * (4 * n * d * o + d * o + d * o)


@restated("float-returned", replaces="gd_flops")
def with_a_point(n, d, o, steps):
    """A factor with a point."""
    return 4.0 * n * d * o * steps


@restated("product-left-out")
def cube_alone(n, d, o, steps):
    """Two thirds of the cube."""
    return 6 * n * o * steps < d * d


@restated("solving-left-out")
def square_alone(n, d, o, steps):
    """The product alone."""
    return 2 * o * steps < d


@restated("inverse-counted")
def with_an_inverse(n, d, o, steps):
    """An inverse and a product."""
    return 4 * n * d * o * steps < 2 * d * d * (n + d)


@wrong()
def no_steps(n, d, o, steps):
    """Compares a single step with the whole of the other way."""
    return 12 * n * d * o < 6 * n * d**2 + 2 * d**3


@restated("other-way-round")
def exact_wins(n, d, o, steps):
    """True where the equations are at least as cheap."""
    return 6 * n * d**2 + 2 * d**3 <= 12 * n * d * o * steps


@restated("tie-won")
def not_more(n, d, o, steps):
    """True unless it takes more."""
    return not 12 * n * d * o * steps > 6 * n * d**2 + 2 * d**3


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return 3 * gd_flops(n, d, o, steps) < 6 * n * d ** 2 + 2 * d ** 3 -> "
    "return 3 * gd_flops(d, n, o, steps) < 6 * n * d ** 2 + 2 * d ** 3": "n and d are factors",
}
