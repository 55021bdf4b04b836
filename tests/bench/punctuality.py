#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How punctual the adverts of 50 groups (100 ms interval) are while 1 020 more are loaded. Two comparison cases are in the same run.

Usage: sudo TANDEM_BUILD=build/release tests/bench/punctuality.py [--rounds 10]

Prints the 99th percentile and the worst lateness of each round in us, and their medians over the rounds:

    rest    nothing happens
    others  another program makes 2 040 macvlans in a network namespace of its own (`ip -batch`): the lateness of a timer on this machine
            while its kernel does that. On a virtual machine whose host takes processors away, this is most of the lateness
    ipv4    1 020 groups of IPv4 are loaded: 1 020 macvlans
    both    1 020 groups of both families: 2 040 macvlans

`stolen`: the time that the host of a virtual machine took away, in % of one processor. tests/vm/punctuality.py measures in virtual time, of
which the host takes nothing away.
"""
import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import crowd, lateness, punctuality  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
CASES = {"rest": punctuality.rest, "others": punctuality.others_come,
         "ipv4": lambda watch: crowd.load(watch.router, ipv6=False), "both": lambda watch: crowd.load(watch.router)}


def stolen():
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[8]) / TICKS


def attempt(what):
    """Returns the lateness of the watched groups' adverts in us during `what`, its duration in seconds, and the share of stolen time."""
    with punctuality.watch() as watch:
        before, began = stolen(), time.monotonic()
        sample = watch.during(what)
        return sample.late(), sample.took, 100 * (stolen() - before) / (time.monotonic() - began)


def await_quiet():
    """Waits while the kernel removes the objects of an attempt."""
    def busy():
        with open("/proc/stat", encoding="ascii") as file:
            fields = [int(field) for field in file.readline().split()[1:]]
        return sum(fields) - fields[3]    # all except idle
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
