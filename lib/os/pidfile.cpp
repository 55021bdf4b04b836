// SPDX-License-Identifier: Apache-2.0
#include "lib/os/pidfile.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "lib/os/orphan.h"

namespace tandem::os {
namespace {

constexpr mode_t kMode = 0644;        // programs that look after processes read it
constexpr mode_t kLockMode = 0600;    // any user who can open a file can lock it
constexpr useconds_t kStep = 10'000;  // microseconds
constexpr int kSteps = 3000;          // 30 s: a child that cleans up has thousands of interfaces to remove
constexpr int kLook = 20;             // steps from one look for one that hangs to the next

std::string lock_path(const std::string& pid_file) {
  return std::filesystem::path(pid_file).replace_extension(".lock").string();
}

pid_t pid_in(int file) {
  std::array<char, 32> buffer{};
  const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
  pid_t pid = 0;
  std::from_chars(buffer.data(), buffer.data() + (size > 0 ? size : 0), pid);
  return pid;
}

bool is_dead(pid_t pid) { return pid > 0 && has_ended(pid); }

// Whether the path still names the open file: its former owner may have removed it between open() and flock().
bool is_same_file(int file, const std::string& path) {
  struct stat open_file{};
  struct stat named_file{};
  return ::fstat(file, &open_file) == 0 && ::lstat(path.c_str(), &named_file) == 0 &&
         open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

FileDescriptor open_file(const std::string& path, mode_t mode) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
  FileDescriptor file(::open(path.c_str(), kFlags, mode));
  struct stat status{};
  if (file.is_open() && (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink > 1)) {
    file.reset();  // another file's name, or nothing to lock
    errno = EINVAL;
  }
  if (file.is_open() && status.st_uid == ::geteuid()) {
    ::fchmod(file.get(), mode);  // whatever the umask
  }
  return file;
}

// The process that holds the lock (flock(2)) of the file, according to the kernel; 0: none.
pid_t flock_holder(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0) {
    return 0;
  }
  const std::string wanted = fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string how;
    std::string access;
    pid_t pid = 0;
    std::string of;
    words >> number >> kind >> how >> access >> pid >> of;
    if (kind == "FLOCK" && access == "WRITE" && of == wanted) {
      return pid;
    }
  }
  return 0;
}

// A vrrpd from before decision 0029 locks the PID file itself, and so may a process of any user, with any name. Trusted
// are processes of root, of the file's owner, and of the directory's owner: root creates the file before the daemon
// becomes that user.
Users owners_of(int file, const std::string& path) {
  Users users{0};
  struct stat status{};
  if (::fstat(file, &status) == 0) {
    users.insert(status.st_uid);
  }
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (::stat(directory.empty() ? "." : directory.c_str(), &status) == 0) {
    users.insert(status.st_uid);
  }
  return users;
}

bool is_of_owner(int file, const std::string& path, pid_t holder) {
  return holder > 0 && is_of(holder, owners_of(file, path));
}

// Waits only for orphans of a dead daemon. False: a running daemon holds the lock. `users`: whose processes count;
// nullptr: no other user can hold it.
bool lock(int file, int pid_file, const Users* users) {
  for (int step = 0; step < kSteps; ++step) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
      return true;
    }
    if (errno != EWOULDBLOCK || !is_dead(pid_in(pid_file))) {
      return false;
    }
    if (step % kLook == 0 && !end_orphans(file, std::chrono::microseconds(kStep) * step, users) && users != nullptr) {
      break;
    }
    ::usleep(kStep);
  }
  errno = EWOULDBLOCK;
  return false;
}

// Writes the process id. Its children share the flock().
bool sign(int lock) {
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(lock, F_SETLK, &whole) == 0;
}

pid_t signatory(int lock) {
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(lock, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK ? whole.l_pid : 0;
}

base::Unexpected<base::Error> already_running(int file, const std::string& path) {
  return base::fail("already running as process {}: it holds the lock of PID file {}", pid_in(file), path);
}

// The lock of versions before decision 0029. Waits for orphans of such a version.
base::Result<> lock_as_before(int file, const std::string& path) {
  const Users owners = owners_of(file, path);
  if (lock(file, file, &owners) || errno != EWOULDBLOCK) {
    return {};
  }
  const bool ours = is_of_owner(file, path, flock_holder(file)) || end_orphans(file, {}, &owners);
  return ours ? already_running(file, path) : base::Result<>();
}

base::Result<FileDescriptor> take_lock(const std::string& path, int file) {
  const std::string name = lock_path(path);
  for (;;) {
    FileDescriptor held = open_file(name, kLockMode);
    if (!held.is_open()) {
      return base::fail_errno(errno, fmt::format("cannot create lock file {}", name));
    }
    if (!lock(held.get(), file, nullptr)) {
      if (errno != EWOULDBLOCK) {
        return base::fail_errno(errno, fmt::format("cannot lock {}", name));
      }
      return already_running(file, path);
    }
    if (is_same_file(held.get(), name)) {
      sign(held.get());
      return held;
    }
  }
}

FileDescriptor pidfd_open(pid_t pid) { return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

// Asks again once the pidfd is open: the process that had the number before may have ended.
template <class Ask>
std::optional<RunningProcess> running(const Ask& ask) {
  const pid_t pid = ask();
  if (pid <= 0) {
    return std::nullopt;
  }
  FileDescriptor descriptor = pidfd_open(pid);
  if (!descriptor.is_open() || ask() != pid) {
    return std::nullopt;
  }
  return RunningProcess{pid, std::move(descriptor)};
}

}  // namespace

base::Result<PidFile> PidFile::create(const std::string& path) {
  for (;;) {
    FileDescriptor file = open_file(path, kMode);
    if (!file.is_open()) {
      return base::fail_errno(errno, fmt::format("cannot create PID file {}", path));
    }
    auto held = TANDEM_TRY(take_lock(path, file.get()));
    TANDEM_TRY(lock_as_before(file.get(), path));
    if (!is_same_file(file.get(), path)) {
      continue;
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
      return base::fail_errno(errno, fmt::format("cannot write PID file {}", path));
    }
    return PidFile(path, std::move(file), std::move(held));
  }
}

PidFile PidFile::adopt(const std::string& path, const Descriptors& descriptors) {
  FileDescriptor held(descriptors.lock);
  if (!held.is_open()) {
    // A version without a lock file executed this program. Where no lock file can be created, the PID file's lock
    // remains.
    held = open_file(lock_path(path), kLockMode);
    static_cast<void>(held.is_open() && ::flock(held.get(), LOCK_EX | LOCK_NB));
  }
  static_cast<void>(held.is_open() && sign(held.get()));
  return {path, FileDescriptor(descriptors.file), std::move(held)};
}

PidFile::~PidFile() {
  if (file_.is_open() && !path_.empty()) {
    // In a directory of another user the file stays, empty.
    static_cast<void>(::unlink(path_.c_str()) != 0 && ::ftruncate(file_.get(), 0) != 0);
    ::unlink(lock_path(path_).c_str());  // last: it protects the other one
  }
}

base::Result<> RunningProcess::signal(int number) const {
  if (::syscall(SYS_pidfd_send_signal, descriptor.get(), number, nullptr, 0) != 0) {
    return base::fail_errno(errno, fmt::format("cannot signal process {}", pid));
  }
  return {};
}

bool RunningProcess::has_ended() const {
  pollfd end{descriptor.get(), POLLIN, 0};
  return ::poll(&end, 1, 0) > 0;
}

base::Result<RunningProcess> find_running(const std::string& pid_file) {
  const std::string lock_name = lock_path(pid_file);
  const FileDescriptor held(::open(lock_name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!held.is_open() && errno != ENOENT) {
    return base::fail_errno(errno, fmt::format("cannot open lock file {}", lock_name));
  }
  if (auto found = held.is_open() ? running([&] { return signatory(held.get()); }) : std::nullopt) {
    return std::move(*found);
  }
  const FileDescriptor file(::open(pid_file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot read PID file {}", pid_file));
  }
  const auto old_version = [&] {
    const pid_t holder = flock_holder(file.get());
    return holder == pid_in(file.get()) && is_of_owner(file.get(), pid_file, holder) ? holder : 0;
  };
  if (auto found = running(old_version)) {
    return std::move(*found);
  }
  return base::fail("no vrrpd runs with PID file {}: process {} that it names does not hold its lock", pid_file,
                    pid_in(file.get()));
}

}  // namespace tandem::os
