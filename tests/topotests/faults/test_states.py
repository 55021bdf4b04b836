# SPDX-License-Identifier: Apache-2.0
"""SIGKILL and SIGSTOP for each process, in each state of its virtual router. test_processes.py covers what is particular to a Master."""
import os
import signal
import time

import pytest

from harness import netns
from harness.routers.base import alive
from harness.waiting import stays, wait_for

pytestmark = pytest.mark.alone


def strike(router, process, number):
    """Sends a signal to the supervisor or the worker. Returns the worker of that moment."""
    worker = router.worker()
    os.kill(worker if process == "worker" else router.pids()[0], number)
    return worker


def start_again(router):
    """Starts the daemon again, as systemd does when a supervisor has died and its worker has resigned and ended."""
    wait_for(lambda: not router.pids(), 5, "something goes on without a supervisor")
    router.launch()
    router.wait_ready()


@pytest.mark.parametrize("process", ["worker", "supervisor"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("state", ["Backup", "Initialize"])
def test_a_router_that_is_not_master_dies_or_hangs_and_nobody_notices(gateways, state, number, process):
    g = gateways()
    if state == "Initialize":
        g.lan.set_link("r2", "down")
        g.wait("Initialize", g.two)
    struck, worker = time.time_ns(), strike(g.two, process, number)
    if process == "worker":
        g.two.wait_new_worker(worker)
        assert not alive(worker)
    elif number == signal.SIGKILL:
        wait_for(lambda: not alive(worker), 5, "the worker goes on without a supervisor")
        start_again(g.two)
    else:
        g.wait_adverts("r1", 5)
        assert g.two.worker() == worker and g.two.state() == state, "the worker does not need a supervisor to go on"
        os.kill(g.two.pids()[0], signal.SIGCONT)
        stays(lambda: g.two.worker() == worker, 0.5, "it held the worker for dead")
    g.wait(state, g.two)
    if state == "Initialize":
        g.lan.set_link("r2", "up")
    g.judge(time.time_ns())
    assert g.outage_ms(struck) <= g.interval_ms and not g.adverts("r2"), "the Master's host has noticed"


def test_a_stopped_supervisor_costs_a_master_nothing(gateways):
    g = gateways()
    worker = strike(g.one, "supervisor", signal.SIGSTOP)
    g.wait_adverts("r1", 10)
    os.kill(g.one.pids()[0], signal.SIGCONT)
    stays(lambda: g.one.worker() == worker, 0.5, "it held the worker for dead")
    g.judge(time.time_ns())
    assert not g.adverts("r2")


def test_a_worker_that_dies_while_its_supervisor_is_stopped_is_replaced_when_that_goes_on(gateways):
    g = gateways()
    worker, supervisor = g.one.worker(), g.one.pids()[0]
    os.kill(supervisor, signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    os.kill(supervisor, signal.SIGCONT)
    g.one.wait_new_worker(worker)
    g.judge(time.time_ns())
    assert not g.adverts("r2"), "it was in time"


def test_a_worker_that_dies_in_initialize_goes_on_waiting(gateways):
    g = gateways()
    g.lan.set_link("r1", "down")
    g.wait("Initialize", g.one)
    worker = strike(g.one, "worker", signal.SIGKILL)
    g.one.wait_new_worker(worker)
    g.wait("Initialize", g.one)
    assert not [name for name, listed in netns.addresses(g.one.ns).items() if name.startswith("vrrp") and listed]
    g.lan.set_link("r1", "up")
    g.judge(time.time_ns())
