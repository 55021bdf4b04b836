// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/sysctls.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

std::string path_of(std::string_view interface, std::string_view key) {
  const std::size_t slash = key.find('/');
  return fmt::format("/proc/sys/net/{}/conf/{}/{}", key.substr(0, slash), interface, key.substr(slash + 1));
}

// Plain system calls: these files are read and written by the hundred.
class ProcSysctlTree final : public SysctlTree {
 public:
  std::optional<int> read(std::string_view interface, std::string_view key) const override {
    const int fd = open(path_of(interface, key).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      return std::nullopt;
    }
    std::array<char, 32> buffer{};
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    close(fd);
    int value = 0;
    const auto parsed = std::from_chars(buffer.data(), buffer.data() + std::max<ssize_t>(size, 0), value);
    return parsed.ec == std::errc{} ? std::optional(value) : std::nullopt;
  }

  base::Result<> write(std::string_view interface, std::string_view key, int value) override {
    const std::string path = path_of(interface, key);
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
      return base::fail_errno(errno, "cannot write " + path);
    }
    const std::string text = std::to_string(value);
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int error = errno;
    close(fd);
    return written ? base::Result<>() : base::Result<>(base::fail_errno(error, "cannot write " + path));
  }
};

}  // namespace

std::unique_ptr<SysctlTree> proc_sysctl_tree() { return std::make_unique<ProcSysctlTree>(); }

void Sysctls::remember(const Change& change, SavedState& state) const {
  const std::optional<int> current = tree_.read(change.interface, change.key);
  if (!current) {
    return;  // no such sysctl, IPv6 may be missing; writing it will say so
  }
  const auto [saved, fresh] =
      state.sysctls.try_emplace({change.index, std::string(change.key)},
                                SavedSysctl{.interface = change.interface, .original = *current, .ours = change.value});
  // From before a crash: if the value is still the one we set, it says nothing about the original.
  if (!fresh && *current != saved->second.ours) {
    saved->second.original = *current;
  }
  saved->second.ours = change.value;
  if (saved->second.original == change.value) {
    state.sysctls.erase(saved);
  }
}

base::Result<> Sysctls::change(const Change& change) {
  const std::optional<int> current = tree_.read(change.interface, change.key);
  if (current == change.value) {
    return {};
  }
  base::Result<> written = tree_.write(change.interface, change.key, change.value);
  if (written && changed_.emplace(change.index, change.key).second) {
    logger_.write<kSysctlChanged>(change.key, change.interface, current.value_or(-1), change.value);
  } else if (written) {
    tell_healed(change, current.value_or(-1));
  }
  return written;
}

void Sysctls::tell_healed(const Change& change, int found) {
  const unsigned times = ++healed_[{change.index, std::string(change.key)}];
  if (std::has_single_bit(times)) {
    logger_.write<kSysctlHealed>(change.key, change.interface, found, change.value, times);
  }
}

void Sysctls::forget(base::IfIndex index) {
  std::erase_if(healed_, [&](const auto& entry) { return entry.first.first == index; });
  std::erase_if(changed_, [&](const auto& entry) { return entry.first == index; });
}

void Sysctls::restore(base::IfIndex index, std::string_view interface, SavedState& state) {
  auto at = state.sysctls.lower_bound({index, std::string()});
  while (at != state.sysctls.end() && at->first.first == index) {
    const std::string& key = at->first.second;
    const SavedSysctl& saved = at->second;
    const std::optional<int> current = tree_.read(interface, key);
    if (current && *current != saved.ours) {
      logger_.write<kSysctlLeft>(key, interface, *current, saved.ours);
    } else if (current && tree_.write(interface, key, saved.original)) {
      logger_.write<kSysctlRestored>(key, interface, *current, saved.original);
    }
    at = state.sysctls.erase(at);
  }
  forget(index);
}

int Sysctls::effective(std::string_view interface, std::string_view key) const {
  return std::max(tree_.read("all", key).value_or(0), tree_.read(interface, key).value_or(0));
}

}  // namespace tandem::vrrpd::io
