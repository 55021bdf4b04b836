// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sysctl_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

std::string path_of(std::string_view interface, std::string_view key) {
  const std::size_t slash = key.find('/');
  return fmt::format("/proc/sys/net/{}/conf/{}/{}", key.substr(0, slash), interface, key.substr(slash + 1));
}

// Plain system calls: these files are read and written by the hundred.
class ProcSysctlTree final : public SysctlTree {
 public:
  std::optional<int> read(std::string_view interface, std::string_view key) const override {
    const FileDescriptor file(::open(path_of(interface, key).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
      return std::nullopt;
    }
    std::array<char, 32> buffer{};
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    int value = 0;
    const auto parsed = std::from_chars(buffer.data(), buffer.data() + std::max<ssize_t>(size, 0), value);
    return parsed.ec == std::errc{} ? std::optional(value) : std::nullopt;
  }

  base::Result<> write(std::string_view interface, std::string_view key, int value) override {
    const std::string path = path_of(interface, key);
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    const std::string text = std::to_string(value);
    if (!file.is_open() || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      return base::fail_errno(errno, "cannot write " + path);
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<SysctlTree> proc_sysctl_tree() { return std::make_unique<ProcSysctlTree>(); }

}  // namespace tandem::os
