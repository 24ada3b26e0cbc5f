#!/usr/bin/env python
# coding: utf-8

# # Assignment 1
# 
# Trees, weather and a straight line.

# In[1]:


get_ipython().system('pip install torch')
get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().run_line_magic('config', "InlineBackend.figure_format = 'retina'")


# In[2]:


import torch
import matplotlib.pyplot as plt


# In[5]:


get_ipython().run_cell_magic('time', '', 'inputs = torch.rand(500, 3) * 70 + 30\ntargets = inputs @ torch.tensor([[0.5, 0.2], [0.4, 0.9], [0.1, 0.3]])\n')


# In[6]:


def make_params(n_in, n_out, *, generator=None, device=None, dtype=None):
    w = torch.randn(n_out, n_in, device=device, dtype=dtype, generator=generator)
    w.requires_grad_()
    b = torch.randn(n_out, device=device, dtype=dtype, generator=generator)
    b.requires_grad_()
    return w, b


# In[8]:


def model(x, w, b):
    return x @ w.t() + b


# In[9]:


def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("pred is %r and target is %r" % (pred.shape, target.shape))
    gap = pred - target
    return gap.mul(gap).mean()


# ## Training

# In[12]:


def train(x, y, w, b, lr, epochs):
    history = []
    for i in range(epochs):
        loss = mse(model(x, w, b), y)
        loss.backward()
        history.append(loss.item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
    final = mse(model(x, w, b), y).item()
    return history + [final]


# In[13]:


w, b = make_params(3, 2)
history = train(inputs, targets, w, b, 1e-5, 300)
plt.plot(history); plt.show()


# In[15]:


def forgotten_zero(grad_fn, w0, lr, steps):
    out = torch.empty((steps + 1,) + tuple(w0.shape), dtype=w0.dtype, device=w0.device)
    summed = torch.zeros_like(w0)
    out[0] = w0
    for t in range(steps):
        summed = summed + grad_fn(out[t].clone()).detach()
        out[t + 1] = out[t] - lr * summed
    return out


def forgotten_zero_limit(lmax):
    return 4 / lmax


# In[ ]:


get_ipython().system('ls -la')
