"""``@tool``: one function in one file becomes one thing that the assistant can do."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import tools
from tools.kit.ask import Ask, Right
from tools.kit.reply import Missing, Refused, Result
from tools.kit.slots import Kind, slot_from_json

NOT_DOMAINS = frozenset({"kit", "store", "maths"})


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One parameter of a tool."""

    name: str
    kind: Kind
    required: bool


@dataclass(frozen=True, slots=True)
class Tool:
    """A thing that the assistant can do (or will: ``built`` is false until it can).

    ``needs_one_of`` names groups of slots of which at least one has to be there, ``details`` are what
    only buttons carry, ``hears`` the kinds of things that it reads in the words itself, beside its slots.
    """

    intent: str
    description: str
    slots: tuple[SlotSpec, ...]
    examples: tuple[str, ...]
    right: Right
    writes: bool
    needs_one_of: tuple[tuple[str, ...], ...]
    run: Callable[..., Result] | None
    details: tuple[SlotSpec, ...] = ()
    hears: tuple[Kind, ...] = ()

    @property
    def built(self) -> bool:
        """Whether it can be called already."""
        return self.run is not None

    @property
    def slot_kinds(self) -> dict[str, Kind]:
        """Slot name to kind, in the order of the signature."""
        return {slot.name: slot.kind for slot in self.slots}

    def missing(self, slots: Mapping[str, Any]) -> str | None:
        """The first slot that has to be asked for, or None."""
        for slot in self.slots:
            if slot.required and not _given(slots, slot.name):
                return slot.name
        for group in self.needs_one_of:
            if not any(_given(slots, name) for name in group):
                return group[0]
        return None

    def call(self, ask: Ask, slots: Mapping[str, Any]) -> Result:
        """Run it on contract JSON slots; unknown slots are left out, missing ones asked for."""
        if self.run is None:
            return Refused(f"I can't {self.description[0].lower()}{self.description[1:].rstrip('.')} yet.")
        missing = self.missing(slots)
        if missing is not None:
            return Missing(missing)
        try:
            values = {
                slot.name: slot_from_json(slot.kind, slots[slot.name])
                for slot in (*self.slots, *self.details)
                if _given(slots, slot.name)
            }
        except ValueError as error:
            return Refused(f"I can't use that: {error}.")
        return self.run(ask, **values)


_REGISTRY: dict[str, Tool] = {}


def tool(
    *,
    right: Right,
    writes: bool = False,
    needs_one_of: tuple[tuple[str, ...], ...] = (),
    hears: tuple[Kind, ...] = (),
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Register the decorated function as the tool that its file's path names.

    What people say to it stands in the text file of the same name beside it.

    Raises:
        TypeError: a parameter has no slot annotation, or an example names an unknown slot.
    """

    def register(function: Callable[..., Result]) -> Callable[..., Result]:
        _add(function, right, writes=writes, needs_one_of=needs_one_of, run=function, hears=hears)
        return function

    return register


def planned(
    *,
    right: Right,
    writes: bool = False,
    needs_one_of: tuple[tuple[str, ...], ...] = (),
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a tool that is understood but cannot be called yet: the assistant says so."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _add(function, right, writes=writes, needs_one_of=needs_one_of, run=None)
        return function

    return register


@cache
def all_tools() -> Mapping[str, Tool]:
    """Every tool by its intent, in alphabetical order.  Imports all tool files, once."""
    for domain in pkgutil.iter_modules(tools.__path__):
        if domain.ispkg and domain.name not in NOT_DOMAINS:
            package = importlib.import_module(f"tools.{domain.name}")
            for action in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"tools.{domain.name}.{action.name}")
    return types.MappingProxyType(dict(sorted(_REGISTRY.items())))


def _given(slots: Mapping[str, Any], name: str) -> bool:
    value = slots.get(name)
    return value is not None and value not in ("", [], ())


def _add(
    function: Callable[..., Any],
    right: Right,
    *,
    writes: bool,
    needs_one_of: tuple[tuple[str, ...], ...],
    run: Callable[..., Result] | None,
    hears: tuple[Kind, ...] = (),
) -> None:
    intent = function.__module__.removeprefix("tools.")
    every = _slot_specs(function, intent)
    specs = tuple(spec for spec in every if spec.kind is not Kind.DETAIL)
    known = {spec.name for spec in specs}
    examples = _examples(function.__module__)
    for example in examples:
        unknown = {part.split("}")[0] for part in example.split("{")[1:]} - known
        if unknown:
            raise TypeError(f"{intent}: example {example!r} names unknown slots {sorted(unknown)}")
    description = inspect.getdoc(function)
    if not description:
        raise TypeError(f"{intent}: the docstring is the description, and there is none")
    _REGISTRY[intent] = Tool(
        intent=intent,
        description=description.splitlines()[0],
        slots=specs,
        examples=examples,
        right=right,
        writes=writes,
        needs_one_of=needs_one_of,
        run=run,
        details=tuple(spec for spec in every if spec.kind is Kind.DETAIL),
        hears=hears,
    )


def _examples(module: str) -> tuple[str, ...]:
    """What people say to a tool: a sentence on each line of the text file beside it."""
    package, _, action = module.rpartition(".")
    text = files(package).joinpath(f"{action}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def _slot_specs(function: Callable[..., Any], intent: str) -> tuple[SlotSpec, ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return tuple(
        SlotSpec(
            name=parameter.name,
            kind=_kind_of(hints.get(parameter.name), f"{intent}({parameter.name})"),
            required=parameter.default is inspect.Parameter.empty,
        )
        for parameter in parameters
    )


def _kind_of(hint: Any, where: str) -> Kind:
    for part in (hint, *typing.get_args(hint)):
        for extra in getattr(part, "__metadata__", ()):
            if isinstance(extra, Kind):
                return extra
    raise TypeError(f"{where}: the annotation is no slot that anybody can read")
