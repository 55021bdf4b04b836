# SPDX-License-Identifier: Apache-2.0
"""Sends frames as fast as this machine can: tests/bench/flood.cpp in a namespace."""
import os
import struct
import subprocess
import tempfile

from .netns import inside
from .programs import program


class Flooder:
    """`Flooder(namespace, frames, seconds)` repeats the frames on eth1. `wrapper`: a command that executes the program."""

    def __init__(self, namespace, frames, seconds, rate=0, wrapper=()):
        with tempfile.NamedTemporaryFile(delete=False) as file:
            self._path = file.name
            for frame in frames:
                file.write(struct.pack("<I", len(frame)) + frame)
        with inside(namespace):
            self._process = subprocess.Popen([*wrapper, program("bench_flood"), "eth1", str(seconds), str(rate), self._path],
                                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def is_running(self):
        return self._process.poll() is None

    def wait(self):
        """Waits until the program has sent for `seconds`. Returns the number of frames and the rate per second."""
        sent, rate = self._process.communicate()[0].split()
        os.unlink(self._path)
        return int(sent), float(rate)

    def close(self):
        """Ends the program if it still runs."""
        self._process.kill()
        self._process.communicate()
        os.unlink(self._path)
