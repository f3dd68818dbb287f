"""The same Llama three times: nnlib's, PyTorch's, and one in NumPy as tutorials write it."""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks.digits import copy_into
from nnlib._llama import name_in_llama
from nnlib.modern import Llama
from nnlib.shapes import Array

BASE, EPS = 10000.0, 1e-5


class Size(NamedTuple):
    """How large a Llama is."""

    vocab: int
    context: int
    d: int
    n_heads: int
    n_kv_heads: int
    n_blocks: int
    d_hidden: int


def _nnlib(size: Size, seed: int) -> Llama:
    vocab, context, *sizes = size
    return Llama(vocab, *sizes, context=context, rng=np.random.default_rng(seed))


@functools.cache
def first_params(size: Size) -> dict[str, Array]:
    """The weights that everyone starts from, in float64, under nnlib's names and in its order."""
    return {name: param for name, param, _ in _nnlib(size, 0).named_params()}


def multiplied(size: Size) -> list[Array]:
    """The weights that a matrix product multiplies by, in float32; the tied embedding is last."""
    E, *dense = (param for param in first_params(size).values() if param.ndim == 2)
    return [W.astype(np.float32) for W in (*dense, E)]


def nnlib_llama(size: Size) -> Llama:
    """In float32."""
    model = _nnlib(size, 1).astype(np.float32)
    copy_into((param for _, param, _ in model.named_params()), first_params(size).values())
    return model


@functools.cache
def _torch_class() -> type:
    import torch
    from torch import nn
    from torch.nn import functional as F

    def turned(x, cos, sin):
        one, other = x.chunk(2, dim=-1)
        return x * cos + torch.cat([-other, one], dim=-1) * sin

    class Block(nn.Module):
        def __init__(self, size: Size) -> None:
            super().__init__()
            d, self.d_head = size.d, size.d // size.n_heads
            d_kv = size.n_kv_heads * self.d_head

            def linear(d_in, d_out):
                return nn.Linear(d_in, d_out, bias=False)

            self.norm_1 = nn.RMSNorm(d, eps=EPS)
            self.q, self.k, self.v = linear(d, d), linear(d, d_kv), linear(d, d_kv)
            self.out = linear(d, d)
            self.norm_2 = nn.RMSNorm(d, eps=EPS)
            self.gate, self.up = linear(d, size.d_hidden), linear(d, size.d_hidden)
            self.down = linear(size.d_hidden, d)

        def forward(self, x, cos, sin):
            n, t, d = x.shape
            h = self.norm_1(x)
            q, k, v = (
                part(h).view(n, t, -1, self.d_head).transpose(1, 2)
                for part in (self.q, self.k, self.v)
            )
            q, k = turned(q, cos, sin), turned(k, cos, sin)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
            x = x + self.out(y.transpose(1, 2).reshape(n, t, d))
            h = self.norm_2(x)
            return x + self.down(F.silu(self.gate(h)) * self.up(h))

    class TorchLlama(nn.Module):
        def __init__(self, size: Size) -> None:
            super().__init__()
            self.tokens = nn.Embedding(size.vocab, size.d)
            self.blocks = nn.ModuleList(Block(size) for _ in range(size.n_blocks))
            self.norm = nn.RMSNorm(size.d, eps=EPS)
            cos, sin = _cos_sin(size.context, size.d // size.n_heads)
            self.cos, self.sin = torch.from_numpy(cos).float(), torch.from_numpy(sin).float()

        def forward(self, ids):
            x = self.tokens(ids)
            cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
            for block in self.blocks:
                x = block(x, cos, sin)
            return self.norm(x) @ self.tokens.weight.T, None

    return TorchLlama


def torch_llama(size: Size):
    """A module of PyTorch, which returns scores, and nothing to remember."""
    import torch

    torch.set_num_threads(1)
    model = _torch_class()(size)
    with torch.no_grad():
        copy_into(model.parameters(), map(torch.from_numpy, first_params(size).values()))
    return model


def transformers_llama(size: Size):
    """That of the transformers library."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(1)
    config = LlamaConfig(
        vocab_size=size.vocab,
        hidden_size=size.d,
        num_attention_heads=size.n_heads,
        num_key_value_heads=size.n_kv_heads,
        num_hidden_layers=size.n_blocks,
        intermediate_size=size.d_hidden,
        rms_norm_eps=EPS,
        tie_word_embeddings=True,
        use_cache=False,
    )
    model = LlamaForCausalLM(config)
    model.forward = functools.partial(model.forward, return_dict=False)
    params = {name_in_llama(name): param for name, param in first_params(size).items()}
    with torch.no_grad():
        for name, param in model.named_parameters():
            param[...] = torch.from_numpy(params[name])
    return model


class NaiveLlama:
    """In float64, with heads that are repeated, and a new array for every result."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.params = {name: param.copy() for name, param in first_params(size).items()}

    def forward(self, ids: Array) -> tuple[Array, list]:
        """The scores, and what the backward pass needs."""
        p, (_, _, d, n_heads, n_kv_heads, n_blocks, _) = self.params, self.size
        t = ids.shape[1]
        cos, sin = _cos_sin(t, d // n_heads)
        x = p["tokens.W"][ids]
        kept = []
        for b in range(n_blocks):
            one, two = f"blocks.{b}.attend.", f"blocks.{b}.think."
            h, norm_1 = _norm(x, p[one + "norm.gamma"])
            parts = [h @ p[f"{one}attention.{part}.W"].T for part in "qkv"]
            q, k, v = (_split(part, d // n_heads) for part in parts)
            q, k = q * cos + _half_turn(q) * sin, k * cos + _half_turn(k) * sin
            k, v = (np.repeat(part, n_heads // n_kv_heads, axis=1) for part in (k, v))
            scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
            scores = np.where(np.tri(t, dtype=bool), scores, -np.inf)
            e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
            weights = e / np.sum(e, axis=-1, keepdims=True)
            y = _merge(weights @ v)
            x = x + y @ p[one + "attention.out.W"].T
            g, norm_2 = _norm(x, p[two + "norm.gamma"])
            z, u = (g @ p[f"{two}swiglu.{part}.W"].T for part in ("gate", "up"))
            s = 1 / (1 + np.exp(-z))
            a = z * s * u
            x = x + a @ p[two + "swiglu.down.W"].T
            kept.append((h, norm_1, q, k, v, weights, y, g, norm_2, z, u, s, a))
        x, norm = _norm(x, p["norm.gamma"])
        kept.append((x, norm))
        return x @ p["tokens.W"].T, kept

    def backward(self, ids: Array, dlogits: Array, kept: list) -> dict[str, Array]:
        """The gradient for each parameter."""
        p, (_, _, d, n_heads, n_kv_heads, n_blocks, _) = self.params, self.size
        grads: dict[str, Array] = {}

        def dense(name: str, dy: Array, x: Array) -> Array:
            grads[name] = np.sum(dy.transpose(0, 2, 1) @ x, axis=0)
            return dy @ p[name]

        def norm_back(name: str, dy: Array, norm: tuple) -> Array:
            x_hat, rms = norm
            grads[name] = np.sum(dy * x_hat, axis=(0, 1))
            d = dy * p[name]
            return (d - x_hat * np.mean(d * x_hat, axis=-1, keepdims=True)) / rms

        cos, sin = _cos_sin(ids.shape[1], d // n_heads)
        x, norm = kept[-1]
        grads["tokens.W"] = np.sum(dlogits.transpose(0, 2, 1) @ x, axis=0)
        dx = norm_back("norm.gamma", dlogits @ p["tokens.W"], norm)
        for b in reversed(range(n_blocks)):
            one, two = f"blocks.{b}.attend.", f"blocks.{b}.think."
            h, norm_1, q, k, v, weights, y, g, norm_2, z, u, s, a = kept[b]
            da = dense(two + "swiglu.down.W", dx, a)
            dg = dense(two + "swiglu.gate.W", da * u * (s + z * s * (1 - s)), g)
            dg = dg + dense(two + "swiglu.up.W", da * z * s, g)
            dx = dx + norm_back(two + "norm.gamma", dg, norm_2)
            dy = _split(dense(one + "attention.out.W", dx, y), d // n_heads)
            dv = weights.transpose(0, 1, 3, 2) @ dy
            dweights = dy @ v.transpose(0, 1, 3, 2)
            mean = np.sum(dweights * weights, axis=-1, keepdims=True)
            dscores = weights * (dweights - mean) / np.sqrt(q.shape[-1])
            dq = dscores @ k
            dk = dscores.transpose(0, 1, 3, 2) @ q
            n, _, t, d_head = dk.shape
            dk, dv = (
                np.sum(part.reshape(n, n_kv_heads, -1, t, d_head), axis=2) for part in (dk, dv)
            )
            dq, dk = dq * cos - _half_turn(dq) * sin, dk * cos - _half_turn(dk) * sin
            parts = zip("qkv", (dq, dk, dv), strict=True)
            dh = sum(dense(f"{one}attention.{part}.W", _merge(dy), h) for part, dy in parts)
            dx = dx + norm_back(one + "norm.gamma", dh, norm_1)
        np.add.at(grads["tokens.W"], ids, dx)
        return grads


def _cos_sin(context: int, d_head: int) -> tuple[Array, Array]:
    frequencies = BASE ** (-np.arange(0, d_head, 2) / d_head)
    angles = np.tile(np.outer(np.arange(context), frequencies), 2)
    return np.cos(angles), np.sin(angles)


def _half_turn(x: Array) -> Array:
    one, other = np.split(x, 2, axis=-1)
    return np.concatenate([-other, one], axis=-1)


def _norm(x: Array, gamma: Array) -> tuple[Array, tuple[Array, Array]]:
    rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + EPS)
    return gamma * x / rms, (x / rms, rms)


def _split(x: Array, d_head: int) -> Array:
    n, t, d = x.shape
    return x.reshape(n, t, d // d_head, d_head).transpose(0, 2, 1, 3)


def _merge(x: Array) -> Array:
    n, n_heads, t, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(n, t, n_heads * d)
