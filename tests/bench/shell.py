#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How fast the shell shows and loads virtual routers, beside FRR 8.4.4, and how this delays the adverts.

Usage: sudo TANDEM_BUILD=build/release tests/bench/shell.py [--groups 1,255,1020] [--runs 5]

One run queries both routers in turn, so that a noisy machine affects both. Figures are medians; compare the ratios. Prints one table per question:

    show    `vtysh -c 'show vrrp json'`, ms
    load    a file with as many groups into a running daemon, ms until the command returns (FRR: `vtysh -f`, the same)
    late    lateness of the adverts of 50 other groups (100 ms interval) against their schedule meanwhile, in us: the median,
            the 99th percentile and the worst, at rest, during 20 times `show`, and during the load
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import lateness, netns  # noqa: E402
from harness.routers import Frr, Group, Tandem  # noqa: E402
from harness.routers.tandem import config_lines  # noqa: E402
from harness.topology import Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

PER_INTERFACE = 255
WATCHED = 50


def interface(number):
    return f"lan{number}"


def add_interfaces(namespace, count):
    """Creates more LANs for a router, each with its two addresses and without another router."""
    for number in range(count):
        name = interface(number)
        netns.ip(f"link add {name} type veth peer name {name}p", f"link set {name}p up", f"link set {name} addrgenmode none up",
                 f"addr add 10.{100 + number}.0.1/16 dev {name}", ns=namespace)


def many(count):
    return [Group(1 + n % PER_INTERFACE, 200, 1000, ipv4=(f"10.{100 + n // PER_INTERFACE}.1.{1 + n % PER_INTERFACE}",),
                  interface=interface(n // PER_INTERFACE)) for n in range(count)]


def watched():
    return [Group(v, 200, 100, ipv4=(f"10.10.11.{v}",)) for v in range(1, WATCHED + 1)]


def timed(function):
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000



class Bench:
    """One make with the watched groups running, and a file with many more groups."""

    def __init__(self, make, count):
        self.topology = Topology()
        self.router = make(self.topology, "r1")
        self.namespace = self.router.ns
        add_interfaces(self.namespace, -(-count // PER_INTERFACE))
        self.capture = self.topology.capture()
        self.groups = many(count)
        self.file = self.router.write("many.conf", config_lines(self.groups))
        if make is Frr:
            self.router.add_macvlans(self.groups)    # FRR leaves them to the operator: created before the measurement
        self.router.start(*watched())
        wait_for(lambda: {a.vrid for _w, _p, a in self.capture.adverts("r1")} == set(range(1, WATCHED + 1)), 20, "all watched groups Master")

    def vtysh(self, *argv):
        if isinstance(self.router, Frr):
            line = ["/usr/bin/vtysh", "--vty_socket", self.router.dir, "--config_dir", self.router.dir, "-d", "vrrpd", *argv]
        else:
            line = [os.path.join(os.environ["TANDEM_BUILD"], "bin/vtysh"), "--vty_socket", self.router.dir, *argv]
        with netns.inside(self.namespace):
            return subprocess.run(line, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout

    def late_during(self, function):
        """Returns the lateness of the watched groups' adverts in us while the function runs."""
        self.capture.clear()
        function()
        time.sleep(0.3)    # for adverts that were due at its end
        return lateness.of(self.capture.adverts("r1"), interval_ns=100_000_000)

    def close(self):
        self.router.close()
        self.topology.close()


def states_of(bench):
    return {group["v4"]["status"] for group in json.loads(bench.vtysh("-c", "show vrrp json"))}


def measure(make, count):
    bench = Bench(make, count)
    try:
        row = {"quiet": bench.late_during(lambda: time.sleep(3))}
        loaded = []
        row["during load"] = bench.late_during(lambda: loaded.append(timed(lambda: bench.vtysh("-f", bench.file))))
        wait_for(lambda: states_of(bench) == {"Master"}, 30, "all groups Master", step=0.5)
        shown = []
        row["during show"] = bench.late_during(
            lambda: shown.extend(timed(lambda: bench.vtysh("-c", "show vrrp json")) for _ in range(20)))
        assert bench.vtysh("-c", "show vrrp json").count('"vrid"') == count + WATCHED
        return statistics.median(shown), loaded[0], row
    finally:
        bench.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", default="1,255,1020")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=["tandem", "frr"])
    options = parser.parse_args()
    makes = [m for m in (Tandem, Frr) if options.only in (None, m.__name__.lower())]
    for count in map(int, options.groups.split(",")):
        results = {make: [] for make in makes}
        for _ in range(options.runs):
            for make in makes:
                results[make].append(measure(make, count))
        report(count, results)


def report(count, results):
    medians = {}
    for make, runs in results.items():
        show, load = (statistics.median(run[i] for run in runs) for i in (0, 1))
        medians[make] = show, load
        print(f"{count:5} groups  {make.__name__:8} show {show:9.1f} ms   load {load:9.1f} ms")
        for phase in ("quiet", "during show", "during load"):
            late = sorted(value for run in runs for value in run[2][phase])
            print(f"{'':24} adverts {phase:12} late by {lateness.summary(late)}")
    if len(medians) == 2:
        ratios = [frr / tandem for tandem, frr in zip(medians[Tandem], medians[Frr])]
        print(f"{count:5} groups  FRR / Tandem: show {ratios[0]:.1f}, load {ratios[1]:.1f}", flush=True)


if __name__ == "__main__":
    main()
