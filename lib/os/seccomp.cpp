// SPDX-License-Identifier: Apache-2.0
#include "lib/os/seccomp.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "lib/os/sanitized.h"

namespace tandem::os {
namespace {

constexpr std::size_t kHighest = 1024;  // Linux numbers its calls below 500 on each architecture
enum class Seen : std::uint8_t { never, now, reported };

// A signal handler can only use globals.
std::array<std::atomic<Seen>, kHighest> refused;
std::atomic<int> wake_descriptor{-1};
static_assert(std::atomic<Seen>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// The register with the result of the refused call. On architectures without an entry refusals are only audited.
#if defined(__x86_64__)
constexpr bool kCanAnswer = true;
void answer(ucontext_t& context) { context.uc_mcontext.gregs[REG_RAX] = -ENOSYS; }
#elif defined(__aarch64__)
constexpr bool kCanAnswer = true;
void answer(ucontext_t& context) { context.uc_mcontext.regs[0] = static_cast<unsigned long long>(-ENOSYS); }
#elif defined(__arm__)
constexpr bool kCanAnswer = true;
void answer(ucontext_t& context) { context.uc_mcontext.arm_r0 = static_cast<unsigned long>(-ENOSYS); }
#elif defined(__mips__)
constexpr bool kCanAnswer = true;
void answer(ucontext_t& context) {
  context.uc_mcontext.gregs[2] = ENOSYS;
  context.uc_mcontext.gregs[7] = 1;
}
#else
constexpr bool kCanAnswer = false;
void answer(ucontext_t&) {}
#endif

void on_refused(int, siginfo_t* info, void* context) {
  const int error = errno;
  answer(*static_cast<ucontext_t*>(context));
  const auto number = static_cast<std::size_t>(info->si_syscall);
  Seen before_this = Seen::never;
  if (number < kHighest && refused[number].compare_exchange_strong(before_this, Seen::now)) {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_descriptor.load(), &one, sizeof one));
  }
  errno = error;
}

struct ContextDeleter {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ContextDeleter>;

std::string name_of(int number) {
  char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
  std::string result = name == nullptr ? "?" : name;
  std::free(name);
  return result;
}

// 0, or a negative errno value.
int add_rule(const Context& context, std::uint32_t action, const AllowedCall& call) {
  const int number = seccomp_syscall_resolve_name(call.name);
  if (number < 0) {
    return 0;  // of other architectures, or newer than this libseccomp
  }
  if (!call.only_if) {
    return seccomp_rule_add_array(context.get(), action, number, 0, nullptr);
  }
  const scmp_arg_cmp test{call.only_if->argument, SCMP_CMP_MASKED_EQ, call.only_if->mask, call.only_if->value};
  return seccomp_rule_add_array(context.get(), action, number, 1, &test);
}

base::Result<std::vector<std::byte>> program_of(const Context& context) {
  const FileDescriptor file(::memfd_create("seccomp", MFD_CLOEXEC));
  const int exported = seccomp_export_bpf(context.get(), file.get());
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<std::byte> program(static_cast<std::size_t>(size > 0 ? size : 0));
  if (exported != 0 || program.empty() || ::pread(file.get(), program.data(), program.size(), 0) != size) {
    return base::fail_errno(exported < 0 ? -exported : errno, "cannot compile the list of system calls");
  }
  return program;
}

}  // namespace

std::vector<std::string> unknown_names(const SystemCalls& calls) {
  std::vector<std::string> unknown;
  const auto look_up = [&unknown](const char* name) {
    if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR) {
      unknown.emplace_back(name);
    }
  };
  for (const AllowedCall& call : calls.allowed) {
    look_up(call.name);
  }
  for (const char* const name : calls.missing) {
    look_up(name);
  }
  return unknown;
}

base::Result<SystemCallFilter> SystemCallFilter::compile(const SystemCalls& calls, Refusals refusals) {
  constexpr std::uint32_t kBinaryTree = 2;  // seccomp_attr_set(3), SCMP_FLTATR_CTL_OPTIMIZE
  constexpr std::uint32_t kMissing = SCMP_ACT_ERRNO(ENOSYS);
  const bool reported = kCanAnswer && refusals == Refusals::reported;
  const Context context(seccomp_init(reported ? std::uint32_t{SCMP_ACT_TRAP} : kMissing));
  if (!context) {
    return base::fail("cannot compile the list of system calls: no memory");
  }
  // No part of vrrpd makes calls of another architecture.
  int error = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  error = error == 0 ? seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree) : error;
  for (const AllowedCall& call : calls.allowed) {
    error = error == 0 ? add_rule(context, SCMP_ACT_ALLOW, call) : error;
  }
  for (const char* const name : calls.missing) {
    error = error == 0 && reported ? add_rule(context, kMissing, {name}) : error;
  }
  if (error != 0) {
    return base::fail_errno(-error, "cannot compile the list of system calls");
  }
  auto program = TANDEM_TRY(program_of(context));
  constexpr unsigned kAllThreads = SECCOMP_FILTER_FLAG_TSYNC;
  return SystemCallFilter(std::move(program), reported ? kAllThreads : kAllThreads | SECCOMP_FILTER_FLAG_LOG);
}

base::Result<> SystemCallFilter::install() const {
  if (kSanitized) {
    return {};
  }
  std::vector<std::byte> program = program_;
  const sock_fprog filter{static_cast<unsigned short>(program.size() / sizeof(sock_filter)),
                          reinterpret_cast<sock_filter*>(program.data())};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags_, &filter) != 0) {
    return base::fail_errno(errno, "the kernel does not refuse system calls");
  }
  return {};
}

base::Result<RefusedCalls> RefusedCalls::watch() {
  FileDescriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  struct sigaction action{};
  action.sa_sigaction = on_refused;
  action.sa_flags = SA_SIGINFO;
  wake_descriptor.store(wake.get());
  if (!wake.is_open() || ::sigaction(SIGSYS, &action, nullptr) != 0) {
    return base::fail_errno(errno, "cannot watch for refused system calls");
  }
  return RefusedCalls(std::move(wake));
}

RefusedCalls::~RefusedCalls() {
  if (wake_.is_open()) {
    wake_descriptor.store(-1);
  }
}

std::vector<RefusedCalls::Call> RefusedCalls::take() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(wake_.get(), &count));
  std::vector<Call> fresh;
  for (std::size_t number = 0; number < kHighest; ++number) {
    Seen seen = Seen::now;
    if (refused[number].compare_exchange_strong(seen, Seen::reported)) {
      fresh.push_back({static_cast<int>(number), name_of(static_cast<int>(number))});
    }
  }
  return fresh;
}

const char* reason_for_no_filter() { return kSanitized ? "this build has a sanitizer" : ""; }

}  // namespace tandem::os
