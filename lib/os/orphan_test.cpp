// SPDX-License-Identifier: Apache-2.0
#include "lib/os/orphan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

constexpr std::chrono::milliseconds kLong{20'000};

class OrphanTest : public testing::Test {
 protected:
  OrphanTest() : lock_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
  ~OrphanTest() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::unlink(path_.c_str());
  }

  enum class Holds { open_file, lock };
  // A child that does nothing. It is there, as it will be, when this returns.
  void fork_child(Holds what, const char* name = nullptr) {
    child_ = ::fork();
    if (child_ == 0) {
      const int file = ::open(path_.c_str(), O_RDWR);
      if (what == Holds::lock) {
        ::flock(file, LOCK_EX);
      }
      if (name != nullptr) {
        ::prctl(PR_SET_NAME, name);
      }
      ::raise(SIGSTOP);
      for (;;) {
        ::pause();
      }
    }
    ::waitpid(child_, nullptr, WUNTRACED);
  }
  void go_on() const {
    ::kill(child_, SIGCONT);
    ::waitpid(child_, nullptr, WCONTINUED);
  }
  // Whether SIGKILL has reached it. If not, it is stopped then.
  bool was_killed() {
    int status = 0;
    ::kill(child_, SIGCONT);
    ::kill(child_, SIGSTOP);
    ::waitpid(child_, &status, WUNTRACED);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    child_ = killed ? 0 : child_;
    return killed;
  }
  int lock() const { return lock_.get(); }

 private:
  std::string path_ = testing::TempDir() + "orphan-" + std::to_string(::getpid());
  FileDescriptor lock_;
  pid_t child_ = 0;
};

TEST_F(OrphanTest, OneThatIsStoppedIsEndedAtOnce) {
  fork_child(Holds::lock);
  EXPECT_TRUE(end_orphans(lock(), {}, nullptr));
  EXPECT_TRUE(was_killed());
}

TEST_F(OrphanTest, OneThatCleansUpHasItsTime) {
  fork_child(Holds::lock);
  go_on();
  EXPECT_TRUE(end_orphans(lock(), {}, nullptr));
  EXPECT_FALSE(was_killed());
  go_on();
  end_orphans(lock(), kLong, nullptr);
  EXPECT_TRUE(was_killed());
}

TEST_F(OrphanTest, OneThatHasTheFileOpenIsNotOurs) {
  fork_child(Holds::open_file);
  end_orphans(lock(), kLong, nullptr);
  EXPECT_FALSE(was_killed());
}

TEST_F(OrphanTest, OneOfAnotherNameIsNotOurs) {
  fork_child(Holds::lock, "stranger");
  end_orphans(lock(), kLong, nullptr);
  EXPECT_FALSE(was_killed());
}

TEST_F(OrphanTest, OneOfAnotherUserIsLeftAloneWhereOnlySomeUsersCount) {
  const Users ours{::geteuid()};
  const Users others{::geteuid() + 1};
  fork_child(Holds::lock);
  EXPECT_FALSE(end_orphans(lock(), kLong, &others));
  EXPECT_FALSE(was_killed());
  EXPECT_TRUE(end_orphans(lock(), kLong, &ours));
  EXPECT_TRUE(was_killed());
}

// As one process is of the user that it has become, and one that is not dumpable is not root's for it.
TEST_F(OrphanTest, AProcessBelongsToItsUserWhateverItHides) {
  const uid_t user = ::geteuid() == 0 ? 65534 : ::geteuid();
  const pid_t child = ::fork();
  if (child == 0) {
    static_cast<void>(::setresuid(user, user, user));
    ::prctl(PR_SET_DUMPABLE, 0);
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, WUNTRACED);
  EXPECT_FALSE(is_of(child, {0}));
  EXPECT_TRUE(is_of(child, {user}));
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
}

TEST_F(OrphanTest, AProcessThatNobodyHasWaitedForHasEnded) {
  EXPECT_FALSE(has_ended(::getpid()));
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(0);
  }
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  EXPECT_TRUE(has_ended(child));
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(has_ended(child));
}

}  // namespace
}  // namespace tandem::os
