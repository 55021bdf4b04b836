# SPDX-License-Identifier: Apache-2.0
"""A host pings an address every few milliseconds and measures the time without an answer.

Prober runs this file as a program in the host's namespace (a process of its own, so that the test does not delay it);
it prints "ready" once answers come and again after SIGUSR1, and at SIGTERM a line with every probe as JSON: [[sent ns, received ns or 0], ...].
"""
import collections
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

if __package__:
    from .netns import inside

_SO_TIMESTAMPNS = 35
Outage = collections.namedtuple("Outage", "milliseconds lost")


class Prober:
    def __init__(self, namespace, address, interval_ms=10):
        self.interval_ms = interval_ms
        with inside(namespace):
            self._process = subprocess.Popen([sys.executable, os.path.abspath(__file__), address, str(interval_ms)],
                                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self._samples = None

    def wait_ready(self, timeout=10):
        """Waits until the address has answered ten times in a row."""
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            raise AssertionError(f"the pinged address did not answer within {timeout} s")
        self._process.stdout.readline()
        return self

    def wait_ready_again(self, timeout=30):
        """Waits for ten answers in a row to probes sent from now on."""
        self._process.send_signal(signal.SIGUSR1)
        return self.wait_ready(timeout)

    def stop(self):
        """Stops pinging. Returns each probe as (sent ns, received ns or 0), CLOCK_REALTIME."""
        if self._samples is None:
            self._process.send_signal(signal.SIGTERM)
            text = self._process.stdout.read().decode()
            self._process.wait()
            self._samples = [tuple(pair) for pair in json.loads(text.strip().splitlines()[-1])]
        return self._samples

    def outage(self):
        """Returns the longest time between two answers minus the interval, and the number of probes without an answer."""
        samples = self.stop()
        answered = [received for _sent, received in samples if received]
        if len(answered) < 2:
            raise AssertionError("hardly any answer at all")
        last = max(sent for sent, received in samples if received)
        gap = max(b - a for a, b in zip(answered, answered[1:]))
        lost = sum(1 for sent, received in samples if not received and sent < last)
        return Outage(max(0.0, gap / 1e6 - self.interval_ms), lost)

    def close(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()


class _Pinger:
    def __init__(self, address):
        self.v6 = ":" in address
        self.address = socket.getaddrinfo(address, None, type=socket.SOCK_RAW)[0][4]    # accepts fe80::1%eth1
        kind = (socket.AF_INET6, socket.IPPROTO_ICMPV6) if self.v6 else (socket.AF_INET, socket.IPPROTO_ICMP)
        self.socket = socket.socket(kind[0], socket.SOCK_RAW, kind[1])
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.socket.setblocking(False)
        self.identifier = os.getpid() & 0xffff
        self.sent, self.received = [], {}

    def send(self):
        head = struct.pack("!BBHHH", 128 if self.v6 else 8, 0, 0, self.identifier, len(self.sent) & 0xffff)
        if not self.v6:      # the kernel does it for ICMPv6
            total = sum(struct.unpack("!4H", head))
            total = (total & 0xffff) + (total >> 16)
            head = head[:2] + struct.pack("!H", ~total & 0xffff) + head[4:]
        self.sent.append(time.time_ns())
        try:
            self.socket.sendto(head, self.address)
        except OSError:
            pass    # unreachable now: counts as an unanswered probe

    def answers_since(self, number, wanted=10):
        """Returns whether the last `wanted` probes, all sent since probe `number`, have been answered. The newest may be under way."""
        last = len(self.sent) - 1
        return last - wanted >= number and all(n in self.received for n in range(last - wanted, last))

    def receive_until(self, due):
        while True:
            left = due - time.monotonic()
            if not select.select([self.socket], [], [], max(0, left))[0]:
                return
            try:
                data, ancillary, _flags, _from = self.socket.recvmsg(256, 128)
            except OSError:
                continue
            start = 0 if self.v6 else (data[0] & 15) * 4
            kind, _code, _sum, identifier, sequence = struct.unpack_from("!BBHHH", data, start)
            if kind == (129 if self.v6 else 0) and identifier == self.identifier:
                number = len(self.sent) - 1 - ((len(self.sent) - 1 - sequence) & 0xffff)
                seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
                self.received.setdefault(number, seconds * 1_000_000_000 + nanoseconds)


def main(address, interval):
    stopped = []
    asked = [0]    # report when ten answers in a row have come to probes after this one
    pinger, due = _Pinger(address), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    signal.signal(signal.SIGUSR1, lambda *_: asked.append(len(pinger.sent)))
    os.nice(-10)
    while not stopped:
        pinger.send()
        due = max(due + interval, time.monotonic() - 5 * interval)    # late: catch up a little, without a burst
        pinger.receive_until(due)
        if asked and pinger.answers_since(asked[-1]):
            asked.clear()
            print("ready", flush=True)
    pinger.receive_until(time.monotonic() + 0.05)
    print(json.dumps([(sent, pinger.received.get(n, 0)) for n, sent in enumerate(pinger.sent)]))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) / 1000)
