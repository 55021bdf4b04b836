#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The effect of each fault on a host and on the peer: Tandem beside FRR 8.4.4 and keepalived 2.2.7, in one run.

Usage: sudo TANDEM_BUILD=build/release tests/bench/reliability.py [--interval MS] [--runs N] [--only WORD]

Two routers of one make share an address; the Master gets the fault. Each figure is the median of the runs, and a field has three of them:

    outage / two answers / transitions
    the longest time without an answer to a host that pings a server through the gateway every 5 ms, in ms;
    the longest time during which two routers answer for the virtual address, queried every 5 ms, in ms;
    how often the peer became Master or ceased to be Master, judged by its packets.

Each make handles a fault by itself: the benchmark does not restart it, except where the fault says so. FRR has its macvlans as its manual describes.
`>`: the condition had not ended when the measurement ended.
"""
import argparse
import collections
import os
import shutil
import signal
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import election, netns  # noqa: E402
from harness.answers import Questions  # noqa: E402
from harness.prober import Prober  # noqa: E402
from harness.programs import program  # noqa: E402
from harness.routers import Frr, Group, Keepalived, Tandem  # noqa: E402
from harness.topology import SERVER4, VIP4, Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

NOTHING = None    # the make has no such process
Figures = collections.namedtuple("Figures", "outage double transitions endless")


def speaker(router):
    """Returns the process that speaks the protocol."""
    pids = router.pids()
    return pids[0] if isinstance(router, Frr) else pids[1]


def guardian(router):
    """Returns the process that supervises the speaker. FRR's watchfrr belongs to its service and restarts it, as systemd does."""
    return NOTHING if isinstance(router, Frr) else router.pids()[0]


def kill(router, pid, number=signal.SIGKILL):
    if pid:
        os.kill(pid, number)
    return bool(pid)


def kill_all(router):
    for pid in router.pids():
        os.kill(pid, signal.SIGSTOP)
    for pid in reversed(router.pids()):
        os.kill(pid, signal.SIGKILL)
    return True


def end(router):
    """Ends the router as its service does. The objects that an operator would remove by hand stay."""
    for pid in router.pids() if isinstance(router, Frr) else router.pids()[:1]:
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda p=pid: p not in router.pids(), 15, f"{pid} does not end")
    return True


def in_memory(router):
    """Returns the options that put Tandem's PID file in memory, as /run is."""
    folder = os.path.join("/dev/shm", os.path.basename(router.dir))
    os.makedirs(folder, exist_ok=True)
    return "-i", os.path.join(folder, "vrrpd.pid")


def begin(router):
    if isinstance(router, Tandem):
        router.launch(in_memory(router))
    elif isinstance(router, Frr):
        for name in ("zebra", "vrrpd"):
            router._launch(name)
    else:
        router.spawn(["/usr/sbin/keepalived", "-n", "-P", "-l", "-G", "-f", router.path("keepalived.conf"), "-p",
                      router.path("keepalived.pid"), "-r", router.path("vrrp.pid")], "keepalived.log", env={**os.environ, "TMPDIR": router.dir})
    return True


def restart(router):
    """Restarts the router for an upgrade, by the make's own means."""
    if isinstance(router, Tandem):
        netns.run([program("vrrpd"), "--restart", *in_memory(router)], router.ns)
        return True
    return end(router) and begin(router)


def ended_all(router):
    kill_all(router)
    router._reap(router.pids())
    return begin(router)


def remove_address(router):
    for device, listed in netns.addresses(router.ns).items():
        for address in listed:
            if address.startswith(VIP4 + "/"):
                netns.ip(f"addr del {address} dev {device}", ns=router.ns)
    return True


# Title, the fault of the Master, and the preparation.
FAULTS = [
    ("the Master's cable is cut", lambda r: r.topology.set_link("r1", "down") or True, None),
    ("it is put back", lambda r: r.topology.set_link("r1", "up") or True, lambda r: r.topology.set_link("r1", "down")),
    ("SIGTERM", end, None),
    ("start after SIGTERM", begin, end),
    ("restart for an upgrade", restart, None),
    ("SIGKILL: the protocol's process", lambda r: kill(r, speaker(r)), None),
    ("SIGSTOP: the protocol's process", lambda r: kill(r, speaker(r), signal.SIGSTOP), None),
    ("SIGKILL: the parent process", lambda r: kill(r, guardian(r)), None),
    ("SIGKILL: all processes", kill_all, None),
    ("SIGKILL: all, and started at once", ended_all, None),
    ("a virtual address is removed", remove_address, None),
]


class Bench:
    """Two routers of one make; router 1 is Master."""

    def __init__(self, make, interval_ms):
        self.lan, self.interval_ms = Topology(server=True), interval_ms
        self.capture = self.lan.capture()
        self.one, self.two = make(self.lan, "r1"), make(self.lan, "r2")
        as_installed = {"options": in_memory(self.one)} if make is Tandem else {}
        self.one.start(Group(priority=210, interval_ms=interval_ms, ipv4=(VIP4,)), **as_installed)
        self.one.wait_state("Master", timeout=15)
        self.two.start(Group(priority=200, interval_ms=interval_ms, ipv4=(VIP4,)))
        self.two.wait_state("Backup", timeout=15)
        self.questions = Questions(self.lan, self.capture, VIP4)
        self.prober = Prober(self.lan.ns("h1"), SERVER4, interval_ms=5)

    def window(self, fault):
        """Returns the duration in seconds: two Master Down Intervals plus a margin, and Tandem's lease if the fault involves it."""
        return 2 * election.down_interval_ns(200, self.interval_ms) / 1e9 + (12 if fault is kill_all else 2)

    def measure(self, fault, before):
        """Returns the figures, or None if the make has no object for the fault."""
        if before:
            before(self.one)
            self.two.wait_state("Master", timeout=15)
        self.prober.wait_ready(20)
        self.capture.clear()
        self.capture.wait_advert(5, port="r1" if not before else "r2")    # the worst moment
        since = time.time_ns()
        if not fault(self.one):
            return None
        time.sleep(self.window(fault))    # long enough to show that a condition does not end
        return self.figures(since, time.time_ns(), bool(before))

    def figures(self, since, until, was_master):
        answered = [received for _sent, received in self.prober.stop() if received]
        gaps = [b - a for a, b in zip([since] + [when for when in answered if when > since], [w for w in answered if w > since] + [until])]
        double, endless = self.questions.longest_double(since), max(gaps) == gaps[-1] and gaps[-1] > 1_000_000_000
        if double:
            last = {port: when for when, port in self.questions.answers(since)}
            endless = endless or min(last.values()) > until - 200_000_000
        return Figures(max(0, max(gaps) / 1e6 - 5), double, self.transitions(since, until, was_master), endless)

    def transitions(self, since, until, was_master):
        found = election.reigns(self.capture.adverts("r2", family=4, since=since), self.interval_ms)
        slack = 3 * self.interval_ms * 500_000
        running = sum(1 for r in found if r.end > until - slack and not r.resigned)
        went_on = bool(found) and was_master and found[0].start < since + slack
        return 2 * len(found) - running + (0 if not was_master else -1 if went_on else 1)

    def close(self):
        self.prober.close()
        self.questions.close()
        for router in (self.one, self.two):
            router.close()
            shutil.rmtree(os.path.join("/dev/shm", os.path.basename(router.dir)), ignore_errors=True)
        self.lan.close()


def field(runs):
    if any(run is None for run in runs):
        return "–"
    outage, double, transitions = (statistics.median(getattr(run, name) or 0 for run in runs) for name in ("outage", "double", "transitions"))
    mark = ">" if any(run.endless for run in runs) else ""
    return f"{mark if outage > 1000 and not double else ''}{outage:.0f} / {mark if double else ''}{double:.0f} / {transitions:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interval", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", default="", help="faults with this text in their title")
    options = parser.parse_args()
    makes = (Tandem, Frr, Keepalived)
    print(f"outage ms / two answers ms / transitions of the peer; interval {options.interval} ms, median of {options.runs}\n")
    print(f"| fault | {' | '.join(make.__name__ for make in makes)} |\n|---|{'---|' * len(makes)}", flush=True)
    for title, fault, before in FAULTS:
        if options.only in title:
            row = [field([one_run(make, options.interval, fault, before) for _ in range(options.runs)]) for make in makes]
            print(f"| {title} | {' | '.join(row)} |", flush=True)


def one_run(make, interval_ms, fault, before):
    bench = Bench(make, interval_ms)
    try:
        return bench.measure(fault, before)
    finally:
        bench.close()


if __name__ == "__main__":
    main()
