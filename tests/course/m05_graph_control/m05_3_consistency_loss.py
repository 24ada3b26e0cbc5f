"""Other ways to do consistency_loss."""

from __future__ import annotations

import torch
from m05_graph_control import consistency_loss
from torch.nn import functional

from autograder.course.marks import restated, right, wrong

EXCUSED = {
    "difference = student - teacher.detach() -> "
    "difference = teacher.detach() - student": "a square has no sign",
}


@right()
def built_in(student, teacher):
    """Lets mse_loss do it."""
    return functional.mse_loss(student, teacher.detach())


@right()
def computed_without_recording(student, teacher):
    """Copies the teacher where recording is off."""
    with torch.no_grad():
        target = teacher.clone()
    return torch.mean((student - target).pow(2))


@right()
def data_of_the_teacher(student, teacher):
    """Takes .data and a product of vectors."""
    gap = (teacher.data - student).flatten()
    return gap @ gap / gap.numel()


@right()
def element_by_element(student, teacher):
    """Adds up element by element, against Python's numbers."""
    total = 0
    for ours, number in zip(student.flatten(), teacher.flatten().tolist(), strict=True):
        total = total + (ours - number) ** 2
    return total / student.numel()


@right()
def a_new_tensor(student, teacher):
    """Makes a new tensor of the teacher."""
    fixed = torch.empty_like(teacher)
    with torch.no_grad():
        fixed.copy_(teacher)
    return ((student - fixed) * (student - fixed)).sum().div(fixed.numel())


@wrong()
def gradient_of_the_student_halved(student, teacher):
    """Mixes the student with its own detached copy."""
    mixed = (student + student.detach()) / 2
    return consistency_loss(mixed, teacher)


@wrong()
def keeps_a_dimension(student, teacher):
    """Returns a vector of one number."""
    return consistency_loss(student, teacher).reshape(1)


@wrong()
def float32(student, teacher):
    """Computes in float32."""
    return consistency_loss(student.float(), teacher.float())


@wrong()
def huber(student, teacher):
    """Uses the Huber loss."""
    return functional.huber_loss(student, teacher.detach())


@wrong()
def relative(student, teacher):
    """Divides by the teacher's size."""
    return consistency_loss(student, teacher) / teacher.detach().square().mean()


@wrong()
def both_ways(student, teacher):
    """Adds the loss of the other direction."""
    return (consistency_loss(student, teacher) + consistency_loss(teacher, student)) / 2


@restated("wrong-side-detached")
def student_under_no_grad(student, teacher):
    """Takes the student's data."""
    return functional.mse_loss(teacher, student.data)


@restated("nothing-detached")
def plain_mse(student, teacher):
    """Forgets the teacher's graph."""
    return torch.mean((student - teacher) ** 2)


@restated("all-cut-off")
def no_grad_around_all(student, teacher):
    """Computes the loss under no_grad."""
    with torch.no_grad():
        return functional.mse_loss(student, teacher)


@restated("detached-in-place")
def teacher_cut_off_for_all(student, teacher):
    """Calls detach_ before the loss."""
    teacher.detach_()
    return functional.mse_loss(student, teacher)


@restated("teacher-overwritten")
def difference_in_place(student, teacher):
    """Subtracts into the teacher's memory after the loss."""
    fixed = teacher.detach()
    loss = torch.mean((student - fixed) ** 2)
    fixed -= student.detach()
    return loss


@restated("sum-for-mean")
def reduction_sum(student, teacher):
    """Asks mse_loss for the sum."""
    return functional.mse_loss(student, teacher.detach(), reduction="sum")


@restated("divided-by-rows")
def over_len(student, teacher):
    """Divides by len."""
    return ((student - teacher.detach()) ** 2).sum() / len(student)


@restated("half")
def half_of_the_square(student, teacher):
    """Halves every square."""
    return (0.5 * (teacher.detach() - student) ** 2).mean()


@restated("absolute")
def l1(student, teacher):
    """Uses l1_loss of torch."""
    return functional.l1_loss(student, teacher.detach())


@restated("root")
def norm(student, teacher):
    """Divides a norm by the root of the count."""
    gap = student - teacher.detach()
    return torch.linalg.vector_norm(gap) / gap.numel() ** 0.5


@restated("item")
def as_a_float(student, teacher):
    """Calls float on the loss."""
    return float(functional.mse_loss(student, teacher).detach())


@restated("unreduced")
def reduction_none(student, teacher):
    """Asks mse_loss for all squares."""
    return functional.mse_loss(student, teacher.detach(), reduction="none")


@restated("not-squared")
def difference_of_means(student, teacher):
    """Subtracts the means."""
    return student.mean() - teacher.mean().detach()


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {
    "the same weights": "both predictions have the same weights, as of one net",
}
