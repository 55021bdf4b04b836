#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The cost of idle virtual routers: processor time of each advert, and memory, of Tandem and keepalived 2.2.7 in turn.

Usage: sudo TANDEM_BUILD=build/release tests/bench/cost.py [--groups 1020] [--interval 100] [--seconds 10] [--runs 3] [--roles master,backup]
                                                           [--before BUILD]

Two routers on direct cables, 255 groups (IPv4) on each cable. One router is measured, as the Master or as a Backup that hears the adverts of a
Tandem. Prints one row per run, and medians at the end.

    us/advert  processor time of all its processes and threads (schedstat), without the work that the kernel does for them in other contexts
    user       the part of it that `perf record` finds outside of the kernel; –: perf is missing
    cpu        in % of one processor
    wake-ups   how often a second one of its threads has gone to sleep
    PSS        memory in kB, shared pages in equal parts (smaps_rollup)

`--before`: another build of Tandem, measured in turn with the others. keepalived has virtual MAC addresses (`use_vmac`). Other load of the machine
makes caches cold: compare only rows of one run. For one group: `--groups 1 --interval 1000`.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import netns  # noqa: E402
from harness.routers import Group, Keepalived, Tandem  # noqa: E402
from harness.topology import Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

PER_CABLE, SETTLED = 255, 6    # seconds; keepalived announces its addresses a second time after 5


class OnCables(Keepalived):
    """Its names contain the interface: each cable has the same VRIDs."""

    def start(self, *wanted):
        self.write("keepalived.conf", self._config(wanted))
        self.spawn(["/usr/sbin/keepalived", "-n", "-P", "-l", "-G", "-f", self.path("keepalived.conf"), "-p", self.path("keepalived.pid"),
                    "-r", self.path("vrrp.pid")], "keepalived.log", env={**os.environ, "TMPDIR": self.dir})
        wait_for(lambda: self.read("keepalived.log").count("Entering BACKUP") >= len(wanted), 120, "keepalived's instances")
        return self

    def _config(self, groups):
        lines = ["global_defs {", f"  router_id {self.name}", "}"]
        for g in groups:
            lines += [f"vrrp_instance {g.interface}_{g.vrid} {{", "  state BACKUP", f"  interface {g.interface}", f"  virtual_router_id {g.vrid}",
                      f"  version {g.version}", f"  priority {g.priority}", f"  advert_int {g.interval_ms / 1000:g}",
                      f"  use_vmac vm-{g.interface}-{g.vrid}", "  virtual_ipaddress {", *(f"    {a}" for a in g.ipv4), "  }", "}"]
        return "\n".join(lines) + "\n"


def groups(options, priority):
    return [Group(number % PER_CABLE + 1, priority, options.interval, interface=f"cable{number // PER_CABLE}",
                  ipv4=(f"10.{80 + number // PER_CABLE}.1.{number % PER_CABLE + 1}",)) for number in range(options.groups)]


def cables(lan, count):
    for number in range(count):
        netns.ip(f"link add cable{number} netns {lan.ns('r1')} type veth peer name cable{number} netns {lan.ns('r2')}")
        for host, router in enumerate(("r1", "r2"), 1):
            netns.ip(f"addr add 10.{80 + number}.0.{host}/16 dev cable{number}", f"link set cable{number} up", ns=lan.ns(router))


def threads(pids):
    return [f"/proc/{pid}/task/{thread}" for pid in pids for thread in os.listdir(f"/proc/{pid}/task")]


def used(pids):
    """Returns the processor time in seconds, and how often a thread has gone to sleep."""
    seconds = sleeps = 0
    for thread in threads(pids):
        with open(f"{thread}/schedstat", encoding="ascii") as file:
            seconds += int(file.read().split()[0]) / 1e9
        with open(f"{thread}/status", encoding="ascii") as file:
            sleeps += next(int(line.split()[1]) for line in file if line.startswith("voluntary"))
    return seconds, sleeps


def memory(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return total


def user_share(pids, directory):
    """Returns the share of the processes' processor time outside of the kernel; None without perf."""
    data = os.path.join(directory, "perf.data")
    try:
        subprocess.run(["perf", "record", "-q", "-o", data, "-e", "cpu-clock", "-F", "4000", "-p", ",".join(map(str, pids)), "sleep", "4"],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    text = subprocess.run(["perf", "report", "-i", data, "--sort", "dso", "-g", "none"], check=False, capture_output=True, text=True).stdout
    shares = [(line.split()[1], float(line.split()[0][:-1])) for line in text.splitlines() if line.strip() and line.split()[0].endswith("%")]
    kernel = sum(share for where, share in shares if where.startswith("[") and where != "[vdso]")
    return 1 - kernel / max(1, sum(share for _where, share in shares))


def measure(make, role, options):
    lan = Topology(routers=2)
    try:
        cables(lan, (options.groups + PER_CABLE - 1) // PER_CABLE)
        other = Tandem(lan, "r2")
        if role == "backup":
            other.start(*groups(options, 200))
            wait_for(lambda: all(group["v4"]["status"] == "Master" for group in other.show()), 60, "another Master")
        router = make(lan, "r1")
        router.start(*groups(options, 100))
        time.sleep(SETTLED + 4 * options.interval / 1000)
        pids = router.pids()
        (seconds, sleeps), began = used(pids), time.monotonic()
        time.sleep(options.seconds)
        took = time.monotonic() - began
        seconds, sleeps = used(pids)[0] - seconds, used(pids)[1] - sleeps
        pss = memory(pids)
        cost = seconds * 1e6 / (options.groups * took * 1000 / options.interval)
        share = user_share(pids, router.dir)
        router.close()
        other.close()
        return {"us/advert": cost, "user": None if share is None else cost * share, "cpu": seconds / took * 100, "wake-ups": sleeps / took, "PSS": pss}
    finally:
        lan.close()


def of_build(directory):
    def make(lan, name):
        router = Tandem(lan, name)
        router.program = os.path.join(directory, "bin", "vrrpd")
        return router
    return make


def show(role, name, row):
    print(f"{role:8}{name:12}" + "".join(f"{'–' if row[key] is None else format(row[key], '.2f' if row[key] < 100 else '.0f'):>12}" for key in row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=1020)
    parser.add_argument("--interval", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--roles", default="master,backup")
    parser.add_argument("--before")
    options = parser.parse_args()
    makes = {"tandem": Tandem, "keepalived": OnCables, **({"before": of_build(options.before)} if options.before else {})}
    print(f"{'role':8}{'make':12}" + "".join(f"{key:>12}" for key in ("us/advert", "user", "cpu %", "wake-ups/s", "PSS kB")), flush=True)
    for role in options.roles.split(","):
        rows = {name: [] for name in makes}
        for _ in range(options.runs):
            for name, make in makes.items():
                rows[name].append(measure(make, role, options))
                show(role, name, rows[name][-1])
        for name, measured in rows.items():
            show("median", name, {key: None if measured[0][key] is None else statistics.median(row[key] for row in measured) for key in measured[0]})


if __name__ == "__main__":
    main()
