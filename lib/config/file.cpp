// SPDX-License-Identifier: Apache-2.0
#include "lib/config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "lib/base/limits.h"

namespace tandem::config {
namespace {

constexpr mode_t kMode = 0640;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

// A file beside the one to be replaced; removed unless it takes its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target)
      : path_(target + ".XXXXXX"), fd_(::mkostemp(path_.data(), O_CLOEXEC)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (fd_.valid() && !moved_) {
      ::unlink(path_.c_str());
    }
  }
  int fd() const { return fd_.get(); }
  bool valid() const { return fd_.valid(); }
  bool move_to(const std::string& target) {
    moved_ = ::rename(path_.c_str(), target.c_str()) == 0;
    return moved_;
  }

 private:
  std::string path_;
  Descriptor fd_;
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

// Mode ours, owner that of the file it replaces (where we may).
bool set_permissions(int fd, const std::string& target) {
  struct stat old{};
  if (::stat(target.c_str(), &old) == 0 && ::fchown(fd, old.st_uid, old.st_gid) != 0 && errno != EPERM) {
    return false;
  }
  return ::fchmod(fd, kMode) == 0;
}

base::Unexpected<base::Error> cannot_write(const std::string& path) {
  return base::fail_errno(errno, "cannot write " + path);
}

base::Result<> sync_directory(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  const Descriptor fd(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) {
    return cannot_write(path);
  }
  return {};
}

base::Result<> replace_file(const std::string& path, std::string_view text) {
  TemporaryFile file(path);
  if (!file.valid() || !write_all(file.fd(), text) || !set_permissions(file.fd(), path) || ::fsync(file.fd()) != 0 ||
      !file.move_to(path)) {
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
  return replace_file(path + ".sav", *previous);
}

// A symbolic link stays one: the file that it names is replaced.
std::string resolved(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

}  // namespace

base::Result<std::string> read_file(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
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
  if (auto written = replace_file(path, text); !written) {
    return written;
  }
  return sync_directory(path);
}

base::Result<> write_file_atomically(const std::string& path, std::string_view text) {
  const std::string target = resolved(path);
  if (auto kept = keep_previous(target); !kept) {
    return kept;
  }
  return replace_file_atomically(target, text);
}

}  // namespace tandem::config
