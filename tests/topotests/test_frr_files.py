# SPDX-License-Identifier: Apache-2.0
"""Whole frr.conf files, as several versions of FRR write them for routers with more than VRRP. FRR 8.4.4 and Tandem read the same file and print the
same configuration."""
import re

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Frr, Tandem

# As FRR 8.4.4 writes it (`write`), except passwords and the order of blocks.
FRR_8_4 = """frr version 8.4.4
frr defaults traditional
hostname edge1
log syslog informational
log timestamp precision 3
service password-encryption
vrrp autoconfigure version 2
vrrp default priority 90
service integrated-vtysh-config
!
debug vrrp packets
!
password 8 eMb94zA4Wtxfs
enable password 8 qBQx8JsO.ZseM
!
ip route 10.99.0.0/16 10.10.10.254
!
vrf red
 vni 100
 ip route 10.98.0.0/16 10.20.20.254
exit-vrf
!
interface eth1
 bandwidth 1000
 description To the LAN
 ip ospf area 0
 ipv6 nd ra-interval 10
 no ipv6 nd suppress-ra
 vrrp 5
 vrrp 5 priority 200
 vrrp 5 ip 10.10.10.16
 vrrp 7 version 2
 vrrp 7 advertisement-interval 2000
 no vrrp 7 preempt
 vrrp 7 ip 10.10.10.17
exit
!
interface lo
 ip address 10.0.0.1/32
exit
!
interface eth9
 vrrp 9
 vrrp 9 shutdown
 vrrp 9 ip 10.19.0.1
 vrrp 9 ipv6 2001:db8:9::1
 vrrp 9 ipv6 fe80::9
exit
!
router bgp 65000
 neighbor 192.0.2.1 remote-as 65001
 !
 address-family ipv4 unicast
  network 10.10.10.0/24
 exit-address-family
exit
!
router bgp 65000 vrf red
 neighbor 192.0.2.2 remote-as 65002
exit
!
router ospf
 ospf router-id 10.10.10.1
exit
!
ip prefix-list LAN seq 5 permit 10.10.10.0/24
!
route-map OUT permit 10
 match ip address prefix-list LAN
 set metric 5
exit
!
line vty
 exec-timeout 5 0
exit
!
"""
# Older versions close no blocks, and name the VRF in the line of an interface.
FRR_7_5 = """frr version 7.5.1
frr defaults datacenter
hostname edge2
domainname example.org
no ipv6 forwarding
service integrated-vtysh-config
!
password zebra
!
vrf red
 ip route 0.0.0.0/0 10.20.20.254
 exit-vrf
!
interface eth1
 ip address 10.10.10.1/24
 vrrp 5
 vrrp 5 priority 200
 vrrp 5 ip 10.10.10.16
!
interface eth2 vrf red
 description In red
 vrrp 6
 vrrp 6 ip 10.20.20.16
!
interface eth3 vrf red
 ip ospf cost 5
!
router bgp 65000
 neighbor 192.0.2.1 remote-as 65001
 !
 address-family ipv4 unicast
  redistribute connected route-map OUT
 exit-address-family
!
access-list 1 permit 10.0.0.0/8
!
route-map OUT permit 10
 match ip address 1
!
line vty
!
bfd
 peer 192.0.2.1
  no shutdown
 !
!
"""
BY_HAND = """hostname edge3
log file /dev/null
vrrp default advertisement-interval 500
int eth1 vrf default
 vrrp 5 version 3
 vrrp 5 pri 200
 vrrp 5 ip 10.10.10.16
 vrrp 5 shutdown
interface eth2
 vrrp 6 ip 10.20.20.16
 vrrp 6 ipv6 2001:0DB8::0001
 no vrrp 6 ip 10.20.20.16
 vrrp 8 priority 10
 no vrrp 8
ip forwarding
"""
FILES = {"8.4.4": FRR_8_4, "7.5.1": FRR_7_5, "by hand": BY_HAND}


def vrrp_lines(text):
    """Returns the VRRP lines of a running configuration with their interface. Sorts interfaces by name, because FRR's order differs."""
    blocks, known = {"": []}, ""
    for line in text.splitlines():
        if line.startswith("interface "):
            known = line.split(" vrf ")[0]    # FRR 8.4.4 does not print the VRF
        elif not line.startswith(" "):
            known = ""
        if re.match(r" *(no )?vrrp ", line):
            # Tandem prints the form that the user typed (decision 0003). FRR prints one form, and the other one from 10.4 on.
            blocks.setdefault(known, []).append(re.sub(r"^( vrrp \d+) version 3$", r"\1", line))
    return dict(sorted(blocks.items()))


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_is_read_as_frr_reads_it(lan, routers, name):
    frr = routers(Frr, lan, "r1").start(text="")
    path = frr.write("frr.conf", FILES[name])
    frr.write("vtysh.conf", "service integrated-vtysh-config\n")
    read = frr.load(path)
    assert read.returncode == 0, read.stdout + read.stderr

    one = routers(Tandem, lan, "r2").start(text="")
    # vrrpd opens only regular files below its own directories (doc/security.md). An operator may have to edit this line of an FRR file.
    path = one.write("frr.conf", FILES[name].replace("log file /dev/null", f"log file {one.path('frr.log')}"))
    checked = netns.run([program("vrrpd"), "-C", "--lenient", "-f", path], one.ns, check=False)
    assert checked.returncode == 0 and " vrrp " not in checked.stderr, checked.stderr
    one.run_vtysh("-f", path, "--lenient")
    printed = one.vtysh("show running-config no-header").stdout
    assert vrrp_lines(printed) == vrrp_lines(frr.running_config())

    again = one.write("again.conf", printed)
    one.run_vtysh("-f", again)
    assert one.vtysh("show running-config no-header").stdout == printed


def test_the_vrf_of_an_interface_is_kept(lan, routers):
    one = routers(Tandem, lan, "r1").start(text=FRR_7_5, options=["--lenient"])
    printed = one.vtysh("show running-config no-header").stdout
    assert "interface eth2 vrf red\n description In red\n vrrp 6\n" in printed and "interface eth3 vrf red\nexit\n" in printed, printed


def test_a_group_waits_while_its_interface_is_in_another_vrf(lan, routers):
    """With `vrf default` the group runs: this kernel need not have VRFs."""
    one = routers(Tandem, lan, "r1").start(text="interface eth1 vrf red\n vrrp 5 ip 10.10.10.16\n vrrp 5 advertisement-interval 100\n")
    reason = "interface eth1 is not in the VRF that is configured for it"
    assert one.family()["status"] == "Initialize" and one.family()["initializeReason"] == reason
    assert one.vtysh("show vrrp detail | include IPv4 Init").stdout == f" IPv4 Initialize: {reason}\n"
    one.configure("interface eth1 vrf default")
    one.wait_state("Master")
    one.configure("interface eth1")    # does not name the VRF
    assert "interface eth1 vrf default\n" in one.vtysh("show running-config").stdout
    one.configure("interface eth1 vrf red")
    one.wait_state("Initialize")
    commits = one.vtysh("show configuration commits").stdout.splitlines()
    assert commits[1].endswith(" interface eth1 vrf red"), commits
    done = one.vtysh("configure private", "interface eth1 vrf default", "show configuration diff")
    assert done.stdout.startswith("-interface eth1 vrf red\n") and "\n+interface eth1 vrf default\n" in done.stdout, done.stdout
    one.configure("no interface eth1 vrf blue")    # as in FRR, only the name counts
    assert one.show() == []
