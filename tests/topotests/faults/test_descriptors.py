# SPDX-License-Identifier: Apache-2.0
"""With too few file descriptors the daemon refuses to start; otherwise shells get answers nevertheless."""
import re

from harness import netns
from harness.waiting import wait_for

INTERFACES = 60


def limits_of(pid):
    """Returns the (soft, hard) limit of open files."""
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        return tuple(int(number) for number in re.search(r"Max open files +(\d+) +(\d+)", file.read()).groups())


def test_too_few_are_a_reason_not_to_start(pair):
    one, _two = pair
    one.wrapper = ("prlimit", "--nofile=100")
    one.start(text="", wait=False)
    assert one._children[0].wait(10) == 1
    assert "the limit of open files is 100, and 256 are needed" in one.read("output.log")


def test_the_soft_limit_is_raised(pair):
    one, _two = pair
    one.wrapper = ("prlimit", "--nofile=200:1000")
    one.start(text="")
    assert [limits_of(pid) for pid in one.pids()] == [(1000, 1000)] * 2


def test_more_interfaces_than_descriptors_leave_some_to_shells(pair):
    one, _two = pair
    netns.ip(*(line for number in range(INTERFACES) for line in (
        f"link add v{number} type veth peer name w{number}", f"link set v{number} up", f"link set w{number} up",
        f"addr add 10.77.{number}.2/24 dev v{number}")), ns=one.ns)
    one.wrapper = ("prlimit", "--nofile=256:256")
    one.start(text="".join(f"interface v{number}\n vrrp 1 ip 10.77.{number}.1\n vrrp 1 ipv6 2001:db8:{number}::1\n" for number in range(INTERFACES)))
    wait_for(lambda: "Too many open files" in one.log(), 10, one.output)
    worker = one.worker()
    for _shell in range(10):
        assert len(one.show()) == INTERFACES
    assert one.worker() == worker
