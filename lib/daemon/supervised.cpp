// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/supervised.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "lib/daemon/prepare.h"
#include "lib/daemon/successor.h"
#include "lib/ipc/socket.h"
#include "lib/os/paths.h"
#include "lib/os/privileges.h"
#include "lib/os/stderr.h"
#include "lib/supervisor/supervisor.h"

namespace tandem::daemon {
namespace {

using supervisor::Shared;
using supervisor::Supervisor;

// What a supervisor hands to the program that it executes: descriptors, and the process id of its worker.
constexpr const char* kHandover = "TANDEM_HANDOVER";
constexpr useconds_t kStep = 10'000;  // microseconds
constexpr int kStopSteps = 3000;      // 30 s: as the supervisor waits

struct Handover {
  int shared = -1;
  int listening = -1;
  int pid_file = -1;
  pid_t worker = 0;
  int filtered = 0;         // its system calls; a version before 0021 does not say
  int lock = -1;            // of the PID file; a version before 0029 does not say
  std::vector<int> kept{};  // Fence::descriptors()
};

std::vector<int> descriptors_of(const Handover& handover) {
  std::vector<int> descriptors = handover.kept;
  descriptors.insert(descriptors.end(), {handover.shared, handover.listening, handover.pid_file, handover.lock});
  return descriptors;
}

// In the order in which versions have added them: the first kept descriptor stands in the middle.
std::string to_string(const Handover& handover) {
  const std::vector<int>& kept = handover.kept;
  std::string text = fmt::format("{} {} {} {} {} {} {}", handover.shared, handover.listening, handover.pid_file,
                                 handover.worker, kept.empty() ? -1 : kept.front(), handover.filtered, handover.lock);
  for (std::size_t i = 1; i < kept.size(); ++i) {
    text += fmt::format(" {}", kept[i]);
  }
  return text;
}

std::string checkpoint_path(const Options& options) {
  return std::filesystem::path(options.pid_file).replace_extension(".checkpoint");
}

std::optional<Handover> take_handover() {
  const char* const text = std::getenv(kHandover);
  if (text == nullptr) {
    return std::nullopt;
  }
  Handover handover;
  std::istringstream words(text);
  words >> handover.shared >> handover.listening >> handover.pid_file >> handover.worker >>
      handover.kept.emplace_back(-1) >> handover.filtered;
  if (int lock = -1; words >> lock) {
    handover.lock = lock;
  }
  for (int descriptor = -1; words >> descriptor;) {
    handover.kept.push_back(descriptor);
  }
  ::unsetenv(kHandover);
  for (const int descriptor : descriptors_of(handover)) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  return handover;
}

// A worker whose checkpoint is of no use abdicates.
void end_worker(pid_t worker) {
  ::kill(worker, SIGTERM);
  for (int step = 0; step < kStopSteps; ++step) {
    if (::waitpid(worker, nullptr, WNOHANG) != 0) {
      return;
    }
    ::usleep(kStep);
  }
  ::kill(worker, SIGKILL);
  ::waitpid(worker, nullptr, 0);
}

// Everything that the supervisor has, opened or handed over.
struct Belongings {
  os::PidFile pid_file;
  os::FileDescriptor listening;
  Shared shared;
  pid_t predecessor = 0;
};

base::Result<Belongings> acquire(const Description& description, const Options& options) {
  auto pid_file = TANDEM_TRY(prepare(options));
  auto listening = TANDEM_TRY(open_management_socket(options));
  auto shared = TANDEM_TRY(Shared::open(checkpoint_path(options), description.memory));
  TANDEM_TRY(give_belongings(options));
  return Belongings{std::move(pid_file), std::move(listening), std::move(shared)};
}

base::Result<Belongings> take_over(const Description& description, const Options& options, const Handover& handover) {
  os::PidFile pid_file = os::PidFile::adopt(options.pid_file, {.file = handover.pid_file, .lock = handover.lock});
  // A version before 0029 has reserved it in another way.
  static_cast<void>(os::reserve_directory(options.state_directory));
  os::FileDescriptor listening(handover.listening);
  if (auto shared = Shared::adopt(handover.shared, checkpoint_path(options), description.memory)) {
    return Belongings{std::move(pid_file), std::move(listening), std::move(*shared), handover.worker};
  } else {
    os::say(fmt::format("{}: {}: a clean start\n", options.program, shared.error().message));
  }
  end_worker(handover.worker);
  auto fresh = TANDEM_TRY(Shared::open(checkpoint_path(options), description.memory));
  return Belongings{std::move(pid_file), std::move(listening), std::move(fresh)};
}

// Executes it. Returns if that cannot be: nothing has changed then.
void execute_successor(const std::string& name, Successor successor, const Handover& handover) {
  if (const auto checked = check_successor(successor, name); !checked) {
    os::say(fmt::format("{}: {}; going on as before\n", name, checked.error().message));
    return;
  }
  std::vector<char*> pointers;
  for (std::string& argument : successor.arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  ::setenv(kHandover, to_string(handover).c_str(), 1);
  const auto descriptors = descriptors_of(handover);
  for (const int descriptor : descriptors) {
    ::fcntl(descriptor, F_SETFD, 0);
  }
  os::pass_capabilities_on();
  ::execv(successor.program.c_str(), pointers.data());
  os::say(fmt::format("{}: cannot execute {}: going on as before\n", name, successor.program));
  ::unsetenv(kHandover);
  for (const int descriptor : descriptors) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
}

}  // namespace

bool was_handed_over() { return std::getenv(kHandover) != nullptr; }

base::Result<int> run_worker(const Description& description, const Options& options, WorkerContext context,
                             std::optional<os::Background>& background) {
  const auto report_ready = [&background, then = std::move(context.on_ready)] {
    if (background) {
      background->report_ready();
      background.reset();
    }
    if (then) {
      then();
    }
  };
  context.on_ready = report_ready;
  TANDEM_TRY(work(description, options, context));
  return 0;
}

base::Result<int> run_supervised(const Description& description, const Options& options,
                                 std::optional<os::Background>& background) {
  Supervisor::hold_signals();
  const auto successor = TANDEM_TRY(successor_of(::getpid()));  // before it is replaced
  const std::optional<Handover> handover = take_handover();
  auto belongings = TANDEM_TRY(handover ? take_over(description, options, *handover) : acquire(description, options));
  const os::ServiceManager manager;
  const auto fence = TANDEM_TRY(description.open_fence(options, handover ? handover->kept : std::vector<int>()));
  auto supervisor = TANDEM_TRY(Supervisor::open({.program = options.program.c_str(),
                                                 .shared = belongings.shared,
                                                 .manager = manager,
                                                 .background = background,
                                                 .fence = *fence,
                                                 .predecessor = belongings.predecessor}));
  const bool filtered = handover && handover->filtered != 0;
  const auto filter =
      TANDEM_TRY(give_up_privileges(description, options, filtered ? OwnFilter::none : OwnFilter::supervisor));
  Supervisor::Role role = supervisor.run();
  for (; role == Supervisor::Role::restarting; role = supervisor.run()) {
    manager.restore_environment();
    execute_successor(options.program, successor,
                      {.shared = belongings.shared.descriptor(),
                       .listening = belongings.listening.get(),
                       .pid_file = belongings.pid_file.descriptors().file,
                       .worker = supervisor.worker(),
                       .filtered = options.seccomp ? 1 : 0,
                       .lock = belongings.pid_file.descriptors().lock,
                       .kept = fence->descriptors()});
  }
  if (role == Supervisor::Role::ended) {
    belongings.shared.remove_file();
    ::unlink(os::socket_path(options.socket_directory, options.program).c_str());
    return supervisor.status();
  }
  belongings.pid_file.leave_to_parent();
  return run_worker(description, options,
                    {.shared = &belongings.shared,
                     .listening = belongings.listening.release(),
                     .kept = fence->descriptors(),
                     .filter = filter,
                     .replaced_for = supervisor.replaced_for(),
                     .clean_up = supervisor.cleans_up(),
                     .on_ready = [&] { supervisor.note_ready(); }},
                    background);
}

}  // namespace tandem::daemon
