# SPDX-License-Identifier: Apache-2.0
"""The kernel refuses system calls that are not on the list; the daemon reports the refusal and survives it. All other tests fail if the kernel
refuses a call."""
import errno

import pytest

from harness.routers import Group
from harness.shim import Shim
from harness.topology import VIP4
from harness.waiting import wait_for


def status_of(pid, name):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(line.split(":")[1].strip() for line in file if line.startswith(name + ":"))


def call_strangely(router):
    """Makes the call from both threads: a shell command needs a macvlan, which the protocol's thread makes; management answers."""
    shim = Shim(router)

    def provoke():
        shim.strange_error, shim.strange_main, shim.strange_other = -1, 1, 1
        router.configure("interface eth1", "vrrp 6 ip 10.10.10.17")
        wait_for(lambda: not shim.strange_main and not shim.strange_other, 10, "not both threads have called")
        return shim.strange_error
    return provoke


@pytest.mark.refused
@pytest.mark.parametrize("options", [(), ("--no-supervisor",)], ids=["supervised", "alone"])
def test_a_system_call_that_is_not_needed_is_refused_and_said_and_survived(pair, options):
    one, _ = pair
    provoke = call_strangely(one)
    one.start(Group(interval_ms=100, ipv4=(VIP4,)), options=options)
    one.wait_state("Master")
    if "this build has a sanitizer" in one.log():
        pytest.skip("whose runtime makes system calls of its own")
    before = one.pids()
    assert {status_of(pid, "Seccomp") for pid in before} == {"2"}
    assert provoke() == errno.ENOSYS
    wait_for(one.refused_calls, 5, lambda: f"nothing is said: {one.log()}")
    assert one.group(6) and one.state() == "Master" and one.pids() == before
    one.terminate()
    (line,) = one.refused_calls()    # one line for all calls of all threads
    assert "[VRRP-048] system call personality (135) refused: vrrpd does not need it" in line
    assert "cannot" not in one.log() and one.read("output.log") == ""


def test_it_can_be_switched_off(pair):
    one, _ = pair
    provoke = call_strangely(one)
    one.start(Group(interval_ms=100, ipv4=(VIP4,)), options=("--no-seccomp",))
    assert {status_of(pid, "Seccomp") for pid in one.pids()} == {"0"}
    assert provoke() == 0
    assert "[VRRP-049] system calls are not restricted: --no-seccomp" in one.log()
