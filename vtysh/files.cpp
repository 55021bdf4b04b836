// SPDX-License-Identifier: Apache-2.0
#include "vtysh/files.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "lib/base/limits.h"
#include "lib/os/fd.h"
#include "lib/os/file.h"

namespace tandem::vtysh {
namespace {

base::Result<> write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0) {
      return base::fail_errno(errno, fmt::format("cannot write {}", path));
    }
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

bool is_regular_or_missing(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

base::Result<std::string> load_into(Daemons& daemons, std::size_t index, const std::string& path, LoadOptions options) {
  auto text = read_file(path);
  if (!text) {
    return text;
  }
  if (!daemons.welcome(index)->may_configure) {
    text->clear();  // the daemon refuses the file of a viewer, and does not accept this size
  }
  std::string output;
  ipc::Load load{.name = path,
                 .text = std::move(*text),
                 .check_only = options.mode == LoadMode::check,
                 .lenient = options.unknown_lines == UnknownLines::skip,
                 .separate = options.mode == LoadMode::separate};
  const auto done = daemons.call(index, {0, std::move(load)}, [&output](const std::string& piece) { output += piece; });
  if (!done) {
    return options.mode == LoadMode::apply
               ? base::fail("{}; it is not known whether {} took effect: see show configuration commits",
                            done.error().message, path)
               : base::Unexpected<base::Error>(done.error());
  }
  if (!done->ok) {
    return base::fail("{}{}", output, done->error);
  }
  return output;
}

template <class PathOf>
base::Result<std::string> load_all(Daemons& daemons, LoadOptions options, PathOf path_of) {
  std::string skipped;
  for (std::size_t index = 0; index < daemons.size(); ++index) {
    if (const ipc::Welcome* welcome = daemons.welcome(index)) {
      auto loaded = load_into(daemons, index, path_of(welcome->daemon), options);
      if (!loaded) {
        return loaded;
      }
      skipped += *loaded;
    }
  }
  return skipped;
}

}  // namespace

std::string expanded(std::string_view path) {
  if (!path.starts_with('~')) {
    return std::string(path);
  }
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string user(path.substr(1, end - 1));
  const char* const home = user.empty() ? std::getenv("HOME") : nullptr;
  const passwd* const entry = home != nullptr ? nullptr
                              : user.empty()  ? ::getpwuid(::getuid())
                                              : ::getpwnam(user.c_str());
  if (home == nullptr && entry == nullptr) {
    return std::string(path);
  }
  return (home != nullptr ? home : entry->pw_dir) + std::string(path.substr(end));
}

std::vector<std::string> file_names(std::string_view begun) {
  const std::string directory(begun.substr(0, begun.rfind('/') + 1));
  const std::string_view name = begun.substr(directory.size());
  std::vector<std::string> names;
  std::error_code ignored;  // an unreadable directory has no names
  const std::filesystem::path where(directory.empty() ? "." : expanded(directory));
  for (std::filesystem::directory_iterator entry(where, ignored), end; entry != end; entry.increment(ignored)) {
    const std::string found = entry->path().filename();
    const bool hidden = found.starts_with('.') && !name.starts_with('.');
    if (found.starts_with(name) && !hidden) {
      names.push_back(directory + found + (entry->is_directory(ignored) ? "/" : ""));
    }
  }
  std::ranges::sort(names);
  return names;
}

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

base::Result<> write_file(const std::string& path, std::string_view text) {
  if (is_regular_or_missing(path)) {
    return os::replace_file_atomically(path, text);
  }
  const os::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot write {}", path));
  }
  return write_all(file.get(), text, path);
}

base::Result<std::string> load_file(Daemons& daemons, const std::string& path, LoadOptions options) {
  return load_all(daemons, options, [&path](const std::string&) { return path; });
}

base::Result<std::string> load_default_files(Daemons& daemons, const std::string& directory, LoadOptions options) {
  return load_all(daemons, options,
                  [&directory](const std::string& daemon) { return fmt::format("{}/{}.conf", directory, daemon); });
}

}  // namespace tandem::vtysh
