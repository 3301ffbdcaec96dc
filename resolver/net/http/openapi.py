"""The REST interface described: an OpenAPI document, made from the models that bodies are checked against, and from
those of the answers.

The models say what shape a body has; what its octets mean is json_form.py's.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter, ValidationError

from resolver.net.http.door import MESSAGE_TYPE
from resolver.rules.rest import VALUES_MAX, Unacceptable

INDEX_MAX = 0xFFFF_FFFF
_REFERENCE = "#/components/schemas/{model}"
TEXT_MAX = 262_144

Index = Annotated[int, Field(ge=0, le=INDEX_MAX, strict=True)]


class ReferenceForm(BaseModel):
    """index:handle of a value elsewhere."""

    model_config = ConfigDict(extra="forbid")
    handle: Any
    index: Any


class DataForm(BaseModel):
    """Data, and how it is written down."""

    model_config = ConfigDict(extra="forbid")
    format: Literal["string", "base64", "hex", "admin", "vlist", "site", "key"]
    value: Any


class ValueForm(BaseModel):
    """One value of an identifier."""

    model_config = ConfigDict(extra="forbid")
    index: Index = Field(description="Place in the record, unique there.")
    type: Any = Field(description='Such as URL, EMAIL, HS_ADMIN: a text, or {"hex": …}.')
    data: Annotated[str, Field(max_length=TEXT_MAX)] | DataForm = Field(description="A text, or format and value.")
    permissions: Any = Field(default=None, description='admin read, admin write, public read, public write: "1110".')
    ttl: Any = Field(default=None, description="Seconds, or the moment at which it expires.")
    ttlType: Any = Field(default=None, description="Neither 0 nor 1.")
    timestamp: Any = Field(default=None, description="Taken, and set afresh by the server.")
    references: Any = Field(default=None, description="Values elsewhere that this one refers to.")


class RecordForm(BaseModel):
    """Values, and perhaps the handle once more."""

    model_config = ConfigDict(extra="forbid")
    values: Annotated[list[ValueForm], Field(max_length=VALUES_MAX)]
    handle: Any = Field(default=None, description="The one of the path.")
    responseCode: Any = Field(default=None, description="As an answer has it; not looked at.")


Body = RecordForm | Annotated[list[ValueForm], Field(max_length=VALUES_MAX)] | ValueForm
BODY: TypeAdapter[Body] = TypeAdapter(Body)


def checked(form: Any) -> Any:
    """A PUT's body as it came, if it has the shape. Unacceptable with the first key that is wrong."""
    model: Any = RecordForm if isinstance(form, dict) and "values" in form else ValueForm
    try:
        if isinstance(form, list):
            TypeAdapter(list[ValueForm]).validate_python(form[: VALUES_MAX + 1])
        else:
            model.model_validate(form)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unacceptable(f"{where}: {first['msg']}" if where else first["msg"]) from None
    return form


class HexForm(BaseModel):
    """A name that is no text."""

    hex: str


Name = str | HexForm


class ValueAnswer(BaseModel):
    """One value of an identifier, as it is kept."""

    index: Index
    type: Name
    data: DataForm
    permissions: str | None = Field(default=None, description='"1110" if it is not there.')
    ttl: int | str = Field(description="Seconds, or the moment at which it expires.")
    timestamp: str | None = Field(default=None, description="When it was written.")
    references: list[ReferenceForm] | None = None


class Response(BaseModel):
    """What an answer is, and all that one has that could not do as it was asked: a response code of the protocol."""

    responseCode: int
    message: str | None = None
    handle: Name | None = None
    values: list[ValueAnswer] | None = None


class RecordAnswer(Response):
    """A record, or what was done to one."""


class ListAnswer(Response):
    """Names."""

    totalCount: str = Field(description="A number, as text.")
    prefix: str | None = None
    page: Index | None = None
    pageSize: Index | None = None
    handles: list[Name] | None = None
    prefixes: list[Name] | None = None


class SiteAnswer(Response):
    """Addresses and keys of the servers here."""

    site: dict[str, Any]


class VerificationAnswer(Response):
    """Whether it was made with the secret key."""

    isValid: bool


class SessionAnswer(BaseModel):
    """A session. Its nonce is what a proof is made over."""

    sessionId: str
    nonce: str = Field(description="base64")
    authenticated: bool | None = None
    id: str | None = Field(default=None, description="index:handle of whoever has proven to be that.")
    serverAlg: str | None = None
    serverSignature: str | None = Field(default=None, description="base64, over nonce and cnonce, if cnonce was given.")


class FoundAnswer(RootModel[list[Name]]):
    """Names alone."""


ANSWERS = (Response, RecordAnswer, ListAnswer, SiteAnswer, VerificationAnswer, SessionAnswer, FoundAnswer)


def _parameter(name: str, text: str, schema: dict[str, Any] | None = None, *, where: str = "query") -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": text,
        "schema": schema or {"type": "string"},
    }


_MANY = {"type": "array", "items": {"type": "string"}}
_NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": INDEX_MAX}}
_COUNT = {"type": "integer", "minimum": 0, "maximum": INDEX_MAX}
_TRUTH = {"type": "string", "enum": ["true", "false"]}
_HANDLE = _parameter("handle", "prefix/suffix, percent-encoded; its slash may stand as it is.", where="path")
_COMMON = [
    _parameter("pretty", "Indent the answer.", _TRUTH),
    _parameter("callback", "Name of a function to call with the answer (JSONP)."),
]
_READ = [
    _parameter("type", "Only values of these types.", _MANY),
    _parameter("index", "Only values at these indexes.", _NUMBERS),
    _parameter("auth", "From the primary, not from a cache.", _TRUTH),
    _parameter("cert", "Signed by whoever answers for it.", _TRUTH),
    _parameter("publicOnly", "Only what everybody may read; true unless credentials are given.", _TRUTH),
    _parameter("doNotRefer", "No referral.", _TRUTH),
    *_COMMON,
]
_PAGES = [
    _parameter("page", "From 0.", _COUNT),
    _parameter("pageSize", "Names on a page.", _COUNT),
    *_COMMON,
]
# Every status that an operation may have; what the node says decides which (behaviour.md §4.2).
_STATUSES = {
    "200": "As asked, or no such values (code 200)",
    "201": "Created, and nothing was overwritten",
    "300": "Who knows more stands in the values",
    "400": "Not understood, or not here",
    "401": "Prove who you are",
    "403": "You may not",
    "404": "No such identifier",
    "405": "No such operation",
    "408": "The body did not come",
    "409": "It exists already",
    "413": "The body is too long",
    "500": "The server could not find out",
    "501": "Not served here",
    "503": "Busy: come again",
    "504": "The node did not answer",
}


def _content(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"application/json": {"schema": schema}, "application/javascript": {"schema": {"type": "string"}}}


def _operation(
    summary: str, parameters: list[dict[str, Any]], answer: type[BaseModel] = RecordAnswer, *, body: str = ""
) -> dict[str, Any]:
    """`body`: what a body is called, if the operation takes one."""
    responses: dict[str, Any] = {
        status: {"description": words, "content": _content(answer if status in ("200", "201") else Response)}
        for status, words in _STATUSES.items()
    }
    responses["401"]["description"] += "; no body if what was shown is wrong"
    operation: dict[str, Any] = {"summary": summary, "parameters": parameters, "responses": responses}
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


@cache
def document() -> str:
    """The OpenAPI document, as JSON."""
    schemas: dict[str, Any] = {}
    for name, schema in [("Body", BODY.json_schema(ref_template=_REFERENCE))] + [
        (model.__name__, model.model_json_schema(ref_template=_REFERENCE)) for model in ANSWERS
    ]:
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    write = [_parameter("index", "The values to write, as in the body.", _NUMBERS), *_COMMON]
    paths: dict[str, Any] = {
        "/api/handles/{handle}": {
            "parameters": [_HANDLE],
            "get": _operation("Resolve an identifier", _READ),
            "post": _operation("The same; what a form or a JSON object says counts as parameters", _READ),
            "put": _operation(
                "Create an identifier, or add values to it",
                [
                    _parameter("overwrite", "Whether what is there may be overwritten; true.", _TRUTH),
                    _parameter("mintNewSuffix", "Let the server choose the end of the name.", _TRUTH),
                    *write,
                ],
                body="Body",
            ),
            "delete": _operation("Delete an identifier, or values of it", write),
        },
        "/api/handles": {
            "get": _operation(
                "List the identifiers of a prefix", [_parameter("prefix", "Such as 88.118.8."), *_PAGES], ListAnswer
            )
        },
        "/api/prefixes": {"get": _operation("List the prefixes that are homed here", _PAGES, ListAnswer)},
        "/api/prefixes/{prefix}": {
            "parameters": [_parameter("prefix", "Such as 88.118.8.", where="path")],
            "post": _operation("Home a prefix here", _COMMON),
            "delete": _operation("Home it here no longer", _COMMON),
        },
        "/api/site": {"get": _operation("Who answers here", _COMMON, SiteAnswer)},
        "/api/verifications/{user}": {
            "parameters": [_parameter("user", "index:handle", where="path")],
            "get": _operation(
                "Whether a proof was made with a secret key that is kept here",
                [
                    *(_parameter(name, "base64") for name in ("nonce", "cnonce", "signature", "salt")),
                    _parameter("alg", "MD5, SHA1, SHA256, HmacSHA1, HmacSHA256 or PBKDF2WithHmacSHA1"),
                    *(_parameter(name, "of PBKDF2") for name in ("iterations", "length")),
                    *_COMMON,
                ],
                VerificationAnswer,
            ),
        },
        "/api/sessions": {"post": _operation("Begin a session (HTTPS)", _COMMON, SessionAnswer)},
        "/api/sessions/this": {
            "get": _operation("The session that Authorization names", _COMMON, SessionAnswer),
            "put": _operation("Prove who you are, as Authorization says", _COMMON, SessionAnswer),
            "post": _operation("The same", _COMMON, SessionAnswer),
            "delete": _operation("End it", _COMMON, SessionAnswer),
        },
        "/hrls/handles": {
            "get": _operation(
                "Which identifiers have such public values; every parameter is a value type",
                [
                    _parameter("URL", "What it is like: * stands for any text, ? for one character."),
                    _parameter("limit", "Names on a page.", _COUNT),
                    _parameter("page", "From 0.", _COUNT),
                ],
                FoundAnswer,
            )
        },
    }
    paths["/api/sessions/this"]["delete"]["responses"]["204"] = {"description": "It has ended"}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "biaoshi: identifiers by HTTP",
                "version": "1",
                "description": f"A POST of {MESSAGE_TYPE}, to any path, is a message of the protocol itself.",
            },
            "paths": paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {
                    "basic": {"type": "http", "scheme": "basic", "description": "index:handle, percent-encoded."},
                    "session": {
                        "type": "http",
                        "scheme": "Handle",
                        "description": "sessionId, and once id, type, cnonce, alg and signature, or clientCert.",
                    },
                },
            },
            "security": [{}, {"basic": []}, {"session": []}],
        },
        ensure_ascii=False,
    )
