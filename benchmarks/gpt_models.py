"""The same GPT three times: nnlib's, PyTorch's, and one in NumPy as tutorials write it."""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks.digits import copy_into
from nnlib.gpt import GPT
from nnlib.shapes import Array


class Size(NamedTuple):
    """How large a GPT is."""

    vocab: int
    context: int
    d: int
    n_heads: int
    n_blocks: int


@functools.cache
def first_params(size: Size) -> dict[str, Array]:
    """The weights that everyone starts from, in float64, under nnlib's names and in its order."""
    model = GPT(*size, rng=np.random.default_rng(0))
    return {name: param for name, param, _ in model.named_params()}


def multiplied(size: Size) -> list[Array]:
    """The weights that a matrix product multiplies by, in float32; the tied embedding is last."""
    E, _, *dense = (param for param in first_params(size).values() if param.ndim == 2)
    return [W.astype(np.float32) for W in (*dense, E)]


def nnlib_gpt(size: Size) -> GPT:
    """In float32."""
    model = GPT(*size, rng=np.random.default_rng(1)).astype(np.float32)
    copy_into((param for _, param, _ in model.named_params()), first_params(size).values())
    return model


@functools.cache
def _torch_class() -> type:
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Block(nn.Module):
        def __init__(self, d: int, n_heads: int) -> None:
            super().__init__()
            self.n_heads = n_heads
            self.ln_1, self.qkv, self.out = nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.ln_2, self.up, self.down = (
                nn.LayerNorm(d),
                nn.Linear(d, 4 * d),
                nn.Linear(4 * d, d),
            )

        def forward(self, x, past=None):
            n, t, d = x.shape
            parts = self.qkv(self.ln_1(x)).split(d, dim=-1)
            q, k, v = (part.view(n, t, self.n_heads, -1).transpose(1, 2) for part in parts)
            if past is not None:
                k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=past is None)
            x = x + self.out(y.transpose(1, 2).reshape(n, t, d))
            x = x + self.down(F.gelu(self.up(self.ln_2(x)), approximate="tanh"))
            return x, (k, v)

    class TorchGPT(nn.Module):
        def __init__(self, size: Size) -> None:
            super().__init__()
            self.tokens = nn.Embedding(size.vocab, size.d)
            self.positions = nn.Embedding(size.context, size.d)
            blocks = (Block(size.d, size.n_heads) for _ in range(size.n_blocks))
            self.blocks = nn.ModuleList(blocks)
            self.ln = nn.LayerNorm(size.d)

        def forward(self, ids, pasts=None):
            start = pasts[0][0].shape[2] if pasts else 0
            x = self.tokens(ids) + self.positions(torch.arange(start, start + ids.shape[1]))
            kept = []
            for number, block in enumerate(self.blocks):
                x, past = block(x, pasts[number] if pasts else None)
                kept.append(past)
            return self.ln(x) @ self.tokens.weight.T, kept

    return TorchGPT


def torch_gpt(size: Size):
    """A module of PyTorch, which returns scores, and the keys and values of every block."""
    import torch

    torch.set_num_threads(1)
    model = _torch_class()(size)
    with torch.no_grad():
        copy_into(model.parameters(), map(torch.from_numpy, first_params(size).values()))
    return model


class NaiveGPT:
    """In float64, with powers, and a new array for every result."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.params = {name: param.copy() for name, param in first_params(size).items()}

    def forward(self, ids: Array) -> tuple[Array, list]:
        """The scores, and what the backward pass needs."""
        p, n_heads = self.params, self.size.n_heads
        t = ids.shape[1]
        x = p["tokens.W"][ids] + p["positions.W"][:t]
        kept = []
        for b in range(self.size.n_blocks):
            one, two = f"blocks.{b}.attend.", f"blocks.{b}.think."
            h, norm_1 = _norm(x, p[one + "norm.gamma"], p[one + "norm.beta"])
            qkv = h @ p[one + "qkv.W"].T + p[one + "qkv.b"]
            q, k, v = (_split(part, n_heads) for part in np.split(qkv, 3, axis=-1))
            scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
            scores = np.where(np.tri(t, dtype=bool), scores, -np.inf)
            e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
            weights = e / np.sum(e, axis=-1, keepdims=True)
            y = _merge(weights @ v)
            x = x + y @ p[one + "out.W"].T + p[one + "out.b"]
            g, norm_2 = _norm(x, p[two + "norm.gamma"], p[two + "norm.beta"])
            z = g @ p[two + "read.W"].T + p[two + "read.b"]
            u = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
            a = 0.5 * z * (1 + u)
            x = x + a @ p[two + "write.W"].T + p[two + "write.b"]
            kept.append((h, norm_1, q, k, v, weights, y, g, norm_2, z, u, a))
        x, norm = _norm(x, p["norm.gamma"], p["norm.beta"])
        kept.append((x, norm))
        return x @ p["tokens.W"].T, kept

    def backward(self, ids: Array, dlogits: Array, kept: list) -> dict[str, Array]:
        """The gradient for each parameter."""
        p, grads = self.params, {}

        def dense(name: str, dy: Array, x: Array) -> Array:
            grads[name + "W"] = np.sum(dy.transpose(0, 2, 1) @ x, axis=0)
            grads[name + "b"] = np.sum(dy, axis=(0, 1))
            return dy @ p[name + "W"]

        def norm_back(name: str, dy: Array, norm: tuple) -> Array:
            x_hat, std = norm
            grads[name + "gamma"] = np.sum(dy * x_hat, axis=(0, 1))
            grads[name + "beta"] = np.sum(dy, axis=(0, 1))
            d = dy * p[name + "gamma"]
            mean = np.mean(d, axis=-1, keepdims=True)
            return (d - mean - x_hat * np.mean(d * x_hat, axis=-1, keepdims=True)) / std

        t = ids.shape[1]
        x, norm = kept[-1]
        grads["tokens.W"] = np.sum(dlogits.transpose(0, 2, 1) @ x, axis=0)
        dx = dlogits @ p["tokens.W"]
        dx = norm_back("norm.", dx, norm)
        for b in reversed(range(self.size.n_blocks)):
            one, two = f"blocks.{b}.attend.", f"blocks.{b}.think."
            h, norm_1, q, k, v, weights, y, g, norm_2, z, u, a = kept[b]
            da = dense(two + "write.", dx, a)
            slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)
            dz = da * (0.5 * (1 + u) + 0.5 * z * (1 - u**2) * slope)
            dx = dx + norm_back(two + "norm.", dense(two + "read.", dz, g), norm_2)
            dy = _split(dense(one + "out.", dx, y), self.size.n_heads)
            dv = weights.transpose(0, 1, 3, 2) @ dy
            dweights = dy @ v.transpose(0, 1, 3, 2)
            mean = np.sum(dweights * weights, axis=-1, keepdims=True)
            dscores = weights * (dweights - mean) / np.sqrt(q.shape[-1])
            dq = dscores @ k
            dk = dscores.transpose(0, 1, 3, 2) @ q
            dqkv = np.concatenate([_merge(part) for part in (dq, dk, dv)], axis=-1)
            dx = dx + norm_back(one + "norm.", dense(one + "qkv.", dqkv, h), norm_1)
        np.add.at(grads["tokens.W"], ids, dx)
        grads["positions.W"] = np.zeros_like(p["positions.W"])
        grads["positions.W"][:t] = np.sum(dx, axis=0)
        return grads


def _norm(x: Array, gamma: Array, beta: Array) -> tuple[Array, tuple[Array, Array]]:
    std = np.sqrt(np.var(x, axis=-1, keepdims=True) + 1e-5)
    x_hat = (x - np.mean(x, axis=-1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, std)


def _split(x: Array, n_heads: int) -> Array:
    n, t, d = x.shape
    return x.reshape(n, t, n_heads, d // n_heads).transpose(0, 2, 1, 3)


def _merge(x: Array) -> Array:
    n, n_heads, t, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(n, t, n_heads * d)
