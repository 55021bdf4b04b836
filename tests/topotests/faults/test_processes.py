# SPDX-License-Identifier: Apache-2.0
"""Supervisor and worker die, hang and die again: hosts never get two answers, the configuration is never lost, and the state is correct again at
once."""
import contextlib
import os
import resource
import shutil
import signal
import tempfile
import time

import pytest

from harness import netns
from harness.gateway import DOUBLE_MS
from harness.routers import Frr, Tandem
from harness.routers.base import alive
from harness.shim import Shim
from harness.topology import SERVER4
from harness.waiting import stays, wait_for

pytestmark = pytest.mark.alone
INTERVAL_MS = 100
LEASE_S = 3    # short enough for a test to wait


def details(router):
    return next(group for group in router.show("show vrrp detail json") if group["vrid"] == 5)["v4"]


@pytest.mark.parametrize("peer", [Tandem, Frr])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_nobody_notices_the_crash_of_a_master(gateways, prober, figure, peer, number):
    n = gateways(peer=peer)
    n.one.configure("interface eth1", "vrrp 7 ip 10.10.10.77", "vrrp 7 priority 33")    # not saved
    pinger = prober(n.lan.ns("h1"), SERVER4, interval_ms=1).wait_ready()
    n.capture.clear()
    n.wait_adverts("r1", 4)
    known = details(n.one)
    before, victim = time.time_ns(), n.one.worker()
    os.kill(victim, number)
    n.one.wait_new_worker(victim)
    n.wait_adverts("r1", 6)
    outage = pinger.outage()
    gap = n.longest_gap_ms()
    figure(f"worker of a Master ended by signal {int(number)}, peer {peer.__name__}: longest pause between adverts {gap:.1f} ms, "
           f"{outage.lost} pings of 1 ms lost, {n.questions.longest_double(before):.0f} ms two answers")
    assert not n.adverts("r2") and all(advert.priority for _w, _p, advert in n.adverts("r1")), "no peer notices"
    assert gap <= INTERVAL_MS + 20 and n.longest_gap_ms(6) <= INTERVAL_MS + 20
    assert outage.lost == 0 and n.questions.longest_double(before) == 0
    assert n.one.state() == n.one.state(family=6) == "Master"
    assert n.one.group(7)["priority"] == 33, "what was not saved runs all the same"
    now = details(n.one)
    assert now["since"] == known["since"] and now["stats"]["transitions"] == known["stats"]["transitions"] > 0
    assert now["stats"]["adverTx"] > known["stats"]["adverTx"], "it counts on"
    assert f"process {victim} killed by signal {int(number)}" in n.one.vtysh("show version").stdout
    assert f"process {victim} killed by signal {int(number)}" in n.one.log()


def test_the_crash_of_a_backup_is_no_event(gateways):
    n = gateways()
    victim = n.two.worker()
    os.kill(victim, signal.SIGKILL)
    n.two.wait_new_worker(victim)
    assert n.two.state() == "Backup"
    stays(lambda: not n.adverts("r2"), 0.5, "the Backup advertised")
    n.one.terminate()
    for family in (4, 6):
        n.two.wait_state("Master", family=family)


def test_a_worker_that_hangs_is_fenced_and_replaced(gateways, prober, figure):
    n = gateways()
    pinger = prober(n.lan.ns("h1"), SERVER4).wait_ready()
    before, victim = time.time_ns(), n.one.worker()
    os.kill(victim, signal.SIGSTOP)
    taken = n.capture.wait_advert(5, port="r2", family=4)[0]
    n.one.wait_new_worker(victim)
    assert not alive(victim), "it cannot be continued"
    resigned = [when for when, _port, advert in n.adverts("r1", family=4, since=before) if advert.priority == 0]
    assert len(resigned) == 1 and resigned[0] < taken, "priority 0 before the Backup takes over"
    for family in (4, 6):
        n.one.wait_state("Master", family=family)    # router 1 preempts
    pinger.wait_ready_again()
    double, outage = n.questions.longest_double(before), pinger.outage()
    figure(f"stopped worker of a Master: fenced after {(resigned[0] - before) / 1e6:.0f} ms, outage {outage.milliseconds:.0f} ms, "
           f"two answers {double:.0f} ms")
    assert double <= DOUBLE_MS
    assert "gave no sign of life" in n.one.vtysh("show version").stdout and "virtual routers had resigned" in n.one.log()


def test_a_worker_in_an_endless_loop_is_fenced_and_replaced(gateways):
    """The worker loops at real-time priority. It must not keep the supervisor from the processor."""
    shims = []
    n = gateways(prepare=lambda router: shims.append(Shim(router)))
    before, victim = time.time_ns(), n.one.worker()
    shims[0].looping = victim
    n.capture.wait_advert(5, port="r2", family=4)
    n.one.wait_new_worker(victim)
    said = n.one.vtysh("show version").stdout
    assert f"process {victim} gave no sign of life" in said and "virtual routers resigned" in said
    assert n.questions.longest_double(before) <= DOUBLE_MS
    n.judge(time.time_ns())


def test_a_worker_that_runs_out_of_memory_is_replaced_and_nobody_notices(gateways):
    n = gateways()
    before, victim = time.time_ns(), n.one.worker()
    with open(f"/proc/{victim}/statm", encoding="ascii") as file:
        limit = os.sysconf("SC_PAGE_SIZE") * int(file.read().split()[0])
    resource.prlimit(victim, resource.RLIMIT_AS, (limit, limit))
    # Some 150 MB: more than the C library may have reserved for its threads.
    much = "".join(f" vrrp {vrid} ip 10.10.{vrid}.{number}\n" for vrid in range(20, 255) for number in range(1, 250))
    said = n.one.run_vtysh("-f", n.one.write("much.conf", "interface eth1\n" + much), check=False)
    n.one.wait_new_worker(victim)
    if said.returncode:
        assert "vrrpd" in said.stdout + said.stderr, said
    else:    # the memory was enough to commit: the acknowledged configuration is there
        assert "vrrp 254 ip 10.10.254.249" in n.one.vtysh("show running-config").stdout, said
    assert f"process {victim} killed by signal 6" in n.one.vtysh("show version").stdout
    said = n.one.read("output.log")    # or the memory ran out at the creation of a thread, which needs a stack
    assert "vrrpd: ends: out of memory" in said or "vrrpd: ends: Resource temporarily unavailable" in said
    n.wait_adverts("r1", 5)
    assert not n.adverts("r2", since=before) and n.one.group()["priority"] == 210


def test_a_worker_that_had_no_hurry_before_is_fenced_as_fast(gateways):
    """Without its interface the worker may be silent for two seconds. When it is Master again, the short timeout applies again."""
    n = gateways()
    for _ in range(4):    # the supervisor may by chance have looked at the same moment
        netns.ip("link set eth1 down", ns=n.one.ns)
        n.one.wait_state("Initialize")
        stays(lambda: n.one.state() == "Initialize", 1, "it did not stay down")
        netns.ip("link set eth1 up", ns=n.one.ns)    # IPv6 has lost its link-local address
        n.one.wait_state("Master")
        before, victim = time.time_ns(), n.one.worker()
        os.kill(victim, signal.SIGSTOP)
        n.one.wait_new_worker(victim)
        double = n.questions.longest_double(before)
        assert double <= DOUBLE_MS, f"two routers answered for {double:.0f} ms"


@pytest.mark.parametrize("breaks_ms", [0, 16])
def test_a_worker_that_waits_for_the_kernel_is_not_held_for_dead(gateways, breaks_ms):
    """A program that changes interfaces or addresses waits while others change them, possibly for longer than a worker may be silent. Between two
    waits it runs, perhaps at the moment when its timeout expires."""
    shims, interval_ms = [], 300
    n = gateways(interval_ms=interval_ms, prepare=lambda router: shims.append(Shim(router)), options=("--no-seccomp",))    # for vfork()
    before, victim = time.time_ns(), n.one.worker()
    shims[0].kernel_breaks = breaks_ms
    shims[0].kernel_wait = 500    # a third of the Master Down Interval is 326 ms
    shims[0].overrun = 1          # the worker requests all interfaces
    n.one.configure("interface eth1", "vrrp 5 ip 10.10.10.17")
    assert not shims[0].kernel_wait, "it did not wait"
    n.wait_adverts("r1", 5)
    assert n.one.worker() == victim and not n.adverts("r2", since=before)
    assert not shims[0].wait_error and shims[0].waited >= 500, (shims[0].wait_error, shims[0].waited)
    assert n.longest_gap_ms() > 450, "it did not wait long enough to show anything"


def test_what_came_while_a_router_waited_for_the_kernel_counts_before_its_silence(gateways):
    """A request for all interfaces takes longer than the Master Down Interval. The adverts of the new Master are in the router's queue."""
    shims = []
    n = gateways(interval_ms=200, prepare=lambda router: shims.append(Shim(router)), options=("--no-seccomp",))    # for vfork()
    shims[0].kernel_wait = 900    # the Master Down Interval is 636 ms
    shims[0].overrun = 1          # at the first notification of its own release
    before = time.time_ns()
    n.two.configure("interface eth1", "vrrp 5 priority 250")
    wait_for(lambda: not shims[0].kernel_wait, 5, "it does not wait")
    n.wait("Backup", n.one)
    n.wait_adverts("r2", 10)
    began = min(when for when, _port, _advert in n.adverts("r2", since=before))
    assert not [advert for when, _port, advert in n.adverts("r1", since=began + 250_000_000) if advert.priority]


def test_a_worker_that_hangs_while_it_starts_is_fenced(gateways):
    """The interfaces and addresses of the previous worker still exist and answer."""
    shims = []
    n = gateways(prepare=lambda router: shims.append(Shim(router)))
    before, victim = time.time_ns(), n.one.worker()
    os.kill(victim, signal.SIGSTOP)    # so that the next worker requests the interfaces
    shims[0].stop_next = 1
    os.kill(victim, signal.SIGKILL)
    n.one.wait_new_worker(victim)
    assert not shims[0].stop_next
    n.settle()
    double = n.questions.longest_double(before)
    assert double <= 2 * DOUBLE_MS, f"two routers answered for {double:.0f} ms"


def test_a_macvlan_that_is_not_ours_is_fenced_too(gateways):
    """The daemon cannot delete it, and sets it down."""
    n = gateways(prepare=lambda router: netns.ip("link add mine link eth1 address 00:00:5e:00:01:05 type macvlan mode bridge", ns=router.ns))
    before, victim = time.time_ns(), n.one.worker()
    assert n.one.family()["interface"] == "mine"
    os.kill(victim, signal.SIGSTOP)
    n.capture.wait_advert(5, port="r2", family=4)
    n.one.wait_new_worker(victim)
    assert n.questions.longest_double(before) <= DOUBLE_MS
    n.judge(time.time_ns())
    assert n.one.family()["interface"] == "mine"


def test_supervisor_and_worker_stopped_together_lose_the_addresses_with_their_lease(gateways):
    """Only the kernel can act. When both continue, the state is as before."""
    n = gateways()
    n.one.configure(f"vrrp address-lease {LEASE_S}")
    before, victims = time.time_ns(), n.one.pids()
    for victim in victims:
        os.kill(victim, signal.SIGSTOP)
    wait_for(lambda: not netns.addresses(n.one.ns).get(n.one.macvlan()), LEASE_S + 5, lambda: netns.addresses(n.one.ns), step=0.02)
    wait_for(lambda: n.questions.answers(time.time_ns() - 50_000_000), 5, "no router answers")
    assert n.questions.longest_double(before) <= (LEASE_S + 1) * 1000
    gone_on = time.time_ns()
    for victim in victims:
        os.kill(victim, signal.SIGCONT)
    for family in (4, 6):
        n.one.wait_state("Master", family=family)
        n.two.wait_state("Backup", family=family)
    n.wait_adverts("r1", 5)
    assert n.questions.longest_double(gone_on) <= DOUBLE_MS


def test_a_crash_loop_is_fenced_and_said(gateways):
    n = gateways()
    before = time.time_ns()
    for crash in range(5):
        victim = n.one.worker()
        os.kill(victim, signal.SIGSEGV)
        wait_for(lambda v=victim: not alive(v), 5, f"crash {crash}: worker {victim} is still there", step=0.001)
    n.two.wait_state("Master")
    assert not [name for name in netns.links(n.one.ns) if name.startswith("vrrp")], "its macvlans are gone"
    assert n.questions.longest_double(before) <= DOUBLE_MS
    n.one.wait_new_worker(victim, 15)
    said = n.one.vtysh("show version").stdout
    assert "Worker replaced 5 time(s)" in said and "signal 11" in said and "its virtual routers resigned" in said
    assert "its virtual routers have resigned" in n.one.read("output.log")
    for family in (4, 6):
        n.one.wait_state("Master", family=family)


def test_stopping_it_while_it_waits_after_crashes_is_a_failure(gateways):
    n = gateways()
    for _ in range(5):
        victim = n.one.worker()
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda v=victim: not alive(v), 5, f"worker {victim} is still there", step=0.001)
    supervisor = n.one._children[0]
    wait_for(lambda: n.one.pids() == [supervisor.pid], 5, "it does not wait", step=0.001)
    os.kill(supervisor.pid, signal.SIGTERM)
    assert supervisor.wait(5) == 1


def test_a_worker_without_a_supervisor_resigns(gateways, figure):
    n = gateways()
    before, worker, supervisor = time.time_ns(), n.one.worker(), n.one.pids()[0]
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not alive(worker), 5, "the worker goes on")
    n.two.wait_state("Master")
    assert [advert.priority for _w, _p, advert in n.adverts("r1", family=4, since=before)][-1] == 0
    assert not [name for name in netns.links(n.one.ns) if name.startswith("vrrp")]
    figure(f"supervisor killed: two answers for {n.questions.longest_double(before):.0f} ms")
    assert n.questions.longest_double(before) <= DOUBLE_MS
    n.one.launch()
    n.one.wait_ready()
    n.one.wait_state("Master")


@contextlib.contextmanager
def folder_in_memory():
    """A directory in memory, as /run is on a router: the checkpoint survives the end of both processes there."""
    folder = tempfile.mkdtemp(prefix=f"tandem-{os.getpid()}-", dir="/dev/shm")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def test_a_restart_of_both_within_the_lease_is_no_event(gateways, figure):
    """Restarts both as systemd does: the addresses still exist, and no peer has noticed."""
    with folder_in_memory() as folder:
        options = ("-i", os.path.join(folder, "vrrpd.pid"))
        n = gateways(options=options)
        n.one.configure("interface eth1", "vrrp 7 ip 10.10.10.77")
        before = time.time_ns()
        n.one.kill()
        n.one.launch(options)
        n.one.wait_ready()
        n.wait_adverts("r1", 6)
        figure(f"both processes killed and started again: longest pause between adverts {n.longest_gap_ms():.0f} ms")
        assert not n.adverts("r2", since=before), "the Backup took over"
        assert n.questions.longest_double(before) == 0 and n.one.group(7)
        n.one.terminate()
        assert os.listdir(folder) == []


def test_a_damaged_checkpoint_means_a_clean_start(gateways):
    with folder_in_memory() as folder:
        n = gateways(options=("-i", os.path.join(folder, "vrrpd.pid")))
        victim = n.one.worker()
        os.kill(victim, signal.SIGSTOP)
        with open(os.path.join(folder, "vrrpd.checkpoint"), "r+b") as file:
            file.seek(4096)
            for _ in range(64):    # the headers, and the beginning of the configuration
                file.write(os.urandom(4096))
        os.kill(victim, signal.SIGKILL)
        n.one.wait_new_worker(victim)
        assert n.questions.longest_double() <= DOUBLE_MS
        for family in (4, 6):
            n.one.wait_state("Master", family=family)
        assert n.one.group()["priority"] == 210


def test_every_acknowledged_commit_survives_a_crash(gateways):
    n = gateways()
    for number in range(1, 5):    # another test covers the fifth crash
        n.one.configure("interface eth1", f"vrrp 7 ip 10.10.10.{100 + number}")
        victim = n.one.worker()
        os.kill(victim, signal.SIGKILL)
        n.one.wait_new_worker(victim)
        assert f"vrrp 7 ip 10.10.10.{100 + number}" in n.one.vtysh("show running-config").stdout
    assert not n.adverts("r2")


def test_a_worker_that_hangs_without_its_supervisor_is_ended_by_the_next_start(gateways):
    """It holds the lock, and would resign for the new worker when it continues."""
    n = gateways()
    supervisor, worker = n.one.pids()
    os.kill(worker, signal.SIGSTOP)
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not alive(supervisor), 5, "the supervisor lives")
    n.one.launch()
    n.one.wait_ready()
    assert not alive(worker)
    n.settle()
