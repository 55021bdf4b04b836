# SPDX-License-Identifier: Apache-2.0
"""However vrrpd ends, it leaves no macvlan, no changed sysctl and no file. One or both processes get the signal, in any order and in any state."""
import contextlib
import itertools
import os
import signal
import time

import pytest

from harness import netns
from harness.routers import Group
from harness.routers.base import alive, children_of
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

TIMES = 20
VOLATILE = ("stable_secret", "mc_forwarding")    # the kernel changes these by itself
GROUPS = (Group(priority=210, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)), Group(6, priority=90, ipv4=("10.10.10.17",)))


def send(pid, *numbers):
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def started(one):
    """Returns (supervisor, worker) once the daemon has applied the configuration."""
    lines = one.log().count("[VRRP-001]")
    process = one.launch()
    wait_for(lambda: one.log().count("[VRRP-001]") > lines, 20, lambda: f"it does not start: {one.output()}", step=0.005)
    return process, children_of(process.pid)[0]


# Each function gets the supervisor's process, its worker, and the number of the attempt.

def the_supervisor_is_told(process, worker, attempt):
    send(process.pid, signal.SIGTERM)


def both_are_told_the_supervisor_first(process, worker, attempt):
    send(process.pid, signal.SIGTERM)
    time.sleep(attempt * 0.0005)
    send(worker, signal.SIGTERM)


def both_are_told_the_worker_first(process, worker, attempt):
    send(worker, signal.SIGTERM)
    time.sleep(attempt * 0.0005)
    send(process.pid, signal.SIGTERM)


def ctrl_c_for_both(process, worker, attempt):
    for pid in sorted((process.pid, worker), reverse=attempt % 2):
        send(pid, signal.SIGINT)


def told_again_and_again(process, worker, attempt):
    send(process.pid, signal.SIGTERM)
    while process.poll() is None:
        for number, pid in itertools.product((signal.SIGTERM, signal.SIGINT), (worker, process.pid)):
            send(pid, number)
        time.sleep(0.0005)


def a_storm_of_hang_ups(process, worker, attempt):
    for pid in (worker, process.pid) * 5:
        send(pid, signal.SIGHUP)
    send(process.pid, signal.SIGTERM)
    while process.poll() is None:
        send(worker, signal.SIGHUP, signal.SIGUSR1)
        time.sleep(0.0005)


def while_it_reads_its_file_again(process, worker, attempt):
    send(process.pid, signal.SIGHUP)
    time.sleep(attempt * 0.001)
    send(process.pid, signal.SIGTERM)


def while_another_worker_takes_over(process, worker, attempt):
    send(process.pid, signal.SIGUSR2)
    time.sleep(attempt * 0.005)
    send(process.pid, signal.SIGTERM)


def the_worker_crashes_while_it_ends(process, worker, attempt):
    send(process.pid, signal.SIGTERM)
    time.sleep(attempt * 0.0005)
    send(worker, signal.SIGKILL)


WAYS = {the_supervisor_is_told: {0}, both_are_told_the_supervisor_first: {0}, both_are_told_the_worker_first: {0}, ctrl_c_for_both: {0},
        told_again_and_again: {0}, a_storm_of_hang_ups: {0}, while_it_reads_its_file_again: {0}, while_another_worker_takes_over: {0},
        the_worker_crashes_while_it_ends: {0, 1}}


def left_by(one, before, files):
    after = netns.all_sysctls(one.ns, VOLATILE)
    changed = {key: (before.get(key), after.get(key)) for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    macvlans = [name for name in netns.links(one.ns) if name.startswith("vrrp")]
    left = (set(os.listdir(one.dir)) | {f"state/{name}" for name in os.listdir(one.path("state"))}) - files
    return {what: found for what, found in (("sysctls", changed), ("macvlans", macvlans), ("files", left)) if found}


def prepare(one):
    """Starts and ends the daemon once, so that all permanent files exist. Returns the state that each later end must restore."""
    own = netns.all_sysctls(one.ns, VOLATILE)
    one.start(*GROUPS)
    wait_for(lambda: any(netns.all_sysctls(one.ns, VOLATILE).get(key) != value for key, value in own.items()), 5, "it changes nothing, so this shows nothing")
    one.terminate()
    before = netns.all_sysctls(one.ns, VOLATILE)
    return before, set(os.listdir(one.dir)) | {f"state/{name}" for name in os.listdir(one.path("state"))}


def end(one, process, statuses):
    status = process.wait(20)
    assert status in statuses, f"status {status}: {one.output()}"
    wait_for(lambda: not [pid for pid in one.pids() if alive(pid)], 5, "a process is left")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_is_left_when(pair, way):
    one, _two = pair
    before, files = prepare(one)
    for attempt in range(TIMES):
        process, worker = started(one)
        way(process, worker, attempt)
        end(one, process, WAYS[way])
        assert left_by(one, before, files) == {}, f"attempt {attempt}: {one.output()}"


def test_nothing_is_left_when_it_is_told_to_end_while_it_starts(pair):
    one, _two = pair
    before, files = prepare(one)
    for attempt in range(TIMES):
        lines = len(one.log())
        process = one.launch()
        wait_for(lambda: os.path.exists(one.path("vrrpd.pid")) and one.read("vrrpd.pid") or process.poll() is not None, 10, "it makes no PID file", step=0.0005)
        time.sleep(attempt * 0.01)
        for pid in (process.pid, *children_of(process.pid)):
            send(pid, signal.SIGTERM)
        end(one, process, {0})
        assert left_by(one, before, files) == {}, f"attempt {attempt}: {one.log()[lines:]}"


def test_nothing_is_left_when_it_is_told_to_end_in_the_pause_after_crashes(pair):
    one, _two = pair
    before, files = prepare(one)
    process, _worker = started(one)
    for _crash in range(5):
        victim = wait_for(lambda: children_of(process.pid), 5, "there is no worker", step=0.0005)[0]
        send(victim, signal.SIGKILL)
        wait_for(lambda v=victim: v not in children_of(process.pid), 5, "it lives", step=0.0005)
    wait_for(lambda: not children_of(process.pid), 5, "it does not wait", step=0.0005)
    send(process.pid, signal.SIGTERM)
    end(one, process, {1})
    assert left_by(one, before, files) == {}, one.output()
