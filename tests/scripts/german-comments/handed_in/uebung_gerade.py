# -*- coding: utf-8 -*-
"""Übungsblatt: eine Gerade durch verrauschte Punkte."""
import torch
from torch import nn
import matplotlib.pyplot as plt

# Einstellungen
größe = 60
zufall = torch.Generator().manual_seed(2024)
lernrate = 0.05


def noisy_line(n, slope, bias, sigma, generator):
    # gleichmäßig verteilte Stellen, das Rauschen kommt aus dem Generator
    x = torch.rand(n, 1, generator=generator, device=generator.device) * 4 - 2
    rauschen = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * rauschen


class SlopeOnly(nn.Module):
    """Nur die Steigung"""

    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.slope * x


class Line(nn.Module):
    """Steigung und Achsenabschnitt"""

    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.0))
        self.bias = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.slope * x + self.bias


def fit_slope(x, y, w0, lr, epochs):
    if epochs == 0:
        return w0, []
    w = torch.tensor(w0, dtype=x.dtype, device=x.device)
    verluste = []
    for _ in range(epochs):
        fehler = w * x - y
        verluste.append((fehler ** 2).mean().item())
        w = w - lr * 2 * (fehler * x).mean()   # Ableitung nach w
    return w.item(), verluste


def cost_surface(x, y, ws, bs):
    # [K, 1, N] mal, plus [1, M, 1]: alles auf einmal
    vorhersage = ws[:, None, None] * x[:, 0] + bs[None, :, None]
    return ((vorhersage - y[:, 0]) ** 2).mean(dim=2)


def slice_minimum(x, y, *, slope=None, bias=None):
    if slope:
        return (y - slope * x).mean().item()
    else:
        return ((y - bias) * x).sum().item() / (x * x).sum().item()


x, y = noisy_line(größe, 3.0, -1.0, 0.2, zufall)
print(f"Punkte gezogen: {größe}")
steigung, verluste = fit_slope(x, y, 0.0, lernrate, 200)
print("Gefundene Steigung:", steigung)
gitter = cost_surface(x, y, torch.linspace(-5, 5, 80), torch.linspace(-5, 5, 90))
plt.contourf(gitter.numpy())
plt.title("Fehlerfläche")
plt.savefig("/home/student/Bilder/fehlerfläche.png")
plt.show()
