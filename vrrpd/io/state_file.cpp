// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <vector>

#include "lib/os/file.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::string_view kFormat = "tandem-devices 1";

struct ModeName {
  netlink::MacvlanMode mode;
  std::string_view name;
};
constexpr std::array<ModeName, 5> kModes{{{netlink::MacvlanMode::private_, "private"},
                                          {netlink::MacvlanMode::vepa, "vepa"},
                                          {netlink::MacvlanMode::bridge, "bridge"},
                                          {netlink::MacvlanMode::passthru, "passthru"},
                                          {netlink::MacvlanMode::source, "source"}}};

std::string_view name_of(netlink::MacvlanMode mode) {
  for (const ModeName& known : kModes) {
    if (known.mode == mode) {
      return known.name;
    }
  }
  return "bridge";
}

std::optional<netlink::MacvlanMode> mode_of(std::string_view name) {
  for (const ModeName& known : kModes) {
    if (known.name == name) {
      return known.mode;
    }
  }
  return std::nullopt;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<base::IpPrefix> prefix_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  const auto length = number_of<std::uint8_t>(text.substr(slash + 1));
  if (!address || !length || *length > base::IpAddress::width(address->family())) {
    return std::nullopt;
  }
  return base::IpPrefix{*address, *length};
}

// Part of a path: nothing but a sysctl of an interface.
bool is_key(std::string_view key) {
  const std::string_view name = key.starts_with("ipv4/") || key.starts_with("ipv6/") ? key.substr(5) : "";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
  });
}

void parse_record(const std::vector<std::string>& words, SavedState& state) {
  const auto number = words.size() > 1 ? number_of<std::uint32_t>(words[1]) : std::nullopt;
  if (!number) {
    return;
  }
  const base::IfIndex index{*number};
  if (words[0] == "sysctl" && words.size() >= 6) {
    const auto original = number_of<int>(words[4]);
    const auto ours = number_of<int>(words[5]);
    if (original && ours && is_key(words[3])) {
      state.sysctls[{index, words[3]}] = {.interface = words[2], .original = *original, .ours = *ours};
    }
  } else if (words[0] == "macvlan" && words.size() >= 5) {
    if (const auto mode = mode_of(words[3])) {
      const auto admin = words[4] == "up" ? netlink::AdminState::up : netlink::AdminState::down;
      state.adopted[index] = {.name = words[2], .mode = *mode, .state = admin, .addresses = {}};
    }
  } else if (words[0] == "address" && words.size() >= 3) {
    const auto device = state.adopted.find(index);
    const auto prefix = prefix_of(words[2]);
    if (device != state.adopted.end() && prefix) {
      device->second.addresses.push_back(*prefix);
    }
  } else if (words[0] == "gone" && words.size() >= 2) {
    std::erase_if(state.sysctls, [&](const auto& entry) { return entry.first.first == index; });
    state.adopted.erase(index);
  }
}

std::string read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

base::Result<> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return base::fail_errno(errno, "cannot write");
    }
    text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return {};  // no fsync(): it can take long, and after a crash of the machine the records mean nothing
}

}  // namespace

std::string print_record(const Changed& sysctl) {
  const auto& [key, saved] = sysctl;
  return fmt::format("sysctl {} {} {} {} {}\n", base::to_number(key.first), saved.interface, key.second, saved.original,
                     saved.ours);
}

std::string print_record(base::IfIndex index, const Original& macvlan) {
  const std::uint32_t number = base::to_number(index);
  std::string text = fmt::format("macvlan {} {} {} {}\n", number, macvlan.name, name_of(macvlan.mode),
                                 macvlan.state == netlink::AdminState::up ? "up" : "down");
  for (const base::IpPrefix& prefix : macvlan.addresses) {
    text += fmt::format("address {} {}\n", number, prefix.to_string());
  }
  return text;
}

std::string print_gone(base::IfIndex index) { return fmt::format("gone {}\n", base::to_number(index)); }

std::string print_state(const SavedState& state, std::string_view kernel) {
  std::string text = fmt::format("{}\nkernel {}\n", kFormat, kernel);
  for (const auto& sysctl : state.sysctls) {
    text += print_record(sysctl);
  }
  for (const auto& [index, original] : state.adopted) {
    text += print_record(index, original);
  }
  return text;
}

SavedState parse_state(std::string_view text, std::string_view kernel) {
  std::istringstream lines{std::string(text)};
  std::string line;
  if (!std::getline(lines, line) || line != kFormat || !std::getline(lines, line) ||
      line != fmt::format("kernel {}", kernel)) {
    return {};
  }
  SavedState state;
  while (std::getline(lines, line)) {
    std::istringstream parts(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(parts), {}};
    parse_record(words, state);
  }
  return state;
}

StateFile::StateFile(std::string directory, std::string_view instance) {
  struct stat ns{};
  const bool known = stat("/proc/self/ns/net", &ns) == 0;
  const unsigned long namespace_id = known ? static_cast<unsigned long>(ns.st_ino) : 0;
  // Daemons in several network namespaces may share one state directory.
  path_ = fmt::format("{}/devices{}{}.{}", directory, instance.empty() ? "" : "-", instance, namespace_id);
  kernel_ = fmt::format("{} {}", read_line("/proc/sys/kernel/random/boot_id"), namespace_id);
}

SavedState StateFile::load() const { return parse_state(os::read_file(path_).value_or(""), kernel_); }

StateFile::~StateFile() { close(); }

void StateFile::close() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

base::Result<> StateFile::save(const SavedState& state) {
  close();
  if (state.empty()) {
    const bool gone = unlink(path_.c_str()) == 0 || errno == ENOENT;
    return gone ? base::Result<>() : base::Result<>(base::fail_errno(errno, "cannot remove " + path_));
  }
  std::error_code ignored;  // the file shows it
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  const std::string temporary = path_ + ".new";
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return base::fail_errno(errno, "cannot write " + temporary);
  }
  base::Result<> written = write_all(fd, print_state(state, kernel_));
  ::close(fd);
  if (!written) {
    return base::fail_with_context(temporary, written.error());
  }
  if (rename(temporary.c_str(), path_.c_str()) != 0) {
    return base::fail_errno(errno, "cannot replace " + path_);
  }
  return {};
}

base::Result<> StateFile::append(std::string_view records) {
  std::string text;
  if (fd_ < 0) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
    fd_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat file{};
    if (fd_ < 0 || fstat(fd_, &file) != 0) {
      return base::fail_errno(errno, "cannot write " + path_);
    }
    text = file.st_size == 0 ? print_state({}, kernel_) : "";
  }
  text += records;
  base::Result<> written = write_all(fd_, text);
  return written ? written : base::Result<>(base::fail_with_context(path_, written.error()));
}

}  // namespace tandem::vrrpd::io
