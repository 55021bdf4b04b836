# SPDX-License-Identifier: Apache-2.0
"""A tester that uses scapy examines one router, after the groups of UNH-IOL's operations plan for VRRP: state diagram, parameters, transmission and
reception. doc/rfc lists the requirement that each test proves.
"""
import time

import pytest
from harness import election, tester
from harness.netns import links, run
from harness.packets import NA, virtual_mac
from harness.routers import Group, Tandem
from harness.tester import PEER, adverts_of_router, dissect, packet, repeating, sent_last, silent_for
from harness.topology import VIP4, VIP6

KINDS = [pytest.param(2, 4, id="v2"), pytest.param(3, 4, id="v3-ipv4"), pytest.param(3, 6, id="v3-ipv6")]
FAMILIES = pytest.mark.parametrize("family", [4, 6])


@pytest.fixture
def one(lan, routers):
    return routers(Tandem, lan, "r1")


def group(version=3, priority=100, interval_ms=100, **options):
    listed = {"ipv4": (VIP4,)} if version == 2 else {"ipv4": (VIP4,), "ipv6": (VIP6,)}
    return Group(5, priority, 1000 if version == 2 else interval_ms, version, **listed, **options)


def interval_of(version):
    return 1000 if version == 2 else 100


def follow(lan, one, capture, version=3, family=4, priority=200):
    """Makes the router a Backup of the tester, which has sent one advert. Returns the time of the advert."""
    one.wait_state("Backup", family=family)
    lan.send("r2", packet(family, version, priority, interval_of(version)))
    return sent_last(capture, family)


def takeover(capture, since, family, timeout=6):
    return capture.wait(lambda: adverts_of_router(capture, since, family), timeout, "the takeover")[0][0]


# ---- state diagram

@pytest.mark.parametrize("version, family", KINDS)
def test_startup_waits_one_master_down_interval(lan, one, version, family):
    """An advert restarts the interval, and then the time is exact (only the process knows when it started)."""
    capture, launched = lan.capture(), time.time_ns()
    one.start(group(version))
    waited = takeover(capture, 0, family) - launched
    down = election.down_interval_ns(100, interval_of(version), version)
    assert down <= waited <= down + 2_000_000_000
    with repeating(lan, packet(family, version, 200, interval_of(version))):
        one.wait_state("Backup", family=family)
    last = sent_last(capture, family)
    assert election.is_on_time(takeover(capture, last, family) - last, down)


@FAMILIES
def test_a_lower_master_is_preempted_when_the_timer_ends(lan, one, family):
    capture = lan.capture()
    one.start(group(interval_ms=300))
    followed = follow(lan, one, capture, family=family)
    with repeating(lan, packet(family, priority=50, interval_ms=300), interval_ms=20):
        assert election.is_on_time(takeover(capture, followed, family) - followed, election.down_interval_ns(100, 100))


@FAMILIES
def test_an_equal_master_is_followed_whatever_its_address(lan, one, family):
    capture = lan.capture()
    source = {4: "10.10.10.9", 6: "fe80::9"}[family]    # lower than the router's
    with repeating(lan, packet(family, priority=100, ip={"source": source}), interval_ms=50):
        one.start(group())
        one.wait_state("Backup", family=family)
        assert silent_for(capture, 1_000_000_000, family)


@pytest.mark.parametrize("preempt", [True, False])
@FAMILIES
def test_a_master_gives_way_to_a_higher_priority(lan, one, family, preempt):
    capture = lan.capture()
    one.start(group(preempt=preempt))
    one.wait_state("Master", family=family)
    with repeating(lan, packet(family, priority=101), interval_ms=50):
        one.wait_state("Backup", family=family)
        assert silent_for(capture, 500_000_000, family)


@pytest.mark.parametrize("source, family, wins", [("10.10.10.9", 4, False), ("10.10.10.200", 4, True), ("fe80::9", 6, False),
                                                  ("fe80::8000:0:0:1", 6, True)])
def test_a_tie_is_decided_by_the_address(lan, one, source, family, wins):
    """Addresses compare as unsigned numbers in network byte order: .200 is more than .15, .9 is less."""
    capture = lan.capture()
    one.start(group())
    one.wait_state("Master", family=family)
    began = time.time_ns()
    with repeating(lan, packet(family, priority=100, ip={"source": source}), interval_ms=50):
        if wins:
            one.wait_state("Backup", family=family)
            assert silent_for(capture, 500_000_000, family)
        else:
            capture.wait(lambda: len(adverts_of_router(capture, began, family)) > 10, 3, "it goes on, and answers at once")
    assert wins or one.state(family=family) == "Master"


@FAMILIES
def test_a_backup_goes_in_silence(lan, one, family):
    capture = lan.capture()
    with repeating(lan, packet(family), interval_ms=50):
        one.start(group())
        one.wait_state("Backup", family=family)
        one.configure("interface eth1", "vrrp 5 shutdown")
        one.wait_state("Initialize", family=family)
        assert silent_for(capture, 500_000_000, family) and not adverts_of_router(capture, family=family)


# ---- transmission

@pytest.mark.parametrize("version, family", KINDS)
def test_transmission(lan, one, version, family):
    """scapy reads each field as expected, and builds the same bytes from these fields, checksum included."""
    capture = lan.capture()
    one.start(group(version, priority=123))
    one.wait_state("Master", family=family)
    capture.wait(lambda: adverts_of_router(capture, family=family), 3, "an advert")
    frame = next(f for f in capture.frames("r1", sent=True) if f.advert() and f.advert().family == family)
    ethernet, network, vrrp = dissect(frame)
    expected = {4: ("10.10.10.15", "224.0.0.18", "01:00:5e:00:00:12", "00:00:5e:00:01:05"),
                6: ("fe80::15", "ff02::12", "33:33:00:00:00:12", "00:00:5e:00:02:05")}[family]
    assert (network.src, network.dst, ethernet.dst, ethernet.src) == expected
    assert (network.ttl, network.proto) == (255, 112) if family == 4 else (network.hlim, network.nh) == (255, 112)
    assert (vrrp.version, vrrp.type, vrrp.vrid, vrrp.priority, vrrp.addrlist) == (version, 1, 5, 123, tester.LISTED[family])
    assert vrrp.adv == (1 if version == 2 else 10)
    assert (vrrp.authtype, vrrp.auth1, vrrp.auth2) == (0, 0, 0) if version == 2 else vrrp.res == 0
    rebuilt = tester.vrrp_layer(family, version, 123, interval_of(version))
    again = bytes(tester.ip_layer(family, network.src) / rebuilt)
    assert again.endswith(bytes(vrrp)), f"{bytes(vrrp).hex()} in {again.hex()}"


FORMS = [("vrrp 5 checksum-with-ipv4-pseudoheader", 3, "FALSE"), ("no vrrp 5 checksum-with-ipv4-pseudoheader", 3, "TRUE"), ("", 2, "FALSE")]


@pytest.mark.parametrize("line, version, as_in_v2", FORMS, ids=["pseudo-header", "message-only", "v2"])
def test_tshark_accepts_every_checksum_form(lan, one, tmp_path, line, version, as_in_v2):
    """tshark reports no problem in a capture of adverts, gratuitous ARP, neighbour advertisements and a resignation of the router."""
    capture = lan.capture()
    one.start(group(version, extra=(line,) if line else ()))
    for family in (4,) if version == 2 else (4, 6):
        one.wait_state("Master", family=family)
    capture.wait(lambda: len(adverts_of_router(capture)) > 3, 5, "adverts")
    one.terminate()
    path = capture.write_pcap(str(tmp_path / "ours.pcap"), port="r1", sent=True)
    checks = [word for name in ("ip.check_checksum:TRUE", f"vrrp.v3_checksum_as_in_v2:{as_in_v2}") for word in ("-o", name)]
    fields = [word for name in ("vrrp.checksum.status", "ip.checksum.status", "_ws.expert.message") for word in ("-e", name)]
    lines = run(["tshark", "-n", "-r", path, *checks, "-Y", "eth.src[0:5] == 00:00:5e:00:01 or eth.src[0:5] == 00:00:5e:00:02", "-T",
                 "fields", "-E", "separator=|", *fields]).stdout.splitlines()
    assert sum(line.startswith("1|") for line in lines) > 3, lines
    assert all(line.split("|")[0] in ("", "1") and line.split("|")[1] in ("", "1") for line in lines), lines
    assert not [line for line in lines if line.split("|")[2] not in ("", "Gratuitous ARP")], lines


# ---- acceptance (Accept_Mode)

def ask(lan, capture, family):
    """Sends an echo request, and an ARP request or neighbour solicitation, for the virtual address to the virtual MAC address. Returns the number of
    answers to each."""
    from scapy.layers.inet import ICMP, IP
    from scapy.layers.inet6 import ICMPv6EchoRequest, ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6
    from scapy.layers.l2 import ARP, Ether
    began, mac = time.time_ns(), links(lan.ns("r2"))["eth1"]["address"]
    ethernet = Ether(src=mac, dst=virtual_mac(5, family))
    if family == 4:
        asked = [ethernet / IP(src=PEER[4], dst=VIP4) / ICMP(id=7),
                 ethernet / ARP(op=1, hwsrc=mac, psrc=PEER[4], pdst=VIP4)]
    else:
        asked = [ethernet / IPv6(src=PEER[6], dst=VIP6) / ICMPv6EchoRequest(id=7),
                 ethernet / IPv6(src=PEER[6], dst=VIP6, hlim=255) / ICMPv6ND_NS(tgt=VIP6) / ICMPv6NDOptSrcLLAddr(lladdr=mac)]
    lan.send("r2", *map(bytes, asked))
    lan.run("r2", "ping", "-c", "1", "-W", "2", "10.10.10.15")    # an answer to the first request would have arrived before this one
    frames = capture.frames("r1", sent=True, since=began)
    echoes = [f for f in frames if f.echo() and f.echo()[:2] in ((0, 7), (129, 7))]
    if family == 4:
        return len(echoes), len([f for f in frames if f.arp() and (f.arp().operation, f.arp().sender) == (2, VIP4)])
    answers = [f.neighbour() for f in frames if f.neighbour() and f.neighbour().solicited]    # a new Master also announces itself unsolicited
    return len(echoes), len([a for a in answers if (a.kind, a.target) == (NA, VIP6)])


@pytest.mark.parametrize("accept", ["vrrp 5 accept-mode", "no vrrp 5 accept-mode"])
@FAMILIES
def test_acceptance(lan, one, family, accept):
    """A Master answers requests for its address. It accepts packets only with accept mode. A Backup does neither."""
    one.start(group(extra=(accept,)))
    one.wait_state("Master", family=family)
    capture = lan.capture()
    assert ask(lan, capture, family) == (0 if accept.startswith("no") else 1, 1)
    with repeating(lan, packet(family), interval_ms=50):
        one.wait_state("Backup", family=family)
        assert ask(lan, capture, family) == (0, 0)


# ---- reception

BAD = [(4, "TTL 254", {"ip": {"ttl": 254}}), (6, "hop limit 1", {"ip": {"hlim": 1}}), (4, "checksum", {"chksum": 0x1234}),
       (6, "checksum", {"chksum": 0x1234}), (4, "version 2", {"version": 2, "interval_ms": 1000}), (4, "type 3", {"type": 3}),
       (4, "two addresses announced", {"ipcount": 2}), (6, "no address announced", {"ipcount": 0}), (4, "another VRID", {"vrid": 6})]


@pytest.mark.parametrize("family, what, changes", BAD, ids=[f"ipv{family} {what}" for family, what, _ in BAD])
def test_reception(lan, one, family, what, changes):
    """A refused advert neither delays a Backup nor ends a mastership; a valid advert of priority 255 would do both."""
    capture = lan.capture()
    one.start(group())
    followed = follow(lan, one, capture, family=family)
    bad = packet(family, **{"priority": 255, **changes})
    with repeating(lan, bad, interval_ms=20):
        assert election.is_on_time(takeover(capture, followed, family) - followed, election.down_interval_ns(100, 100)), what
        one.wait_state("Master", family=family)
        before = one.family(family=family)["stats"]["transitions"]
        capture.wait(lambda: len(adverts_of_router(capture, followed, family)) > 5, 3, "it goes on as Master")
        assert one.family(family=family)["stats"]["transitions"] == before


def test_reception_of_version_2(lan, one):
    """The router drops an advert with another interval (R30), and one with another list unless the owner sends it (R32)."""
    capture = lan.capture()
    one.start(group(2))
    for changes in ({"interval_ms": 2000}, {"addrlist": ["10.10.10.99"]}):
        followed = follow(lan, one, capture, 2)
        with repeating(lan, packet(4, 2, **{"priority": 200, "interval_ms": 1000, **changes})):
            assert election.is_on_time(takeover(capture, followed, 4) - followed, election.down_interval_ns(100, 1000, 2))
        lan.send("r2", packet(4, 2, 200, 1000))
        one.wait_state("Backup")
    with repeating(lan, packet(4, 2, 255, 1000, addrlist=["10.10.10.99"])):
        assert silent_for(capture, 4_000_000_000)
        assert one.state() == "Backup"


def test_own_adverts_that_come_back_have_no_effect(lan, one):
    capture = lan.capture()
    one.start(group())
    one.wait_state("Master", family=6)
    before = [one.family(family=f)["stats"]["transitions"] for f in (4, 6)]
    own = [f.data for f in capture.frames("r1", sent=True) if f.advert()]
    began = time.time_ns()
    lan.send("r2", *own * 20)
    capture.wait(lambda: len(adverts_of_router(capture, began)) > 10, 3, "it goes on as Master")
    assert [one.family(family=f)["stats"]["transitions"] for f in (4, 6)] == before
    assert one.state() == one.state(family=6) == "Master"
    answers = [a for a in adverts_of_router(capture, began, 4) if a[0] - began < 1_000_000_000]
    assert len(answers) <= 12, "no answer to itself"
