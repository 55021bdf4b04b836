#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How punctual the adverts of 50 groups (100 ms interval) are while 1 020 others are loaded, shown and removed, and take over: in virtual time,
in a virtual machine with one processor that no other program can use (doc/performance.md). The limits apply to each advert, not to percentiles.

Usage: [TANDEM_BUILD=build/release] tests/vm/punctuality.py [--json] [--cases rest,go] [--trace CASE [--into DIR]]

Starts the virtual machine itself. Prints for each case the median, the 99th percentile and the worst lateness in us, the number of
adverts, of missed adverts, of replacements of the daemon's worker, and of frames that the capture lost (if any, the case proves nothing), and
the duration in seconds of virtual time:

    rest         nothing happens
    others come  another program makes 2 040 macvlans in a network namespace of its own (`ip -batch`), for comparison
    others go    it removes them, with their parent interfaces
    come         a file of 1 020 groups, both families, is loaded (`vtysh -f`), until the command returns; they are Backups
    show         `vtysh -c 'show vrrp json'`, five times
    go           SIGHUP: reloads the file without them, until their last macvlan is removed
    take over    the same groups are loaded, and all become Master at the same moment
    among        nothing happens, but they are Masters; only with --cases

--json: one object a line instead. --trace CASE: writes DIR/CASE.trace (ftrace: switches, wake-ups, system calls, timers; by default below
build/trace) of that case, and prints the latest adverts with their times on its clock.
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "topotests"))
from harness import crowd, lateness, netns, punctuality  # noqa: E402
from harness.programs import ROOT, build_folder, program  # noqa: E402
from harness.waiting import wait_for  # noqa: E402

TRACING = "/sys/kernel/tracing"
EVENTS = ("sched/sched_switch", "sched/sched_wakeup", "raw_syscalls", "timer/hrtimer_expire_entry")
TIMEOUT = punctuality.TIMEOUT


def others_go(watch):
    crowd.remove_parents(watch.elsewhere)


def come(watch):
    crowd.load(watch.router, interval_ms=crowd.PATIENT_MS)


def take_over(watch):
    crowd.load(watch.router)
    crowd.await_masters(watch.router, TIMEOUT)


def show(watch):
    for _ in range(5):
        watch.router.vtysh("show vrrp json")


def go(watch):
    def left():
        return crowd.macvlans(watch.router) - len(punctuality.VRIDS)
    os.kill(watch.router.pids()[0], signal.SIGHUP)
    wait_for(lambda: not left(), TIMEOUT, lambda: f"{left()} macvlans are left", step=0.5)


# In this order: most cases start from the state that the previous one left.
USUAL = ["rest", "others come", "others go", "come", "show", "go", "take over"]
CASES = {"rest": punctuality.rest, "others come": punctuality.others_come, "others go": others_go,
         "come": come, "show": show, "go": go, "take over": take_over, "among": punctuality.rest}


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def quiet_kernel():
    """Turns off periodic work of this kernel. Merging pages occupied the processor for a millisecond."""
    write("/sys/kernel/mm/transparent_hugepage/enabled", "never")


def fetch(*programs):
    """Reads programs and their libraries. While a program waits for a page from the host's disk, the clock runs ahead, by minutes if the host is
    busy."""
    libraries = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    for path in {*programs, *re.findall(r"/[^\s:]+", libraries)}:
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


@contextlib.contextmanager
def traced(path):
    subprocess.run(["mount", "-t", "tracefs", "none", TRACING], check=True)
    write(f"{TRACING}/trace_clock", "mono")
    write(f"{TRACING}/buffer_size_kb", "100000")
    for event in EVENTS:
        write(f"{TRACING}/events/{event}/enable", "1")
    write(f"{TRACING}/tracing_on", "1")
    try:
        yield
    finally:
        write(f"{TRACING}/tracing_on", "0")
        with open(f"{TRACING}/trace", "rb") as source, open(path, "wb") as copy:
            while part := source.read(1 << 20):
                copy.write(part)


def print_latest(sample, count=40):
    """Prints the latest adverts with their times on the trace's clock, CLOCK_MONOTONIC. No program sets CLOCK_REALTIME here."""
    offset = time.time_ns() - time.monotonic_ns()
    for late, when, (_family, vrid) in sample.latest()[:count]:
        print(f"  late {late:7.0f} us at {(when - offset) / 1e9:.6f}: group {vrid}")


def report(name, sample, as_json):
    late = sample.late()
    row = {"case": name, "median": lateness.percentile(late, 0.5), "p99": lateness.percentile(late, 0.99), "worst": late[-1], "n": len(late),
           "missed": sample.missed(), "restarts": sample.restarts, "dropped": sample.dropped, "took": sample.took}
    if as_json:
        print(json.dumps(row), flush=True)
    else:
        print("{:12} {}".format(name, lateness.summary(late)),
              "  missed {missed}  restarts {restarts}  dropped {dropped}  took {took:.2f} s".format(**row), flush=True)


def sample_of(watch, what):
    try:
        return watch.during(what)
    except AssertionError:
        print(watch.router.output(), file=sys.stderr)
        raise


def measure(options):
    quiet_kernel()
    netns.TIMEOUT = 3600    # the clock runs ahead while a command waits for the host's disk
    fetch(program("vrrpd"), program("vtysh"), shutil.which("ip"))
    with punctuality.watch() as watch:
        for name in options.cases:
            tracing = name == options.trace
            with traced(os.path.join(options.into, f"{name.replace(' ', '-')}.trace")) if tracing else contextlib.nullcontext():
                sample = sample_of(watch, CASES[name])
            report(name, sample, options.json)
            if tracing:
                print_latest(sample)


def enter(options):
    """Runs this program again in a virtual machine. Does not return."""
    share = []
    if options.trace:
        os.makedirs(options.into, exist_ok=True)
        share = ["--share", options.into]
    os.environ["TANDEM_BUILD"] = build_folder()
    os.execv(os.path.join(HERE, "run"), [
        "run", "--virtual-time", "--memory", "3000", "--timeout", "900", "--modules", "bridge macvlan veth", "--env", "TANDEM_BUILD", *share, "--",
        "/usr/bin/python3", os.path.abspath(__file__), *sys.argv[1:], "--into", options.into])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", type=lambda text: text.split(","), default=USUAL)
    parser.add_argument("--trace", choices=CASES)
    parser.add_argument("--into", type=os.path.abspath, default=os.path.join(ROOT, "build", "trace"))
    options = parser.parse_args()
    if not set(options.cases) <= set(CASES) or options.trace and options.trace not in options.cases:
        parser.error(f"cases are: {', '.join(CASES)}; the traced one must be among those that are measured")
    measure(options) if os.environ.get("VM_RUN") else enter(options)


if __name__ == "__main__":
    main()
