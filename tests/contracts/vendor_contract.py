"""A vendor's OpenAPI document, held against real requests and answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FOLDER = Path(__file__).parent


class Contract:
    """One of the documents in this folder."""

    def __init__(self, name: str) -> None:
        self.document = json.loads((FOLDER / f"{name}.json").read_text())
        self.uri = f"urn:{name}"
        resource = Resource(contents=self.document, specification=DRAFT4)
        self.registry = Registry().with_resource(self.uri, resource)
        self._validators: dict[str, OAS30Validator] = {}

    @property
    def paths(self) -> list[str]:
        return list(self.document["paths"])

    def parameters(self, path: str) -> dict[str, dict[str, Any]]:
        """By name, those of the path itself left out."""
        found = self.document["paths"][path]["get"]["parameters"]
        return {parameter["name"]: parameter for parameter in found if parameter["in"] != "path"}

    def path_of(self, url_path: str) -> str:
        """The contract's path of an address. Raises KeyError for one that the contract does not have."""
        for path in sorted(self.paths, key=lambda path: path.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), url_path):
                return path
        raise KeyError(f"{url_path} is not in the contract")

    def request_problems(self, path: str, query: list[tuple[str, str]], headers: dict[str, str]) -> list[str]:
        """What the contract has against these parameters."""
        known = self.parameters(path)
        problems = [f"{name} is no parameter of {path}" for name, _ in query if name not in known]
        given = [*query, *headers.items()]
        for name, parameter in known.items():
            values = [value for key, value in given if key == name]
            if parameter.get("required") and not values:
                problems.append(f"{name} is required by {path}")
            for value in values:
                problems += self._problems(parameter["schema"], _as_typed(value, parameter["schema"]), name)
        return problems

    def response_problems(self, path: str, status: int, body: Any) -> list[str]:
        responses = self.document["paths"][path]["get"]["responses"]
        key = str(status) if str(status) in responses else "default"
        if key not in responses:
            return [f"{path} never answers {status}"]
        pointer = "/".join(
            part.replace("~", "~0").replace("/", "~1") for part in ("paths", path, "get", "responses", key)
        )
        return self._problems({"$ref": f"{self.uri}#/{pointer}/content/application~1json/schema"}, body, path)

    def object_problems(self, schema: str, body: Any) -> list[str]:
        return self._problems({"$ref": f"{self.uri}#/components/schemas/{schema}"}, body, schema)

    def unknown_fields(self, schema: str, body: dict[str, Any]) -> set[str]:
        return set(body) - set(self.document["components"]["schemas"][schema]["properties"])

    def _problems(self, schema: dict[str, Any], body: Any, where: str) -> list[str]:
        key = json.dumps(schema)
        if key not in self._validators:
            self._validators[key] = OAS30Validator(schema, registry=self.registry, format_checker=oas30_format_checker)
        found = self._validators[key].iter_errors(body)
        return [f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def _as_typed(value: str, schema: dict[str, Any]) -> Any:
    """A query parameter is text: read as what the contract says it is, if it can be."""
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return [value] if kind == "array" else value
