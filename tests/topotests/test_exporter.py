# SPDX-License-Identifier: Apache-2.0
"""Monitoring made for FRR works with Tandem: prometheus-frr-exporter reads Tandem through vtysh."""
import re
import subprocess
import urllib.request

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

PORT = 9342


@pytest.fixture
def metrics():
    """Starts the exporter beside a router. metrics(router) scrapes it: {name: [(labels, value), ...]} of VRRP."""
    running = {}

    def scrape(router):
        if router.name not in running:
            netns.ip("link set lo up", ns=router.ns)
            with netns.inside(router.ns), open(router.path("exporter.log"), "w", encoding="utf-8") as log:
                running[router.name] = subprocess.Popen(
                    ["prometheus-frr-exporter", "--collector.vrrp", "--no-collector.bgp", "--no-collector.ospf", "--no-collector.bfd", "--frr.vtysh",
                     f"--frr.vtysh.path={program('vtysh')}",
                     f"--frr.vtysh.options=--vty_socket {router.dir}", f"--web.listen-address=127.0.0.1:{PORT}"],
                    stdout=log, stderr=log)
        with netns.inside(router.ns):
            text = wait_for(fetch, 10, lambda: router.read("exporter.log"))
        return parse(text)
    yield scrape
    for process in running.values():
        process.kill()
        process.wait()


def fetch():
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=10).read().decode()
    except OSError:
        return None


def parse(text):
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"(frr_vrrp_\w+|frr_collector_up)\{(.*)\} (\S+)", line)
        if match:
            labels = dict(re.findall(r'(\w+)="([^"]*)"', match[2]))
            found.setdefault(match[1], []).append((labels, float(match[3])))
    return found


COUNTERS = {"frr_vrrp_advertisements_sent_total": "adverTx", "frr_vrrp_advertisements_received_total": "adverRx",
            "frr_vrrp_state_transitions_total": "transitions", "frr_vrrp_gratuitous_arp_sent_total": "garpTx",
            "frr_vrrp_neighbor_advertisements_sent_total": "neighborAdverTx"}


def differences(scraped, group):
    """Returns the differences between the exporter and `show vrrp json`."""
    wrong = []
    for name, samples in scraped.items():
        for labels, value in samples:
            if name == "frr_collector_up":
                wrong += [] if value == 1 else [(name, labels, value)]
                continue
            family = group[labels["proto"]]
            same = (labels["interface"], labels["vrid"], labels["subinterface"]) == (group["interface"], str(group["vrid"]), family["interface"])
            expected = float(family["status"] == labels["state"]) if name == "frr_vrrp_state" else family["stats"][COUNTERS[name]]
            wrong += [] if same and value == expected else [(name, labels, value, expected)]
    return wrong


def test_the_exporter_for_frr_reads_tandem(pair, metrics):
    """For a Master and a Backup. Counters increase between the two queries, so one equal pair is enough."""
    one, two = pair
    for router, priority in ((one, 210), (two, 100)):
        router.start(Group(priority=priority, ipv4=(VIP4,), ipv6=(VIP6,)))
    one.wait_state("Master")
    one.wait_state("Master", family=6)
    two.wait_state("Backup")
    for router, state in ((one, "Master"), (two, "Backup")):
        wait_for(lambda r=router: differences(metrics(r), r.group()) == [], 10, lambda r=router: str(differences(metrics(r), r.group())))
        scraped = metrics(router)
        assert {"frr_collector_up", "frr_vrrp_state", *COUNTERS} == set(scraped)
        assert [labels["proto"] for labels, value in scraped["frr_vrrp_state"] if labels["state"] == state and value == 1] == ["v4", "v6"]
