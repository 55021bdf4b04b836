# SPDX-License-Identifier: Apache-2.0
"""A pair of gateways for fault tests; a host watches the pair."""
import pytest

from harness.gateway import Gateway


@pytest.fixture
def gateways(networks, routers):
    """Makes pairs of gateways: gateways(interval_ms=100, …). Their hosts stop sending queries at the end of the test."""
    made = []

    def make(**options):
        made.append(Gateway(networks, routers, **options))
        return made[-1]
    yield make
    for each in made:
        each.close()
