# SPDX-License-Identifier: Apache-2.0
"""Loads shim.c into a daemon. It makes the kernel refuse or delay the daemon's netlink requests, loses notifications, sets its wall clock, and sends
it into an endless loop."""
import mmap
import os
import struct
import subprocess

_SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shim.c")
_FIELDS = ("clock_offset", "refuse_at", "refuse_every", "error", "requests", "refused", "deaf", "overrun", "send_error",
           "looping", "strange_main", "strange_other", "strange_error",
           "stop_next", "address_delay", "delayed", "kernel_wait", "kernel_breaks", "waited", "wait_error",
           "management_hang", "management_wait")


class Shim:
    """Construct `Shim(router)` before the router starts. Its attributes read and write the fields of `struct control` in shim.c."""

    def __init__(self, router):
        library, control = router.path("shim.so"), router.path("shim.control")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, _SOURCE], check=True)
        with open(control, "w+b") as file:
            file.truncate(mmap.PAGESIZE)
            self._set("_memory", mmap.mmap(file.fileno(), mmap.PAGESIZE))
        router.environment = {**os.environ, "LD_PRELOAD": library, "TANDEM_SHIM": control}

    def _set(self, name, value):
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        return struct.unpack_from("q", self._memory, 8 * _FIELDS.index(name))[0]

    def __setattr__(self, name, value):
        struct.pack_into("q", self._memory, 8 * _FIELDS.index(name), value)

    def heal(self):
        """Ends all refusals and losses."""
        for name in ("refuse_at", "refuse_every", "deaf", "send_error"):
            setattr(self, name, 0)
