// SPDX-License-Identifier: Apache-2.0
#include "lib/os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "lib/base/limits.h"
#include "lib/os/fd.h"

namespace tandem::os {
namespace {

constexpr mode_t kMode = 0640;  // configurations are not for everybody
constexpr mode_t kAnyMode = 0777;
constexpr int kMaxLinks = 40;  // one behind the other, as in the kernel

// A file beside the one to be replaced; removed unless it takes its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target)
      : path_(target + ".XXXXXX"), fd_(::mkostemp(path_.data(), O_CLOEXEC)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (fd_.is_open() && !moved_) {
      ::unlink(path_.c_str());
    }
  }
  int fd() const { return fd_.get(); }
  bool is_open() const { return fd_.is_open(); }
  bool move_to(const std::string& target) {
    moved_ = ::rename(path_.c_str(), target.c_str()) == 0;
    return moved_;
  }

 private:
  std::string path_;
  FileDescriptor fd_;
  bool moved_ = false;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// What the new file takes over from the one that was there.
struct Permissions {
  std::optional<struct stat> old;
  mode_t mode;
};

Permissions permissions_of(const std::string& path, mode_t allowed) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return {std::nullopt, kMode};
  }
  return {status, status.st_mode & allowed};
}

bool set_permissions(int fd, const Permissions& permissions) {
  const auto& old = permissions.old;
  if (old && ::fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM) {
    return false;
  }
  return ::fchmod(fd, permissions.mode) == 0;
}

base::Unexpected<base::Error> cannot_write(const std::string& path) {
  return base::fail_errno(errno, "cannot write " + path);
}

base::Result<> sync_directory(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  const FileDescriptor fd(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) {
    return cannot_write(path);
  }
  return {};
}

base::Result<> replace_file(const std::string& path, std::string_view text, const Permissions& permissions) {
  TemporaryFile file(path);
  if (!file.is_open() || !write_all(file.fd(), text) || !set_permissions(file.fd(), permissions) ||
      ::fsync(file.fd()) != 0 || !file.move_to(path)) {
    return cannot_write(path);
  }
  return {};
}

// The file as it was becomes PATH.sav. A copy rather than a link: the previous content then survives even on file
// systems without links, and `path` itself is not touched.
base::Result<> keep_previous(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) {
    return {};
  }
  const auto previous = read_file(path);
  if (!previous) {
    return base::Unexpected<base::Error>(previous.error());
  }
  return replace_file(path + ".sav", *previous, permissions_of(path, kMode));
}

// The file that a symbolic link names, also if that does not exist yet.
std::string resolved(const std::string& path) {
  namespace fs = std::filesystem;
  fs::path target = path;
  std::error_code error;
  for (int links = 0; links < kMaxLinks && fs::is_symlink(target, error); ++links) {
    target = target.parent_path() / fs::read_symlink(target, error);  // which is all of it if it is absolute
  }
  return target.string();
}

}  // namespace

base::Result<std::string> read_file(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) {
    return base::fail_errno(errno, "cannot read " + path);
  }
  std::string text;
  std::vector<char> buffer(64U << 10U);
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return base::fail_errno(errno, "cannot read " + path);
    }
    if (count == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > base::kMaxConfigFileSize) {
      return base::fail("cannot read {}: larger than {} MiB", path, base::kMaxConfigFileSize >> 20U);
    }
  }
}

base::Result<> replace_file_atomically(const std::string& path, std::string_view text) {
  const std::string target = resolved(path);
  if (auto written = replace_file(target, text, permissions_of(target, kAnyMode)); !written) {
    return written;
  }
  return sync_directory(target);
}

base::Result<> write_file_atomically(const std::string& path, std::string_view text) {
  const std::string target = resolved(path);
  if (auto kept = keep_previous(target); !kept) {
    return kept;
  }
  if (auto written = replace_file(target, text, permissions_of(target, kMode)); !written) {
    return written;
  }
  return sync_directory(target);
}

}  // namespace tandem::os
