// SPDX-License-Identifier: Apache-2.0
#include "vtysh/script.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/base/limits.h"
#include "lib/os/fd.h"
#include "lib/os/paths.h"

namespace tandem::vtysh {
namespace {

// "-" is the standard input.
base::Result<std::string> read_file(const std::string& path) {
  const os::FileDescriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot open {}", path));
  }
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0) {
      return base::fail_errno(errno, fmt::format("cannot read {}", path));
    }
    if (size == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > base::kMaxConfigFileSize) {
      return base::fail("{} is larger than {} bytes", path, base::kMaxConfigFileSize);
    }
  }
}

base::Result<> load_into(Daemons& daemons, std::size_t index, const std::string& path, LoadMode mode) {
  auto text = read_file(path);
  if (!text) {
    return base::Unexpected<base::Error>(text.error());
  }
  std::string output;
  const auto done = daemons.call(index, {0, ipc::Load{path, std::move(*text), mode == LoadMode::check}},
                                 [&output](const std::string& piece) { output += piece; });
  if (!done) {
    return base::Unexpected<base::Error>(done.error());
  }
  if (!done->ok) {
    return base::fail("{}{}", output, done->error);
  }
  return {};
}

bool asks_for_help(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t\r");
  return end != std::string_view::npos && line[end] == '?';
}

}  // namespace

LineResult run_lines(Shell& shell, std::string_view text, Echo echo, Output& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (echo == Echo::commands) {
      out.write(fmt::format("{}{}\n", shell.prompt(), line));
    }
    if (asks_for_help(line)) {
      out.write(shell.help(line.substr(0, line.rfind('?'))));
      continue;
    }
    if (const LineResult result = shell.execute(line, out); result != LineResult::ok) {
      return result;
    }
  }
  return LineResult::ok;
}

base::Result<> load_file(Daemons& daemons, const std::string& path, LoadMode mode) {
  for (std::size_t index = 0; index < daemons.size(); ++index) {
    if (daemons.welcome(index) != nullptr) {
      if (auto loaded = load_into(daemons, index, path, mode); !loaded) {
        return loaded;
      }
    }
  }
  return {};
}

base::Result<> load_default_files(Daemons& daemons, const std::string& name, LoadMode mode) {
  for (std::size_t index = 0; index < daemons.size(); ++index) {
    if (const ipc::Welcome* welcome = daemons.welcome(index)) {
      if (auto loaded = load_into(daemons, index, os::configuration_file(name, welcome->daemon), mode); !loaded) {
        return loaded;
      }
    }
  }
  return {};
}

}  // namespace tandem::vtysh
