// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/supervisor/shared.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace tandem::vrrpd::supervisor {
namespace {

// Raised with every change of what the slots mean.
constexpr int kFormat = 1;

std::string identity() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  struct stat space{};
  static_cast<void>(::stat("/proc/self/ns/net", &space));
  return fmt::format("tandem-checkpoint {} " TANDEM_VERSION " {} {} {}", kFormat, sizeof(Layout), boot, space.st_ino);
}

bool is_in_memory(int file) {
  struct statfs system{};
  return ::fstatfs(file, &system) == 0 && (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}

// Not open if the directory is none in memory: a page that waits for a disk would hold up the protocol.
os::FileDescriptor open_file(const std::string& path) {
  os::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.is_open() && !is_in_memory(file.get())) {
    ::unlink(path.c_str());
    file.reset();
  }
  return file;
}

bool has(const Layout& layout, const std::string& identity) {
  return std::equal(identity.begin(), identity.end(), layout.header.identity.begin()) &&
         layout.header.identity.at(identity.size()) == '\0';
}

}  // namespace

base::Result<Shared> Shared::open(const std::string& path) {
  os::FileDescriptor file = open_file(path);
  const bool named = file.is_open();
  if (!named) {
    file = os::FileDescriptor(::memfd_create("vrrpd checkpoint", MFD_CLOEXEC));
  }
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return base::fail_errno(errno, "cannot create the memory for the checkpoint");
  }
  const bool fits = status.st_size == static_cast<off_t>(sizeof(Layout));
  if (!fits && (::ftruncate(file.get(), 0) != 0 || ::ftruncate(file.get(), sizeof(Layout)) != 0)) {
    return base::fail_errno(errno, "cannot create the memory for the checkpoint");
  }
  void* const memory = ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) {
    return base::fail_errno(errno, "cannot map the memory for the checkpoint");
  }
  Shared shared(std::move(file), static_cast<Layout*>(memory));
  shared.path_ = named ? path : "";
  const std::string mine = identity();
  shared.inherited_ = fits && has(*shared, mine);
  if (!shared.inherited_) {
    if (fits && ::ftruncate(shared.file_.get(), 0) == 0) {
      static_cast<void>(::ftruncate(shared.file_.get(), sizeof(Layout)));
    }
    const Layout& layout = *shared;
    if (!shared.reserve(&layout, sizeof(Header)) || !shared.reserve(&layout.configuration, sizeof(BlobHead)) ||
        !shared.reserve(&layout.text, sizeof(BlobHead))) {
      return base::fail_errno(errno, "cannot get memory for the checkpoint");
    }
    std::copy(mine.begin(), mine.end(), shared->header.identity.begin());
  }
  return shared;
}

base::Result<Shared> Shared::adopt(int descriptor, const std::string& path) {
  os::FileDescriptor file(descriptor);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || status.st_size != static_cast<off_t>(sizeof(Layout))) {
    return base::fail("the checkpoint is of another version");
  }
  void* const memory = ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) {
    return base::fail_errno(errno, "cannot map the checkpoint");
  }
  Shared shared(std::move(file), static_cast<Layout*>(memory));
  if (!has(*shared, identity())) {
    return base::fail("the checkpoint is of another version");
  }
  shared.inherited_ = true;
  if (struct stat named{}; ::stat(path.c_str(), &named) == 0 && named.st_ino == status.st_ino) {
    shared.path_ = path;
  }
  return shared;
}

Shared::Shared(Shared&& other) noexcept
    : file_(std::move(other.file_)),
      layout_(std::exchange(other.layout_, nullptr)),
      path_(std::move(other.path_)),
      inherited_(other.inherited_) {}

Shared::~Shared() {
  if (layout_ != nullptr) {
    ::munmap(layout_, sizeof(Layout));
  }
}

bool Shared::reserve(const void* begin, std::size_t size) const {
  const auto offset = static_cast<const std::byte*>(begin) - reinterpret_cast<const std::byte*>(layout_);
  return size == 0 || ::fallocate(file_.get(), 0, offset, static_cast<off_t>(size)) == 0;
}

void Shared::clear() const {
  const auto offset = static_cast<off_t>(offsetof(Layout, configuration));
  ::fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, sizeof(Layout) - offset);
  static_cast<void>(reserve(&layout_->configuration, sizeof(BlobHead)));
  static_cast<void>(reserve(&layout_->text, sizeof(BlobHead)));
}

void Shared::remove_file() const {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

std::string to_string(const End& end) {
  switch (end.cause) {
    case Cause::none:
      return fmt::format("process {} has not ended", end.pid);
    case Cause::exited:
      return fmt::format("process {} exited with status {}", end.pid, end.number);
    case Cause::killed:
      return fmt::format("process {} killed by signal {} ({})", end.pid, end.number, ::strsignal(end.number));
    case Cause::hung:
      return fmt::format("process {} gave no sign of life for {} ms", end.pid, end.number);
    case Cause::lost:
      return "supervisor and worker ended without cleaning up";
    case Cause::management_hung:
      return fmt::format("management of process {} gave no sign of life for {} ms", end.pid, end.number);
  }
  return fmt::format("process {} has ended", end.pid);
}

std::int64_t monotonic_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace tandem::vrrpd::supervisor
