#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Virtual routers in a VRF, configured with FRR's syntax. Run it by hand, on a kernel that supports VRFs, for instance in a virtual machine:

    tests/vm/run --env TANDEM_BUILD -- /usr/bin/python3 tests/vm/vrf.py

Two routers have both their interfaces in VRF red. Outside of it they have only a blackhole route: packets that reach the host or the server were
routed in the VRF. One Master answers, forwards, and releases the addresses while its interface is outside of the VRF. Prints the results, and fails
at the first wrong result.
"""
import contextlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import netns                                                 # noqa: E402
from harness.routers import Tandem                                        # noqa: E402
from harness.topology import SERVER4, SERVER6, Topology, VIP4, VIP6       # noqa: E402
from harness.waiting import wait_for                                      # noqa: E402

TIMEOUT = 60    # an emulated machine is slow
CONFIGURATION = f"""frr version 8.0
vrf red
exit-vrf
!
interface eth1 vrf red
 vrrp 5
 vrrp 5 priority %d
 vrrp 5 ip {VIP4}
 vrrp 5 ipv6 {VIP6}
exit
!
"""


def say(text):
    print(text, flush=True)


def add_vrf(lan, router, number):
    """Puts eth1 and eth2 into VRF red. The kernel removes IPv6 addresses when an interface enters a VRF."""
    netns.ip("link add red type vrf table 1001", "link set red up", "link set eth1 master red", "link set eth2 master red",
             "route add blackhole default metric 9", "route add blackhole ::/0 metric 9", ns=lan.ns(router))
    restore_ipv6(lan, router, number)
    netns.ip(f"addr add fe80::2{number}/64 dev eth2 nodad", f"addr add 2001:db8:20::{number}/64 dev eth2 nodad", ns=lan.ns(router))


def restore_ipv6(lan, router, number):
    netns.ip(f"addr add fe80::1{number}/64 dev eth1 nodad", f"addr add 2001:db8:10::1{number}/64 dev eth1 nodad", ns=lan.ns(router))


def reason(router):
    return router.family(5, 4)["initializeReason"]


def wait_both(router, state):
    wait_for(lambda: {router.state(5, 4), router.state(5, 6)} == {state}, TIMEOUT,
             lambda: f"{router.name}: {router.state(5, 4)} {router.state(5, 6)}, not {state}: {router.output()}", step=0.5)
    say(f"{router.name} is {state} of both families")


def check_gateway(lan):
    for address in (VIP4, VIP6, SERVER4, SERVER6):
        done = lan.run("h1", "ping", "-c", "3", "-W", "5", address, check=False)
        assert done.returncode == 0, done.stdout
        say(f"the host reaches {address}")


def main():
    with contextlib.ExitStack() as stack:
        lan = Topology(server=True)
        stack.callback(lan.close)
        one, two = (Tandem(lan, name) for name in ("r1", "r2"))
        for number, (router, priority) in enumerate(((one, 210), (two, 200)), 1):
            add_vrf(lan, router.name, number)
            stack.callback(router.close)
            router.start(text=CONFIGURATION % priority, options=["--lenient"], wait=False)
            router.wait_ready(TIMEOUT)
        wait_both(one, "Master")
        wait_both(two, "Backup")
        for family in (4, 6):
            assert netns.links(lan.ns("r1"))[one.macvlan(family=family)]["master"] == "red"
        check_gateway(lan)
        netns.ip("link set eth1 nomaster", ns=lan.ns("r1"))
        wait_both(one, "Initialize")
        assert reason(one) == "interface eth1 is not in the VRF that is configured for it", reason(one)
        wait_both(two, "Master")
        check_gateway(lan)
        netns.ip("link set eth1 master red", ns=lan.ns("r1"))
        restore_ipv6(lan, "r1", 1)
        wait_both(one, "Master")
        check_gateway(lan)
        netns.ip("link set red down", "link set red name blue", "link set blue up", ns=lan.ns("r1"))
        wait_both(one, "Initialize")
        one.configure("interface eth1 vrf blue")
        wait_both(one, "Master")
    say("all is well")


if __name__ == "__main__":
    main()
