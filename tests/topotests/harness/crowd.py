# SPDX-License-Identifier: Apache-2.0
"""A thousand groups and the interfaces that they need, and as many macvlans of somebody else to compare them with."""
from . import netns
from .routers import Group

GROUPS, PARENTS = 1020, 4


def add_parents(namespace):
    """Interfaces up0, up1, … with an address each."""
    netns.ip(*(f"link add up{i} type veth peer name down{i}" for i in range(PARENTS)),
             *(f"link set {name}{i} up" for i in range(PARENTS) for name in ("up", "down")),
             *(f"addr add 10.{30 + i}.0.1/16 dev up{i}" for i in range(PARENTS)), ns=namespace)


def remove_parents(namespace):
    """And what is on them."""
    netns.ip(*(f"link del up{i}" for i in range(PARENTS)), ns=namespace)


def groups(ipv6=True):
    return [Group(vrid, ipv4=(f"10.{30 + i}.1.{vrid}",), ipv6=(f"2001:db8:{i}::{vrid:x}",) if ipv6 else (), interface=f"up{i}")
            for i in range(PARENTS) for vrid in range(1, GROUPS // PARENTS + 1)]


def add_macvlans(namespace):
    """As many as the groups need for both families, and as quiet: without IPv6, which would keep the kernel busy for seconds more."""
    netns.write_sysctl(namespace, "ipv6/conf/default/disable_ipv6", 1)
    netns.ip(*(f"link add m{i} link up{i % PARENTS} up type macvlan mode private" for i in range(2 * GROUPS)), ns=namespace)
