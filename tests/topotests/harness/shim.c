// SPDX-License-Identifier: Apache-2.0
// A library that is loaded before the daemon's own libraries (LD_PRELOAD). It makes the kernel refuse rtnetlink
// requests, loses the kernel's notifications, delays new addresses, sets the wall clock, makes a system call that the
// daemon never makes, and sends one process into an endless loop. The machine is not affected. The test controls it
// through a file that both processes map: shim.py has the same fields.
//
// To refuse a request, the library sends the kernel a request of an unknown type, and replaces only the error in the
// kernel's answer. So the kernel has carried out nothing, whichever error the daemon receives.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct control {
  int64_t clock_offset;  // seconds that CLOCK_REALTIME is ahead of the machine's
  int64_t refuse_at;     // the library refuses the request with this number; 0: none
  int64_t refuse_every;  // it refuses one request in so many, at varying distances; 0: none
  int64_t error;         // the errno value of a refusal
  int64_t requests;      // requests so far; the first is 1
  int64_t refused;       // refused requests so far
  int64_t deaf;          // the library discards notifications
  int64_t overrun;       // the next read of notifications fails with ENOBUFS
  int64_t send_error;    // sendmsg() of requests fails with this errno value; 0: it succeeds
  int64_t looping;       // this process does not return from sendmmsg(), with which adverts are sent; 0: none
  int64_t strange_main;  // before its next recv() the main thread makes a system call that the daemon never makes
  int64_t strange_other; // another thread makes one; the library then sets both fields to 0
  int64_t strange_error; // the errno value of that call; 0: the call succeeded
  int64_t stop_next;     // the process that sends the next request is stopped before it
  int64_t address_delay; // delay in ms of requests that first add or renew an address, as if others held the kernel's lock
  int64_t delayed;       // delayed requests so far
  int64_t kernel_wait;   // ms for which the main thread waits in the kernel, uninterruptibly, before its next request
  int64_t kernel_breaks; // ms for which it runs after every four ms of that wait; 0: it does not
  int64_t waited;        // ms that it has waited, breaks included
  int64_t wait_error;    // the errno value of the vfork() with which such a wait failed; 0: none failed
  int64_t management_hang; // the process whose thread "management" sleeps forever; 0: none
  int64_t management_wait; // ms for which that thread waits in the kernel, uninterruptibly
};

enum { kUnknownType = 0x0fff, kRemembered = 256, kLargest = 1 << 17 };
static struct control* control;
static uint32_t refused_sequences[kRemembered];  // 0: free
static __thread char copy[kLargest];

__attribute__((constructor)) static void open_control(void) {
  const char* path = getenv("TANDEM_SHIM");
  const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  void* mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  control = mapped == MAP_FAILED ? NULL : mapped;
  if (fd >= 0) {
    close(fd);
  }
}

static int option(int fd, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

static int is_route(int fd) {
  return control && option(fd, SO_DOMAIN) == AF_NETLINK && option(fd, SO_PROTOCOL) == NETLINK_ROUTE;
}

static int is_monitor(int fd) {
  struct sockaddr_nl own = {0};
  socklen_t size = sizeof(own);
  return getsockname(fd, (struct sockaddr*)&own, &size) == 0 && own.nl_groups != 0;
}

// At a fixed distance the library would refuse the same request of each attempt, and the daemon might never succeed.
static int is_one_in(uint64_t number, uint64_t many) {
  number = (number ^ (number >> 33U)) * 0xff51afd7ed558ccdU;  // the mixer of MurmurHash3
  number = (number ^ (number >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return (number >> 33U) % many == 0;
}

static int is_refused(void) {
  const int64_t number = __atomic_add_fetch(&control->requests, 1, __ATOMIC_RELAXED);  // several threads send requests
  return control->refuse_at == number || (control->refuse_every && is_one_in((uint64_t)number, (uint64_t)control->refuse_every));
}

static void refuse(struct nlmsghdr* request) {
  request->nlmsg_type = kUnknownType;
  ++control->refused;
  for (int i = 0; i < kRemembered; ++i) {
    if (refused_sequences[i] == 0) {
      refused_sequences[i] = request->nlmsg_seq;
      return;
    }
  }
}

static size_t gather(const struct msghdr* message) {
  size_t total = 0;
  for (size_t i = 0; i < message->msg_iovlen; ++i) {
    const struct iovec* part = &message->msg_iov[i];
    if (total + part->iov_len > kLargest) {
      abort();
    }
    memcpy(copy + total, part->iov_base, part->iov_len);
    total += part->iov_len;
  }
  return total;
}

static void delay(const struct nlmsghdr* first) {
  const int64_t ms = control->address_delay;
  if (ms && first->nlmsg_type == RTM_NEWADDR) {
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
    ++control->delayed;
  }
}

static int64_t now_ms(void) {
  struct timespec time;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// A thread that calls vfork() is in state D until its child has ended. The child sleeps until an absolute time, so that
// a signal does not end the wait early.
static void be_in_state_d(int64_t ms) {
  struct timespec end;
  if (!ms) {
    return;
  }
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &end);
  const int64_t nanoseconds = end.tv_nsec + ms % 1000 * 1000000;
  end.tv_sec += ms / 1000 + nanoseconds / 1000000000;
  end.tv_nsec = nanoseconds % 1000000000;
  const pid_t child = vfork();
  if (child == 0) {
    while (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0) {
    }
    _exit(0);
  }
  if (child < 0) {
    control->wait_error = errno;
    return;
  }
  waitpid(child, NULL, 0);
}

static void wait_in_kernel(void) {
  if (!control->kernel_wait || getpid() != gettid()) {
    return;
  }
  const int64_t ms = control->kernel_wait;
  const int64_t began = now_ms();
  control->kernel_wait = 0;
  if (!control->kernel_breaks) {
    be_in_state_d(ms);
  }
  for (const int64_t end = began + ms; now_ms() < end;) {
    be_in_state_d(4);
    for (const int64_t go_on = now_ms() + control->kernel_breaks; now_ms() < go_on;) {
    }
  }
  control->waited = now_ms() - began;
}

static int is_management(void) {
  char name[16] = "";
  return control && getpid() != gettid() && prctl(PR_GET_NAME, name) == 0 && strcmp(name, "management") == 0;
}

// Both event loops of the daemon wait with this function.
int epoll_wait(int epoll, struct epoll_event* events, int room, int timeout) {
  const int ready = (int)syscall(SYS_epoll_pwait, epoll, events, room, timeout, NULL, 8);
  if (control && (control->management_hang == getpid() || control->management_wait) && is_management()) {
    const int64_t ms = control->management_wait;
    control->management_wait = 0;
    be_in_state_d(ms);
    while (control->management_hang == getpid()) {
      pause();
    }
  }
  return ready;
}

static void call_strangely(void) {
  int64_t* const wanted = getpid() == gettid() ? &control->strange_main : &control->strange_other;
  if (*wanted) {
    control->strange_error = syscall(SYS_personality, 0xffffffffUL) < 0 ? errno : 0;  // changes nothing
    *wanted = 0;
  }
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  if (!is_route(fd)) {
    return syscall(SYS_sendmsg, fd, message, flags);
  }
  if (control->stop_next) {
    control->stop_next = 0;
    raise(SIGSTOP);
  }
  wait_in_kernel();
  if (control->send_error) {
    errno = (int)control->send_error;
    return -1;
  }
  const size_t total = gather(message);
  size_t left = total;
  if (NLMSG_OK((struct nlmsghdr*)copy, left)) {
    delay((struct nlmsghdr*)copy);
  }
  for (struct nlmsghdr* each = (struct nlmsghdr*)copy; NLMSG_OK(each, left); each = NLMSG_NEXT(each, left)) {
    if (is_refused()) {
      refuse(each);
    }
  }
  struct iovec whole = {copy, total};
  struct msghdr changed = *message;
  changed.msg_iov = &whole;
  changed.msg_iovlen = 1;
  return syscall(SYS_sendmsg, fd, &changed, flags);
}

int sendmmsg(int fd, struct mmsghdr* messages, unsigned int count, int flags) {
  while (control && *(volatile int64_t*)&control->looping == getpid()) {
  }
  return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

static void replace_errors(char* data, ssize_t size) {
  size_t left = (size_t)size;
  for (struct nlmsghdr* each = (struct nlmsghdr*)data; NLMSG_OK(each, left); each = NLMSG_NEXT(each, left)) {
    struct nlmsgerr* answer = NLMSG_DATA(each);
    for (int i = 0; each->nlmsg_type == NLMSG_ERROR && answer->error == -EOPNOTSUPP && i < kRemembered; ++i) {
      if (refused_sequences[i] == each->nlmsg_seq) {
        refused_sequences[i] = 0;
        answer->error = -(int)control->error;
      }
    }
  }
}

ssize_t recv(int fd, void* data, size_t room, int flags) {
  if (control) {
    call_strangely();
  }
  if (!is_route(fd)) {
    return syscall(SYS_recvfrom, fd, data, room, flags, NULL, NULL);
  }
  const int monitor = is_monitor(fd);
  if (monitor && control->overrun) {
    control->overrun = 0;
    errno = ENOBUFS;
    return -1;
  }
  ssize_t size;
  do {
    size = syscall(SYS_recvfrom, fd, data, room, flags, NULL, NULL);
  } while (size >= 0 && monitor && control->deaf);
  if (size > 0 && !monitor) {
    replace_errors(data, size);
  }
  return size;
}

ssize_t __recv_chk(int fd, void* data, size_t room, size_t whole, int flags) {
  (void)whole;
  return recv(fd, data, room, flags);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const long result = syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && clock == CLOCK_REALTIME && control) {
    now->tv_sec += control->clock_offset;
  }
  return (int)result;
}
