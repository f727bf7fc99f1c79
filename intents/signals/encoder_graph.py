"""Writes the adapted encoder as an ONNX graph: words in, what a text and each of its pieces says out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from intents.encoder_graph import IR_VERSION, OPSET, Graph, save_graph, transform, word_vectors
from intents.signals.adapter import KNOWN


def write_signal_graph(weights: dict[str, NDArray[np.float32]], target: Path, engine: str) -> None:
    """Write the graph of these merged weights; ``engine`` is ``fp32`` or ``int8``.

    Inputs ``ids``, ``mask`` and ``known`` (how much each piece is a word of the catalogue); outputs
    ``text`` and ``token``, one number for each ending, before the logistic function.
    """
    graph = Graph(weights)
    axis = graph.constant("last", np.array([2], np.int64))
    known = graph.add("Mul", graph.add("Unsqueeze", "known", axis), graph.weight(KNOWN))
    words = graph.add("Add", word_vectors(graph), known)
    last = transform(graph, graph.norm("embeddings.LayerNorm", words))[-1]
    _end(graph, "text", _pooled(graph, last, axis))
    _end(graph, "token", last)
    shape = ["rows", "length"]
    kinds = (("ids", TensorProto.INT64), ("mask", TensorProto.INT64), ("known", TensorProto.FLOAT))
    inputs = [helper.make_tensor_value_info(name, kind, shape) for name, kind in kinds]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [*places, len(weights[f"{name}.bias"])])
        for name, places in (("text", shape[:1]), ("token", shape))
    ]
    body = helper.make_graph(graph.nodes, "signals", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", OPSET)]
    model: Any = helper.make_model(
        body, opset_imports=opsets, ir_version=IR_VERSION, producer_name="quartermaster"
    )
    save_graph(model, target, engine)


def _pooled(graph: Graph, last: str, axis: str) -> str:
    """The mean of the pieces and their largest values."""
    one = graph.constant("places", np.array([1], np.int64))
    kept = graph.add("Unsqueeze", graph.add("Cast", "mask", to=TensorProto.FLOAT), axis)
    total = graph.add("ReduceSum", graph.add("Mul", last, kept), one, keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", kept, one, keepdims=0))
    away = graph.add("Mul", graph.add("Sub", graph.constant("whole", np.array(1, np.float32)), kept),
                     graph.constant("below", np.array(-100, np.float32)))  # fmt: skip
    largest = graph.add("ReduceMax", graph.add("Add", last, away), one, keepdims=0)
    return graph.add("Concat", mean, largest, axis=1)


def _end(graph: Graph, name: str, value: str) -> None:
    turned = graph.constant(f"{name}.turned", graph.weights[f"{name}.weight"].T)
    product = graph.add("MatMul", value, turned)
    graph.nodes.append(helper.make_node("Add", [product, graph.weight(f"{name}.bias")], [name], name=name))
