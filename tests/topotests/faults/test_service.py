# SPDX-License-Identifier: Apache-2.0
"""vrrpd as systemd runs it: a user with two capabilities and no other privileges, and a service manager to which the daemon reports its state."""
import contextlib
import os
import pwd
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time

import pytest

from harness import netns
from harness.programs import ROOT, program
from harness.routers import Group
from harness.routers.base import alive
from harness.routers.tandem import config_lines
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

UNIT = os.path.join(ROOT, "tools", "systemd", "vrrpd.service")
USER = "nobody"
TWO = (1 << 12) | (1 << 13)    # CAP_NET_ADMIN, CAP_NET_RAW
SYS_NICE, SYS_RESOURCE = 1 << 23, 1 << 24


@pytest.fixture
def manager(lan):
    """Records the messages to systemd. Returns a function that returns the messages until now; `senders`: their processes, of which the unit accepts
    one."""
    path = f"/tmp/{lan.ns('notify')}"
    heard, senders = [], set()
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(path)
        os.chmod(path, 0o777)
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)

        def messages():
            with contextlib.suppress(BlockingIOError):
                while True:
                    text, ancillary, _flags, _address = listening.recvmsg(4096, socket.CMSG_SPACE(12))
                    heard.append(text.decode())
                    senders.add(struct.unpack("iii", ancillary[0][2])[0])
            return heard
        messages.path, messages.senders = path, senders
        yield messages
    os.unlink(path)


def start(router, manager, *groups):
    """Starts the daemon as the unit does: User, AmbientCapabilities, NoNewPrivileges, directories that the user owns."""
    account = pwd.getpwnam(USER)
    os.makedirs(router.path("state"), exist_ok=True)
    for folder in (router.dir, router.path("state")):
        os.chown(folder, account.pw_uid, account.pw_gid)
    os.chown(router.write("vrrpd.conf", config_lines(groups)), account.pw_uid, account.pw_gid)
    wanted = "+net_admin,+net_raw"
    router.spawn(["setpriv", f"--reuid={USER}", f"--regid={account.pw_gid}", "--clear-groups", f"--inh-caps={wanted}", f"--ambient-caps={wanted}",
                  "--no-new-privs", program("vrrpd"), "-f", router.path("vrrpd.conf"), "-i", router.path("vrrpd.pid"), "--vty_socket", router.dir,
                  "--state-dir", router.path("state"), "--log", "file:" + router.path("vrrpd.log")],
                 env={**os.environ, "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000"})
    wait_for(lambda: any("READY=1" in m for m in manager()), 10, lambda: f"not ready: {router.output()}")


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def own_capabilities():
    return int(status_of(os.getpid())["CapEff"], 16)


def assert_least_privileges(router, user, kept=0, bounded=True):
    """Checks both processes: they have the two capabilities, and no way to any other. `kept`: what the supervisor has in addition, not in effect."""
    account = pwd.getpwnam(user)
    supervisor, worker = (status_of(pid) for pid in (router.pids()[0], router.worker()))
    for status, permitted in ((supervisor, TWO | kept), (worker, TWO)):
        assert int(status["CapPrm"], 16) == permitted and int(status["CapEff"], 16) == TWO and status["NoNewPrivs"] == "1"
        assert set(status["Uid"].split()) == {str(account.pw_uid)} and set(status["Gid"].split()) == {str(account.pw_gid)}
        assert int(status["CapBnd"], 16) == TWO | kept or not bounded
    assert {int(worker[name], 16) for name in ("CapInh", "CapAmb")} == {0}, "only the supervisor executes another program"
    return supervisor, worker


def test_both_processes_have_two_capabilities_and_no_more(pair, manager):
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    assert_least_privileges(one, USER, bounded=False)    # CapabilityBoundingSet of the unit bounds them


@pytest.mark.parametrize("user", ["root", USER])
def test_started_by_root_neither_process_keeps_more(pair, user):
    """All actions that need a privilege still work: replacing a worker, fencing one, executing a successor, cleaning up."""
    one, _ = pair
    kept = 0 if own_capabilities() & SYS_RESOURCE else SYS_NICE    # workers get the right to their priority from a limit, or else from this capability
    account, options = pwd.getpwnam(user), ("-u", user) if user != "root" else ()
    os.makedirs(one.path("state"))
    for folder in (one.dir, one.path("state")):
        os.chown(folder, account.pw_uid, -1)
    one.start(Group(interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)), options=options)
    one.wait_state("Master")

    def check():
        supervisor, worker = assert_least_privileges(one, user, kept)
        groups = set(os.getgrouplist(user, account.pw_gid)) if options else set(os.getgroups())
        assert {int(group) for status in (supervisor, worker) for group in status["Groups"].split()} <= groups
        assert os.sched_getscheduler(one.worker()) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR
        assert os.getpriority(os.PRIO_PROCESS, one.pids()[0]) == -20
    check()
    for number, words in ((signal.SIGKILL, "killed by signal 9"), (signal.SIGSTOP, "gave no sign of life")):
        victim = one.worker()
        os.kill(victim, number)
        one.wait_new_worker(victim)
        assert f"process {victim} {words}" in one.log()
        one.wait_state("Master")
        check()
    supervisor, worker = one.pids()
    done = netns.run([program("vrrpd"), "--restart", "-i", one.path("vrrpd.pid")], one.ns, check=False)
    assert done.returncode == 0, done.stderr
    one.wait_new_worker(worker)
    assert one.pids()[0] == supervisor and one.state() == "Master"
    check()
    one.terminate()
    assert not os.path.exists(one.path("vrrpd.vty")) and not os.path.exists(one.path("vrrpd.pid"))
    assert "cannot" not in one.log() + one.output() and not [name for name in netns.links(one.ns) if name.startswith("vrrp")]


def test_a_pid_file_in_a_directory_of_root_names_nobody_afterwards(pair):
    """The user may not remove it, so the daemon empties it: another program may get this process id."""
    one, _ = pair
    os.makedirs(one.path("state"))
    os.chown(one.path("state"), pwd.getpwnam(USER).pw_uid, -1)
    one.start(Group(ipv4=(VIP4,)), options=("-u", USER))
    one.terminate()
    assert one.read("vrrpd.pid") == "" and os.path.exists(one.path("vrrpd.pid"))
    one.launch(("-u", USER))
    one.wait_ready()


def test_an_orderly_end_is_one_where_the_user_may_not_remove_the_checkpoint(pair):
    one, _ = pair
    os.rmdir(one.dir)
    one.dir = tempfile.mkdtemp(prefix=f"{one.ns}-", dir="/dev/shm")    # in memory, as /run: only there the checkpoint is a file
    os.chmod(one.dir, 0o755)
    os.makedirs(one.path("state"))
    os.chown(one.path("state"), pwd.getpwnam(USER).pw_uid, -1)
    one.start(Group(ipv4=(VIP4,)), options=("-u", USER))
    assert os.path.exists(one.path("vrrpd.checkpoint"))
    one.terminate()
    one.start(Group(ipv4=(VIP4,)), options=("-u", USER))
    assert "VRRP-050" not in one.log(), "nothing was left to go on with"


def test_a_log_file_that_the_user_cannot_write_is_said_at_the_start(pair):
    """The daemon reports it at the start, and not only after the first crash, by the worker."""
    one, _ = pair
    os.makedirs(one.path("state"))
    os.chown(one.path("state"), pwd.getpwnam(USER).pw_uid, -1)
    one.write("vrrpd.conf", "hostname r1\n")
    one.write("vrrpd.log", "")
    os.link(one.path("vrrpd.log"), one.path("another-users"))    # the daemon does not change the owner of a file with a second name
    assert one.launch(("-u", USER)).wait(10) == 1
    assert "cannot open log file" in one.read("output.log")


def test_it_works_and_survives_without_privileges(pair, manager):
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    one.configure("interface eth1", "vrrp 6 ip 10.10.10.17")
    victim = one.worker()
    os.kill(victim, signal.SIGKILL)
    one.wait_new_worker(victim)
    assert one.group(6) and one.state() == one.state(family=6) == "Master"
    wait_for(lambda: any(m.startswith(f"STATUS=worker {victim} was killed by signal 9") for m in manager()), 5, lambda: f"{manager()}")
    wait_for(lambda: manager().count("WATCHDOG=1") >= 3, 5, "the watchdog is not fed")
    assert one.vtysh("write memory").returncode == 0
    one.terminate()
    assert "STOPPING=1" in manager()[-3:]    # and the supervisor feeds the watchdog until the end
    assert not os.path.exists(one.path("vrrpd.vty")) and not os.path.exists(one.path("vrrpd.pid"))
    for line in one.log().splitlines():
        if "real-time priority" in line:
            continue    # the unit's LimitRTPRIO allows it; here no user may
        assert "cannot" not in line and "not permitted" not in line.lower(), line


def reports_after(manager, action):
    """Returns the messages about readiness from the action until the daemon is ready again."""
    before = len(manager())
    action()

    def told():
        return [m.splitlines()[0] for m in manager()[before:] if m.startswith(("READY", "RELOADING", "STOPPING"))]
    wait_for(lambda: "READY=1" in told(), 10, lambda: f"not ready again: {manager()[before:]}")
    return told()


def test_the_service_manager_follows_reloads_and_restarts(pair, manager):
    """Also of a successor, which is the same process: no other process may report for the service (NotifyAccess=main)."""
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,)))
    supervisor, worker = one.pids()

    def restart():
        netns.run([program("vrrpd"), "--restart", "-i", one.path("vrrpd.pid")], one.ns)
    assert reports_after(manager, restart) == ["RELOADING=1", "READY=1"]
    one.wait_new_worker(worker)
    fed = manager().count("WATCHDOG=1")
    wait_for(lambda: manager().count("WATCHDOG=1") >= fed + 3, 5, "the successor does not feed the watchdog")
    for text, answer in ((None, "reloaded"), ("interface eth1\n vrrp 5 nonsense\n", "refused")):
        if text:
            one.write("vrrpd.conf", text)
        assert reports_after(manager, lambda: os.kill(supervisor, signal.SIGHUP)) == ["RELOADING=1", "READY=1"]
        assert answer in one.log()
    one.terminate()
    assert [m for m in manager() if m != "WATCHDOG=1"][-1] == "STOPPING=1"
    assert manager.senders == {supervisor}


def limit_processes(pid, soft):
    """Sets the limit of processes, as the user who owns the process. Returns the previous limit."""
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        before = next(line.split()[2] for line in file if line.startswith("Max processes"))
    subprocess.run(["setpriv", f"--reuid={USER}", f"--regid={pwd.getpwnam(USER).pw_gid}", "--clear-groups",
                    "prlimit", f"--pid={pid}", f"--nproc={soft}:"], check=True)
    return before


def test_the_watchdog_is_not_fed_while_no_worker_can_be_started(pair, manager):
    """The process limit is too low. The supervisor tries to start a worker, and the service manager is to try as well."""
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,)))
    supervisor, worker = one.pids()
    before = limit_processes(supervisor, "0")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: any("killed by signal 9" in m for m in manager()), 5, "its end is not told")
    fed, since = manager().count("WATCHDOG=1"), time.monotonic()
    wait_for(lambda: time.monotonic() > since + 0.6, 5, "")    # six times the usual interval of the watchdog messages
    assert manager().count("WATCHDOG=1") <= fed + 1 and len(one.pids()) == 1
    limit_processes(supervisor, before)
    one.wait_new_worker(worker)
    wait_for(lambda: manager().count("WATCHDOG=1") >= fed + 3, 5, "the watchdog is not fed again")


def test_a_worker_of_another_user_resigns_without_its_supervisor(pair):
    """Root starts the daemon with -u: the change of the user must not keep the worker from noticing its supervisor's end."""
    one, _ = pair
    os.makedirs(one.path("state"))
    os.chown(one.path("state"), pwd.getpwnam(USER).pw_uid, -1)
    one.start(Group(interval_ms=100, ipv4=(VIP4,)), options=("-u", USER))
    one.wait_state("Master")
    supervisor, worker = one.pids()
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not alive(worker), 5, "the worker goes on alone")
    assert not [name for name in netns.links(one.ns) if name.startswith("vrrp")]


def test_a_service_dies_whole_and_goes_on_when_it_is_started_again(lan, pair, manager):
    """The service manager kills what the main process leaves. It would kill a worker in the middle of its resignation."""
    one, _ = pair
    os.rmdir(one.dir)
    one.dir = tempfile.mkdtemp(prefix=f"{one.ns}-", dir="/dev/shm")    # in memory, as /run: the checkpoint survives there
    os.chmod(one.dir, 0o755)
    start(one, manager, Group(interval_ms=1000, priority=254, ipv4=(VIP4,)))
    one.wait_state("Master")
    with contextlib.closing(lan.capture()) as capture:
        supervisor, worker = one.pids()
        os.kill(supervisor, signal.SIGKILL)
        one._reap((supervisor, worker), 5)
        start(one, manager, Group(interval_ms=1000, priority=254, ipv4=(VIP4,)))
        capture.wait_advert(5, port="r1")
        assert all(advert.priority for _when, _port, advert in capture.adverts("r1")), "it has resigned"
    assert one.state() == "Master" and one.log().count("Initialize -> Backup") == 1
    assert one.log().count("[VRRP-050] vrrpd had ended without cleaning up") == 1 and "VRRP-045" not in one.log()
    assert "supervisor and worker ended without cleaning up" in one.vtysh("show version").stdout
    worker = one.worker()
    netns.run([program("vrrpd"), "--restart", "-i", one.path("vrrpd.pid")], one.ns)
    one.wait_new_worker(worker)
    assert one.log().count("VRRP-050") == 1, "nothing has crashed this time"


def test_what_went_wrong_stays_to_be_read(pair, manager):
    """The reason remains visible in `systemctl status`."""
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,)))
    assert "READY=1\nSTATUS=Running" in manager()
    for crash in range(1, 6):
        victim = one.worker()
        os.kill(victim, signal.SIGKILL)
        ended = f"worker {victim} was killed by signal 9"
        if crash < 5:
            wait_for(lambda e=ended: f"READY=1\nSTATUS=Running; before: {e}" in manager(), 5, lambda: f"{manager()}")
    wait_for(lambda: f"STATUS={ended}; its virtual routers have resigned; the next worker starts in 1 s" in manager(), 5, lambda: f"{manager()}")


def system_calls_of_unit():
    """Returns the system calls that SystemCallFilter= allows, as systemd expands the list."""
    def expanded(name):
        if not name.startswith("@"):
            return {name}
        listed = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], capture_output=True, text=True, check=True)
        words = [line.strip() for line in listed.stdout.splitlines()[1:]]
        return set().union(*(expanded(word) for word in words if word and not word.startswith("#")))
    allowed = set()
    for line in unit_lines("SystemCallFilter"):
        names = set().union(*(expanded(name) for name in line.lstrip("~").split()))
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def unit_lines(setting):
    with open(UNIT, encoding="ascii") as file:
        return [line.strip().split("=", 1)[1] for line in file if line.startswith(setting + "=")]


def test_the_unit_allows_the_system_calls_that_the_program_needs():
    with open(os.path.join(ROOT, "lib", "daemon", "system_calls.cpp"), encoding="utf-8") as file:
        needed = {name for line in file if not line.startswith("#") for name in re.findall(r'"([a-z_0-9]+)"', line)}
    assert len(needed) > 150 and needed <= system_calls_of_unit(), needed - system_calls_of_unit()


def test_the_unit_says_what_the_program_does():
    assert unit_lines("Type") == ["notify"] and unit_lines("NotifyAccess") == ["main"] and float(unit_lines("WatchdogSec")[0]) > 0
    assert unit_lines("RestartSec") == ["0"], "systemd takes up to 250 ms longer than any other time"
    assert unit_lines("User") == unit_lines("Group") == ["tandem"] and unit_lines("NoNewPrivileges") == ["yes"]
    for setting in ("AmbientCapabilities", "CapabilityBoundingSet"):
        assert unit_lines(setting) == ["CAP_NET_ADMIN CAP_NET_RAW"]


def test_the_unit_is_sound(tmp_path, figure):
    with open(UNIT, encoding="ascii") as file:
        text = re.sub(r"^Documentation=.*\n", "", file.read(), flags=re.MULTILINE)
    text = re.sub(r"=vrrpd ", f"={program('vrrpd')} ", text)
    (tmp_path / "vrrpd.service").write_text(text)    # as the installation will have it
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / "vrrpd.service"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=27", UNIT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    figure("exposure by systemd-analyze security (10 = all, 0 = none): " + re.search(r"exposure level for .*: ([\d.]+)", done.stdout)[1])
