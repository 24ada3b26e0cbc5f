import torch
from __future__ import annotations
# <m06_model>
