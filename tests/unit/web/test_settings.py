"""The settings of a server, as the environment gives them."""

from __future__ import annotations

from playground.web.settings import misspelt


def test_a_variable_that_is_nearly_a_setting_is_told_from_a_strangers() -> None:
    environment = {
        "PLAYGROUND_TRUST_PROXI": "1",
        "PLAYGROUND_MAX_EXAMPEL": "9",
        "PLAYGROUND_PORT": "8000",
        "PLAYGROUND_OPEN": "1",
        "PLAYGROUND_SERVICE_HOST": "10.0.0.1",  # as a cluster sets it for a service of this name
        "PORT": "8000",
    }
    assert dict(misspelt(environment)) == {
        "PLAYGROUND_TRUST_PROXI": "PLAYGROUND_TRUST_PROXY",
        "PLAYGROUND_MAX_EXAMPEL": "PLAYGROUND_MAX_EXAMPLES",
    }
