# SPDX-License-Identifier: Apache-2.0
"""Judges an election by the adverts on the wire: which router was Master at which time, and how long two routers were Master at once.

A router is Master in a *reign*: a series of its advertisements, one an interval. A reign begins with its first advertisement and ends with its last:
the router resigns (priority 0), omits an advertisement, or the capture ends.
"""
import collections

Reign = collections.namedtuple("Reign", "port start end priority resigned")
SECOND = 1_000_000_000
# Tolerance for a router that waits. A machine that runs three tests at a time may delay each action, but no timer expires early. (The tester also
# sends the frame that starts the timer a little late.)
EARLY_NS, LATE_NS = 40_000_000, 150_000_000


def down_interval_ns(priority, interval_ms, version=3):
    """Returns the exact Master_Down_Interval of a Backup (RFC 9568 §6.1, RFC 3768 §6.1)."""
    return 3 * interval_ms * 1_000_000 + skew_ns(priority, interval_ms, version)


def skew_ns(priority, interval_ms, version=3):
    base = interval_ms if version == 3 else 1000
    return (256 - priority) * base * 1_000_000 // 256


def is_on_time(waited_ns, due_ns):
    return -EARLY_NS <= waited_ns - due_ns <= LATE_NS


def reigns(adverts, interval_ms):
    """Returns the reigns of all routers in the adverts [(when, port, Advert)] of one virtual router and family."""
    pause = interval_ms * 1_500_000
    open_reigns, done = {}, []
    for when, port, advert in adverts:
        current = open_reigns.get(port)
        if current and when - current.end > pause:
            done.append(open_reigns.pop(port))
            current = None
        if advert.priority == 0:
            if current:
                done.append(open_reigns.pop(port)._replace(end=when, resigned=True))
        elif current:
            open_reigns[port] = current._replace(end=when)
        else:
            open_reigns[port] = Reign(port, when, when, advert.priority, False)
    return sorted(done + list(open_reigns.values()), key=lambda r: r.start)


def longest_double(found):
    """Returns the longest time (ns) during which two routers were Master at once."""
    longest = 0
    for index, a in enumerate(found):
        for b in found[index + 1:]:
            if a.port != b.port:
                longest = max(longest, min(a.end, b.end) - max(a.start, b.start))
    return longest


def masters(adverts, interval_ms, at):
    """Returns the ports whose reign covers `at` (ns). A reign counts for one more interval after its last advertisement."""
    slack = interval_ms * 1_500_000
    return [r.port for r in reigns(adverts, interval_ms) if r.start <= at <= r.end + (0 if r.resigned else slack)]
