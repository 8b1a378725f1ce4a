"""Every operation against what a machine thinks of: no fault, and only documented answers."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

EXAMPLES = 12

schema = schemathesis.pytest.from_fixture("described")


@pytest.fixture
def described(api):
    return schemathesis.openapi.from_url(
        f"{api.url}/openapi.json", headers={"Authorization": f"Bearer {api.key}"}
    )


@schema.exclude(path="/events").exclude(method="DELETE").parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_operation_fails_whatever_it_is_asked(case, api):
    case.call_and_validate(
        headers={"Authorization": f"Bearer {api.key}"},
        checks=[not_a_server_error, status_code_conformance, content_type_conformance],
        timeout=20,
    )
