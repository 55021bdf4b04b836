// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "lib/os/options.h"
#include "lib/os/paths.h"
#include "lib/os/pidfile.h"
#include "lib/os/scheduling.h"
#include "lib/os/sinks.h"
#include "lib/os/sysctl.h"

namespace tandem::os {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Directory {
 public:
  Directory() {
    char name[] = "/tmp/tandem-os-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class Options : public testing::Test {
 protected:
  base::Result<std::vector<std::string>> parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "prog");
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    return table_.parse(static_cast<int>(arguments.size()), pointers.data());
  }

  std::vector<std::string> seen_;
  OptionTable table_{
      "prog",
      "[OPTION]...",
      "Tests options.",
      {{'c', "command", "CMD", "run CMD",
        [this](const std::string& value) -> base::Result<> {
          seen_.push_back("c=" + value);
          return {};
        }},
       {0, "vty_socket", "DIR", "sockets",
        [this](const std::string& value) -> base::Result<> {
          seen_.push_back("dir=" + value);
          return {};
        }},
       {'n', "", "", "fails", [](const std::string&) -> base::Result<> { return base::fail("no luck"); }}}};
};

TEST_F(Options, AreAppliedInOrderAndTheRestIsReturned) {
  const auto rest = parse({"-c", "one", "--vty_socket=/run", "--command", "two", "file"});
  ASSERT_TRUE(rest);
  EXPECT_THAT(*rest, ElementsAre("file"));
  EXPECT_THAT(seen_, ElementsAre("c=one", "dir=/run", "c=two"));
}

TEST_F(Options, ErrorsNameTheOption) {
  EXPECT_EQ(parse({"-x"}).error().message, "unknown option '-x'; see prog --help");
  EXPECT_EQ(parse({"--frob"}).error().message, "unknown option '--frob'; see prog --help");
  EXPECT_EQ(parse({"-c"}).error().message, "option '-c' needs an argument; see prog --help");
  EXPECT_EQ(parse({"--vty_socket"}).error().message, "option '--vty_socket' needs an argument; see prog --help");
  EXPECT_EQ(parse({"-n"}).error().message, "no luck; see prog --help");
}

TEST_F(Options, HelpAlignsTheTable) {
  EXPECT_EQ(table_.help(),
            "Usage: prog [OPTION]...\nTests options.\n\n"
            "  -c, --command CMD     run CMD\n"
            "      --vty_socket DIR  sockets\n"
            "  -n                    fails\n");
}

TEST(PidFile, HoldsThePidAndIsRemovedAtTheEnd) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  {
    const auto file = PidFile::create(path);
    ASSERT_TRUE(file);
    EXPECT_EQ(content_of(path), fmt::format("{}\n", ::getpid()));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(PidFile, SecondOneIsRefusedAndToldWhoHoldsIt) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  const auto first = PidFile::create(path);
  const auto second = PidFile::create(path);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(fmt::format("already running as process {}", ::getpid())));
  EXPECT_THAT(second.error().message, HasSubstr(path));
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(PidFile, FileLeftByACrashDoesNotCount) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  std::ofstream(path) << "1234567\n";
  EXPECT_TRUE(PidFile::create(path));
}

// A dead supervisor's worker cleans up: the next supervisor waits for it.
TEST(PidFile, WaitsForWhatADeadProcessHasLeftBehind) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    auto file = PidFile::create(path);
    if (::fork() == 0) {
      file->leave_to_parent();
      ::close(ends[1]);
      char byte = 0;
      const ssize_t end = ::read(ends[0], &byte, 1);  // of the supervisor, and of the test's own descriptor
      std::ofstream(path + ".cleaned") << end;
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(supervisor, &status, 0), supervisor);
  ::close(ends[0]);
  ::close(ends[1]);
  const auto file = PidFile::create(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(content_of(path + ".cleaned"), "0");
}

// The lock of the PID file itself any user can hold, who may read it; that of the lock file none.
TEST(PidFile, AStrangersLockOfTheReadableFileIsNoHindrance) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  std::ofstream(path) << "1234567\n";
  ASSERT_EQ(::chown(path.c_str(), ::geteuid(), ::getegid()), 0);
  const FileDescriptor strangers(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t stranger = ::fork();
  if (stranger == 0) {  // the process that took the lock is gone: the kernel names none of root's or ours
    ::_exit(::flock(strangers.get(), LOCK_SH));
  }
  int status = 0;
  ASSERT_EQ(::waitpid(stranger, &status, 0), stranger);
  EXPECT_TRUE(PidFile::create(path));
  struct stat lock{};
  const auto file = PidFile::create(path);
  ASSERT_EQ(::stat(directory.file("x.lock").c_str(), &lock), 0);
  EXPECT_EQ(lock.st_mode & 07777, 0600U);
}

// The PID file of a version before decision 0029, and a process that holds its lock until it is killed.
class OldPidFile {
 public:
  enum class Does { run, stop };
  OldPidFile(const std::string& path, uid_t user, Does what) : path_(path) {
    const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    holder_ = ::fork();
    if (holder_ == 0) {
      const bool ready = ::flock(file.get(), LOCK_EX) == 0 && ::setresuid(user, user, user) == 0;
      ::raise(SIGSTOP);
      if (!ready) {
        ::_exit(1);
      }
      while (true) {
        ::pause();
      }
    }
    ::waitpid(holder_, nullptr, WUNTRACED);
    if (what == Does::run) {
      ::kill(holder_, SIGCONT);
    }
  }
  ~OldPidFile() {
    if (holder_ != 0) {
      ::kill(holder_, SIGKILL);
      ::waitpid(holder_, nullptr, 0);
    }
  }
  OldPidFile(const OldPidFile&) = delete;
  OldPidFile& operator=(const OldPidFile&) = delete;

  void name(pid_t pid) const { std::ofstream(path_) << pid << "\n"; }
  pid_t holder() const { return holder_; }
  bool was_killed() {
    int status = 0;
    ::kill(holder_, SIGCONT);
    ::kill(holder_, SIGSTOP);
    ::waitpid(holder_, &status, WUNTRACED);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    holder_ = killed ? 0 : holder_;
    return killed;
  }

 private:
  std::string path_;
  pid_t holder_ = 0;
};

constexpr uid_t kNobody = 65534;
uid_t another_user() { return ::geteuid() == 0 ? kNobody : ::geteuid(); }

// Root makes the file in the directory of the user that its process becomes.
TEST(PidFile, ADaemonOfAnEarlierVersionThatBecameAnotherUserIsRunning) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  ASSERT_EQ(::chown(std::filesystem::path(path).parent_path().c_str(), another_user(), ::getegid()), 0);
  const OldPidFile old(path, another_user(), OldPidFile::Does::run);
  old.name(old.holder());
  const auto second = PidFile::create(path);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(fmt::format("already running as process {}", old.holder())));
  const auto running = find_running(path);
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_EQ(running->pid, old.holder());
}

TEST(PidFile, WhatAKilledDaemonOfAnEarlierVersionHasLeftIsEnded) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  OldPidFile old(path, ::geteuid(), OldPidFile::Does::stop);
  old.name(1234567);
  const auto file = PidFile::create(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(old.was_killed());
}

TEST(PidFile, AStrangerWithOurNameIsNeitherWaitedForNorEnded) {
  if (another_user() == ::geteuid()) {
    return;  // no other user can be played: the tests of the topology do it as root
  }
  const Directory directory;
  const std::string path = directory.file("x.pid");
  OldPidFile old(path, kNobody, OldPidFile::Does::run);
  old.name(1234567);
  EXPECT_TRUE(PidFile::create(path));
  EXPECT_FALSE(old.was_killed());
}

TEST(PidFile, TheRunningProcessIsTheOneThatHoldsTheLockWhateverTheFileSays) {
  const Directory directory;
  const std::string path = directory.file("x.pid");
  int ready[2];
  int end[2];
  ASSERT_EQ(::pipe2(ready, O_CLOEXEC) | ::pipe2(end, O_CLOEXEC), 0);
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    const auto file = PidFile::create(path);
    ::close(end[1]);
    char byte = 'r';
    const bool told = ::write(ready[1], &byte, 1) == 1 && ::read(end[0], &byte, 1) == 0;
    ::_exit(told && file ? 0 : 1);  // without cleaning up
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  std::ofstream(path) << ::getpid() << "\n";
  const auto running = find_running(path);
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_EQ(running->pid, daemon);
  EXPECT_FALSE(running->has_ended());
  ::close(end[0]);
  ::close(end[1]);
  int status = 0;
  ASSERT_EQ(::waitpid(daemon, &status, 0), daemon);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(running->has_ended());
  EXPECT_FALSE(running->signal(SIGTERM));
  EXPECT_THAT(find_running(path).error().message, HasSubstr("that it names does not hold its lock"));
  EXPECT_THAT(find_running(directory.file("none")).error().message, HasSubstr("cannot read PID file"));
}

TEST(PidFile, UnusablePathIsNamed) {
  EXPECT_THAT(PidFile::create("/nonexistent/x.pid").error().message,
              "cannot create PID file /nonexistent/x.pid: No such file or directory");
}

TEST(Sinks, LineHasDateNameIdAndText) {
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
  const base::WallTime now(std::chrono::seconds(1767323045) + std::chrono::microseconds(7999));
  const log::Record record{log::Level::informational, "CORE-003", "vrrp 5 on eth1\nMaster"};
  EXPECT_EQ(format_line(record, "VRRP", now), "2026/01/02 03:04:05.007 VRRP: [CORE-003] vrrp 5 on eth1\\x0aMaster");
}

TEST(Sinks, FileIsReopenedAfterRotation) {
  const Directory directory;
  const std::string path = directory.file("log");
  auto sink = open_file_sink(log_file(path), "VRRP");
  ASSERT_TRUE(sink);
  (*sink)->write({log::Level::errors, "A-1", "before"});
  (*sink)->flush(std::chrono::hours(1));
  std::filesystem::rename(path, path + ".1");
  (*sink)->reopen();
  (*sink)->write({log::Level::errors, "A-1", "after"});
  (*sink)->flush(std::chrono::hours(1));
  EXPECT_THAT(content_of(path + ".1"), HasSubstr("VRRP: [A-1] before\n"));
  EXPECT_THAT(content_of(path), HasSubstr("VRRP: [A-1] after\n"));
}

TEST(Sinks, TargetsOfTheLogOption) {
  const Directory directory;
  for (const std::string target : {"stdout", "stderr", "syslog", "journald"}) {
    EXPECT_TRUE(open_sink(target, "VRRP")) << target;
  }
  EXPECT_TRUE(open_sink("file:" + directory.file("log"), "VRRP"));
  EXPECT_THAT(open_sink("file:/nonexistent/log", "VRRP").error().message,
              "cannot open log file /nonexistent/log: No such file or directory");
  EXPECT_THAT(open_sink("printer", "VRRP").error().message, HasSubstr("unknown log target 'printer'"));
}

TEST(Paths, InstanceNameIsADirectory) {
  EXPECT_EQ(runtime_directory(""), "/run/tandem");
  EXPECT_EQ(runtime_directory("a"), "/run/tandem/a");
  EXPECT_EQ(configuration_file("a", "vrrpd"), "/etc/tandem/a/vrrpd.conf");
  EXPECT_EQ(socket_path("/run/tandem", "vrrpd"), "/run/tandem/vrrpd.vty");
}

TEST(Paths, DirectoriesHaveTheirModesWhateverTheUmask) {
  for (const mode_t mask : {mode_t{0000}, mode_t{0077}}) {
    const Directory directory;
    const mode_t before = ::umask(mask);
    EXPECT_TRUE(make_directories(directory.file("a/b"), 0750));
    const auto file = PidFile::create(directory.file("x.pid"));
    ::umask(before);
    using std::filesystem::perms;
    const auto mode_of = [&](const char* name) {
      return std::filesystem::status(directory.file(name)).permissions() & perms::mask;
    };
    EXPECT_EQ(mode_of("a"), perms{0755});
    EXPECT_EQ(mode_of("a/b"), perms{0750});
    EXPECT_EQ(mode_of("x.pid"), perms{0644});
  }
}

TEST(Paths, MissingDirectoriesAreMadeAndAFileInTheWayIsNamed) {
  const Directory directory;
  EXPECT_TRUE(make_directories(directory.file("a/b/c"), 0755));
  EXPECT_TRUE(make_directories(directory.file("a/b/c"), 0755));
  EXPECT_TRUE(std::filesystem::is_directory(directory.file("a/b/c")));
  std::ofstream(directory.file("f")) << "x";
  EXPECT_THAT(make_directories(directory.file("f"), 0755).error().message, HasSubstr("f is not a directory"));
  EXPECT_THAT(make_directories(directory.file("f/g"), 0755).error().message, HasSubstr("cannot create directory"));
}

// Only where that is allowed: to root, and to users with a limit (RLIMIT_RTPRIO) for it.
TEST(Scheduling, OneThreadRunsBeforeOthersAndWhatItStartsIsOrdinary) {
  int own = -1;
  int started = -1;
  base::Result<> result;
  std::thread([&] {
    result = run_before_others(std::chrono::seconds(60));
    own = ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
    std::thread([&] { started = ::sched_getscheduler(0); }).join();
  }).join();
  if (result) {
    EXPECT_EQ(own, SCHED_RR);
  } else {
    EXPECT_EQ(own, SCHED_OTHER);
    EXPECT_EQ(result.error().message, "cannot run at real-time priority: Operation not permitted");
  }
  EXPECT_EQ(started, SCHED_OTHER);
  EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER) << "other threads are as they were";
}

TEST(Paths, DirectoryIsReservedOnce) {
  const Directory directory;
  EXPECT_TRUE(reserve_directory(directory.file("")));
  EXPECT_EQ(reserve_directory(directory.file("")).error().message,
            "directory " + directory.file("") + " is in use by another process");
  EXPECT_THAT(reserve_directory("/nonexistent").error().message,
              "cannot create /nonexistent/lock: No such file or directory");
}

TEST(Sysctl, ReadsWithoutNewlineAndNamesAMissingKey) {
  EXPECT_EQ(read_sysctl("kernel/ostype").value(), "Linux");
  const auto missing = read_sysctl("net/ipv4/conf/no-such-if/arp_ignore");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ENOENT);
  EXPECT_THAT(missing.error().message, HasSubstr("net/ipv4/conf/no-such-if/arp_ignore"));
}

}  // namespace
}  // namespace tandem::os
