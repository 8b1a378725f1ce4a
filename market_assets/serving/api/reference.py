"""The OpenAPI document as one page of HTML for people; no script, nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page needs its own style and nothing else."""
METHODS = ("get", "post", "delete")
STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882 }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem }
h1 { margin: 0 } h2 { margin: 2rem 0 .5rem; font-size: 1.15rem }
nav a { margin-right: .8rem } code, pre { font: 13px/1.45 ui-monospace, monospace }
pre { background: var(--soft); padding: .7rem; overflow: auto; border-radius: 6px }
details { border: 1px solid var(--line); border-radius: 6px; margin: .35rem 0;
  padding: .4rem .7rem }
summary { cursor: pointer } summary b + code { font-weight: 600; margin-right: .8rem }
summary b { display: inline-block; width: 4.2rem; font-size: 12px }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: 14px }
td, th { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0;
  border-bottom: 1px solid var(--line) }
"""


def page(document: Mapping[str, Any]) -> str:
    """``document`` (OpenAPI 3.1) for a browser: each operation, what it takes, an example of it."""
    info = document["info"]
    schemas = document["components"]["schemas"]
    tags: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                told = _operation(path, method, operation, schemas)
                tags.setdefault(operation["tags"][0], []).append(told)
    links = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in tags)
    subjects = "".join(
        f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(operations)}'
        for tag, operations in tags.items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(info['title'])}</title>"
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
        f"<p>{escape(info['description'])}</p>"
        "<p>Every request takes a key, which <code>market-assets keys create NAME</code> makes: "
        "<code>Authorization: Bearer KEY</code>, or in a browser as the password. "
        'Machines read <a href="/openapi.json">openapi.json</a>.</p>'
        f"<nav>{links}</nav>{subjects}</html>"
    )


def _operation(
    path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> str:
    parameters = operation.get("parameters", [])
    address = _example_address(path, parameters)
    tried = f'<p><a href="{escape(address)}"><code>{escape(address)}</code></a></p>'
    rows = "".join(_parameter(parameter, schemas) for parameter in parameters)
    table = f"<table><tr><th>parameter<th>value<th>meaning</tr>{rows}</table>" if rows else ""
    good = next(iter(operation["responses"].values()))
    example = next(iter(good["content"].values()))["example"]
    if not isinstance(example, str):
        example = json.dumps(example, indent=1, ensure_ascii=False)
    first, _, _ = operation.get("description", operation["summary"]).partition("\n")
    said = re.sub("``(.+?)``", r"<code>\1</code>", escape(first))
    return (
        f"<details><summary><b>{method.upper()}</b><code>{escape(path)}</code>{said}</summary>"
        f'<div id="{escape(operation["operationId"])}">{tried if method == "get" else ""}{table}'
        f"<pre>{escape(example)}</pre><p>Answers: {', '.join(_answers(operation))}</p>"
        "</div></details>"
    )


def _answers(operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        yield f'<abbr title="{escape(answer.get("description", ""))}">{escape(status)}</abbr>'


def _parameter(parameter: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    values = _values(schema, schemas)
    if "default" in schema:
        values += f", else {schema['default']}"
    elif not parameter["required"]:
        values += ", optional"
    cells = (values, parameter.get("description", ""))
    told = "".join(f"<td>{escape(cell)}" for cell in cells)
    return f"<tr><td><code>{escape(parameter['name'])}</code>{told}</tr>"


def _values(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a parameter may be, in words."""
    if reference := schema.get("$ref"):
        return _values(schemas[reference.rpartition("/")[2]], schemas)
    if choices := schema.get("anyOf"):
        given = next(choice for choice in choices if choice.get("type") != "null")
        return _values(given, schemas)
    if among := schema.get("enum"):
        return " | ".join(map(str, among))
    return schema.get("format", schema.get("type", "text"))


def _example_address(path: str, parameters: list[Mapping[str, Any]]) -> str:
    query: list[str] = []
    for parameter in parameters:
        examples = parameter["schema"].get("examples")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(examples[0]))
        elif parameter["required"]:
            query.append(f"{parameter['name']}={examples[0]}")
    return f"{path}?{'&'.join(query)}" if query else path
