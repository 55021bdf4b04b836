// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/motd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lib/os/fd.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

std::string read_message(const std::string& path) {
  const os::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat file{};
  if (!fd.is_open() || ::fstat(fd.get(), &file) != 0) {
    return fmt::format("The message of the day cannot be read from {}: {}", path, std::strerror(errno));
  }
  if (!S_ISREG(file.st_mode)) {
    return fmt::format("The message of the day cannot be read from {}: not a regular file", path);
  }
  std::array<char, kMotdLimit> buffer{};
  const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

}  // namespace

std::optional<std::string> motd_text(const std::optional<config::Motd>& motd) {
  if (!motd) {
    return std::nullopt;
  }
  std::string text = motd->source == config::Motd::Source::file ? read_message(motd->text) : motd->text;
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace tandem::vrrpd::daemon
