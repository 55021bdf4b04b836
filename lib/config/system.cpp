// SPDX-License-Identifier: Apache-2.0
#include "lib/config/system.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "lib/base/check.h"
#include "lib/config/limits.h"
#include "lib/config/tree_view.h"
#include "lib/os/place.h"

namespace tandem::config {
namespace {

log::Level level_of(const TreeView& destination) {
  const std::optional<log::Level> level = log::parse_level(destination.text("level").value());
  TANDEM_INVARIANT(level.has_value());
  return *level;
}

std::optional<Motd> motd_of(const TreeView& motd) {
  if (!motd.present() || motd.text("source").value() == "default") {
    return std::nullopt;
  }
  if (motd.text("source").value() == "none") {
    return Motd{Motd::Source::none, ""};
  }
  const auto source = motd.text("source").value() == "file" ? Motd::Source::file : Motd::Source::line;
  return Motd{source, motd.text("text").value()};
}

Log log_of(const TreeView& log) {
  Log result;
  if (const TreeView file = log.container("file"); file.present()) {
    result.file = LogFile{file.text("name").value(), level_of(file)};
  }
  if (const TreeView standard_output = log.container("stdout"); standard_output.present()) {
    result.standard_output = level_of(standard_output);
  }
  if (const TreeView syslog = log.container("syslog"); syslog.present()) {
    result.syslog = level_of(syslog);
  }
  return result;
}

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

System system_from_yang(const yang::Tree& tree) {
  const TreeView root(tree.data());
  return {.hostname = root.text("hostname"),
          .motd = motd_of(root.container("banner").container("motd")),
          .log = log_of(root.container("log"))};
}

std::optional<std::string> motd_text(const std::optional<Motd>& motd, const std::vector<std::string>& directories) {
  if (!motd) {
    return std::nullopt;
  }
  std::string text = motd->source == Motd::Source::file ? read_message(motd->text, directories) : motd->text;
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace tandem::config
