// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/helper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "lib/netlink/socket.h"

namespace tandem::vrrpd::io {
namespace {

// Runs in the child, which shares nothing with the daemon but copies; returns an errno value.
int delete_group(std::uint32_t group) {
  auto socket = netlink::RequestSocket::open();
  if (!socket) {
    return EIO;
  }
  const base::Result<> done = socket->execute(netlink::delete_link_group(group));
  return done || done.error().code == ENODEV ? 0 : done.error().code;
}

}  // namespace

LinkDeleter::~LinkDeleter() { wait(); }

base::Result<> LinkDeleter::start(std::uint32_t group) {
  if (child_ != 0) {
    return {};
  }
  // The child must not run the daemon's signal handlers, which write to a pipe that both share.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  child_ = fork();
  const int error = errno;
  if (child_ == 0) {
    _exit(delete_group(group));
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child_ < 0) {
    child_ = 0;
    return base::fail_errno(error, "cannot start a helper process");
  }
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, child_, 0));
  if (pidfd_ < 0) {
    const int status = reap();
    return status == 0 ? base::Result<>() : base::Result<>(base::fail_errno(status, "deletion failed"));
  }
  fcntl(pidfd_, F_SETFL, O_NONBLOCK);
  watch_.emplace(loop_, pidfd_, event::Watch::For::reading, [this] { finished(); });
  return {};
}

// The child's errno value; 0 also if somebody else has waited for it.
int LinkDeleter::reap() {
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = 0;
  if (pidfd_ >= 0) {
    close(pidfd_);
    pidfd_ = -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

void LinkDeleter::finished() {
  watch_.reset();
  const int error = reap();
  on_done_(error == 0 ? base::Result<>() : base::Result<>(base::fail_errno(error, "deletion failed")));
}

void LinkDeleter::wait() {
  watch_.reset();
  if (child_ != 0) {
    reap();
  }
}

}  // namespace tandem::vrrpd::io
