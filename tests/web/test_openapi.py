"""The interface keeps to its own description, whatever is sent to it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.openapi.loaders import from_asgi

PATHS = {
    "/api/v1/feedback",
    "/api/v1/messages",
    "/api/v1/products",
    "/api/v1/products/{sku}",
    "/api/v1/tools",
    "/api/v1/vehicles/{code}/readings",
    "/files/{name}.png",
    "/files/{name}.{kind}",
    "/files/ready/{name}.{kind}",
    "/healthz",
    "/readyz",
    "/metrics",
}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_answer_is_as_described(app: FastAPI, path: str, mode: GenerationMode) -> None:
    schema = from_asgi("/openapi.json", app, headers={"Host": "localhost"})
    method = "POST" if path.endswith(("/feedback", "/messages", "/readings")) else "GET"
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (
        operation.query or operation.path_parameters or operation.body
    ):
        return

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Host": "localhost"})

    check()


async def test_the_description_is_complete(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert set(document["paths"]) == PATHS
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert all(answer["description"] for answer in operation["responses"].values())
