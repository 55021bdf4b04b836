#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How punctual the adverts of 50 groups (100 ms interval) are while 1 020 more are loaded, beside two yardsticks in the same run.

Usage: sudo TANDEM_BUILD=build/release tests/bench/punctuality.py [--rounds 10]

Prints the 99th percentile and the worst lateness of each round in us, and their medians over the rounds:

    rest    nothing happens
    others  somebody else makes 2 040 macvlans in a network namespace of its own (`ip -batch`): what this machine makes of a timer while
            its kernel has that to do. On a virtual machine whose host takes processors away, that is what most of the lateness is
    ipv4    1 020 groups of IPv4 are loaded: 1 020 macvlans
    both    1 020 groups of both families: 2 040 macvlans

`stolen`: what the host of a virtual machine took away, in % of the time of one processor.
"""
import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import crowd, lateness, netns  # noqa: E402
from harness.programs import program  # noqa: E402
from harness.routers import Group, Tandem  # noqa: E402
from harness.routers.tandem import config_lines  # noqa: E402
from harness.topology import Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

WATCHED = 50
INTERVAL_NS = 100_000_000
TICKS = os.sysconf("SC_CLK_TCK")


def watched():
    return [Group(vrid, 200, 100, ipv4=(f"10.10.11.{vrid}",)) for vrid in range(1, WATCHED + 1)]


def stolen():
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[8]) / TICKS


def await_adverts(capture, count):
    """So many more of each watched group."""
    enough = len(capture.adverts("r1")) + count * WATCHED
    capture.wait(lambda: len(capture.adverts("r1")) >= enough, 30, "adverts go on")


def measure(topology, router, what):
    """Lateness of the watched groups' adverts in us while `what` is done, seconds that it takes, and share that was stolen."""
    capture = topology.capture()
    wait_for(lambda: {a.vrid for _w, _p, a in capture.adverts("r1")} == set(range(1, WATCHED + 1)), 20, "all watched groups Master")
    capture.clear()
    stolen_before, began = stolen(), time.monotonic()
    what(topology, router, capture)
    took = time.monotonic() - began
    share = 100 * (stolen() - stolen_before) / took
    await_adverts(capture, 3)    # what was due at its end
    return lateness.of(capture.adverts("r1"), INTERVAL_NS), took, share


def rest(_topology, _router, capture):
    await_adverts(capture, 20)


def others(topology, _router, _capture):
    crowd.add_macvlans(topology.ns("r2"))


def load(ipv6):
    def load_them(_topology, router, _capture):
        router.write("many.conf", config_lines(crowd.groups(ipv6)))
        netns.run([program("vtysh"), "--vty_socket", router.dir, "-f", router.path("many.conf")], router.ns)
    return load_them


CASES = {"rest": rest, "others": others, "ipv4": load(ipv6=False), "both": load(ipv6=True)}


def attempt(what):
    topology = Topology()
    router = Tandem(topology, "r1")
    try:
        for node in ("r1", "r2"):
            crowd.add_parents(topology.ns(node))
        router.start(*watched())
        return measure(topology, router, what)
    finally:
        router.close()
        topology.close()


def await_quiet():
    """The kernel removes what an attempt leaves behind for a while."""
    def busy():
        with open("/proc/stat", encoding="ascii") as file:
            fields = [int(field) for field in file.readline().split()[1:]]
        return sum(fields) - fields[3]    # all but idle
    before = -TICKS
    while busy() - before > TICKS // 5:
        before = busy()
        time.sleep(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rows = {name: [] for name in CASES}
    for _ in range(parser.parse_args().rounds):
        for name, what in CASES.items():
            await_quiet()
            late, took, share = attempt(what)
            rows[name].append((lateness.percentile(late, 0.99), late[-1], took, share))
            print("{:8} p99 {:6.0f}  worst {:6.0f} us   took {:5.2f} s   stolen {:3.0f} %".format(name, *rows[name][-1]), flush=True)
    print("medians")
    for name, values in rows.items():
        print("{:8} p99 {:6.0f}  worst {:6.0f} us   took {:5.2f} s   stolen {:3.0f} %".format(
            name, *(statistics.median(column) for column in zip(*values))))


if __name__ == "__main__":
    main()
