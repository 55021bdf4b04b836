# SPDX-License-Identifier: Apache-2.0
"""The rights of users on one machine: files that commands name, locks, users, links, and a process that inspects another (doc/security.md)."""
import contextlib
import os
import pwd
import re
import signal
import stat
import subprocess
import sys

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group
from harness.routers.base import alive
from harness.topology import VIP4
from harness.waiting import wait_for

GROUP = Group(interval_ms=100, ipv4=(VIP4,))
SERVICE = 7070        # the uid of a user `tandem` that only the daemon of the test sees
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def one(pair):
    return pair[0]


def give(router, uid=NOBODY.pw_uid, gid=NOBODY.pw_gid):
    """Changes the owner of the router's directories and files to that user."""
    os.makedirs(router.path("state"), exist_ok=True)
    for folder, folders, files in os.walk(router.dir):
        for name in (folder, *(os.path.join(folder, name) for name in folders + files)):
            os.lchown(name, uid, gid)


def configured(router):
    router.write("vrrpd.conf", "interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n")


@contextlib.contextmanager
def stranger(*command, user=None, **options):
    options = {"user": user, "group": NOBODY.pw_gid, "extra_groups": [], **options} if user else options
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def refusal(router, *lines):
    done = router.vtysh(*lines, check=False)
    assert done.returncode == 1, done.stdout
    return done.stdout


# ---- files that commands name

def test_files_of_commands_stay_in_their_directories(one):
    """A member of group tandem may configure VRRP. If the daemon runs as root, this user must not write, create or read root's files through it."""
    outside = one.path("outside")
    os.mkdir(outside)
    one.write("outside/secret", "of root only\n")
    os.makedirs(one.path("logs/deep"))
    one.start(GROUP, options=("--log-dir", one.path("logs")))
    where = f"not below {one.path('logs')} or {one.path('state')}"
    for path in (outside + "/new", outside + "/secret", one.path("logs") + "x", "/etc/nologin"):
        assert where in refusal(one, "configure terminal", f"log file {path}")
        assert where in refusal(one, f"debug vrrp record {path}")
    os.symlink(outside, one.path("logs/link"))
    os.symlink(outside + "/secret", one.path("logs/file"))
    os.symlink(outside + "/new", one.path("state/new"))
    for path, why in (("logs/link/secret", "is a symbolic link"), ("logs/file", "is a symbolic link"), ("state/new", "is a symbolic link"),
                      ("logs/../outside/new", "'..' in the path")):
        assert why in refusal(one, "configure terminal", f"log file {one.path(path)}")
        assert why in refusal(one, f"debug vrrp record {one.path(path)}")
        one.configure(f"banner motd file {one.path(path)}")
        assert "cannot be read" in one.vtysh("show motd").stdout and "of root only" not in one.vtysh("show motd").stdout
    assert os.listdir(outside) == ["secret"] and one.read("outside/secret") == "of root only\n"
    one.configure(f"log file {one.path('logs/deep/vrrpd.log')}")
    one.vtysh(f"debug vrrp record {one.path('state/a.rec')}")
    wait_for(lambda: "commit" in one.read("logs/deep/vrrpd.log"), 5, "nothing is logged there")


def test_a_log_file_that_is_a_fifo_holds_up_nothing(one):
    one.start(GROUP)
    os.mkfifo(one.path("fifo"))
    assert "not a regular file" in refusal(one, "configure terminal", f"log file {one.path('fifo')}")
    os.rename(one.path("vrrpd.log"), one.path("vrrpd.log.1"))
    os.mkfifo(one.path("vrrpd.log"))
    os.kill(one.pids()[0], signal.SIGUSR1)
    one.configure("interface eth1", "vrrp 5 description changed")
    wait_for(lambda: "description changed" in one.read("vrrpd.log.1"), 5, "the old file is better than none")
    os.unlink(one.path("vrrpd.log"))
    one.terminate()


@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_a_configuration_that_is_no_file_is_refused(one, kind):
    one.start(GROUP)
    os.rename(one.path("vrrpd.conf"), one.path("saved"))
    if kind == "fifo":
        os.mkfifo(one.path("vrrpd.conf"))
    else:
        os.symlink("/dev/zero", one.path("vrrpd.conf"))
    os.kill(one.pids()[0], signal.SIGHUP)
    wait_for(lambda: "reload refused, nothing changed" in one.log() and "not a regular file" in one.log(), 5, one.log)
    assert "not a regular file" in refusal(one, "show startup-config")
    one.terminate()
    assert one.launch().wait(10) == 1
    assert "vrrpd.conf: not a regular file" in one.read("output.log")


def test_a_log_that_nobody_reads_costs_lines_only(one):
    """stderr belongs to a journald that hangs. Shells get answers, the queue of lines is bounded, and the log reports lost lines when journald reads
    again."""
    reading, writing = os.pipe()
    text = "".join(f" vrrp {vrid} advertisement-interval 10\n vrrp {vrid} priority 254\n vrrp {vrid} ip 10.10.20.{vrid}\n" for vrid in range(1, 41))
    one.write("vrrpd.conf", f"interface eth1\n{text}debug vrrp packets\n")
    os.makedirs(one.path("state"))
    process = one.spawn(["bash", "-c", f'exec "$@" 2>&{writing} {writing}>&-', "bash", program("vrrpd"), "-f", one.path("vrrpd.conf"), "-i", one.path("vrrpd.pid"), "--vty_socket", one.dir, "--state-dir",
                         one.path("state"), "--log", "stderr", "--log-level", "debugging"],
                        pass_fds=(writing,))
    os.close(writing)
    one.wait_ready()
    wait_for(lambda: "lines dropped" in one.vtysh("show logging").stdout, 60, lambda: one.vtysh("show logging").stdout)
    one.configure("no debug vrrp packets")
    with os.fdopen(reading, encoding="utf-8", errors="replace") as lines:
        assert any("[VRRP-080]" in line and "lines were dropped here" in line for line in lines)
        one.vtysh("debug vrrp packets")
        wait_for(lambda: len(os.read(lines.fileno(), 1)) == 1, 5, "no more lines")
        os.kill(one.pids()[0], signal.SIGTERM)    # a full pipe does not prevent the end either
        assert process.wait(10) == 0


# ---- locks and signals

def test_nobody_else_can_hold_the_lock(one):
    """Any user may open the PID file, and could lock it. This does not keep a vrrpd from starting."""
    one.start(GROUP)
    os.chmod(one.dir, 0o755)
    for name in ("vrrpd.lock", "state/lock"):
        assert stat.S_IMODE(os.stat(one.path(name)).st_mode) == 0o600
    lock = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX); print('locked', flush=True); sys.stdin.read()"
    with stranger(sys.executable, "-c", lock, one.path("vrrpd.pid"), user=NOBODY.pw_uid, stdin=subprocess.PIPE) as other:
        one.kill()
        assert other.stdout.readline() == "locked\n"
        one.launch()
        one.wait_ready()
        second = netns.run([program("vrrpd"), "-f", one.path("vrrpd.conf"), "-i", one.path("vrrpd.pid"), "--vty_socket", one.path("second"),
                            "--state-dir", one.path("second")], one.ns, check=False)
        assert second.returncode == 1 and f"already running as process {one.pids()[0]}" in second.stderr


def test_a_daemon_without_supervisor_keeps_a_second_one_from_starting(one):
    """The daemon holds the lock of its PID file until it ends."""
    one.start(GROUP, options=("--no-supervisor",))
    second = netns.run([program("vrrpd"), "-f", one.path("vrrpd.conf"), "-i", one.path("vrrpd.pid"), "--vty_socket", one.path("second"),
                        "--state-dir", one.path("second")], one.ns, check=False)
    assert second.returncode == 1 and f"already running as process {one.pids()[0]}" in second.stderr


def restart(router):
    return netns.run([program("vrrpd"), "--restart", "-i", router.path("vrrpd.pid")], router.ns, check=False)


def test_a_restart_signals_the_process_that_holds_the_lock(one):
    """After a crash of both processes the number in the PID file may belong to another process. SIGUSR2 ends most programs."""
    with stranger("sleep", "100") as other:
        one.write("vrrpd.pid", f"{other.pid}\n")
        done = restart(one)
        assert done.returncode == 1 and "does not hold its lock" in done.stderr and other.poll() is None
        one.start(GROUP)
        supervisor, worker = one.pids()
        one.write("vrrpd.pid", f"{other.pid}\n")
        done = restart(one)
        assert done.returncode == 0 and other.poll() is None, done.stderr
        one.wait_new_worker(worker)
        assert one.pids()[0] == supervisor
        worker = one.worker()
        assert restart(one).returncode == 0    # the old process handed the lock over
        one.wait_new_worker(worker)


def test_a_restart_finds_a_version_that_locks_the_pid_file_itself(one):
    """Versions before decision 0029 lock it; this program must be able to replace them."""
    old = ("import fcntl, os, signal, sys\nif '--version' in sys.argv: print('vrrpd 0.1'); sys.exit()\nf = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(os.getpid(), file=f, flush=True)\n"
           "signal.signal(signal.SIGUSR2, lambda *_: os._exit(42)); print('locked', flush=True); signal.pause()")
    with stranger(sys.executable, "-c", old, one.path("vrrpd.pid")) as other:
        assert other.stdout.readline() == "locked\n"
        done = restart(one)
        assert other.wait(5) == 42 and f"process {other.pid} has ended" in done.stderr


# ---- users

def with_user_tandem(router):
    """Gives the daemon a user `tandem`; the machine need not have one."""
    for file, line in (("passwd", f"tandem:x:{SERVICE}:{SERVICE}::/:/usr/sbin/nologin\n"), ("group", f"tandem:x:{SERVICE}:\n")):
        with open(f"/etc/{file}", encoding="utf-8") as known:
            router.write(file, "".join(one for one in known if not one.startswith("tandem:")) + line)
        os.chmod(router.path(file), 0o644)
    mounts = " && ".join(f"mount --bind {router.path(file)} /etc/{file}" for file in ("passwd", "group"))
    router.wrapper = ("unshare", "--mount", "--propagation", "private", "sh", "-c", mounts + ' && exec "$@"', "sh")


def users(router):
    """Returns the real, effective, saved and file system user of supervisor and worker."""
    found = set()
    for pid in (router.pids()[0], router.worker()):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            found |= {int(uid) for line in file if line.startswith("Uid:") for uid in line.split()[1:]}
    return found


def test_started_by_root_it_becomes_user_tandem(one):
    with_user_tandem(one)
    give(one, SERVICE, SERVICE)
    one.start(GROUP)
    one.wait_state("Master")
    assert users(one) == {SERVICE}
    socket = os.stat(one.path("vrrpd.vty"))
    assert (stat.S_IMODE(socket.st_mode), socket.st_uid, socket.st_gid) == (0o770, SERVICE, SERVICE)
    assert {os.stat(one.path(name)).st_uid for name in ("vrrpd.pid", "vrrpd.lock", "vrrpd.log", "state/commits", "state/lock")} == {SERVICE}
    worker = one.worker()
    assert restart(one).returncode == 0
    one.wait_new_worker(worker)
    assert users(one) == {SERVICE}
    one.terminate()
    give(one, 0, 0)
    one.launch(("-u", "root"))
    one.wait_ready()
    assert users(one) == {0}


USUAL_PLACES = """
for folder in /run /var/lib /var/log; do mount -t tmpfs tmpfs $folder; done
mount --bind passwd /etc/passwd && mount --bind group /etc/group
printf 'interface lo\n' >etc/vrrpd.conf; chmod 600 etc/vrrpd.conf; mount --bind etc /etc/tandem
stop() { kill $1; while grep -q "^State:.[^Z]" /proc/$1/status; do sleep 0.02; done 2>/dev/null; }
for options in "" "-u root" ""; do
  "$1" -d --log file:/var/log/vrrpd.log $options || exit 1
  pid=$(cat /run/tandem/vrrpd.pid)
  "$2" -c "configure terminal" -c "log file /var/log/tandem/commands.log" -c "hostname r$pid" -c end -c write || exit 2
  "$1" --restart || exit 3
  stat -c "%n %a %U" /run/tandem /run/tandem/vrrpd.vty /var/lib/tandem /var/lib/tandem/commits/* /var/log/tandem /var/log/tandem/* /var/log/vrrpd.log \
    /etc/tandem /etc/tandem/vrrpd.conf /etc/tandem/vrrpd.conf.sav
  awk '/^Uid/ {print "process", $2}' /proc/$pid/status
  stop $pid
done
"""


def test_at_the_usual_places_it_becomes_user_tandem_and_root_again(one):
    """Follows the README, without systemd. The daemon takes ownership of the files that an operator made in /etc/tandem and of those that the other
    user left."""
    with_user_tandem(one)
    os.makedirs(one.path("etc"))
    made = not os.path.exists("/etc/tandem")
    os.makedirs("/etc/tandem", exist_ok=True)    # a mount point
    try:
        done = netns.run(["unshare", "--mount", "--propagation", "private", "bash", "-c", USUAL_PLACES, "bash", program("vrrpd"), program("vtysh")],
                         one.ns, check=False, cwd=one.dir)
    finally:
        if made:
            os.rmdir("/etc/tandem")
    assert done.returncode == 0, done.stdout + done.stderr
    runs = re.split(r"^process (\d+)\n", done.stdout, flags=re.MULTILINE)
    assert [int(uid) for uid in runs[1::2]] == [SERVICE, 0, SERVICE], done.stdout
    for text, user in zip(runs[0::2], ("tandem", "root", "tandem")):
        owners = dict(re.findall(r"^(/\S+) \d+ (\S+)$", text, re.MULTILINE))
        assert owners.pop("/etc/tandem") == "root" and owners.pop("/run/tandem/vrrpd.vty") in (user, "root") and len(owners) > 8, text
        assert {name for name, owner in owners.items() if owner != user} == set(), text


def test_it_stays_root_and_says_so_where_user_tandem_may_not_work(one):
    """A gateway that starts is better than none: after an upgrade the daemon continues to use directories that were made for root."""
    with_user_tandem(one)
    one.start(GROUP)
    assert users(one) == {0}
    assert "[VRRP-082] stays root and does not become user 'tandem'" in one.log()


@pytest.mark.parametrize("user", ["tandem", "root"])
def test_write_says_who_may_not_write_where(one, user):
    """User tandem may read the file of `-f`, but may not create files beside it. vrrpd reports this at the start, and at `write`."""
    with_user_tandem(one)
    if user == "tandem":
        give(one, SERVICE, SERVICE)
    os.makedirs(one.path("of-root"), mode=0o755)
    file = one.path("of-root/vrrpd.conf")
    with open(file, "w", encoding="utf-8") as config:
        config.write("hostname before\n")
    os.chmod(file, 0o644)
    one.launch(("-f", file, *(("-u", "root") if user == "root" else ())))
    one.wait_ready()
    assert users(one) == {SERVICE if user == "tandem" else 0}
    one.configure("hostname after")
    saved = one.vtysh("write", check=False)
    with open(file, encoding="utf-8") as config:
        text = config.read()
    if user == "root":
        assert saved.returncode == 0 and "hostname after" in text and "[VRRP-110]" not in one.log()
        return
    missing = f"user 'tandem', as whom vrrpd runs, may not make files in {one.path('of-root')}"
    assert f"[VRRP-110] `write` cannot save {file}: {missing}" in one.log()
    assert saved.returncode == 1 and saved.stdout.startswith(f"% Configuration not saved: cannot write {file}") and missing in saved.stdout
    assert text == "hostname before\n" and os.listdir(one.path("of-root")) == ["vrrpd.conf"]
    assert "hostname after" in one.vtysh("show running-config").stdout
    os.chown(one.path("of-root"), SERVICE, SERVICE)    # the remedy: the user owns the directory
    one.vtysh("write")
    with open(file, encoding="utf-8") as config:
        assert "hostname after" in config.read()


def test_what_lies_in_directories_of_others_is_made_as_they(one):
    """Root opens no log file and creates no socket through a link of the user's, and changes no mode by path name."""
    os.mkdir(one.path("of-root"))
    configured(one)
    give(one)
    os.chown(one.path("of-root"), 0, 0)
    os.symlink(one.path("of-root/nologin"), one.path("vrrpd.log"))
    os.lchown(one.path("vrrpd.log"), NOBODY.pw_uid, NOBODY.pw_gid)
    assert one.launch(("-u", "nobody")).wait(10) == 1
    assert "cannot open log file" in one.read("output.log") and os.listdir(one.path("of-root")) == []
    assert one.launch(("-u", "root")).wait(10) == 1
    assert "'vrrpd.log' is a symbolic link of another user's" in one.read("output.log") and os.listdir(one.path("of-root")) == []
    os.unlink(one.path("vrrpd.log"))
    one.launch(("-u", "nobody"))
    one.wait_ready()
    assert os.stat(one.path("vrrpd.vty")).st_uid == os.stat(one.path("vrrpd.log")).st_uid == NOBODY.pw_uid


@pytest.mark.parametrize("options, may", [((), False), (("--core-dumps",), True)])
def test_no_process_of_its_user_may_look_into_it(one, options, may):
    """A compromised worker may neither execute nor fork. It could inject code into its supervisor, which may."""
    configured(one)
    give(one)
    one.launch(("-u", "nobody", *options))
    one.wait_ready()
    capabilities = "+net_admin,+net_raw,+sys_nice"    # the supervisor keeps the last one if no limit allows real-time priority
    rights = ["setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups", f"--inh-caps={capabilities}",
              f"--ambient-caps={capabilities}"]

    def look():
        for pid in (one.pids()[0], one.worker()):
            done = subprocess.run([*rights, sys.executable, "-c", f"open('/proc/{pid}/mem', 'r+b')"], capture_output=True, text=True, check=False)
            assert ("PermissionError" not in done.stderr) == may, done.stderr
    look()
    worker = one.worker()
    assert restart(one).returncode == 0
    one.wait_new_worker(worker)
    look()
    assert alive(one.pids()[0])
