// SPDX-License-Identifier: Apache-2.0
#include "lib/os/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "lib/os/file.h"
#include "lib/os/sysctl.h"
#include "lib/os/write.h"

namespace tandem::os {
namespace {

constexpr mode_t kMode = 0600;

unsigned long this_network_namespace() {
  struct stat status{};
  return stat("/proc/self/ns/net", &status) == 0 ? static_cast<unsigned long>(status.st_ino) : 0;
}

void make_directory_of(const std::string& path) {
  std::error_code ignored;  // opening the file shows it
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
}

base::Result<> write_text(const FileDescriptor& file, std::string_view text, const std::string& path) {
  const int error = write_all(file.get(), text);
  return error == 0 ? base::Result<>() : base::Result<>(base::fail_errno(error, path + ": cannot write"));
}

}  // namespace

std::string state_head(std::string_view format, std::string_view boot_id, unsigned long network_namespace) {
  return fmt::format("{}\nkernel {} {}\n", format, boot_id, network_namespace);
}

std::string_view records_after(std::string_view head, std::string_view text) {
  return text.starts_with(head) ? text.substr(head.size()) : std::string_view();
}

StateFile::StateFile(const std::string& directory, std::string_view name, std::string_view format) {
  const unsigned long network_namespace = this_network_namespace();
  path_ = fmt::format("{}/{}.{}", directory, name, network_namespace);
  head_ = state_head(format, read_sysctl("kernel/random/boot_id").value_or(""), network_namespace);
}

std::string StateFile::load() const { return std::string(records_after(head_, read_file(path_).value_or(""))); }

base::Result<> StateFile::save(std::string_view records) {
  appended_.reset();
  if (records.empty()) {
    const bool gone = unlink(path_.c_str()) == 0 || errno == ENOENT;
    return gone ? base::Result<>() : base::Result<>(base::fail_errno(errno, "cannot remove " + path_));
  }
  make_directory_of(path_);
  const std::string temporary = path_ + ".new";
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode));
  if (!file.is_open()) {
    return base::fail_errno(errno, "cannot write " + temporary);
  }
  if (base::Result<> written = write_text(file, head_ + std::string(records), temporary); !written) {
    return written;
  }
  if (rename(temporary.c_str(), path_.c_str()) != 0) {
    return base::fail_errno(errno, "cannot replace " + path_);
  }
  return {};
}

base::Result<> StateFile::append(std::string_view records) {
  std::string text;
  if (!appended_.is_open()) {
    make_directory_of(path_);
    appended_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kMode));
    struct stat status{};
    if (!appended_.is_open() || fstat(appended_.get(), &status) != 0) {
      return base::fail_errno(errno, "cannot write " + path_);
    }
    text = status.st_size == 0 ? head_ : "";
  }
  text += records;
  return write_text(appended_, text, path_);
}

}  // namespace tandem::os
