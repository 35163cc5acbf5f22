from __future__ import annotations

import shutil
from pathlib import Path

import mlc_style_library
import numpy as np
import pytest
from decoder_float64 import Decoder64
from mlc_folder import chat_config
from recording import RecordingObserver

from localloom_agent.engines.interface import EngineFault, ProbeRequest
from localloom_agent.engines.tvm import TvmEngine, library
from localloom_agent.engines.tvm.devices import Chosen, choose_device
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.taxonomy import Category, Phase


@pytest.fixture(scope="module")
def executable():
    return mlc_style_library.build(chat_config() | {"quantization": "q0f32"})


@pytest.fixture(scope="module")
def compiled(executable, tmp_path_factory) -> Path:
    """The library as a file; where no C compiler can link it, a stand-in that passes the checks of its file."""
    path = tmp_path_factory.mktemp("library") / "model.so"
    if any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        mlc_style_library.export(executable, path)
    else:
        path.write_bytes(b"no compiler")
    return path


@pytest.fixture(scope="module")
def model(make_folder) -> Path:
    return make_folder("q0f32", encoding="raw")


@pytest.fixture
def probe(model, compiled, executable, monkeypatch):
    """Probe the model with the library; without a C compiler, the executable is handed over in memory."""
    if compiled.stat().st_size < 1000:
        from localloom_agent.engines.tvm import engine, loading

        monkeypatch.setattr(engine, "check_library", lambda path: path.stat().st_size)
        monkeypatch.setattr(
            loading,
            "open_library",
            lambda path, device: library.read_library(executable.mod, path.name, device),
        )

    def run(folder=model, **options):
        observer, caught = RecordingObserver(), None
        request = ProbeRequest(
            "tvm", str(folder), device="cpu", max_tokens=12, options={"model_lib": str(compiled), **options}
        )
        try:
            TvmEngine().probe(request, observer)
        except EngineFault as fault:
            caught = fault
        assert caught is None or caught.facts.keys() <= FACT_NAMES
        return observer, caught

    return run


def test_a_library_generates_what_float64_does(probe, model):
    """A library in MLC's convention answers as the float64 pass over the same weights, and nothing is compiled."""
    observer, fault = probe()
    assert fault is None
    (report,) = observer.reports
    from localloom_agent.artifacts import open_folder
    from localloom_agent.engines.tvm.tokenizer import TextCodec

    ids = TextCodec(open_folder(model)).encode_chat("Hola, ¿funciona?")
    expected = Decoder64.from_folder(model).greedy(ids, 12, {2}).token_ids
    assert list(report.token_ids) == [token for token in expected if token != 2]
    assert "compiled already" in observer.skipped[Phase.COMPILE]
    assert Phase.COMPILE not in observer.phases()
    assert "open model library" in [span.name for span in observer.spans]


def test_a_librarys_logits_are_those_of_float64(executable, model):
    """Prefilling in steps and decoding give the logits of the float64 pass."""
    from localloom_agent.artifacts import open_folder
    from localloom_agent.engines.tvm.weights import load_parameters

    device = choose_device("cpu")
    opened = library.read_library(executable.mod, "in memory", device)
    names = [parameter["name"] for parameter in opened.parameters]
    tensors, _ = load_parameters(open_folder(model), names, device.handle, lambda _: None)
    session = library.LibrarySession.open(opened, device.handle, tensors, 128)
    session.chunk = 5
    ids = [1, 354, 201, 59, 298, 261, 511, 0, 2, 201, 351]
    expected = Decoder64.from_folder(model).logits(ids)
    for fed, logits in session.prefill(ids[:10]):
        assert np.abs(logits - expected[fed - 1]).max() <= 1e-5 * np.abs(expected).max()
    assert np.abs(session.decode(ids[10]) - expected[10]).max() <= 1e-5 * np.abs(expected).max()
    assert session.position == len(ids)


@pytest.mark.parametrize("function", ["decode", "create_tir_paged_kv_cache"])
def test_a_missing_function_is_named(function):
    """A library that lacks a function is artifact.incompatible, with its name, before anything is put on a device."""
    # The cache's kernels are most of the work: neither library has them.
    lacking = mlc_style_library.build(
        chat_config(num_hidden_layers=1), leave_out={function, "create_tir_paged_kv_cache"}
    )
    with pytest.raises(EngineFault) as caught:
        library.read_library(lacking.mod, "model.so", choose_device("cpu"))
    assert caught.value.category is Category.ARTIFACT_INCOMPATIBLE
    assert function in caught.value.facts["artifact.expected"]


def test_a_library_for_another_device_is_refused(executable):
    """A CPU's library on a GPU is artifact.incompatible: the runtime itself would say nothing."""
    with pytest.raises(EngineFault) as caught:
        library.read_library(executable.mod, "model.so", Chosen("cuda", 0, None, "a GPU"))
    assert caught.value.facts["artifact.expected"] == "code for cuda"
    assert caught.value.facts["artifact.actual"] == "code for cpu"


def test_a_library_of_another_model_is_refused(probe, make_folder):
    """A library that was compiled for other shapes is artifact.incompatible, with the first parameter that differs."""
    observer, fault = probe(make_folder("q0f32", intermediate_size=64))
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert "gate_up_proj" in fault.facts["artifact.expected"]
    assert observer.failed_phase() is Phase.LOAD


def test_a_narrow_context_holds_for_a_library_too(probe):
    """The option context_window bounds a library's cache."""
    _, fault = probe(context_window=8)
    assert fault.category is Category.GENERATE_CONTEXT_OVERFLOW
    assert fault.facts["context.window"] == 8


@pytest.mark.parametrize(
    ("wanted", "category"),
    [("/nowhere/model.so", Category.ARTIFACT_MODEL_NOT_FOUND), (7, Category.CONFIG_INVALID)],
)
def test_a_path_that_is_none_is_found_before_loading(wanted, category, model):
    """A library that is not there, and an option that is no path, end before the load phase."""
    observer = RecordingObserver()
    with pytest.raises(EngineFault) as caught:
        TvmEngine().probe(
            ProbeRequest("tvm", str(model), device="cpu", options={"model_lib": wanted}), observer
        )
    assert caught.value.category is category
    assert Phase.LOAD not in observer.phases()
