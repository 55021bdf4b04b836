// SPDX-License-Identifier: Apache-2.0
// The smallest daemon on the frame (lib/daemon, lib/supervisor, lib/mgmt): it adds `counter step` to a number every 10 ms,
// and `show counter` prints the number. The number survives a killed or replaced worker. Start here to write another
// daemon. tests/topotests/test_skeleton.py runs it.
#include <fmt/format.h>

#include <atomic>
#include <cstring>
#include <memory>

#include "lib/config/datastore.h"
#include "lib/config/history.h"
#include "lib/config/transactions.h"
#include "lib/config/tree_view.h"
#include "lib/daemon/configuration_files.h"
#include "lib/daemon/program.h"
#include "lib/daemon/work.h"
#include "lib/ipc/server.h"
#include "lib/mgmt/service.h"
#include "lib/os/hostname.h"
#include "lib/os/paths.h"

namespace tandem::skeleton {
namespace {

constexpr const char* kProgram = "counterd";
constexpr std::chrono::milliseconds kInterval{10};
constexpr std::chrono::milliseconds kHeartbeatTimeout{500};
const std::vector<std::string> kModules{"tandem-cli", "tandem-counter"};

// ---- the configuration

struct Config {
  unsigned step = 1;
};

Config from_yang(const yang::Tree& tree) {
  return {.step = static_cast<unsigned>(std::stoul(config::TreeView(tree.data()).text("step").value()))};
}

// For `-C`: the model says all that there is to check.
class Checker : public config::Applier {
 public:
  Preparation prepare(const yang::Tree& /*candidate*/) override { return std::make_unique<config::NothingToApply>(); }
};

// ---- the counter: on the program's own thread

class Counter {
 public:
  Counter(event::Loop& loop, daemon::SharedCheckpoint& checkpoint)
      : checkpoint_(checkpoint), timer_(loop, [this] { count(); }) {}

  void open() {
    if (checkpoint_.recall_slots() > 0) {  // there is only one
      const auto record = checkpoint_.left_in(0);
      std::uint64_t value = 0;
      std::memcpy(&value, record.data(), std::min(record.size(), sizeof value));
      value_ = value;
      place_ = 0;
    } else {
      place_ = checkpoint_.add();
    }
    timer_.set(event::monotonic_now() + kInterval);
  }
  void stop() { timer_.cancel(); }
  void set_step(unsigned step) { step_ = step; }
  std::uint64_t value() const { return value_; }

 private:
  void count() {
    const base::TimePoint now = event::monotonic_now();
    value_ += step_;
    if (place_) {
      const std::uint64_t value = value_;
      std::memcpy(checkpoint_.room_in(*place_).data(), &value, sizeof value);
      checkpoint_.publish(*place_, sizeof value);
    }
    checkpoint_.alive(now, kHeartbeatTimeout);
    timer_.set(now + kInterval);
  }

  daemon::SharedCheckpoint& checkpoint_;
  event::Timer timer_;
  std::optional<daemon::SharedCheckpoint::Place> place_;
  std::atomic<std::uint64_t> value_ = 0;
  std::atomic<unsigned> step_ = 1;
};

// ---- configuration and shells: on the management thread

class Control : public mgmt::Control {
 public:
  Control(const Counter& counter, const ipc::Server* const& server) : counter_(counter), server_(server) {}
  std::uint64_t value() const { return counter_.value(); }
  std::string hostname() const override { return os::hostname(); }
  std::optional<std::string> motd() const override { return std::nullopt; }
  mgmt::LogView logging() const override { return {}; }
  std::size_t session_count() const override { return server_->session_count(); }

 private:
  const Counter& counter_;
  const ipc::Server* const& server_;
};

mgmt::DaemonCommands commands() {
  const auto show = [](const mgmt::Invocation& in) -> base::Result<> {
    in.output.print(fmt::format("{}\n", mgmt::own_control<Control>(in).value()));
    return {};
  };
  return {.sets = {{.rows = {{mgmt::Access::view, "show counter", show}}, .helps = {{"counter", "The counter"}}}}};
}

class Management : public config::Applier {
 public:
  Management(daemon::Frame& frame, Counter& counter, daemon::SharedCheckpoint& checkpoint)
      : frame_(frame), counter_(counter), checkpoint_(checkpoint), text_(checkpoint.left_text()) {}

  base::Result<> open() {
    const daemon::Options& options = frame_.options();
    context_ = TANDEM_TRY(yang::Context::load(yang::default_directory(), kModules));
    datastore_.emplace(*context_, *this);
    history_.emplace(daemon::history_directory(options), frame_.logger());
    transactions_.emplace(*datastore_, *history_, frame_.logger());
    files_.emplace(daemon::ConfigurationFiles::Dependencies{
        .options = options, .logger = frame_.logger(), .transactions = *transactions_});
    service_.emplace(mgmt::CommandContext{.daemon = kProgram,
                                          .control = control_,
                                          .datastore = *datastore_,
                                          .transactions = *transactions_,
                                          .config_file = options.config_file,
                                          .user = options.account.user},
                     commands(), frame_.logger(), frame_.management_loop());
    server_ = TANDEM_TRY(ipc::Server::open(frame_.management_loop(), frame_.logger(),
                                           {.path = os::socket_path(options.socket_directory, kProgram),
                                            .admin_group = os::kAdminGroup,
                                            .socket = frame_.context().listening},
                                           *service_));
    shown_server_ = server_.get();
    return {};
  }

  // What the worker before ran, saved or not, comes before the file.
  base::Result<> load() {
    const auto loaded = files_->load_first({.configuration = text_, .end = checkpoint_.last_end()});
    return loaded ? base::Result<>() : base::Unexpected<base::Error>(loaded.error());
  }
  void reload() { files_->reload(); }

  Preparation prepare(const yang::Tree& candidate) override {
    return std::make_unique<Change>(*this, from_yang(candidate));
  }
  void on_progress() override { checkpoint_.management_alive(); }

 private:
  class Change : public config::Prepared {
   public:
    Change(Management& management, Config wanted) : management_(management), wanted_(wanted) {}
    base::Result<> apply(const config::Configuration& candidate) override {
      management_.counter_.set_step(wanted_.step);
      management_.checkpoint_.save("counter", "!\n" + candidate.text());
      return {};
    }
    void undo() override {}

   private:
    Management& management_;
    Config wanted_;
  };

  daemon::Frame& frame_;
  Counter& counter_;
  daemon::SharedCheckpoint& checkpoint_;
  std::string text_;  // that the worker before has left
  std::unique_ptr<yang::Context> context_;
  std::optional<config::Datastore> datastore_;
  std::optional<config::History> history_;
  std::optional<config::Transactions> transactions_;
  std::optional<daemon::ConfigurationFiles> files_;
  const ipc::Server* shown_server_ = nullptr;
  Control control_{counter_, shown_server_};
  std::optional<mgmt::Service> service_;
  std::unique_ptr<ipc::Server> server_;
};

// ---- the parts that the frame asks for

class CounterWork : public daemon::Work {
 public:
  explicit CounterWork(daemon::Frame& frame)
      : frame_(frame), checkpoint_(frame.context().shared), continues_(!checkpoint_.left_configuration().empty()) {}

  daemon::SharedCheckpoint& checkpoint() override { return checkpoint_; }
  bool continues() const override { return continues_; }
  base::Result<> open() override {
    counter_.open();
    return {};
  }
  void start_heartbeats() override {}  // each time it counts
  void stop() override { counter_.stop(); }
  base::Result<> open_management() override {
    auto management = std::make_unique<Management>(frame_, counter_, checkpoint_);
    TANDEM_TRY(management->open());
    management_ = std::move(management);
    return {};
  }
  bool has_management() const override { return management_ != nullptr; }
  base::Result<> load_configuration() override { return management_->load(); }
  void reload() override { management_->reload(); }
  void close_management() override { management_.reset(); }

 private:
  daemon::Frame& frame_;
  daemon::SharedCheckpoint checkpoint_;
  bool continues_;
  Counter counter_{frame_.loop(), checkpoint_};
  std::unique_ptr<Management> management_;
};

// A dead worker of this daemon disturbs no one.
class NoFence : public supervisor::Fence {
 public:
  void isolate(const supervisor::Shared& /*shared*/) const override {}
  void resign(const supervisor::Shared& /*shared*/) const override {}
  std::vector<int> descriptors() const override { return {}; }
  const char* outcome() const override { return "it no longer counts"; }
};

daemon::Description description() {
  return {.program = kProgram,
          .purpose = "Counts: the smallest daemon.",
          .yang_modules = kModules,
          .memory = {.slots = 1, .slot_size = sizeof(std::uint64_t)},
          .open_fence = [](const daemon::Options&, std::span<const int>) { return std::make_unique<NoFence>(); },
          .make_work = [](daemon::Frame& frame) { return std::make_unique<CounterWork>(frame); },
          .make_checker = [] { return std::make_unique<Checker>(); }};
}

}  // namespace
}  // namespace tandem::skeleton

int main(int argc, char** argv) { return tandem::daemon::run_program(tandem::skeleton::description(), argc, argv); }
