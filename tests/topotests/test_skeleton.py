# SPDX-License-Identifier: Apache-2.0
"""The smallest daemon on the frame that all daemons share (tests/skeleton). The frame gives each daemon the same features as vrrpd."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile

import pytest

from harness.programs import program
from harness.routers.base import alive, children_of
from harness.waiting import wait_for


class Counterd:
    """The daemon, installed in a directory of its own, in memory as /run is."""

    def __init__(self, folder):
        self.folder = folder
        self.path, self.pid_file = self.file("counterd"), self.file("counterd.pid")
        self.environment = {**os.environ, "TANDEM_YANG_DIR": os.path.join(os.path.dirname(program("counterd")), "..", "tests", "skeleton", "yang")}
        os.mkdir(self.file("state"))
        self.process = None

    def file(self, name):
        return os.path.join(self.folder, name)

    def install(self, name="counterd"):
        shutil.copy2(program(name), self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def run(self, *options):
        return subprocess.run([self.path, "-f", self.file("counterd.conf"), *options], env=self.environment, capture_output=True, text=True, check=False,
                              timeout=60)

    def start(self, text=""):
        self.install()
        with open(self.file("counterd.conf"), "w", encoding="ascii") as file:
            file.write(text)
        with open(self.file("output"), "w", encoding="ascii") as output:
            self.process = subprocess.Popen(    # pylint: disable=consider-using-with
                [self.path, "-u", "root", "-f", self.file("counterd.conf"), "-i", self.pid_file, "--vty_socket", self.folder,
                 "--state-dir", self.file("state"), "--log-dir", self.folder, "--log", "file:" + self.file("log")],
                env=self.environment, stdout=output, stderr=output, start_new_session=True)
        wait_for(lambda: self.vtysh("show version").returncode == 0, 20, self.output)
        return self

    def output(self):
        texts = []
        for name in ("output", "log"):
            with contextlib.suppress(FileNotFoundError), open(self.file(name), encoding="utf-8") as file:
                texts.append(file.read())
        return "".join(texts)

    def vtysh(self, *commands):
        return subprocess.run([program("vtysh"), "--vty_socket", self.folder, *(part for command in commands for part in ("-c", command))],
                              capture_output=True, text=True, check=False, timeout=60)

    def count(self):
        shown = self.vtysh("show counter")
        assert shown.returncode == 0, shown.stdout + shown.stderr
        return int(shown.stdout)

    def worker(self):
        return next(iter(children_of(self.process.pid)), 0)

    def wait_new_worker(self, before):
        wait_for(lambda: self.worker() not in (0, before) and self.vtysh("show counter").returncode == 0, 20, self.output)

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            return self.process.wait(20)
        return None


@pytest.fixture
def counterd():
    folder = tempfile.mkdtemp(prefix=f"tandem-{os.getpid()}-", dir="/dev/shm")
    daemon = Counterd(folder)
    yield daemon
    daemon.end()
    shutil.rmtree(folder)


def test_it_counts_and_is_configured_by_the_shell(counterd):
    counterd.start("counter step 2\n")
    first = counterd.count()
    wait_for(lambda: counterd.count() > first, 10, "it does not count")
    assert "counter step 2" in counterd.vtysh("show running-config").stdout
    refused = counterd.vtysh("configure terminal", "counter step 101")
    assert refused.returncode != 0
    changed = counterd.vtysh("configure terminal", "counter step 100", "end", "write memory")
    assert changed.returncode == 0, changed.stdout + changed.stderr
    with open(counterd.file("counterd.conf"), encoding="utf-8") as file:
        assert "counter step 100" in file.read()
    assert counterd.end() == 0, counterd.output()


def test_the_next_worker_counts_on_with_what_was_not_saved(counterd):
    counterd.start()
    counterd.vtysh("configure terminal", "counter step 7")
    wait_for(lambda: counterd.count() > 1000, 20, "it does not count")
    before, worker = counterd.count(), counterd.worker()
    os.kill(worker, signal.SIGKILL)
    counterd.wait_new_worker(worker)
    assert counterd.count() >= before
    assert "counter step 7" in counterd.vtysh("show running-config").stdout
    assert f"worker {worker} was killed by signal 9" in counterd.output()


def test_a_worker_that_hangs_is_replaced(counterd):
    counterd.start()
    before, worker = counterd.count(), counterd.worker()
    os.kill(worker, signal.SIGSTOP)
    counterd.wait_new_worker(worker)
    assert counterd.count() >= before
    assert "gave no sign of life" in counterd.output() and "it no longer counts" in counterd.output()
    assert not alive(worker)


@pytest.mark.parametrize("installed, version", [("counterd", None), ("counterd-next", "9.9.9")], ids=["restart", "upgrade"])
def test_another_program_takes_over(counterd, installed, version):
    counterd.start()
    counterd.vtysh("configure terminal", "counter step 3")
    before, worker, supervisor = counterd.count(), counterd.worker(), counterd.process.pid
    counterd.install(installed)
    done = counterd.run("-i", counterd.pid_file, "--restart")
    assert done.returncode == 0, done.stdout + done.stderr
    counterd.wait_new_worker(worker)
    assert counterd.process.pid == supervisor and counterd.process.poll() is None
    assert counterd.count() >= before and "counter step 3" in counterd.vtysh("show running-config").stdout
    assert version is None or version in counterd.vtysh("show version").stdout


def test_a_configuration_is_checked(counterd):
    counterd.install()
    for text, status in (("counter step 5\n", 0), ("counter step 0\n", 1), ("vrrp 5\n", 1)):
        with open(counterd.file("counterd.conf"), "w", encoding="ascii") as file:
            file.write(text)
        assert counterd.run("-C").returncode == status, text
    assert counterd.run("--version").stdout.startswith("counterd ")
