# SPDX-License-Identifier: Apache-2.0
"""Fixtures: each test gets a network of its own, the fixtures end all routers, and the run prints the measured figures at its end."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import contract, programs                            # noqa: E402
from harness.prober import Prober                                 # noqa: E402
from harness.routers import Tandem                                # noqa: E402
from harness.topology import Topology                             # noqa: E402

# The contract may lie beside the repository. If the caller sets TANDEM_SHARED, the contract must be there.
collect_ignore = [] if "TANDEM_SHARED" in os.environ or os.path.exists(contract.PATH) else ["test_contract.py"]


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures time, or keeps the machine busy: not beside other tests (tools/check)")
    config.addinivalue_line("markers", "refused: makes the daemon's kernel refuse a system call; otherwise a test in which it does so fails")
    if os.geteuid() != 0:
        raise pytest.UsageError("the topology tests make network namespaces: run them as root")


@pytest.fixture(scope="session", autouse=True)
def programs_are_built(request):
    if not request.config.getoption("--peers-only"):
        try:
            programs.build_folder()
        except FileNotFoundError as missing:
            pytest.exit(str(missing), returncode=3)


def pytest_addoption(parser):
    parser.addoption("--peers-only", action="store_true",
                     help="run Tandem's part with FRR instead: tries the harness, not the product")


@pytest.fixture
def networks():
    """Makes topologies. Removes all of them at the end of the test, also after a failure."""
    made = []

    def make(**options):
        made.append(Topology(**options))
        return made[-1]
    yield make
    for topology in made:
        topology.close()


@pytest.fixture
def lan(networks):
    """Two routers and a host on a switch."""
    return networks()


@pytest.fixture
def routers(networks, request):
    """Makes routers of any make: routers(Tandem, lan, "r1"). Kills them at the end of the test."""
    made = []

    def make(make_of, topology, name, **attributes):
        router = make_of(topology, name)
        for key, value in attributes.items():
            setattr(router, key, value)
        made.append(router)
        return router
    yield make
    failed, reports = getattr(request.node, "failed", False), []
    refused = [line for router in made if isinstance(router, Tandem) for line in router.refused_calls()]
    for router in made:
        if programs.look_for_leaks():    # LeakSanitizer looks for leaks only when the process ends by itself
            router.terminate()
        if failed:
            for log in ("output.log", "vrrpd.log", "keepalived.log"):
                if router.read(log):
                    print(f"--- {router.name} {log}\n{router.read(log)[-4000:]}")
        reports += programs.sanitizer_reports(router.read("output.log"))
        router.close()
    assert not reports, "\n".join(reports)
    assert not refused or request.node.get_closest_marker("refused"), f"not in lib/daemon/system_calls.cpp: {refused}"


@pytest.fixture
def pair(lan, routers):
    """Tandem on both routers, not yet started."""
    return routers(Tandem, lan, "r1"), routers(Tandem, lan, "r2")


@pytest.fixture
def prober():
    """Makes probers. Stops all of them at the end of the test."""
    made = []

    def make(namespace, address, **options):
        made.append(Prober(namespace, address, **options))
        return made[-1]
    yield make
    for each in made:
        each.close()


@pytest.fixture
def figure(request):
    """figure("text") adds a measured figure to the summary."""
    return lambda text: request.node.user_properties.append(("figure", text))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        item.failed = report.failed


def pytest_terminal_summary(terminalreporter):
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind) if report.when == "call"]
    figures = [text for report in reports for name, text in report.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("measured")
        for line in figures:
            terminalreporter.write_line(line)
