// SPDX-License-Identifier: Apache-2.0
#include "lib/os/place.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace tandem::os {
namespace {

using base::Result;

constexpr int kMaxLinks = 40;  // one behind the other, as in the kernel
constexpr mode_t kMode = 0640;

base::Unexpected<base::Error> refuse(int code) {
  return base::Unexpected<base::Error>(
      base::Error{std::generic_category().message(code), code, base::kind_of_errno(code)});
}

base::Unexpected<base::Error> refuse_link(const std::string& name) {
  return base::Unexpected<base::Error>(base::Error{fmt::format("'{}' is a symbolic link", name), ELOOP});
}

base::Unexpected<base::Error> refuse_kind(const struct stat& status) {
  return S_ISDIR(status.st_mode) ? refuse(EISDIR) : base::fail("not a regular file");
}

bool is_trusted(const struct stat& link) { return link.st_uid == 0 || link.st_uid == ::geteuid(); }

class Walk {
 public:
  Walk(FileDescriptor from, const std::string& path, Links links) : at_(std::move(from)), links_(links) { push(path); }

  Result<Place> run() {
    while (!left_.empty()) {
      const std::string name = std::move(left_.back());
      left_.pop_back();
      if (name == "..") {
        if (links_ == Links::refused) {
          return base::fail("'..' in the path");
        }
        TANDEM_TRY(enter(name));
        continue;
      }
      auto last = TANDEM_TRY(step(name));
      if (last) {
        return Place{std::move(at_), name, led_by_others_};
      }
    }
    return Place{std::move(at_), ".", led_by_others_};
  }

 private:
  // Its names, the first one last.
  void push(const std::string& path) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      if (const std::string name = path.substr(begin, end - begin); !name.empty() && name != ".") {
        names.push_back(name);
      }
      begin = end + 1;
    }
    left_.insert(left_.end(), names.rbegin(), names.rend());
  }

  Result<> enter(const std::string& name) {
    FileDescriptor next(::openat(at_.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) {
      return refuse(errno);
    }
    struct stat status{};
    static_cast<void>(::fstat(next.get(), &status));
    note(status);
    at_ = std::move(next);
    return {};
  }

  void note(const struct stat& directory) {
    const bool shared = (directory.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (directory.st_mode & S_ISVTX) == 0;
    led_by_others_ = led_by_others_ || directory.st_uid != 0 || shared;
  }

  // Whether it was the last name: that of the file, which is not opened.
  Result<bool> step(const std::string& name) {
    FileDescriptor next(::openat(at_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open() && errno == ENOENT && left_.empty()) {
      return true;
    }
    struct stat status{};
    if (!next.is_open() || ::fstat(next.get(), &status) != 0) {
      return refuse(errno);
    }
    if (S_ISLNK(status.st_mode)) {
      TANDEM_TRY(follow(next, status, name));
      return false;
    }
    if (left_.empty()) {
      return true;
    }
    if (!S_ISDIR(status.st_mode)) {
      return refuse(ENOTDIR);
    }
    note(status);
    at_ = std::move(next);
    return false;
  }

  Result<> follow(const FileDescriptor& link, const struct stat& status, const std::string& name) {
    if (links_ == Links::refused) {
      return refuse_link(name);
    }
    if (!is_trusted(status)) {
      return base::Unexpected<base::Error>(
          base::Error{fmt::format("'{}' is a symbolic link of another user's", name), ELOOP});
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(link.get(), "", target.data(), target.size());
    if (size <= 0 || ++followed_ > kMaxLinks) {
      return refuse(size < 0 ? errno : ELOOP);
    }
    if (target.front() == '/') {
      at_ = FileDescriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    push(std::string(target.data(), static_cast<std::size_t>(size)));
    return {};
  }

  FileDescriptor at_;
  Links links_;
  std::vector<std::string> left_;  // the next one last
  int followed_ = 0;
  bool led_by_others_ = false;
};

// Relative paths begin in the working directory, which the user who started the program has chosen.
FileDescriptor beginning_of(const std::string& path) {
  return FileDescriptor(::open(path.starts_with('/') ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int flags_for(Access access) {
  switch (access) {
    case Access::read:
      return O_RDONLY;
    case Access::append:
      return O_WRONLY | O_CREAT | O_APPEND;
    case Access::create:
      return O_WRONLY | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

// The part of the path below the directory; nullopt if the path is not below it.
std::string remainder(const std::string& directory, const std::string& path) {
  const bool below = path.size() > directory.size() + 1 && path.starts_with(directory) && path[directory.size()] == '/';
  return below ? path.substr(directory.size() + 1) : "";
}

}  // namespace

Result<Place> locate(const std::string& path, Links links) {
  if (path.empty()) {
    return refuse(ENOENT);
  }
  FileDescriptor from = beginning_of(path);
  return from.is_open() ? Walk(std::move(from), path, links).run() : refuse(errno);
}

Result<FileDescriptor> open_directory(const std::string& path) {
  const auto place = TANDEM_TRY(locate(path, Links::trusted));
  FileDescriptor opened(
      ::openat(place.directory.get(), place.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return opened.is_open() ? Result<FileDescriptor>(std::move(opened)) : refuse(errno);
}

Result<Place> locate_below(const std::vector<std::string>& directories, const std::string& path) {
  std::string all;
  for (const std::string& directory : directories) {
    const std::string rest = remainder(directory, path);
    if (rest.empty()) {
      all += (all.empty() ? "" : " or ") + directory;
      continue;
    }
    auto opened = open_directory(directory);
    return opened ? Walk(std::move(*opened), rest, Links::refused).run()
                  : base::Unexpected<base::Error>(opened.error());
  }
  return base::fail("not below {}", all);
}

// Checked before the open, because opening a device has effects, and again afterwards.
Result<FileDescriptor> open_regular(const Place& place, Access access) {
  struct stat status{};
  const int directory = place.directory.get();
  if (::fstatat(directory, place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode)) {
    return refuse_kind(status);
  }
  const int flags = flags_for(access) | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor file(::openat(directory, place.name.c_str(), flags, kMode));
  if (!file.is_open()) {
    return refuse(errno);
  }
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return refuse_kind(status);
  }
  return file;
}

Result<FileDescriptor> open_regular(const std::string& path, Access access) {
  const auto place = locate(path, Links::trusted);
  return place ? open_regular(*place, access) : base::Unexpected<base::Error>(place.error());
}

Result<FileDescriptor> open_regular_below(const std::vector<std::string>& directories, const std::string& path,
                                          Access access) {
  const auto place = locate_below(directories, path);
  return place ? open_regular(*place, access) : base::Unexpected<base::Error>(place.error());
}

}  // namespace tandem::os
