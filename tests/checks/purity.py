#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that static libraries import nothing that makes them impure: clocks, sockets, files, environment, randomness, threads.

Usage: purity.py LIBRARY.a... Prints one line per forbidden symbol and exits 1 if there is any, or if a library has no symbol at all.
"""
import re
import subprocess
import sys

FORBIDDEN = {
    "clock": r"(std::chrono::.*::now\(|clock_(gettime|getres|nanosleep)|gettimeofday|time$|ftime|localtime|gmtime|mktime|strftime|"
             r"timerfd_|timer_|nanosleep|u?sleep$|alarm$)",
    "socket": r"(socket(pair)?$|bind$|connect$|listen$|accept4?$|send(to|msg|mmsg)?$|recv(from|msg|mmsg)?$|[gs]etsockopt|getaddrinfo|"
              r"getifaddrs|if_(name|index)to|ioctl$|epoll_|poll$|select$)",
    "file or stream": r"(open(at|64|at64)?$|read$|write$|fopen|f?puts|f?printf|__f?printf_chk|fwrite|std::(cout|cerr|clog|cin)|"
                      r"std::ios_base::Init|std::basic_[io]?fstream|syslog|std::filesystem)",
    "environment": r"((secure_)?getenv|[su]n?setenv|environ$|getpid|getuid|gethostname|uname$)",
    "randomness": r"(s?rand(om)?(_r)?$|[dlm]rand48|std::random_device|getrandom|getentropy|arc4random)",
    "thread": r"(pthread_(create|mutex|cond|rwlock)|std::thread|std::mutex|std::condition_variable|fork$|exec[lv]|posix_spawn|signal$|"
              r"sigaction)",
}
PATTERNS = {kind: re.compile(pattern) for kind, pattern in FORBIDDEN.items()}


def imports(library):
    """Undefined (strong) symbols of a library, demangled. Weak ones are libstdc++ asking whether threads exist."""
    text = subprocess.run(["nm", "-uC", library], capture_output=True, text=True, check=True).stdout
    return {line.split(None, 1)[1].strip() for line in text.splitlines() if re.match(r"\s+U\s", line)}


def impurities(symbols):
    for symbol in sorted(symbols):
        bare = symbol.split("@")[0]
        for kind, pattern in PATTERNS.items():
            if pattern.match(bare):
                yield f"{kind}: {symbol}"


def check(library):
    symbols = imports(library)
    if not symbols:
        return [f"{library}: imports no symbol at all; is it the right file?"]
    return [f"{library}: {found}" for found in impurities(symbols)]


def main(argv):
    found = [line for library in argv[1:] for line in check(library)]
    print("\n".join(found) if found else f"purity: {len(argv) - 1} libraries import no clock, socket, file, environment, "
                                         "randomness or thread")
    return 1 if found or len(argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
