#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fifty groups on three routers, random faults, and a host that watches from outside with its own packets.

Usage: soak.py MINUTES [--seed N] [--groups N] [--only WORD] [--slack MS]    (tools/soak builds first)

After each fault every address must be answered for by exactly one router again. Violations, each of which makes the exit status 1:
two routers answer for an address for longer than 100 ms; no router answers for longer than the bound below (both longer by --slack, for
a machine that does something else besides); there is not one answer again within five seconds of the repair; in the end a group's best
router is not its Master, or a configuration has changed.

What is done is drawn from the seed, which is printed: the same seed draws the same faults in the same order.
"""
import argparse
import collections
import os
import random
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "topotests")]
import faults  # noqa: E402
from network import INTERVAL_MS, PRIORITIES, Network  # noqa: E402

DOUBLE_MS = 100
# The longest Master Down Interval; 250 ms, until a hang is noticed or a busy machine has got round to it.
OUTAGE_MS = 3 * INTERVAL_MS + (256 - PRIORITIES[-1]) * INTERVAL_MS // 256 + 250
SETTLE_S, CRASH_PAUSE_S = 5, 70    # a supervisor waits up to 60 s after several crashes

Fault = collections.namedtuple("Fault", "kind router vrid seconds")


class Tally:
    """The report at the end."""

    def __init__(self, slack_ms):
        self.outage_ms, self.double_ms = OUTAGE_MS + slack_ms, DOUBLE_MS + slack_ms
        self.count, self.outage, self.double = collections.Counter(), collections.defaultdict(float), collections.defaultdict(float)
        self.violations = []

    def add(self, title, outage, double):
        self.count[title] += 1
        self.outage[title] = max(self.outage[title], outage.milliseconds)
        self.double[title] = max(self.double[title], double.milliseconds)
        if outage.milliseconds > self.outage_ms:
            self.violate(title, f"no router answered for {outage.address} for {outage.milliseconds:.0f} ms")
        if double.milliseconds > self.double_ms and title != "requests refused":    # to let go of an address, for one (doc/reliability.md)
            self.violate(title, f"{' and '.join(double.ports)} answered for {double.address} for {double.milliseconds:.0f} ms")

    def violate(self, title, what):
        self.violations.append(f"{title}: {what}")
        print(f"VIOLATION after {sum(self.count.values())} faults: {title}: {what}", flush=True)

    def report(self, minutes, seed):
        print(f"\n{'fault':28} {'times':>5} {'worst outage':>13} {'two answers':>12}")
        for title, times in sorted(self.count.items()):
            print(f"{title:28} {times:5} {self.outage[title]:10.0f} ms {self.double[title]:9.0f} ms")
        worst = max(self.outage, key=self.outage.get, default="")
        print(f"soak: {sum(self.count.values())} faults of {len(self.count)} kinds in {minutes:.1f} min, {len(self.violations)} violations, "
              f"worst outage {self.outage[worst]:.0f} ms ({worst}), seed {seed}", flush=True)


def draw(chance, kinds, vrids):
    """Always draws the same number of random values, so that a seed gives the same faults."""
    return Fault(chance.choice(kinds), chance.randrange(3), chance.choice(vrids), chance.choice((0, 0.05, 0.2, 0.5, 1)))


def inflict(network, fault):
    """Returns what was wrong afterwards, "" if nothing."""
    repair = fault.kind(network, network.routers[fault.router], fault.vrid)
    time.sleep(fault.seconds)    # part of the fault
    if repair:
        repair()
    return network.wait_one_answer(SETTLE_S)


def run(network, options, kinds):
    tally, chance = Tally(options.slack), random.Random(options.seed)
    began = time.monotonic()
    with network.watcher as watcher:
        wrong = network.wait_best(30)
        if wrong:
            raise SystemExit(f"soak: it does not even start: {wrong}")
        watcher.take()
        while time.monotonic() < began + 60 * options.minutes:
            fault = draw(chance, kinds, network.vrids)
            title = fault.kind.__name__.replace("_", " ")
            if options.verbose:
                print(f"{time.monotonic() - began:7.1f} s  {title}, r{fault.router + 1}, vrrp {fault.vrid}, {fault.seconds} s", flush=True)
            wrong = inflict(network, fault)
            tally.add(title, *watcher.take())
            if wrong:
                tally.violate(title, f"not one answer each {SETTLE_S} s later: {wrong}")
        wrong = network.wait_best(CRASH_PAUSE_S)
        if wrong:
            tally.violate("the end", wrong)
    if network.read_configurations() != network.configurations:
        tally.violate("the end", "a configuration is another one than at the start")
    tally.report((time.monotonic() - began) / 60, options.seed)
    return tally


def save_logs(network):
    for router in network.routers:
        path = f"/tmp/soak-{os.getpid()}-{router.name}.log"
        with open(path, "w", encoding="utf-8") as file:
            file.write(router.read("output.log") + router.log())
        print(f"the log of {router.name} is {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--groups", type=int, default=50)
    parser.add_argument("--only", default="", help="faults with this word in their name")
    parser.add_argument("--slack", type=int, default=0, metavar="MS")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    kinds = [kind for kind in faults.KINDS if options.only in kind.__name__.replace("_", " ")]
    print(f"soak: {options.groups} groups, {len(kinds)} kinds of faults, --seed {options.seed}; an outage may last {OUTAGE_MS + options.slack} ms", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))    # and clean up
    network = Network(options.groups)
    try:
        tally = run(network, options, kinds)
        if tally.violations:
            save_logs(network)
    finally:
        network.close()
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
