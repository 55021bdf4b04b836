# SPDX-License-Identifier: Apache-2.0
"""Two instances (`-N`) on one machine and one interface: with different groups, and by mistake with the same group."""
import os
import signal

import pytest

from harness import netns
from harness.routers import Group, Tandem
from harness.topology import VIP4
from harness.waiting import stays, wait_for

SERVED = "it is served by another vrrpd (instance a)"
TAKES_OVER_S = 15  # an instance counts as ended when it has been absent for 5 s (kAbsentFor)


@pytest.fixture
def instances(lan, routers):
    """Both instances on router 1, not yet started."""
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


def start_with_one_group(one, two):
    """Configures both with the same group. `one` serves it, and `two` reports that."""
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    start(two, "b", vrid=5, ipv4=(VIP4,), priority=200)
    wait_for(lambda: SERVED in two.log(), 5, two.log)


def test_a_group_of_two_instances_is_served_by_the_first_until_it_ends(instances):
    one, two = instances
    start_with_one_group(one, two)
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
    two.wait_state("Master", timeout=TAKES_OVER_S)


def test_an_instance_that_has_nothing_else_to_do_takes_over_from_one_that_is_killed(instances):
    """The second instance may not serve its only group, so it has no object in the kernel to inspect."""
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    start(two, "b", vrid=5, ipv4=(VIP4,))
    wait_for(lambda: SERVED in two.log(), 5, two.log)
    one.kill()
    two.wait_state("Master", timeout=TAKES_OVER_S)


def test_an_instance_that_is_started_again_leaves_its_group_to_the_one_that_has_taken_it_over(lan, instances):
    one, two = instances
    start(one, "a", vrid=5, ipv4=(VIP4,))
    one.wait_state("Master")
    one.kill()
    start(two, "b", vrid=5, ipv4=(VIP4,))
    two.wait_state("Master", timeout=TAKES_OVER_S)
    start(one, "a", vrid=5, ipv4=(VIP4,))
    wait_for(lambda: "it is served by another vrrpd (instance b)" in one.log(), 5, one.log)
    assert one.state() == "Initialize" and two.state() == "Master"
    two.terminate()
    one.wait_state("Master")
    one.terminate()
    assert not netns.run(["ip", "-br", "link", "show", "type", "macvlan"], lan.ns("r1")).stdout, "neither leaves one"


def test_an_instance_without_a_worker_for_a_moment_keeps_its_group(instances):
    """This happens while a supervisor replaces a worker on a busy machine: no process has the name of the instance then, and the other instance
    checks each second."""
    one, two = instances
    start_with_one_group(one, two)
    supervisor, worker = one.pids()
    os.kill(supervisor, signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    try:
        stays(lambda: two.state() == "Initialize", 3, two.log)
    finally:
        os.kill(supervisor, signal.SIGCONT)
    one.wait_new_worker(worker)
    one.wait_state("Master")
    assert two.state() == "Initialize" and "Master" not in two.log()
