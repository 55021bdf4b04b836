#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The effect of a neighbour's flood on a Master of 50 groups (100 ms interval): Tandem, with FRR 8.4.4 and keepalived 2.2.7 beside it.

Usage: sudo TANDEM_BUILD=build/release tests/bench/flood.py [--seconds 60] [--kinds lower,same,…] [--makes tandem,frr,keepalived]
                                                            [--rate N] [--idle] [--nice N] [--cpu N] [--runs N]

A host on the switch sends packets of one kind as fast as this machine can, or N a second. Prints one row for each kind and make:

    received   packets a second that the router's kernel has taken from the interface
    lost       processes of the router that have ended or were replaced (Tandem: workers)
    sent       the longest time between two adverts of a group beyond its interval, in ms, as they leave the router's interface
    arrived    the same at the router's port of the switch, in another namespace. A virtual cable has a queue of a thousand packets for each processor
               (net.core.netdev_max_backlog), which the flood shares: a full queue drops packets, as a congested port does
    gaps       times between two adverts of a group, as they leave, in which a Backup would have become Master (3 intervals and its skew time)
    moved      transitions that the router reports; –: it does not report them
    cpu        processor time of the router's processes, in % of one processor

Kinds: rest (no flood: the figures of this machine itself), lower, same, higher (correct adverts of the groups from other routers, with such a
priority; `higher` correctly takes the masterships), ttl (TTL 1), checksum (wrong, priority 255), foreign (other VRIDs), version2, ipv6 (correct,
lower, hop limit 255), solicitations (of routers), others (OSPF, UDP to 224.0.0.18, VRRP with an authentication header).

The sender, the kernel's work on what it sends, and the router share the processors. `--cpu` keeps the sender on one of them, `--idle` runs it
only when the processor is otherwise idle. `--nice -20` gives sender, routers and captures priority over the other load of this machine. The figures
do not show which flood a router on a network card can handle.
"""
import argparse
import contextlib
import os
import statistics
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness.capture import Capture  # noqa: E402
from harness.flooder import Flooder  # noqa: E402
from harness.netns import inside  # noqa: E402
from harness.packets import GROUP4, Advert, checksum, ethernet, ip_packet, pseudo_header, virtual_mac, vrrp_frame  # noqa: E402
from harness.routers import Frr, Group, Keepalived, Tandem  # noqa: E402
from harness.topology import Topology  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

MAKES = {"tandem": Tandem, "frr": Frr, "keepalived": Keepalived}
COUNT, INTERVAL_MS, PRIORITY = 50, 100, 200
VRIDS = range(1, COUNT + 1)
TICKS = os.sysconf("SC_CLK_TCK")
ALL_ROUTERS, OSPF, UDP, AH = "ff02::2", 89, 17, 51


def advert(number, **changes):
    """Returns one of many different adverts. Their sources are lower than the router's address, 10.10.10.21."""
    vrid = VRIDS[number % COUNT]
    return Advert(**{"vrid": vrid, "priority": PRIORITY - 1 - number % 100, "addresses": [f"10.10.11.{vrid}"], "interval_ms": INTERVAL_MS,
                     "source": f"10.10.{number // 200 % 10}.{1 + number % 200}", **changes})


def authenticated(number):
    """Returns a packet with IPsec AH in front of VRRP."""
    one = advert(number)
    return ethernet("01:00:5e:00:00:12", virtual_mac(one.vrid, 4), 0x0800,
                    ip_packet(one.source, GROUP4, AH, struct.pack("!BBHII", 112, 4, 0, 1, number) + bytes(12) + one.message()))


def other(number):
    if number % 3 == 0:
        return authenticated(number)
    payload, protocol, group, mac = ((bytes(44), OSPF, "224.0.0.5", "01:00:5e:00:00:05") if number % 3 == 1 else
                                     (struct.pack("!HHHH", 9, 9, 40, 0) + bytes(32), UDP, GROUP4, "01:00:5e:00:00:12"))
    return ethernet(mac, "02:00:00:00:00:64", 0x0800, ip_packet(f"10.10.9.{1 + number % 200}", group, protocol, payload))


def solicitation(number):
    """Returns a router solicitation (RFC 4861 §4.1), without options."""
    source, body = f"fe80::{1000 + number % 999:x}", struct.pack("!BBHI", 133, 0, 0, 0)
    total = checksum(pseudo_header(source, ALL_ROUTERS, len(body), 58) + body)
    return ethernet("33:33:00:00:00:02", "02:00:00:00:00:64", 0x86dd,
                    ip_packet(source, ALL_ROUTERS, 58, body[:2] + struct.pack("!H", total) + body[4:]))


def ipv6(number):
    one = advert(number)
    return Advert(one.vrid, one.priority, [f"fe80::5e00:2{one.vrid:02x}", f"2001:db8:10::{one.vrid:x}:1"], f"fe80::{1 + number % 999:x}",
                  interval_ms=INTERVAL_MS).frame()


def version_2(number):
    one = advert(number, version=2, interval_ms=1000)
    return vrrp_frame(one.source, one.message(), virtual_mac(one.vrid, 4))


KINDS = {
    "rest": None,
    "lower": lambda n: advert(n).frame(),
    "same": lambda n: advert(n, priority=PRIORITY).frame(),
    "ttl": lambda n: advert(n, priority=255, ttl=1).frame(),
    "checksum": lambda n: advert(n, priority=255, checksum_form="bad").frame(),
    "foreign": lambda n: advert(n, priority=255, vrid=COUNT + 1 + n % 200).frame(),
    "version2": version_2,
    "ipv6": ipv6,
    "solicitations": solicitation,
    "others": other,
    "higher": lambda n: advert(n, priority=PRIORITY + 1).frame(),
}
WITH_IPV6 = {"ipv6", "solicitations"}


def groups(kind, make):
    extra = (lambda vrid: (f"vrrp {vrid} router-advertisement",)) if kind == "solicitations" and make is Tandem else lambda vrid: ()
    return [Group(vrid, PRIORITY, INTERVAL_MS, ipv4=(f"10.10.11.{vrid}",), extra=extra(vrid),
                  ipv6=(f"fe80::5e00:2{vrid:02x}", f"2001:db8:10::{vrid:x}:1") if kind in WITH_IPV6 else ()) for vrid in VRIDS]


def processor_seconds(pids):
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            total += sum(int(word) for word in file.read().rsplit(")", 1)[1].split()[11:13])
    return total / TICKS


def stolen():
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[8]) / TICKS


def received(namespace):
    with inside(namespace), open("/proc/thread-self/net/dev", encoding="ascii") as file:
        return next(int(line.split(":")[1].split()[1]) for line in file if line.lstrip().startswith("eth1:"))


def moved(router):
    if not isinstance(router, Tandem):
        return None
    return sum(group[part]["stats"]["transitions"] for group in router.show() for part in ("v4", "v6") if "stats" in group[part])


class Adverts:
    """The figures of a capture of many minutes. take() processes it piece by piece."""

    def __init__(self, capture):
        self._capture, self._last, self._until = capture, {}, 0
        self.longest, self.gaps = 0, 0
        self.down_ns = (3 + (256 - PRIORITY + 1) / 256) * INTERVAL_MS * 1e6

    def take(self):
        self._until = time.time_ns()    # on a busy machine the processing takes a while
        for when, _port, one in self._capture.take_adverts():
            gap = when - self._last.get((one.family, one.vrid), when)
            self._last[one.family, one.vrid] = when
            self.longest = max(self.longest, gap)
            self.gaps += gap > self.down_ns

    def end(self):
        """Returns the longest gap in ms beyond the interval. Counts groups that have stopped, too."""
        silent = [self._until - when for when in self._last.values() if self._until - when > self.down_ns]
        self.gaps += len(silent)
        self.longest = max([self.longest, *silent])
        return self.longest / 1e6 - INTERVAL_MS


class Bench:
    def __init__(self, make, kind, options):
        self.kind, self.options, self.lan = kind, options, Topology(routers=1)
        self.router = make(self.lan, "r1")
        self.capture = Capture(self.lan.switch, ["r1"], one_way=True)
        self.own = Capture(self.router.ns, ["eth1"], one_way=True, own=True)
        wanted = groups(kind, make)
        self.router.start(*wanted)
        families = {4, 6} if kind in WITH_IPV6 else {4}

        def all_advertise():
            found = {(a.family, a.vrid) for _w, _p, a in self.capture.adverts()}
            return found >= {(family, vrid) for family in families for vrid in VRIDS}
        wait_for(all_advertise, 30, "all groups Master")
        time.sleep(1)    # the packets that follow a takeover
        self.capture.clear()
        self.own.clear()

    def flooder(self):
        """Returns the flooder; None for the kind `rest`."""
        if KINDS[self.kind] is None:
            return None
        wrapper = (["chrt", "--idle", "0"] if self.options.idle else []) + (
            ["taskset", "-c", str(self.options.cpu)] if self.options.cpu is not None else [])
        return Flooder(self.lan.ns("h1"), map(KINDS[self.kind], range(4000)), self.options.seconds, self.options.rate, wrapper)

    def measure(self):
        pids, before, arrived, sent = self.router.pids(), moved(self.router), Adverts(self.capture), Adverts(self.own)
        used, taken, began, away = processor_seconds(pids), received(self.router.ns), time.monotonic(), stolen()
        sender = self.flooder()
        try:
            while time.monotonic() - began < self.options.seconds:
                time.sleep(0.25)
                arrived.take()
                sent.take()
            took = time.monotonic() - began
            row = {"received": (received(self.router.ns) - taken) / took, "cpu": (processor_seconds(pids) - used) / took * 100,
                   "stolen": (stolen() - away) / took * 100}
            time.sleep(0.5)
            arrived.take()
            sent.take()
            row.update(sent=sent.end(), arrived=arrived.end(), gaps=sent.gaps, lost=len(set(pids) - set(self.router.pids())),
                       moved=None if before is None else moved(self.router) - before, uncaptured=self.own.dropped())
            return row
        finally:
            if sender:
                sender.close()

    def close(self):
        self.router.close()
        self.capture.close()
        self.own.close()
        self.lan.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--kinds", default=",".join(kind for kind in KINDS if kind != "higher"))
    parser.add_argument("--makes", default="tandem,frr,keepalived")
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--runs", type=int, default=1, help="the median of so many, but the sum of what is lost, moved or a gap")
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--cpu", type=int)
    options = parser.parse_args()
    os.nice(options.nice)
    print(f"{'kind':14}{'make':11}{'received/s':>11}{'lost':>6}{'sent ms':>9}{'arrived ms':>12}{'gaps':>6}{'moved':>7}{'cpu %':>7}{'stolen %':>10}   load", flush=True)
    for kind in options.kinds.split(","):
        for name in options.makes.split(","):
            report(kind, name, [one_run(MAKES[name], kind, options) for _ in range(options.runs)])


def one_run(make, kind, options):
    bench = Bench(make, kind, options)
    try:
        return bench.measure()
    finally:
        bench.close()


def report(kind, name, rows):
    median = {key: statistics.median(row[key] for row in rows) for key in ("received", "sent", "arrived", "cpu", "stolen")}
    total = {key: "–" if rows[0][key] is None else sum(row[key] for row in rows) for key in ("lost", "gaps", "moved", "uncaptured")}
    note = f"   {total['uncaptured']} adverts not captured" if total["uncaptured"] else ""
    print(f"{kind:14}{name:11}{median['received']:11,.0f}{total['lost']:>6}{median['sent']:9.1f}{median['arrived']:12.1f}{total['gaps']:>6}{total['moved']:>7}"
          f"{median['cpu']:7.0f}{median['stolen']:10.0f}   {os.getloadavg()[0]:.1f}{note}", flush=True)


if __name__ == "__main__":
    main()
