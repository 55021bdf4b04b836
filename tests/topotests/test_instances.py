# SPDX-License-Identifier: Apache-2.0
"""Two instances (`-N`) on one machine and one interface: with groups of their own, and with the same group by mistake."""
import pytest

from harness import netns
from harness.routers import Group, Tandem
from harness.topology import VIP4
from harness.waiting import wait_for

SERVED = "it is served by another vrrpd (instance a)"


@pytest.fixture
def instances(lan, routers):
    """Both on router 1, not started."""
    return routers(Tandem, lan, "r1"), routers(Tandem, lan, "r1")


def start(router, name, **group):
    return router.start(Group(interval_ms=100, **group), options=("-N", name))


def test_the_settings_of_the_interface_stay_while_one_of_two_instances_needs_them(lan, instances):
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    start(two, "b", vrid=6, ipv4=("10.10.10.17",))
    two.wait_state("Master", vrid=6)
    setting = "ipv4/conf/eth1/arp_ignore"
    one.terminate()
    wait_for(lambda: netns.read_sysctl(lan.ns("r1"), setting) == "1", 5, lambda: netns.read_sysctl(lan.ns("r1"), setting))
    two.terminate()
    assert netns.read_sysctl(lan.ns("r1"), setting) == "0", "what the first has found"


def test_a_group_of_two_instances_is_served_by_the_first_until_it_ends(instances):
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    start(two, "b", vrid=5, ipv4=(VIP4,), priority=200)
    wait_for(lambda: SERVED in two.log(), 5, two.log)
    assert two.state() == "Initialize" and SERVED in two.family()["initializeReason"]
    assert one.state() == "Master" and two.log().count("IO-005") == 1
    one.terminate()
    two.wait_state("Master")


def test_what_an_instance_that_was_killed_has_left_is_taken_over(instances):
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    one.kill()
    start(two, "b", vrid=5, ipv4=(VIP4,))
    two.wait_state("Master")


def test_an_instance_that_has_nothing_else_to_do_takes_over_from_one_that_is_killed(instances):
    """Its only group was refused, so that nothing of the kernel's was its own to look at."""
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    start(two, "b", vrid=5, ipv4=(VIP4,))
    wait_for(lambda: SERVED in two.log(), 5, two.log)
    one.kill()
    two.wait_state("Master")
