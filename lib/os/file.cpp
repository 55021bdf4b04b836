// SPDX-License-Identifier: Apache-2.0
#include "lib/os/file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/limits.h"
#include "lib/os/fd.h"
#include "lib/os/place.h"
#include "lib/os/write.h"

namespace tandem::os {
namespace {

constexpr mode_t kMode = 0640;  // configurations are not for everybody
constexpr mode_t kAnyMode = 0777;

// A file beside the one to be replaced; removed unless it takes its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const Place& target) : target_(target) {
    do {
      name_ = target.name + "." + suffix();
      fd_ = FileDescriptor(::openat(target.directory.get(), name_.c_str(),
                                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    } while (!fd_.is_open() && errno == EEXIST);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (fd_.is_open() && !moved_) {
      ::unlinkat(target_.directory.get(), name_.c_str(), 0);
    }
  }
  int fd() const { return fd_.get(); }
  bool is_open() const { return fd_.is_open(); }
  bool take_its_place() {
    const int directory = target_.directory.get();
    moved_ = ::renameat(directory, name_.c_str(), directory, target_.name.c_str()) == 0;
    return moved_;
  }

 private:
  static std::string suffix() {
    std::uint32_t number = 0;
    return ::getrandom(&number, sizeof number, GRND_NONBLOCK) < 0 ? "new" : fmt::format("{:08x}", number);
  }

  const Place& target_;
  std::string name_;
  FileDescriptor fd_;
  bool moved_ = false;
};

// What the new file takes over from the one that was there.
struct Permissions {
  std::optional<struct stat> old;
  mode_t mode;
};

Permissions permissions_of(const Place& place, mode_t allowed) {
  struct stat status{};
  if (::fstatat(place.directory.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
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

base::Result<> sync_directory(const Place& place, const std::string& path) {
  const FileDescriptor fd(::openat(place.directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) {
    return cannot_write(path);
  }
  return {};
}

base::Result<> replace_file(const Place& place, const std::string& path, std::string_view text,
                            const Permissions& permissions) {
  TemporaryFile file(place);
  if (!file.is_open() || write_all(file.fd(), text) != 0 || !set_permissions(file.fd(), permissions) ||
      ::fsync(file.fd()) != 0 || !file.take_its_place()) {
    return cannot_write(path);
  }
  return {};
}

base::Result<std::string> read_all(const Place& place, const std::string& path) {
  const auto file = open_regular(place, Access::read);
  if (!file) {
    return base::fail_with_context("cannot read " + path, file.error());
  }
  std::string text;
  std::vector<char> buffer(64U << 10U);
  for (;;) {
    const ssize_t count = ::read(file->get(), buffer.data(), buffer.size());
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

// The file as it was becomes PATH.sav. A copy rather than a link: the previous content then survives even on file
// systems without links, and `path` itself is not touched.
base::Result<> keep_previous(const Place& place, const std::string& path) {
  if (::faccessat(place.directory.get(), place.name.c_str(), F_OK, 0) != 0) {
    return {};
  }
  const auto previous = TANDEM_TRY(read_all(place, path));
  const Place copy{FileDescriptor(::fcntl(place.directory.get(), F_DUPFD_CLOEXEC, 0)), place.name + ".sav"};
  return replace_file(copy, path + ".sav", previous, permissions_of(place, kMode));
}

base::Result<Place> target_of(const std::string& path) {
  auto place = locate(path, Links::trusted);
  return place ? std::move(place) : base::fail_with_context("cannot write " + path, place.error());
}

}  // namespace

base::Result<std::string> read_file(const std::string& path) {
  const auto place = locate(path, Links::trusted);
  return place ? read_all(*place, path) : base::fail_with_context("cannot read " + path, place.error());
}

base::Result<> replace_file_atomically(const std::string& path, std::string_view text) {
  const auto target = TANDEM_TRY(target_of(path));
  if (auto written = replace_file(target, path, text, permissions_of(target, kAnyMode)); !written) {
    return written;
  }
  return sync_directory(target, path);
}

base::Result<> write_file_atomically(const std::string& path, std::string_view text) {
  const auto target = TANDEM_TRY(target_of(path));
  if (auto kept = keep_previous(target, path); !kept) {
    return kept;
  }
  if (auto written = replace_file(target, path, text, permissions_of(target, kMode)); !written) {
    return written;
  }
  return sync_directory(target, path);
}

}  // namespace tandem::os
