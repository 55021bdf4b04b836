# SPDX-License-Identifier: Apache-2.0
"""The classic case: two routers, one virtual address, an interval of one second. Checks the output and the packets on the wire."""
import re

import pytest

from harness.capture import tcpdump, tshark
from harness.netns import links
from harness.routers import Group
from harness.topology import VIP4

ADVERT = "IP 10.10.10.15 > 224.0.0.18: VRRPv3, Advertisement, vrid 5, prio 210, intvl 100cs, length 12"
DOTS = "." * 34


def rows_of(text):
    """Returns the rows of `show vrrp` as (label, value). Checks FRR's layout first: labels padded to 37 columns, values to the longest, blanks
    around."""
    lines = text.rstrip("\n").split("\n")
    body = [line for line in lines if line.strip()]
    assert text.startswith("\n"), "one blank line comes first"
    width = max(len(line[41:].rstrip()) for line in body)
    for line in body:
        assert line[0] == " " and line[38:41] == "   " and len(line) == 41 + width + 3, repr(line)
    return [(line[1:38].rstrip(), line[41:].rstrip()) for line in body]


def expected_rows(priority, own, state, skew, macvlan):
    """Returns FRR's text with the lines that Tandem adds (doc/cli/operational.md). Counters are patterns, because they depend on the moment."""
    n = r"\d+"
    return [
        ("Virtual Router ID", "5"), ("Protocol Version", "3"), ("Autoconfigured", "No"), ("Shutdown", "No"), ("Interface", "eth1"),
        ("VRRP interface (v4)", macvlan), ("VRRP interface (v6)", "None"), ("Primary IP (v4)", re.escape(own)),
        ("Primary IP (v6)", "::|fe80::1[05]"), ("Virtual MAC (v4)", "00:00:5e:00:01:05"), ("Virtual MAC (v6)", "00:00:5e:00:02:05"),
        ("Status (v4)", state), ("Status (v6)", "Initialize"), ("Priority", priority), ("Effective Priority (v4)", priority),
        ("Effective Priority (v6)", priority), ("Preempt Mode", "Yes"), ("Accept Mode", "Yes"),
        ("Checksum with IPv4 Pseudoheader", "Yes"), ("Advertisement Interval", "1000 ms"),
        ("Master Advertisement Interval (v4)", "1000 ms"), ("Master Advertisement Interval (v6)", "0 ms"),
        ("Advertisements Tx (v4)", n), ("Advertisements Tx (v6)", "0"), ("Advertisements Rx (v4)", n), ("Advertisements Rx (v6)", "0"),
        ("Gratuitous ARP Tx (v4)", n), ("Neigh. Adverts Tx (v6)", "0"), ("State transitions (v4)", n), ("State transitions (v6)", "0"),
        ("Skew Time (v4)", f"{skew} ms"), ("Skew Time (v6)", "0 ms"), ("Master Down Interval (v4)", f"{3000 + skew} ms"),
        ("Master Down Interval (v6)", "0 ms"), ("IPv4 Addresses", "1"), (DOTS, re.escape(VIP4)), ("IPv6 Addresses", "0"),
    ]


def check_rows(router, priority, own, state, skew):
    rows = rows_of(router.vtysh("show vrrp").stdout)
    wanted = expected_rows(str(priority), own, state, skew, router.macvlan())
    assert [label for label, _ in rows] == [label for label, _ in wanted]
    for (label, value), (_, pattern) in zip(rows, wanted):
        assert re.fullmatch(pattern, value), f"{label}: {value!r} instead of {pattern!r}"


def test_the_classic_case(lan, pair, tmp_path):
    capture = lan.capture()
    one, two = pair
    one.start(text="interface eth1\n vrrp 5 priority 210\n vrrp 5 ip 10.10.10.16\n")
    two.start(text="interface eth1\n vrrp 5 priority 200\n vrrp 5 ip 10.10.10.16\n")
    capture.wait(lambda: len(capture.adverts("r1")) >= 4, 8, "four adverts of router 1")
    assert (one.state(), two.state()) == ("Master", "Backup")
    check_rows(one, 210, "10.10.10.15", "Master", 170)
    check_rows(two, 200, "10.10.10.10", "Backup", 210)

    times = [when for when, _port, _advert in capture.adverts("r1")]
    assert all(abs(b - a - 1_000_000_000) < 50_000_000 for a, b in zip(times, times[1:])), "once a second"
    assert capture.adverts("r2") == [], "a Backup does not advertise"
    pcap = capture.write_pcap(tmp_path / "classic.pcap", sent=True)
    lines = tcpdump(pcap, "-e", "ip proto 112")
    assert lines and all("00:00:5e:00:01:05 > 01:00:5e:00:00:12" in line for line in lines)
    plain = [line.split(" ", 1)[1] for line in tcpdump(pcap, "ip proto 112")]
    assert set(plain) == {ADVERT}
    judged = tshark(pcap, "vrrp", "ip.ttl", "ip.dst", "vrrp.checksum.status")
    assert set(judged) == {("255", "224.0.0.18", "1")}


def test_ipv6_adverts_are_what_tshark_expects(lan, pair, tmp_path):
    capture = lan.capture()
    pair[0].start(Group(priority=210, interval_ms=100, ipv6=("2001:db8:10::16",)))
    capture.wait(lambda: len(capture.adverts("r1", family=6)) >= 3, 5, "three IPv6 adverts")
    pcap = capture.write_pcap(tmp_path / "six.pcap", "r1", sent=True)
    rows = tshark(pcap, "vrrp", "eth.src", "eth.dst", "ipv6.src", "ipv6.dst", "ipv6.hlim", "vrrp.checksum.status", "vrrp.ipv6_addr")
    assert set(rows) == {("00:00:5e:00:02:05", "33:33:00:00:00:12", "fe80::15", "ff02::12", "255", "1",
                          "fe80::5e00:205,2001:db8:10::16")}


def test_becoming_master_announces_after_the_first_advert(lan, pair):
    """RFC 9568 §6.4.2: the advertisement comes first, then gratuitous ARP with the virtual MAC, and the unsolicited neighbour advertisement."""
    capture = lan.capture()
    pair[0].start(Group(priority=210, interval_ms=100, ipv4=(VIP4,), ipv6=("fe80::5e00:205", "2001:db8:10::16")))
    pair[0].wait_state("Master", family=4)
    pair[0].wait_state("Master", family=6)

    def announced_addresses():
        """The router announces when the kernel has the addresses, which may be after it shows that it is Master."""
        sent = capture.frames("r1", sent=True)
        return ({f.arp().sender for f in sent if f.arp() and f.arp().gratuitous}
                | {f.neighbour().target for f in sent if f.neighbour() and f.neighbour().kind == 136})
    capture.wait(lambda: {VIP4, "fe80::5e00:205", "2001:db8:10::16"} <= announced_addresses(), 5, "announcements of all virtual addresses")
    frames = capture.frames("r1", sent=True)
    first = {family: next(f.when for f in frames if f.advert() and f.advert().family == family) for family in (4, 6)}
    garps = [(f.when, f.arp(), f) for f in frames if f.arp() and f.arp().gratuitous and f.arp().sender == VIP4]
    assert garps, "no gratuitous ARP"
    for when, arp, frame in garps:
        assert when >= first[4] and frame.destination_mac == "ff:ff:ff:ff:ff:ff"
        assert {frame.source_mac, arp.sender_mac} == {"00:00:5e:00:01:05"}
    announced = {f.neighbour().target: (f.when, f.neighbour(), f) for f in frames
                 if f.neighbour() and f.neighbour().kind == 136 and not f.neighbour().solicited}
    assert {"fe80::5e00:205", "2001:db8:10::16"} <= set(announced)
    for when, na, frame in announced.values():
        assert when >= first[6] and na.flags == 0xa0 and na.link_layer == "00:00:5e:00:02:05"
        assert (frame.source_mac, frame.destination_mac, frame.ip()[3]) == ("00:00:5e:00:02:05", "33:33:00:00:00:01", 255)


def test_summary_has_frrs_columns_and_the_real_state(pair):
    one, _ = pair
    one.start(Group(priority=200, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    assert one.vtysh("show vrrp summary").stdout == (
        "\n"
        " Interface   VRID   Priority   IPv4   IPv6   State (v4)   State (v6)   \n"
        " ----------------------------------------------------------------------\n"
        " eth1        5      200        1      0      Master       Initialize   \n"
        "\n")


JSON_KEYS = ["vrid", "version", "autoconfigured", "shutdown", "preemptMode", "acceptMode", "checksumWithIpv4Pseudoheader", "interface",
             "advertisementInterval", "priority", "v4", "v6"]
FAMILY_KEYS = {"interface": str, "vmac": str, "primaryAddress": str, "status": str, "effectivePriority": int, "masterAdverInterval": int,
               "skewTime": int, "masterDownInterval": int, "stats": dict, "addresses": list}
ADDED_KEYS = {"masterAddress", "masterPriority", "lastTransition", "lastTransitionReason", "initializeReason", "skewTimeMicroseconds",
              "masterDownMicroseconds"}


def test_json_has_frrs_keys_in_frrs_order_and_ours(pair):
    one, two = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    two.start(Group(priority=200, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    two.wait_state("Backup")
    group = two.group()
    assert [key for key in group if key in JSON_KEYS] == JSON_KEYS
    for part, counter in (("v4", "garpTx"), ("v6", "neighborAdverTx")):
        family = group[part]
        assert [key for key in family if key in FAMILY_KEYS] == list(FAMILY_KEYS)
        assert all(isinstance(family[key], kind) for key, kind in FAMILY_KEYS.items())
        assert [key for key in family["stats"] if key != "errors"][:4] == ["adverTx", "adverRx", counter, "transitions"]
        assert ADDED_KEYS <= set(family) and isinstance(family["stats"]["errors"], dict)
    four = group["v4"]
    assert (four["masterAddress"], four["masterPriority"]) == ("10.10.10.15", 210)
    assert (four["skewTime"], four["skewTimeMicroseconds"], four["masterDownMicroseconds"]) == (20, 21875, 321875)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", four["lastTransition"])
    assert one.vtysh("show vrrp interface nosuch json").stdout.split() == ["[", "]"]
    assert '"vrid":5,' in one.vtysh("show vrrp json").stdout, "no blank after the colon, as FRR prints"


@pytest.mark.parametrize("filter_words, count", [("interface eth1", 2), ("interface eth1 5", 1), ("5 interface eth1", 1), ("6", 1), ("7", 0)])
def test_filters_in_both_orders(lan, routers, filter_words, count):
    from harness.routers import Tandem
    one = routers(Tandem, lan, "r1").start(Group(5, ipv4=(VIP4,)), Group(6, ipv4=("10.10.10.17",)))
    assert len(one.show(f"show vrrp {filter_words} json")) == count


def test_the_macvlans_are_named_and_addressed_as_promised(pair):
    one, two = pair
    groups = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": ("2001:db8:10::16",)}
    one.start(Group(priority=210, **groups))
    two.start(Group(priority=200, **groups))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        for router in pair:
            link = links(router.ns)[router.macvlan(family=family)]
            assert link["address"] == f"00:00:5e:00:0{1 if family == 4 else 2}:05"
            assert link["linkinfo"]["info_kind"] == "macvlan" and link["link"] == "eth1"
            assert ("UP" in link["flags"], bool(link.get("proto_down"))) == ((True, False) if router is one else (False, True))
