#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How late the adverts of 64 groups are while leases are renewed and another program deletes interfaces all the time. Each deletion holds the
kernel's lock for changes of interfaces and addresses (RTNL) for some 15 ms, and the renewals wait for it: doc/decisions/0014-addresses-are-leased.md.

Usage: sudo TANDEM_BUILD=build/release tests/bench/leases.py [--runs 3]

Prints the median, the 99th percentile and the worst lateness in us, at rest and during the deletions.
"""
import argparse
import contextlib
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import lateness, netns  # noqa: E402
from harness.routers import Group, Tandem  # noqa: E402
from harness.routers.tandem import config_lines  # noqa: E402
from harness.topology import Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

INTERVAL_MS, GROUPS, ROUNDS = 50, 64, 80
DELETIONS = ("while :; do for i in 1 2 3 4 5 6 7 8; do echo link add many$i type bridge; echo link set many$i up; done; "
             "for i in 1 2 3 4 5 6 7 8; do echo link del many$i; done; done | ip -batch -")


@contextlib.contextmanager
def interfaces_deleted_all_the_time(namespace):
    process = subprocess.Popen(["ip", "netns", "exec", namespace, "sh", "-c", DELETIONS], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(lambda: any(name.startswith("many") for name in netns.links(namespace)), 5, "nothing is made or deleted")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def late_adverts(capture):
    capture.clear()
    capture.wait(lambda: len(capture.adverts("r1", vrid=1)) > ROUNDS, 30, "adverts")
    return lateness.of(capture.adverts("r1"), INTERVAL_MS * 1_000_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    topology = Topology()
    router = Tandem(topology, "r1")
    try:
        groups = [Group(vrid, 210, INTERVAL_MS, ipv4=(f"10.10.11.{vrid}",)) for vrid in range(1, GROUPS + 1)]
        router.start(text="vrrp address-lease 3\n" + config_lines(groups))
        router.wait_state("Master", vrid=GROUPS)
        capture = topology.capture()
        for _ in range(options.runs):
            print(f"at rest             {lateness.summary(late_adverts(capture))}")
            with interfaces_deleted_all_the_time(topology.ns("h1")):
                print(f"during deletions    {lateness.summary(late_adverts(capture))}")
    finally:
        router.close()
        topology.close()


if __name__ == "__main__":
    main()
