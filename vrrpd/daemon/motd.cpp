// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/motd.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "lib/os/place.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

std::string read_message(const std::string& path, const std::vector<std::string>& directories) {
  const auto file = os::open_regular_below(directories, path, os::Access::read);
  if (!file) {
    return fmt::format("The message of the day cannot be read from {}: {}", path, file.error().message);
  }
  std::array<char, kMotdLimit> buffer{};
  const ssize_t size = ::read(file->get(), buffer.data(), buffer.size());
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

}  // namespace

std::optional<std::string> motd_text(const std::optional<config::Motd>& motd,
                                     const std::vector<std::string>& directories) {
  if (!motd) {
    return std::nullopt;
  }
  std::string text = motd->source == config::Motd::Source::file ? read_message(motd->text, directories) : motd->text;
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace tandem::vrrpd::daemon
