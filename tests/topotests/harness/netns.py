# SPDX-License-Identifier: Apache-2.0
"""Network namespaces: runs code in a namespace, and reads the kernel's state."""
import contextlib
import ctypes
import json
import os
import subprocess

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
TIMEOUT = 60    # seconds; for a command without a timeout of its own


@contextlib.contextmanager
def inside(namespace):
    """Runs the block in a network namespace, for this thread only: sockets and processes that it creates belong to the namespace."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _libc.setns(there, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
        try:
            yield
        finally:
            if _libc.setns(here, _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns back")
    finally:
        os.close(here)
        os.close(there)


def run(argv, namespace=None, check=True, **options):
    """Runs a command, in `namespace` if given, and returns the finished process with text output."""
    options = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "timeout": TIMEOUT, **options}
    if "input" in options:
        options.pop("stdin")
    with inside(namespace) if namespace else contextlib.nullcontext():
        done = subprocess.run(argv, **options)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(argv)} ({namespace}): exit status {done.returncode}: {done.stdout[-800:]} {done.stderr[-800:]}")
    return done


def ip(*lines, ns=None, force=False):
    """Runs several `ip` commands in one process."""
    argv = ["ip"] + (["-n", ns] if ns else []) + (["-force"] if force else []) + ["-batch", "-"]
    return run(argv, check=not force, input="\n".join(lines) + "\n")


def ip_json(namespace, *words):
    text = run(["ip", "-n", namespace, "-j", "-d", *words]).stdout
    return [item for item in json.loads(text or "[]") if item]


def links(namespace):
    """Returns the interfaces: name -> output of `ip -d -j link`."""
    return {item["ifname"]: item for item in ip_json(namespace, "link", "show")}


def addresses(namespace, device=None):
    """Returns the addresses: interface name -> ["ADDRESS/LENGTH", ...]."""
    found = ip_json(namespace, "addr", "show", *(["dev", device] if device else []))
    return {item["ifname"]: [f"{a['local']}/{a['prefixlen']}" for a in item["addr_info"] if "local" in a] for item in found}


def read_sysctl(namespace, name):
    with inside(namespace), open("/proc/sys/net/" + name, encoding="ascii") as file:
        return file.read().strip()


def write_sysctl(namespace, name, value):
    with inside(namespace), open("/proc/sys/net/" + name, "w", encoding="ascii") as file:
        file.write(str(value))


def all_sysctls(namespace, ignored=()):
    """Returns each readable per-interface sysctl of IPv4 and IPv6: {name: value}."""
    found = {}
    with inside(namespace):
        for family in ("ipv4", "ipv6"):
            base = f"/proc/sys/net/{family}/conf"
            for device in os.listdir(base):
                for leaf in os.listdir(f"{base}/{device}"):
                    name = f"{family}/conf/{device}/{leaf}"
                    if leaf in ignored:
                        continue
                    with contextlib.suppress(OSError), open(f"{base}/{device}/{leaf}", encoding="ascii", errors="replace") as file:
                        found[name] = file.read().strip()
    return found
