"""The HTTP interface's JSON, in and out.  What is not listed is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from connectors.chat.message import MAX_TEXT

# Control characters would end up in logs and file names.
NAME = r"^[^\u0000-\u001f\u007f]+$"


def speakable(value: Any) -> Any:
    """Text without what no database keeps: NUL becomes a space, half a character becomes U+FFFD."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", " ").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Words = Annotated[str, BeforeValidator(speakable), Field(min_length=1, max_length=MAX_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=NAME)]
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class Strict(BaseModel):
    """A model that knows all its fields."""

    model_config = ConfigDict(extra="forbid")


class Said(Strict):
    """Something said."""

    conversation: Name = Field(
        description="Your name for the conversation; what was said before is remembered in it."
    )
    user: Name | None = Field(
        default=None,
        description="Who speaks. Believed only on the server's own machine while it has no accounts.",
    )
    text: Words = Field(description="What is said, in plain words.", examples=["how many red mugs are left?"])
    id: Name | None = Field(
        default=None, description="Your id of this event; the header Idempotency-Key does the same."
    )


class Pressed(Strict):
    """A button pressed."""

    conversation: Name
    user: Name | None = None
    action: Name = Field(description="The id of an action that a reply offered.")
    id: Name | None = None


class ParseOut(BaseModel):
    """One request as it was understood."""

    intent: str
    confidence: float
    slots: dict[str, Any]


class ActionOut(BaseModel):
    """A button that can be pressed once."""

    id: str
    label: str
    style: str


class AttachmentOut(BaseModel):
    """A picture or paper that belongs to the reply; whoever may read the reply may fetch it.

    "text/uri-list" is a link elsewhere.
    """

    kind: Literal["image/png", "application/pdf", "text/csv", "application/gpx+xml", "text/uri-list"]
    title: str
    url: str


class ReplyOut(BaseModel):
    """An answer.  ``data`` carries every figure that ``text`` states."""

    conversation: str
    text: str
    parses: list[ParseOut]
    data: dict[str, Any]
    actions: list[ActionOut]
    attachments: list[AttachmentOut]


class LevelOut(BaseModel):
    """Stock at one place, in the product's unit.  ``location`` null: promised of no fixed place."""

    location: str | None
    on_hand: Number
    reserved: Number
    available: Number
    on_order: Number


class ProductOut(BaseModel):
    """One product with what is there of it.  ``unit_cost`` is null for those who may not see costs."""

    sku: str
    name: str
    category: str
    unit: str
    barcode: str
    price: Number | None
    unit_cost: Number | None
    supplier: str | None
    reorder_point: Number | None
    on_hand: Number
    reserved: Number
    available: Number
    on_order: Number


class ProductDetailOut(ProductOut):
    """One product, place by place."""

    aliases: list[str]
    pack_size: Number | None
    levels: list[LevelOut]


class ProductPageOut(BaseModel):
    """One page of products; ``total`` counts all pages."""

    page: int
    pages: int
    total: int
    products: list[ProductOut]


class ToolOut(BaseModel):
    """One thing that can be asked."""

    intent: str
    description: str
    slots: dict[str, str]
    required: list[str]
    example: str
    changes_something: bool
    available: bool


class HealthOut(BaseModel):
    """Whether it runs."""

    status: Literal["ok"]


class ReadyOut(BaseModel):
    """Whether it can answer: the books can be read, up to this stock move."""

    status: Literal["ready"]
    position: int


class ProblemOut(BaseModel):
    """What went wrong, in one sentence."""

    detail: str


class FieldProblem(BaseModel):
    """One thing that is wrong with a request."""

    where: str
    problem: str


class InvalidOut(ProblemOut):
    """What is wrong with a request."""

    errors: list[FieldProblem]


# What may come back instead of an answer, for the description of every route.
SHARED: dict[int | str, dict[str, Any]] = {
    400: {"model": ProblemOut, "description": "The request could not be read"},
    401: {"model": ProblemOut, "description": "Nobody is signed in"},
    403: {
        "model": ProblemOut,
        "description": "The role does not have the right, or it came from another site",
    },
    421: {"model": ProblemOut, "description": "Another host's name was asked for"},
    422: {"model": InvalidOut, "description": "Something about the request is wrong"},
    429: {"model": ProblemOut, "description": "Too many at once; Retry-After says when to come back"},
}
POSTED: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemOut, "description": "The id was used before, for something else"},
    413: {"model": ProblemOut, "description": "The request is too large"},
}
