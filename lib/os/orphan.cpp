// SPDX-License-Identifier: Apache-2.0
#include "lib/os/orphan.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

namespace fs = std::filesystem;

// For a process that cleans up: removing thousands of interfaces takes a second or two.
constexpr std::chrono::seconds kCleanupTimeout{10};

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// proc(5): after the name, which may have any character.
char state_of(pid_t pid) {
  const std::string stat = first_line(fmt::format("/proc/{}/stat", pid));
  const std::size_t end = stat.rfind(") ");
  return end == std::string::npos || end + 2 >= stat.size() ? '\0' : stat[end + 2];
}

// Whether the descriptor, which is open for that file, holds its lock.
bool has_lock(const std::string& process, const std::string& descriptor) {
  std::ifstream file(fmt::format("{}/fdinfo/{}", process, descriptor));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("lock:") && line.find(" FLOCK ") != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool holds(pid_t pid, const struct stat& lock) {
  const std::string process = fmt::format("/proc/{}", pid);
  std::error_code error;
  for (fs::directory_iterator entry(process + "/fd", error), end; !error && entry != end; entry.increment(error)) {
    struct stat open{};
    if (::stat(entry->path().c_str(), &open) == 0 && open.st_ino == lock.st_ino && open.st_dev == lock.st_dev &&
        has_lock(process, entry->path().filename().string())) {
      return true;
    }
  }
  return false;
}

std::optional<pid_t> pid_of(const fs::path& entry) {
  const std::string name = entry.filename().string();
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  return error == std::errc{} && end == name.data() + name.size() ? std::optional(pid) : std::nullopt;
}

}  // namespace

bool has_ended(pid_t pid) {
  const bool gone = ::kill(pid, 0) != 0 && errno == ESRCH;
  const char state = gone ? '\0' : state_of(pid);
  return gone || state == 'Z' || state == 'X';
}

// proc(5): "Uid:", then the real, the effective, the saved and the file system's.
bool is_of(pid_t pid, const Users& users) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Uid:")) {
      std::istringstream numbers(line.substr(line.find(':') + 1));
      uid_t real = 0;
      uid_t effective = 0;
      return (numbers >> real >> effective) && users.contains(real) && users.contains(effective);
    }
  }
  return false;
}

bool end_orphans(int lock, std::chrono::microseconds waited, const Users* users) {
  struct stat file{};
  if (::fstat(lock, &file) != 0) {
    return false;
  }
  bool found = false;
  const std::string program = first_line("/proc/self/comm");
  const std::string own_name = program.substr(0, program.find('-'));
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const auto pid = pid_of(entry->path());
    if (!pid || *pid == ::getpid() || !first_line(fmt::format("/proc/{}/comm", *pid)).starts_with(own_name)) {
      continue;
    }
    // First the descriptor: what is looked at then is the process that the signal reaches.
    const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
    if (!process.is_open() || !holds(*pid, file) || (users != nullptr && !is_of(*pid, *users))) {
      continue;
    }
    found = true;
    const char state = state_of(*pid);
    if (state == 'T' || state == 't' || waited >= kCleanupTimeout) {
      ::syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0);
    }
  }
  return found;
}

}  // namespace tandem::os
