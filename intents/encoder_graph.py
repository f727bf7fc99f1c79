"""Writes the sentence encoder as an ONNX graph from its weights, as it is or in 8 bits."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save_model

from intents.encoder import DEEP, EPSILON, HEADS, LAYERS, MEANS, WIDTH

OPSET = 20
IR_VERSION = 9


@dataclass
class Graph:
    """Nodes and constants in the making; every method answers the name of its output."""

    weights: dict[str, NDArray[np.float32]]
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def constant(self, name: str, array: NDArray[Any]) -> str:
        """An array by its name."""
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name: str) -> str:
        """One of the weights by its name."""
        return self.constant(name, self.weights[name])

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """One operation."""
        out = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def dense(self, name: str, value: str) -> str:
        """A product with a weight, and its bias."""
        turned = self.constant(f"{name}.turned", self.weights[f"{name}.weight"].T)
        return self.add("Add", self.add("MatMul", value, turned), self.weight(f"{name}.bias"))

    def norm(self, name: str, value: str) -> str:
        """A layer normalisation (Ba, Kiros and Hinton 2016)."""
        return self.add(
            "LayerNormalization",
            value,
            self.weight(f"{name}.weight"),
            self.weight(f"{name}.bias"),
            axis=-1,
            epsilon=EPSILON,
        )


def write_graph(weights: dict[str, NDArray[np.float32]], target: Path, engine: str) -> None:
    """Write the encoder to ``target``; ``engine`` is ``fp32`` or ``int8`` (dynamic, per channel)."""
    save_graph(_model(weights), target, engine)


def save_graph(model: Any, target: Path, engine: str) -> None:
    """Write any graph as it is (``fp32``) or with 8-bit products (``int8``)."""
    if engine == "fp32":
        save_model(model, str(target))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnxruntime.quantization import QuantType, quantize_dynamic

        logging.disable(logging.WARNING)  # it advises a preparation that dynamic quantising has no use for
        try:
            quantize_dynamic(model, str(target), per_channel=True, weight_type=QuantType.QInt8)
        finally:
            logging.disable(logging.NOTSET)


def _model(weights: dict[str, NDArray[np.float32]]) -> Any:
    graph = Graph(weights)
    layers = transform(graph, graph.norm("embeddings.LayerNorm", word_vectors(graph)))
    _pool(graph, layers)
    shape = ["rows", "length"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "mask")]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", width])
        for name, width in (("sentence", WIDTH), ("deep", DEEP))
    ]
    body = helper.make_graph(graph.nodes, "encoder", inputs, outputs, list(graph.constants.values()))
    return helper.make_model(
        body,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="quartermaster",
    )


def transform(graph: Graph, hidden: str) -> list[str]:
    """The input of the first layer and the output of each; reads the graph's input ``mask``."""
    away = _mask(graph)
    layers = [hidden]
    for layer in range(LAYERS):
        layers.append(_layer(graph, f"encoder.layer.{layer}", layers[-1], away))
    return layers


def word_vectors(graph: Graph) -> str:
    """Words and places of the graph's input ``ids``, summed, before they are scaled."""
    # The first kind of token is the only one used, so it is folded into the positions.
    positions = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "ids")
    length = graph.add("Slice", graph.add("Shape", "ids"), _number(graph, 1), _number(graph, 2))
    places = graph.add(
        "Slice", graph.constant("positions", positions), _number(graph, 0), length, _number(graph, 0)
    )
    return graph.add("Add", words, places)


def _number(graph: Graph, value: int) -> str:
    return graph.constant(f"whole_{value}", np.array([value], np.int64))


def _mask(graph: Graph) -> str:
    kept = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    off = graph.add("Sub", graph.constant("one", np.array(1, np.float32)), kept)
    scaled = graph.add("Mul", off, graph.constant("far", np.array(-1e9, np.float32)))
    return graph.add("Unsqueeze", scaled, graph.constant("head_axes", np.array([1, 2], np.int64)))


def _layer(graph: Graph, name: str, hidden: str, away: str) -> str:
    attended = _attend(graph, name, hidden, away)
    added = graph.add("Add", hidden, graph.dense(f"{name}.attention.output.dense", attended))
    middle = graph.norm(f"{name}.attention.output.LayerNorm", added)
    inner = graph.add("Gelu", graph.dense(f"{name}.intermediate.dense", middle))
    return graph.norm(
        f"{name}.output.LayerNorm", graph.add("Add", middle, graph.dense(f"{name}.output.dense", inner))
    )


def _attend(graph: Graph, name: str, hidden: str, away: str) -> str:
    width = WIDTH // HEADS
    split = graph.constant("split", np.array([0, 0, HEADS, width], np.int64))

    def heads(part: str, order: list[int]) -> str:
        flat = graph.dense(f"{name}.attention.self.{part}", hidden)
        return graph.add("Transpose", graph.add("Reshape", flat, split), perm=order)

    products = graph.add("MatMul", heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]))
    scaled = graph.add("Mul", products, graph.constant("scale", np.array(width**-0.5, np.float32)))
    shares = graph.add("Softmax", graph.add("Add", scaled, away), axis=-1)
    mixed = graph.add("MatMul", shares, heads("value", [0, 2, 1, 3]))
    joined = graph.constant("joined", np.array([0, 0, WIDTH], np.int64))
    return graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), joined)


def _pool(graph: Graph, layers: list[str]) -> None:
    kept = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    wide = graph.add("Unsqueeze", kept, _number(graph, 2))
    count = graph.add("ReduceSum", kept, _number(graph, 1), keepdims=1)
    means = [
        graph.add(
            "Div",
            graph.add("ReduceSum", graph.add("Mul", layers[at], wide), _number(graph, 1), keepdims=0),
            count,
        )
        for at in MEANS
    ]
    off = graph.add("Sub", graph.constant("one", np.array(1, np.float32)), wide)
    away = graph.add("Mul", off, graph.constant("off", np.array(-100, np.float32)))
    largest = graph.add("ReduceMax", graph.add("Add", layers[-1], away), _number(graph, 1), keepdims=0)
    graph.nodes.append(helper.make_node("Concat", [*means, largest], ["deep"], name="deep", axis=1))
    length = graph.add("ReduceL2", means[-1], _number(graph, 1), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [means[-1], length], ["sentence"], name="sentence"))
