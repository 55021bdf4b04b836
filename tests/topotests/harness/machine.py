# SPDX-License-Identifier: Apache-2.0
"""A machine that runs systemd with the files that `cmake --install` installs, in the network namespace of a router. It has a file system of its
own."""
import contextlib
import os
import shutil
import subprocess
import tempfile

from . import netns
from .programs import ROOT, build_folder
from .routers.base import children_of
from .waiting import wait_for

SERVICE = "vrrpd.service"


def _is_systemd(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/comm", encoding="ascii") as file:
        return file.read() == "systemd\n"
    return False


class Machine:
    """The machine runs from construction until close()."""

    def __init__(self, namespace):
        self.dir = tempfile.mkdtemp(prefix=f"{namespace}-machine-")
        for folder in ("machine", "installed"):
            os.mkdir(os.path.join(self.dir, folder), 0o755)
        try:
            netns.run(["cmake", "--install", build_folder(), "--prefix", "/usr"], env={**os.environ, "DESTDIR": os.path.join(self.dir, "installed")})
            with open(os.path.join(self.dir, "output"), "wb") as output, netns.inside(namespace):
                self._process = subprocess.Popen(    # ends with the test, also if the test fails
                    ["setpriv", "--pdeathsig", "TERM", "bash", os.path.join(os.path.dirname(__file__), "machine.sh"), self.dir, ROOT],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
            self._leader = wait_for(self._systemd, 20, self._output)
            wait_for(lambda: self.run("systemctl", "is-active", "basic.target", check=False).returncode == 0, 60,
                     lambda: self.run("systemctl", "list-jobs", check=False).stdout + self._output(), step=0.05)
        except BaseException:
            self.close()
            raise

    def _output(self):
        with open(os.path.join(self.dir, "output"), encoding="utf-8", errors="replace") as file:
            return f"systemd does not work: {file.read()[-2000:]}"

    def _systemd(self):
        assert self._process.poll() is None, self._output()
        grandchildren = (pid for child in children_of(self._process.pid) for pid in children_of(child))
        return next((pid for pid in grandchildren if _is_systemd(pid)), None)

    def run(self, *argv, check=True, **options):
        """Runs a command in the machine as root."""
        return netns.run(["nsenter", f"--target={self._leader}", "--all", "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *argv], check=check,
                         **options)

    def shell(self, script):
        """Runs a command and returns its output."""
        return self.run("bash", "-ec", script).stdout

    def write(self, path, text, mask=0o022):
        self.run("bash", "-ec", f"umask {mask:o}; mkdir -p {os.path.dirname(path)}; cat > {path}", input=text)

    def systemctl(self, *words, **options):
        return self.run("systemctl", *words, SERVICE, **options)

    def property(self, name):
        """Returns a property of the unit: ActiveState, MainPID, StatusText, …"""
        return self.systemctl("show", "--property", name, "--value").stdout.strip()

    def vtysh(self, *commands, check=True):
        return self.run("vtysh", *(part for command in commands for part in ("-c", command)), check=check)

    def journal(self):
        return self.run("journalctl", "--no-pager", "--output=short-precise", f"--unit={SERVICE}").stdout

    def supervisor(self):
        return int(self.property("MainPID"))

    def worker(self):
        """Returns the worker's process id in the machine; 0: no worker."""
        found = self.run("pgrep", "--exact", "vrrpd-worker", check=False).stdout.split()
        return int(found[0]) if found else 0

    def close(self):
        process = getattr(self, "_process", None)
        if process is not None:
            process.terminate()
            process.wait(20)
        shutil.rmtree(self.dir)
