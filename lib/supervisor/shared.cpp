// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/shared.h"

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
#include <utility>

#include "lib/supervisor/layout.h"

namespace tandem::supervisor {
namespace {

bool is_in_memory(int file) {
  struct statfs system{};
  return ::fstatfs(file, &system) == 0 && (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}

Mapping map_whole(int file) {
  struct stat status{};
  return ::fstat(file, &status) == 0 ? Mapping(file, static_cast<std::size_t>(status.st_size)) : Mapping();
}

// Not open if the directory is none in memory: a page that waits for a disk would hold up the protocol.
os::FileDescriptor create_file(const std::string& path) {
  os::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.is_open() && !is_in_memory(file.get())) {
    ::unlink(path.c_str());
    file.reset();
  }
  return file;
}

bool is_at(const std::string& path, int file) {
  struct stat named{};
  struct stat open{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file, &open) == 0 && named.st_ino == open.st_ino &&
         named.st_dev == open.st_dev;
}

}  // namespace

Mapping::Mapping(int file, std::size_t size) {
  void* const memory = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) {
    bytes_ = {static_cast<std::byte*>(memory), size};
  }
}

Mapping::~Mapping() {
  if (!bytes_.empty()) {
    ::munmap(bytes_.data(), bytes_.size());
  }
}

Mapping::Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

// ---- opening

base::Result<Shared> Shared::open(const std::string& path, const MemoryLayout& layout) {
  os::FileDescriptor left(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (left.is_open() && is_in_memory(left.get())) {
    if (auto shared = adopt(left.release(), path, layout)) {
      shared->import();
      return shared;
    }
  }
  return make(path, layout);
}

base::Result<Shared> Shared::adopt(int descriptor, const std::string& path, const MemoryLayout& layout) {
  os::FileDescriptor file(descriptor);
  Mapping memory = map_whole(file.get());
  if (!is_readable(memory.bytes(), layout)) {
    return base::fail("this version cannot read the checkpoint");
  }
  if (has_sizes_of(memory.bytes(), layout)) {
    Shared shared(layout);
    shared.path_ = is_at(path, file.get()) ? path : "";
    shared.file_ = std::move(file);
    shared.memory_ = std::move(memory);
    shared.inherited_ = true;
    shared.locate();
    return shared;
  }
  auto shared = make(path, layout);
  if (shared) {
    shared->handed_over_ = std::move(memory);
    shared->inherited_ = true;
  }
  return shared;
}

// In a new file: a worker may still write to what is at the path.
base::Result<Shared> Shared::make(const std::string& path, const MemoryLayout& layout) {
  Shared made(layout);
  ::unlink(path.c_str());
  made.file_ = create_file(path);
  if (made.file_.is_open()) {
    made.path_ = path;
  } else {
    made.file_ = os::FileDescriptor(::memfd_create("checkpoint", MFD_CLOEXEC));
  }
  const Table table = table_of_today(layout);
  const std::size_t size = size_of(table);
  if (!made.file_.is_open() || ::ftruncate(made.file_.get(), static_cast<off_t>(size)) != 0) {
    return base::fail_errno(errno, "cannot create the memory for the checkpoint");
  }
  made.memory_ = Mapping(made.file_.get(), size);
  const Memory memory = made.memory_.bytes();
  if (memory.empty()) {
    return base::fail_errno(errno, "cannot map the memory for the checkpoint");
  }
  if (!made.reserve(memory.first(sizeof table))) {
    return base::fail_errno(errno, "cannot get memory for the checkpoint");
  }
  std::memcpy(memory.data(), &table, sizeof table);
  made.locate();
  if (!made.reserve(made.header_) || !made.reserve_heads()) {
    return base::fail_errno(errno, "cannot get memory for the checkpoint");
  }
  return made;
}

// ---- importing

namespace {

void copy(Memory from, Memory to) {
  const std::size_t size = std::min(from.size(), to.size());
  std::memcpy(to.data(), from.data(), size);
}

}  // namespace

// What does not fit, or for which there is no memory, is left out: as if it had been damaged.
void Shared::import() {
  if (!handed_over_) {
    return;
  }
  const Memory from = handed_over_->bytes();
  copy(element(from, AreaId::header, 0), header_);
  import_blob(Blob(element(from, AreaId::configuration, 0)).read(), configuration());
  import_blob(Blob(element(from, AreaId::text, 0)).read(), text());
  const std::size_t per_slot = layout_.fence_records_per_slot;
  std::size_t used = std::min({std::size_t{header().slots_used.load()}, slots(), count(from, AreaId::slots)});
  if (per_slot > 0) {
    used = std::min(used, count(from, AreaId::fence_records) / per_slot);
  }
  const std::size_t places = reserve_slots(0, used) ? used : 0;
  for (std::size_t place = 0; place < places; ++place) {
    import_blob(Blob(element(from, AreaId::slots, place)).read_either(), slot(place));
  }
  for (std::size_t number = 0; number < per_slot * places; ++number) {
    copy(element(from, AreaId::fence_records, number), fence_record(number));
  }
  header().slots_used.store(static_cast<std::uint32_t>(places));
  std::memset(from.data(), 0, sizeof(Table::format));  // if it cannot be removed, at least no version reads it again
  handed_over_.reset();
}

void Shared::import_blob(std::span<const std::byte> value, const Blob& to) const {
  const auto room = to.next();
  if (value.size() <= room.size() && reserve(room.first(value.size()))) {
    std::copy(value.begin(), value.end(), room.begin());
    to.publish(value.size());
  }
}

// ---- using

// Once, by our own table: what is in memory may be overwritten later.
void Shared::locate() {
  const Memory memory = memory_.bytes();
  header_ = element(memory, AreaId::header, 0);
  configuration_ = element(memory, AreaId::configuration, 0);
  text_ = element(memory, AreaId::text, 0);
  slots_ = area(memory, AreaId::slots);
  fence_records_ = area(memory, AreaId::fence_records);
}

Header& Shared::header() const { return *reinterpret_cast<Header*>(header_.data()); }
Blob Shared::configuration() const { return Blob(configuration_); }
Blob Shared::text() const { return Blob(text_); }
Blob Shared::slot(std::size_t place) const {
  const std::size_t stride = slots_.size() / layout_.slots;
  return Blob(slots_.subspan(place * stride, stride));
}
std::size_t Shared::fence_records_used() const {
  return std::min<std::size_t>(header().slots_used.load(), layout_.slots) * layout_.fence_records_per_slot;
}
std::span<std::byte> Shared::fence_record(std::size_t number) const {
  const std::size_t stride = fence_records_.size() / layout_.fence_records();
  return fence_records_.subspan(number * stride, stride);
}

bool Shared::reserve(std::span<const std::byte> where) const {
  const auto offset = where.data() - memory_.bytes().data();
  return where.empty() || ::fallocate(file_.get(), 0, offset, static_cast<off_t>(where.size())) == 0;
}

bool Shared::reserve_heads() const {
  return reserve(configuration_.first(sizeof(Blob::Head))) && reserve(text_.first(sizeof(Blob::Head)));
}

bool Shared::reserve_slots(std::size_t first, std::size_t count) const {
  const std::size_t slot = slots_.size() / layout_.slots;
  const std::size_t fence = fence_records_.size() / layout_.slots;  // the records of one slot
  return reserve(slots_.subspan(first * slot, count * slot)) &&
         reserve(fence_records_.subspan(first * fence, count * fence));
}

void Shared::clear() const {
  for (const Memory all : {configuration_, text_, slots_, fence_records_}) {
    ::fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, all.data() - memory_.bytes().data(),
                static_cast<off_t>(all.size()));
  }
  static_cast<void>(reserve_heads());
}

// In a directory of another user's it stays; no version reads it again then.
void Shared::remove_file() const {
  if (!path_.empty() && ::unlink(path_.c_str()) != 0) {
    std::memset(memory_.bytes().data(), 0, sizeof(Table::format));
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

}  // namespace tandem::supervisor
