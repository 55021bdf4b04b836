# SPDX-License-Identifier: Apache-2.0
"""FRR's own configuration manager, frr-reload.py, as Debian packages it. For each pair of files: after one reload the router runs the configuration
of the file, a second reload would change nothing, and the daemon never removed a group that both files have."""
import itertools
import os
import re

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Tandem
from harness.topology import Topology

RELOAD = "/usr/lib/frr/frr-reload.py"
ADDRESS = " vrrp 5 ip 10.10.10.16\n"


def eth1(*lines, end="exit\n!\n"):
    return "interface eth1\n" + "".join(f" {line}\n" for line in lines) + ADDRESS + end


FILES = {
    "plain": eth1("vrrp 5"),
    "no group line": eth1(),
    "as FRR 10.4 writes it": eth1("vrrp 5 version 3"),
    "version 2": eth1("vrrp 5 version 2"),
    "no preempt": eth1("vrrp 5", "no vrrp 5 preempt"),
    "preempt": eth1("vrrp 5", "vrrp 5 preempt"),
    "no checksum": eth1("vrrp 5", "no vrrp 5 checksum-with-ipv4-pseudoheader"),
    "checksum": eth1("vrrp 5", "vrrp 5 checksum-with-ipv4-pseudoheader"),
    "priority, interval": eth1("vrrp 5", "vrrp 5 priority 210", "vrrp 5 advertisement-interval 500"),
    "explicit defaults": eth1("vrrp 5 version 3", "vrrp 5 priority 100", "vrrp 5 advertisement-interval 1000", "vrrp 5 accept-mode"),
    "two addresses": eth1("vrrp 5", "vrrp 5 ip 10.10.10.17", "vrrp 5 ipv6 2001:db8::16/64", "vrrp 5 ipv6 2001:DB8:0::17"),
    "prefix lengths": "interface eth1\n vrrp 5\n vrrp 5 ip 10.10.10.16/24\n vrrp 5 ipv6 2001:db8::16\nexit\n!\n",
    "shutdown, other group": eth1("vrrp 5", "vrrp 5 shutdown", "vrrp 6", "vrrp 6 ip 10.10.10.18"),
    "without accept mode": eth1("vrrp 5", "no vrrp 5 accept-mode", "description   Uplink  to the: LAN"),
    "defaults of all groups": "vrrp default priority 50\nno vrrp default preempt\n!\n" + eth1("vrrp 5", "vrrp 5 preempt"),
    "startup delay": "vrrp startup-delay 30\n!\n" + eth1("vrrp 5"),
    "startup delay after boot": "vrrp startup-delay 3600 after-boot\n!\n" + eth1("vrrp 5"),
    "another startup delay": "vrrp startup-delay 3600\n!\n" + eth1("vrrp 5"),
    "another interface": eth1("vrrp 5", end="!\n") + "interface eth9\n vrrp 5\n vrrp 5 shutdown\n!\nend\n",
    "system": "hostname r1\nlog syslog warnings\nno banner motd\nservice integrated-vtysh-config\ndebug vrrp packets\n!\n" + eth1("vrrp 5"),
}


class Reloader:
    def __init__(self, router):
        self.router, self._number = router, itertools.count()
        for name in ("conf", "run"):
            os.makedirs(router.path(name), exist_ok=True)
        open(router.path("conf/vtysh.conf"), "w", encoding="utf-8").close()

    def __call__(self, verb, text):
        path = self.router.path(f"file{next(self._number)}.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = netns.run([RELOAD, f"--{verb}", path, "--bindir", os.path.dirname(program("vtysh")), "--confdir", self.router.path("conf"),
                          "--rundir", self.router.path("run"), "--vty_socket", self.router.dir, "--stdout"], self.router.ns, check=False)
        done.stdout += done.stderr    # its log goes to stderr
        return done

    def differences(self, text):
        return re.findall(r"^(?:Lines To|interface |\s*(?:no )?vrrp ).*", self("test", text).stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def reload():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(text="")
        yield Reloader(one)
    finally:
        one.close()
        lan.close()


def settings(router):
    """Returns the settings of each group that are in force."""
    told = ("priority", "preemptMode", "acceptMode", "checksumWithIpv4Pseudoheader", "version", "shutdown", "advertisementInterval")
    return {(group["interface"], group["vrid"]): {key: value for key, value in group.items() if key in told}
            | {family: sorted(group[family].get("vips", [])) for family in ("v4", "v6") if family in group}
            for group in router.show()}


@pytest.fixture(scope="module")
def in_force(reload):
    """Returns the settings of each file when it is loaded alone."""
    meaning = {}
    for name, text in FILES.items():
        clear(reload.router)
        reload.router.run_vtysh("-f", "-", input=text)
        meaning[name] = settings(reload.router)
    clear(reload.router)
    return meaning


def clear(router):
    router.configure("no interface eth1", "no interface eth9", "default vrrp default preempt", "no vrrp default priority", "no vrrp startup-delay")


# lib/cli/separate_test.cpp tries all pairs with the steps of frr-reload.py. Here each file follows two others.
@pytest.mark.parametrize("stride", [1, 5])
def test_one_reload_leads_to_the_file(reload, in_force, stride):
    names = list(FILES)
    for step in range(len(names) + 1):
        name, before = names[step * stride % len(names)], names[(step - 1) * stride % len(names)]
        done = reload("reload", FILES[name])
        assert done.returncode == 0, f"{before} -> {name}: {done.stdout}"
        assert not re.search(r'Executed "interface eth1\s+no vrrp 5"', done.stdout), f"{before} -> {name} removes the group: {done.stdout}"
        assert settings(reload.router) == in_force[name], f"{before} -> {name}: {done.stdout}"
        assert reload.differences(FILES[name]) == [], f"{before} -> {name}"


def test_unchanged_file_changes_nothing(reload):
    text = FILES["explicit defaults"]
    assert reload("reload", text).returncode == 0
    commits = reload.router.vtysh("show configuration commits").stdout
    assert reload("reload", text).returncode == 0
    assert reload.router.vtysh("show configuration commits").stdout == commits


def test_wrong_file_changes_nothing(reload):
    """frr-reload.py reports an invalid line before it removes any configuration."""
    assert reload("reload", FILES["priority, interval"]).returncode == 0
    before = reload.router.vtysh("show running-config").stdout
    done = reload("reload", eth1("vrrp 5", "vrrp 5 priority 300"))
    assert done.returncode == 1 and re.search(r"file\d+\.conf:3: .*priority 300", done.stdout), done.stdout
    assert reload.router.vtysh("show running-config").stdout == before


def test_what_was_typed_is_printed(reload):
    router = reload.router
    router.vtysh("configure terminal", "no interface eth1", "interface eth1", "vrrp 5", "vrrp 6 version 3", "vrrp 7 version 2")
    shown = router.vtysh("show running-config no-header").stdout
    assert " vrrp 5\n vrrp 6 version 3\n vrrp 7 version 2\n" in shown
    router.vtysh("configure terminal", "interface eth1", "no vrrp 6 version 3")
    assert " vrrp 5\n vrrp 6\n vrrp 7 version 2\n" in router.vtysh("show running-config no-header").stdout
