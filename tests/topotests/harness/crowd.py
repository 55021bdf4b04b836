# SPDX-License-Identifier: Apache-2.0
"""A thousand groups with their interfaces, and for comparison the same number of macvlans of another program."""
import re

from . import netns
from .routers import Group
from .routers.tandem import config_lines
from .waiting import wait_for

GROUPS, PARENTS = 1020, 4
PATIENT_MS = 40_000    # at this advertisement interval the groups stay Backups for two minutes


def add_parents(namespace):
    """Creates interfaces up0, up1, … with one address each."""
    netns.ip(*(f"link add up{i} type veth peer name down{i}" for i in range(PARENTS)),
             *(f"link set {name}{i} up" for i in range(PARENTS) for name in ("up", "down")),
             *(f"addr add 10.{30 + i}.0.1/16 dev up{i}" for i in range(PARENTS)), ns=namespace)


def remove_parents(namespace):
    """Removes the interfaces; the kernel removes their macvlans with them."""
    netns.ip(*(f"link del up{i}" for i in range(PARENTS)), ns=namespace)


def groups(ipv6=True, interval_ms=1000):
    return [Group(vrid, interval_ms=interval_ms, ipv4=(f"10.{30 + i}.1.{vrid}",), ipv6=(f"2001:db8:{i}::{vrid:x}",) if ipv6 else (), interface=f"up{i}")
            for i in range(PARENTS) for vrid in range(1, GROUPS // PARENTS + 1)]


def add_macvlans(namespace):
    """Creates as many macvlans as the groups need for both families. IPv6 is off: it would keep the kernel busy for further seconds."""
    netns.write_sysctl(namespace, "ipv6/conf/default/disable_ipv6", 1)
    netns.ip(*(f"link add m{i} link up{i % PARENTS} up type macvlan mode private" for i in range(2 * GROUPS)), ns=namespace)


def load(router, **how):
    """Loads the groups with the shell. It returns when the kernel has their macvlans and addresses."""
    router.run_vtysh("-f", router.write("many.conf", config_lines(groups(**how))))


def _read(router, name):
    with netns.inside(router.ns), open(f"/proc/thread-self/net/{name}", encoding="ascii") as file:
        return file.read()


# These queries do not take the kernel's lock for changes of interfaces (RTNL). A list of all interfaces would hold it.

def macvlans(router):
    return sum(line.lstrip().startswith("vrrp") for line in _read(router, "dev").splitlines())


def masters(router):
    """Returns the number of groups that have their virtual addresses, by family."""
    return {4: len(set(re.findall(r"\b10\.3\d\.1\.\d+", _read(router, "fib_trie")))),
            6: sum(line.startswith("20010db8") for line in _read(router, "if_inet6").splitlines() if "vrrp" in line)}


def await_masters(router, timeout):
    wait_for(lambda: masters(router) == {4: GROUPS, 6: GROUPS}, timeout, lambda: f"of {GROUPS} groups are Master: {masters(router)}", step=0.5)
