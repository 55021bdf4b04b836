# SPDX-License-Identifier: Apache-2.0
"""The faults of the soak: each is done to one router, lasts for a while, and is repaired.

A function gets (network, router, vrid), does the damage, and returns what repairs it, or None if it repairs itself."""
import os
import signal
import socket

from harness import netns
from harness.routers.base import alive
from harness.waiting import wait_for

from network import PRIMARY


def _worker(router):
    """Returns None while the supervisor waits after several crashes."""
    return next(iter(router.pids()[1:]), None)


def _strike(router, number):
    worker = _worker(router)
    if worker:
        os.kill(worker, number)


def _end_and_start_again(router, number):
    """As a service manager does: once all processes have ended."""
    victims = router.pids()
    os.kill(victims[0], number)

    def repair():
        wait_for(lambda: not any(alive(pid) for pid in victims), 15, f"{router.name} does not end", step=0.001)
        router.launch()
        router.wait_ready(20)
    return repair


def worker_killed(_network, router, _vrid):
    _strike(router, signal.SIGKILL)


def worker_aborted(_network, router, _vrid):
    _strike(router, signal.SIGABRT)


def worker_stopped(network, router, _vrid):
    """Not while a better router is about to take over, and nothing else until it is noticed: a router that hangs does not release its addresses (doc/reliability.md)."""
    network.wait_settled(5)
    worker = _worker(router)
    _strike(router, signal.SIGSTOP)
    return lambda: wait_for(lambda: not worker or not alive(worker), 5, f"{router.name}: the supervisor does not notice that the worker hangs", step=0.001)


def supervisor_killed(_network, router, _vrid):
    return _end_and_start_again(router, signal.SIGKILL)


def supervisor_stopped(_network, router, _vrid):
    supervisor = router.pids()[0]
    os.kill(supervisor, signal.SIGSTOP)
    return lambda: os.kill(supervisor, signal.SIGCONT)


def both_killed_and_restarted(_network, router, _vrid):
    router.kill()
    router.launch()
    router.wait_ready(20)


def terminated(_network, router, _vrid):
    return _end_and_start_again(router, signal.SIGTERM)


def file_read_again(_network, router, _vrid):
    os.kill(router.pids()[0], signal.SIGHUP)


def link_cut(network, router, _vrid):
    network.lan.set_link(router.name, "down")
    return lambda: network.lan.set_link(router.name, "up")


def link_flaps(network, router, _vrid):
    for _ in range(10):
        network.lan.set_link(router.name, "down")
        network.lan.set_link(router.name, "up")


def interface_set_down(_network, router, _vrid):
    netns.ip("link set eth1 down", ns=router.ns)
    return lambda: netns.ip("link set eth1 up", ns=router.ns)


def interface_deleted(network, router, _vrid):
    netns.ip("link del eth1", ns=router.ns)
    return lambda: network.lan.rewire(router.name)


def interface_renamed(_network, router, _vrid):
    netns.ip("link set eth1 name lan0", ns=router.ns)
    return lambda: netns.ip("link set lan0 name eth1", ns=router.ns)


def primary_address_lost(_network, router, _vrid):
    netns.ip(f"addr del {PRIMARY[router.name]} dev eth1", ns=router.ns)
    return lambda: netns.ip(f"addr add {PRIMARY[router.name]} dev eth1", ns=router.ns)


def _at_macvlan(name, command):
    def damage(network, router, vrid):
        device = network.macvlan(router, vrid)
        if device:
            netns.ip(command.format(device=device, address=f"10.10.10.{100 + vrid}"), ns=router.ns, force=True)
    damage.__name__ = name
    return damage


macvlan_deleted = _at_macvlan("macvlan_deleted", "link del {device}")
macvlan_set_down = _at_macvlan("macvlan_set_down", "link set {device} down")
macvlan_with_another_mac = _at_macvlan("macvlan_with_another_mac", "link set {device} address 02:00:00:00:00:77")
virtual_address_removed = _at_macvlan("virtual_address_removed", "addr flush dev {device}")
virtual_address_added = _at_macvlan("virtual_address_added", "addr add {address}/32 dev {device}")


def foreign_routes(_network, router, _vrid):
    for what in ("add", "del"):
        netns.ip(*(f"route {what} blackhole 10.{100 + n // 256}.{n % 256}.0/24" for n in range(5000)), ns=router.ns)


def notifications_lost(network, router, vrid):
    shim, device = network.shims[router], network.macvlan(router, vrid)
    shim.deaf = 1
    if device:
        netns.ip(f"addr flush dev {device}", ns=router.ns, force=True)
    shim.overrun, shim.deaf = 1, 0
    netns.ip("addr add 127.0.0.9/32 dev lo", "addr del 127.0.0.9/32 dev lo", ns=router.ns)


def requests_refused(network, router, vrid):
    """Every third, for as long as the fault lasts; something has to be asked for."""
    shim = network.shims[router]
    shim.error, shim.refuse_every = 12, 3    # ENOMEM
    virtual_address_removed(network, router, vrid)
    return shim.heal


def clock_set(network, router, vrid):
    network.shims[router].clock_offset = 86_400 if vrid % 2 else -86_400
    return lambda: setattr(network.shims[router], "clock_offset", 0)


def _configure(router, *lines):
    """Again, if the worker that was asked has been replaced meanwhile; a supervisor may wait for a minute after several crashes."""
    wait_for(lambda: router.configure(*lines, check=False).returncode == 0, 70, f"{router.name} does not take: {'; '.join(lines)}")


def priority_changed(network, router, vrid):
    before = network.priority(network.routers.index(router), vrid)
    if not _worker(router):
        return None
    _configure(router, "interface eth1", f"vrrp {vrid} priority 250")
    return lambda: _configure(router, "interface eth1", f"vrrp {vrid} priority {before}")


def group_removed(network, router, vrid):
    before = network.priority(network.routers.index(router), vrid)
    if not _worker(router):
        return None
    _configure(router, "interface eth1", f"no vrrp {vrid}")
    return lambda: _configure(router, "interface eth1", f"vrrp {vrid} version 3", f"vrrp {vrid} priority {before}",
                              f"vrrp {vrid} advertisement-interval 100", f"vrrp {vrid} ip 10.10.10.{100 + vrid}")


def shells_come_and_vanish(_network, router, _vrid):
    clients = []
    for number in range(100):
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(1)
        try:
            one.connect(router.path("vrrpd.vty"))
            one.send([b"", b"GET / HTTP/1.0\r\n\r\n", b"\0\0\x40\0half"][number % 3])
            clients.append(one)
        except OSError:
            one.close()

    def vanish():
        for one in clients:
            one.close()
    return vanish


KINDS = [worker_killed, worker_aborted, worker_stopped, supervisor_killed, supervisor_stopped, both_killed_and_restarted, terminated,
         file_read_again, link_cut, link_flaps, interface_set_down, interface_deleted, interface_renamed, primary_address_lost,
         macvlan_deleted, macvlan_set_down, macvlan_with_another_mac, virtual_address_removed, virtual_address_added, foreign_routes,
         notifications_lost, requests_refused, clock_set, priority_changed, group_removed, shells_come_and_vanish]
