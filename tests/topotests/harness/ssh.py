# SPDX-License-Identifier: Apache-2.0
"""A machine with OpenSSH's server as an ordinary process in a router's namespace, with its own keys. The server runs `command` for each session
instead of a login shell, as if it were the shell in /etc/passwd."""
import os
import shutil
import subprocess

from . import netns
from .waiting import wait_for

PORT = 2222


class SshServer:
    def __init__(self, router, command=None):
        self._router, self.key = router, router.path("ssh/user")
        shutil.rmtree(router.path("ssh"), ignore_errors=True)
        os.makedirs(router.path("ssh"))
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)    # the server confines its unprivileged process to this directory
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", router.path(f"ssh/{name}")], check=True)
        shutil.copy(self.key + ".pub", router.path("ssh/authorized"))
        settings = {"Port": PORT, "ListenAddress": "127.0.0.1", "HostKey": router.path("ssh/host"), "PidFile": "none", "UsePAM": "no",
                    "AuthorizedKeysFile": router.path("ssh/authorized"), "StrictModes": "no", "PermitRootLogin": "prohibit-password",
                    "PrintMotd": "no", "PrintLastLog": "no"} | ({"ForceCommand": command} if command else {})
        with open(router.path("ssh/config"), "w", encoding="utf-8") as file:
            file.writelines(f"{key} {value}\n" for key, value in settings.items())
        with netns.inside(router.ns):
            self._process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", router.path("ssh/config")], stdin=subprocess.DEVNULL,
                                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            wait_for(self._listens, 10, "the SSH server")
        except BaseException:
            self.close()
            raise

    def _listens(self):
        if self._process.poll() is not None:
            raise AssertionError(f"sshd ended: {self._process.stderr.read()}")
        return f"127.0.0.1:{PORT}" in netns.run(["ss", "-Hltn"], self._router.ns).stdout

    def close(self):
        self._process.terminate()
        self._process.wait()
        self._process.stderr.close()
