# Práctica: una recta con ruido, y = 3x + ruido
# ¡ojo! todo con torch, sin numpy
import torch
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt


def mse(pred, target):
    """error cuadrático medio"""
    if pred.shape != target.shape:
        raise ValueError("las formas no coinciden: %s y %s" % (tuple(pred.shape), tuple(target.shape)))
    resto = pred - target
    return (resto * resto).mean()


def noisy_line(n, slope, bias, sigma, generator):
    # el ruido va solo en la y
    x = 10 * torch.rand((n, 1), generator=generator, device=generator.device) - 5
    ruido = torch.randn((n, 1), generator=generator, device=generator.device) * sigma
    return x, x * slope + bias + ruido


def fit_slope(x, y, w0, lr, epochs):
    w = torch.tensor(w0, dtype=torch.float32, requires_grad=True)
    perdidas = []
    for epoca in range(epochs):
        perdida = mse(w * x, y)
        perdidas.append(perdida.item())
        perdida.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.item(), perdidas


def fit_line(x, y, lr, epochs, start=(0.0, 0.0)):
    camino = torch.zeros(epochs + 1, 2, dtype=x.dtype, device=x.device)
    camino[0, 0], camino[0, 1] = start
    with torch.no_grad():
        for t in range(epochs):
            w, b = camino[t, 0], camino[t, 1]
            resto = w * x + b - y
            camino[t + 1, 0] = w - lr * 2 * (resto * x).mean()
            camino[t + 1, 1] = b - lr * 2 * resto.mean()
    return camino


def slice_minimum(x, y, *, slope=None, bias=None):
    # una de las dos cosas queda fija, aunque sea cero
    if bias is None:
        mejor = y.double().mean() - slope * x.double().mean()
    else:
        x, y = x.double(), y.double()
        mejor = ((y - bias) * x).sum() / x.pow(2).sum()
    return float(mejor)


def descent_direction(x, y, w, b):
    if torch.is_tensor(w):
        w = w.detach().reshape(())
    if torch.is_tensor(b):
        b = b.detach().reshape(())
    resto = w * x + b - y
    bajada = torch.stack([-(resto * x).mean(), -resto.mean()])
    return bajada / torch.linalg.vector_norm(bajada)


x, y = noisy_line(80, 3.0, 0.0, 1.0, torch.Generator().manual_seed(33))
w, perdidas = fit_slope(x, y, -4.0, 0.01, 60)
print("pendiente encontrada:", w)
plt.figure("curva de aprendizaje")
plt.plot(perdidas)
plt.xlabel("época")
plt.ylabel("pérdida")
plt.show()
print("camino:", fit_line(x, y, 0.01, 5))
