"""Llamas from the files of Hugging Face, beside the transformers library."""

import copy
import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from benchmarks import llama_loading
from benchmarks.memory import peak
from nnlib.descent import cross_entropy
from nnlib.modern import Llama
from nnlib.shapes import ShapeError
from nnlib.training import Adam

# Made by tests/fixtures/make_llamas.py with transformers 5.23.0.
LLAMAS = Path(__file__).parent / "fixtures" / "llamas"
EXPECTED = np.load(LLAMAS / "expected.npz")
IDS = EXPECTED["ids"]
PLAIN = LLAMAS / "plain" / "model.safetensors"
CONFIGS = {
    name: json.loads((LLAMAS / name / "config.json").read_text(encoding="utf-8"))
    for name in ("smollm2", "llama3", "linear", "plain")
}

each = pytest.mark.parametrize("name", CONFIGS)


def assert_same_scores(model, name, atol=1e-4):
    np.testing.assert_allclose(model.predict(IDS), EXPECTED[name], atol=atol)


@pytest.fixture
def changed(tmp_path):
    """Writes one of the Llamas with another config.json; keys with None are left out."""

    def write(name="plain", **changes):
        shutil.rmtree(tmp_path)
        shutil.copytree(LLAMAS / name, tmp_path)
        config = {k: v for k, v in (CONFIGS[name] | changes).items() if v is not None}
        (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def with_arrays(changed):
    """Writes the plain Llama with other arrays."""

    def write(change, **config):
        folder = changed(**config)
        arrays = {name: np.ascontiguousarray(a) for name, a in change(load_file(PLAIN)).items()}
        save_file(arrays, folder / "model.safetensors")
        return folder

    return write


def write_as(dtype, path, arrays):
    """A safetensors file by hand, since NumPy has no bfloat16."""
    entries, parts, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name, array in arrays.items():
        if dtype == "BF16":
            parts.append((array.astype(np.float32).view(np.uint32) >> 16).astype("<u2").tobytes())
        else:
            parts.append(array.astype({"F16": "<f2", "F32": "<f4", "F64": "<f8"}[dtype]).tobytes())
        start, end = end, end + len(parts[-1])
        entries[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [start, end]}
    header = json.dumps(entries).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"".join(parts))


@each
def test_a_llama_scores_as_transformers_does(name):
    model = Llama.from_llama(LLAMAS / name)
    assert_same_scores(model, name)
    np.testing.assert_allclose(model.forward(IDS), EXPECTED[name], atol=1e-4)
    for _, param, grad in model.named_params():
        assert param.dtype == grad.dtype == np.float32
        assert param.shape == grad.shape
        assert not grad.any()


def test_the_path_is_a_file_or_an_index_or_their_folder():
    for name in ("plain", "llama3"):
        file = "model.safetensors" + ".index.json" * (name == "llama3")
        assert_same_scores(Llama.from_llama(LLAMAS / name / file), name)
        assert_same_scores(Llama.from_llama(str(LLAMAS / name / file)), name)


def older(config):
    """The configuration as transformers 4 wrote it."""
    rope = dict(config["rope_parameters"])
    theta, kind = rope.pop("rope_theta"), rope.pop("rope_type")
    scaling = {"type" if kind == "linear" else "rope_type": kind, **rope}
    scaling = None if kind == "default" else scaling
    new = ("rope_parameters", "dtype", "head_dim", "transformers_version")
    kept = {key: value for key, value in config.items() if key not in new}
    wide = {"head_dim": config["head_dim"]} if kind == "linear" else {}
    return (
        kept
        | wide
        | {
            "rope_theta": theta,
            "rope_scaling": scaling,
            "torch_dtype": config["dtype"],
            "transformers_version": "4.40.1",
            "rope_interleaved": False,
            "is_llama_config": True,
        }
    )


@each
def test_both_generations_of_the_configuration_are_read(changed, name):
    folder = changed(name)
    text = json.dumps(older(CONFIGS[name]))
    assert "rope_parameters" not in text
    (folder / "config.json").write_text(text, encoding="utf-8")
    model = Llama.from_llama(folder)
    np.testing.assert_array_equal(model.predict(IDS), Llama.from_llama(LLAMAS / name).predict(IDS))


def test_what_a_configuration_leaves_out_is_as_in_transformers(changed):
    """No base, no eps, no number of key heads: 10000, 1e-6, and as many as there are heads."""
    left_out = dict.fromkeys(["rope_parameters", "rms_norm_eps", "head_dim", "attention_bias"])
    assert_same_scores(Llama.from_llama(changed(**left_out)), "plain")
    without = changed("llama3", num_key_value_heads=None, tie_word_embeddings=None)
    assert_same_scores(Llama.from_llama(without), "llama3")


def test_the_context_is_that_of_the_configuration(changed):
    model = Llama.from_llama(changed(max_position_embeddings=7))
    assert model.context == 7
    with pytest.raises(ValueError, match="at most 7 in all"):
        model.predict(IDS)


@pytest.mark.parametrize("change", ["bases", "scaling", "eps", "heads"])
def test_each_of_these_keys_changes_the_scores(changed, change):
    name, other = {
        "bases": ("plain", {"rope_parameters": {"rope_theta": 500.0}}),
        "scaling": ("llama3", {"rope_parameters": {"rope_theta": 500000.0}}),
        "eps": ("plain", {"rms_norm_eps": 1e-1}),
        "heads": ("llama3", {"num_attention_heads": 6, "num_key_value_heads": 6, "head_dim": 2}),
    }[change]
    scores = Llama.from_llama(changed(name, **other)).predict(IDS)
    assert np.abs(scores - EXPECTED[name]).max() > 1e-3


# How the numbers are stored


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16", "BF16"])
def test_every_type_becomes_float32(changed, dtype):
    folder = changed()
    arrays = load_file(PLAIN)
    write_as(dtype, folder / "model.safetensors", arrays)
    model = Llama.from_llama(folder)
    exact = {name: array for name, array, _ in Llama.from_llama(PLAIN).named_params()}
    for name, param, _ in model.named_params():
        want = exact[name]
        if dtype == "F16":
            want = want.astype(np.float16).astype(np.float32)
        elif dtype == "BF16":
            want = (want.view(np.uint32) & 0xFFFF0000).view(np.float32)
        np.testing.assert_array_equal(param, want)
        assert param.dtype == np.float32
    assert_same_scores(model, "plain", atol={"F16": 0.05, "BF16": 0.3}.get(dtype, 1e-4))


def test_bfloat16_has_infinities_and_the_smallest_numbers_too(changed):
    folder = changed()
    arrays = load_file(PLAIN)
    odd = np.array([np.inf, -np.inf, np.nan, 1e-40, -0.0, 3e38], dtype=np.float32)
    arrays["model.norm.weight"][:6] = odd
    write_as("BF16", folder / "model.safetensors", arrays)
    gamma = Llama.from_llama(folder).norm.params["gamma"][:6]
    np.testing.assert_allclose(gamma, odd, rtol=0.1)
    assert np.signbit(gamma[4])


def test_a_long_array_is_read_whole(tmp_path):
    """Longer than what is read at a time."""
    config = llama_loading.SMOLLM2 | {"num_hidden_layers": 1, "vocab_size": 1000}
    path = llama_loading.write(tmp_path, config)
    model = Llama.from_llama(path)
    data = path.read_bytes()[-2 * 1536 * 576 :]
    down = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    got = model.blocks[0]["think"]["swiglu"].down.params["W"]
    np.testing.assert_array_equal(got, down.reshape(576, 1536))


def test_neither_safetensors_nor_ml_dtypes_is_needed(monkeypatch):
    for package in ("safetensors", "safetensors.numpy", "ml_dtypes"):
        monkeypatch.setitem(sys.modules, package, None)
    assert_same_scores(Llama.from_llama(LLAMAS / "smollm2"), "smollm2")


def test_loading_takes_little_more_memory_than_the_weights(tmp_path):
    config = llama_loading.SMOLLM2 | {"num_hidden_layers": 2, "vocab_size": 5000}
    path = llama_loading.write(tmp_path, config)
    n = sum(np.prod(shape) for shape in llama_loading.shapes(config).values())
    assert n > 9e6
    assert peak(lambda: Llama.from_llama(path)) <= 1.3 * 4 * n


def test_a_llama_writes_and_can_be_trained_further(rng):
    model = Llama.from_llama(PLAIN)
    ids = IDS[:, :20]
    assert len(model.generate(ids[0].tolist(), 3, rng=rng)) == 23
    losses = []
    for _ in range(5):
        model.zero_grads()
        loss, dlogits = cross_entropy(model.forward(ids[:, :-1]), ids[:, 1:])
        losses.append(loss)
        model.backward(dlogits)
        Adam(lr=0.01).step(model)
    assert losses[-1] < losses[0]
    assert_same_scores(Llama.from_llama(PLAIN), "plain")


def test_a_llama_from_a_file_has_the_gradients_of_one_that_was_made(rng):
    model = Llama.from_llama(LLAMAS / "linear")
    frequencies = 10000.0 ** (-np.arange(0, 6, 2) / 6) / 2.5
    rest = {"tied": False, "eps": 1e-6, "d_head": 6, "bias": True, "frequencies": frequencies}
    made = Llama(23, 12, 4, 2, 2, 20, rng=rng, **rest).astype(np.float32)
    for (name, ours, _), (same, param, _) in zip(
        made.named_params(), model.named_params(), strict=True
    ):
        assert name == same
        ours[...] = param
    untouched = copy.deepcopy(model)
    dlogits = rng.normal(size=(*IDS.shape, 23)).astype(np.float32)
    for one in (made, model):
        one.forward(IDS)
        one.backward(dlogits)
    for ours, theirs, none in zip(
        *(m.named_params() for m in (made, model, untouched)), strict=True
    ):
        np.testing.assert_allclose(ours[2], theirs[2], rtol=1e-4, atol=1e-4, err_msg=ours[0])
        assert theirs[2].any()
        assert not none[2].any()


# What is refused


def test_a_head_is_where_the_configuration_says(with_arrays):
    table = load_file(PLAIN)["model.embed_tokens.weight"]
    same = with_arrays(lambda arrays: arrays | {"lm_head.weight": table})
    assert_same_scores(Llama.from_llama(same), "plain")
    assert Llama.from_llama(same).head is None
    untied = with_arrays(
        lambda arrays: arrays | {"lm_head.weight": table}, tie_word_embeddings=False
    )
    assert_same_scores(Llama.from_llama(untied), "plain")
    assert Llama.from_llama(untied).head is not None
    other = with_arrays(lambda arrays: arrays | {"lm_head.weight": table + 1})
    with pytest.raises(ValueError, match=r"has lm_head\.weight, which is not .*tie_word_emb"):
        Llama.from_llama(other)
    with pytest.raises(ValueError, match=r"has no lm_head\.weight, so it is no whole Llama"):
        Llama.from_llama(with_arrays(dict, tie_word_embeddings=False))
    assert_same_scores(Llama.from_llama(with_arrays(dict, tie_word_embeddings=None)), "plain")


UNSUPPORTED = {
    "model_type": "mistral",
    "hidden_act": "gelu",
    "mlp_bias": True,
    "rope_interleaved": True,
    "partial_rotary_factor": 0.5,
    "sliding_window": 8,
    "attention_chunk_size": 8,
    "pruned_heads": {"0": [1]},
    "quantization_config": {"quant_method": "fp8"},
    "embedding_multiplier": 12.0,
    "attention_multiplier": 0.5,
    "residual_multiplier": 0.5,
    "logits_scaling": 8,
    "attn_logit_softcapping": 50.0,
    "final_logit_softcapping": 30.0,
    "clip_qkv": 8.0,
    "use_qk_norm": True,
    "layer_types": ["full_attention", "sliding_attention"],
    "rope_parameters": {"rope_type": "yarn", "factor": 2.0, "rope_theta": 1e4},
    "rope_scaling": {"type": "dynamic", "factor": 2.0},
}


@pytest.mark.parametrize("key", UNSUPPORTED)
def test_a_key_that_changes_the_numbers_is_refused_by_name(changed, key):
    folder = changed(**{key: UNSUPPORTED[key]})
    with pytest.raises(ValueError, match=rf"^from_llama: .*config\.json has .*\b{key}\b"):
        Llama.from_llama(folder)


@pytest.mark.parametrize("kind", ["yarn", "longrope", "dynamic", "proportional", "su", "mrope"])
def test_other_kinds_of_rotary_scaling_are_refused_by_name(changed, kind):
    for key in ("rope_type", "type"):
        folder = changed(rope_parameters=None, rope_scaling={key: kind, "factor": 2.0})
        with pytest.raises(ValueError, match=rf"has rope_scaling .*'{kind}'.*not supported"):
            Llama.from_llama(folder)


def test_a_part_of_the_features_turned_is_refused(changed):
    folder = changed(rope_parameters={"rope_theta": 1e4, "partial_rotary_factor": 0.5})
    with pytest.raises(ValueError, match=r"partial_rotary_factor.*for all features"):
        Llama.from_llama(folder)
    folder = changed(rope_parameters={"full_attention": {"rope_theta": 5e5}})
    with pytest.raises(ValueError, match=r"full_attention.*the same in all layers"):
        Llama.from_llama(folder)


def test_keys_that_change_nothing_here_are_passed_over(changed):
    other = {"attention_dropout": 0.1, "pretraining_tp": 4, "use_cache": False, "top_k": 50}
    neutral = {"hidden_act": "swish", "layer_types": ["full_attention"] * 2, "logits_scaling": 1.0}
    assert_same_scores(Llama.from_llama(changed(**other, **neutral)), "plain")


@pytest.mark.parametrize("key", ["factor", "low_freq_factor", "high_freq_factor"])
def test_scaling_without_its_numbers_is_refused(changed, key):
    rope = {k: v for k, v in CONFIGS["llama3"]["rope_parameters"].items() if k != key}
    with pytest.raises(ValueError, match=rf"has rope_parameters without '{key}'"):
        Llama.from_llama(changed("llama3", rope_parameters=rope))


@pytest.mark.parametrize("key", ["vocab_size", "hidden_size", "num_attention_heads"])
def test_a_configuration_without_a_size_is_refused(changed, key):
    for value in (None, 0, "12"):
        with pytest.raises(ValueError, match=rf"json has {key} {value!r}, expected a number"):
            Llama.from_llama(changed(**{key: value}))


@pytest.mark.parametrize("text", ["{", "[]", "", "7"])
def test_what_is_no_configuration_is_refused(changed, text):
    folder = changed()
    (folder / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"config\.json is no config"):
        Llama.from_llama(folder)


@pytest.mark.parametrize("name", list(load_file(PLAIN)))
def test_a_missing_array_is_named(with_arrays, name):
    folder = with_arrays(lambda arrays: {n: a for n, a in arrays.items() if n != name})
    with pytest.raises(ValueError, match=rf"has no {re.escape(name)}, so it is no whole Llama"):
        Llama.from_llama(folder)


@pytest.mark.parametrize("name", ["mlp.gate_proj.bias", "self_attn.q_norm.weight", "mlp.x_scale"])
def test_an_array_of_another_model_is_named(with_arrays, name):
    name = f"model.layers.1.{name}"
    folder = with_arrays(lambda arrays: arrays | {name: np.ones(12, np.float32)})
    with pytest.raises(ValueError, match=rf"has {name}, which a Llama with this config\.json"):
        Llama.from_llama(folder)


def test_the_frequencies_in_older_files_are_passed_over(with_arrays):
    frequencies = {
        f"model.layers.{i}.self_attn.rotary_emb.inv_freq": np.ones(3, np.float32) for i in (0, 1)
    }
    assert_same_scores(Llama.from_llama(with_arrays(lambda arrays: arrays | frequencies)), "plain")


def test_an_array_of_another_shape_is_named(with_arrays):
    name = "model.layers.1.mlp.up_proj.weight"
    folder = with_arrays(lambda arrays: arrays | {name: arrays[name].T})
    with pytest.raises(ShapeError, match=rf"{name} has shape \(12, 20\), expected \(20, 12\)"):
        Llama.from_llama(folder)


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "I8", "F4"])
def test_quantised_weights_are_refused_by_name(changed, dtype):
    folder = changed()
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes().replace(b'"dtype":"F32"', f'"dtype":"{dtype}"'.encode(), 1))
    length = int.from_bytes(path.read_bytes()[:8], "little") + len(dtype) - 3
    path.write_bytes(length.to_bytes(8, "little") + path.read_bytes()[8:])
    with pytest.raises(ValueError, match=rf"has model\..* as {dtype}, which is not supported"):
        Llama.from_llama(folder)


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b"",
        lambda b: b"PK not this",
        lambda b: b[:-100],
        lambda b: b[:200],
        lambda b: b"\x02" + bytes(7) + b"[]",
        lambda b: b.replace(b"data_offsets", b"data_offsetz"),
        lambda b: b.replace(b"[23,12]", b"[23,13]"),
    ],
)
def test_what_is_no_safetensors_file_is_refused_by_name(changed, damage):
    path = changed() / "model.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"model\.safetensors is no safetensors file, or damaged"):
        Llama.from_llama(path)


def test_a_missing_file_is_named_with_what_to_do(changed, tmp_path):
    for path in (tmp_path, tmp_path / "model.safetensors", tmp_path / "nothing"):
        with pytest.raises(FileNotFoundError, match=r"from_llama: there is no file .*download"):
            Llama.from_llama(path)
    folder = changed("linear")
    (folder / "model-00002-of-00003.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"no file .*model-00002-of-00003\.safetensors"):
        Llama.from_llama(folder)
    (changed() / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"no file .*config\.json.*download"):
        Llama.from_llama(folder / "model.safetensors")


def test_an_index_must_fit_its_files(changed):
    folder = changed("linear")
    path = folder / "model.safetensors.index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    index["weight_map"]["model.norm.weight"] = "model-00001-of-00003.safetensors"
    path.write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(ValueError, match=r"00001-of-00003\.safetensors has no model\.norm\.weight"):
        Llama.from_llama(folder)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"index\.json has no weight_map, so it is no index"):
        Llama.from_llama(folder)
