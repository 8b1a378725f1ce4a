"""Every operation against what a machine thinks of: no fault, and only documented answers."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

EXAMPLES = 4
"""Of each operation and kind."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
ENDLESS = "/events"
ERASING = "delete"


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_operation_fails_whatever_it_is_asked(api, mode):
    headers = {"Authorization": f"Bearer {api.key}"}
    schema = schemathesis.openapi.from_url(f"{api.url}/openapi.json", headers=headers)
    asked = set[str]()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == ENDLESS or operation.method == ERASING:
            continue
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
            continue

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=20)

        holds()
        asked.add(operation.path)
    assert len(asked) >= 20
