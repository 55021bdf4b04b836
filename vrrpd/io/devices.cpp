// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/devices.h"

#include <cerrno>
#include <optional>
#include <utility>

#include "vrrpd/io/instances.h"
#include "vrrpd/io/kernel_worker.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/maintenance.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/notifications.h"
#include "vrrpd/io/reconciler.h"
#include "vrrpd/io/retry.h"
#include "vrrpd/io/rewriter.h"
#include "vrrpd/io/saved_state.h"

namespace tandem::vrrpd::io {
namespace {

class KernelDevices final : public Devices {
 public:
  KernelDevices(event::Loop& loop, log::Logger& logger, const DevicesOptions& options, ChangeHandler on_change);
  base::Result<> open();

  const InterfaceTable& interfaces() const override { return table_; }
  std::vector<ForeignMacvlan> foreign() const override { return foreign_macvlans(table_, kernel_state_); }
  void want(core::RouterId id, DesiredDevice desired) override;
  void forget(core::RouterId id) override;
  void set_lease(std::chrono::seconds lease) override;
  void start() override;
  void act() override;
  const Outcome& outcome(core::RouterId id) const override { return reconciler_->outcome(id); }
  base::IfIndex device_of(core::RouterId id) const override { return reconciler_->device_of(id); }
  const std::string& obstacle() const override { return reconciler_->obstacle(); }
  std::vector<base::IfIndex> adopted() const override;
  event::Worker& background() override { return maintenance_->background(); }
  void release_all() override;

 private:
  void on_readable();
  void on_table_read();
  void hand_over_results();
  void hand_over(const KernelWorker::Completed& completed);
  void on_inspected(const InspectionReport& report);
  void on_turn();
  void on_retry();
  void work(Urgency minimum);
  Urgency minimum() const;
  void schedule();
  void tell();

  event::Loop& loop_;
  log::Logger& logger_;
  ChangeHandler on_change_;
  InterfaceTable table_;
  InstanceName name_;
  KernelState kernel_state_;
  os::StateFile state_file_;
  Notifications notifications_;
  std::optional<Reconciler> reconciler_;
  enum class Phase { starting, running, released };
  Phase phase_ = Phase::starting;
  event::Timer turn_;  // on_turn() in the next turn of the loop, after descriptors and other timers
  Retry retry_;
  Rewriter rewriter_;
  std::unique_ptr<KernelWorker> kernel_;
  std::optional<Maintenance> maintenance_;
};

KernelDevices::KernelDevices(event::Loop& loop, log::Logger& logger, const DevicesOptions& options,
                             ChangeHandler on_change)
    : loop_(loop),
      logger_(logger),
      on_change_(std::move(on_change)),
      name_(link_groups(options.instance), options.instance),
      kernel_state_{
          .groups = link_groups(options.instance), .prepared = {}, .adopted = {}, .guarded = {}, .left_guarded = {}},
      state_file_(state_file(options.state_directory, options.instance)),
      notifications_(loop, logger, table_,
                     {.on_event = [this](const netlink::Event& event) { reconciler_->on_event(event); },
                      .on_table_read = [this] { on_table_read(); },
                      .on_readable = [this] { on_readable(); }}),
      turn_(loop, [this] { on_turn(); }),
      retry_(loop, [this] { on_retry(); }),
      rewriter_(loop, logger, table_, {.instance = options.instance, .socket = options.filter_socket}) {}

base::Result<> KernelDevices::open() {
  name_.hold();  // first: other instances look whether this one has ended
  TANDEM_TRY(notifications_.open());
  recognise_prepared(table_, kernel_state_);
  kernel_state_.instances = other_instances(table_, kernel_state_.groups);
  kernel_ = TANDEM_TRY(
      KernelWorker::open({loop_, logger_, state_file_, rewriter_}, table_, kernel_state_, [this] { on_readable(); }));
  reconciler_.emplace(Reconciler::Dependencies{*kernel_, table_, kernel_state_, logger_});
  maintenance_.emplace(
      Maintenance::Dependencies{loop_, logger_, table_, kernel_state_, *reconciler_, *kernel_, rewriter_},
      Maintenance::Handlers{.on_work = [this] { turn_.set(event::monotonic_now()); },
                            .on_deletion_failed = [this] { schedule(); },
                            .on_inspected = [this](const InspectionReport& report) { on_inspected(report); }});
  notifications_.listen(Notifications::Pace::at_once);
  return {};
}

void KernelDevices::want(core::RouterId id, DesiredDevice desired) {
  if (phase_ != Phase::released) {
    maintenance_->inspect_soon();
    rewriter_.want(id, desired);
    reconciler_->want(id, std::move(desired));
    schedule();
  }
}

void KernelDevices::forget(core::RouterId id) {
  if (phase_ != Phase::released) {
    rewriter_.forget(id);
    reconciler_->forget(id);
    schedule();
  }
}

void KernelDevices::set_lease(std::chrono::seconds lease) {
  reconciler_->set_lease(lease);
  rewriter_.set_lease(lease);
  maintenance_->set_lease(lease);
  schedule();
}

void KernelDevices::start() {
  if (phase_ == Phase::starting) {
    phase_ = Phase::running;
    rewriter_.start();
    reconciler_->enqueue_everything();
    schedule();
    maintenance_->start();
  }
}

void KernelDevices::on_inspected(const InspectionReport& report) {
  if (phase_ == Phase::running) {
    name_.hold();
    reconciler_->on_inspected(report);
    schedule();
  }
}

void KernelDevices::act() {
  if (phase_ == Phase::running) {
    work(kUrgent);
  }
}

void KernelDevices::work(Urgency minimum) {
  rewriter_.update();  // begins before the addresses come or go
  const base::TimePoint end = event::monotonic_now() + kSlice;
  while (reconciler_->has_work(minimum) && event::monotonic_now() < end) {
    reconciler_->step(minimum);
  }
  schedule();
}

// While macvlans are deleted, each change of an interface waits: what is not urgent comes after that.
Urgency KernelDevices::minimum() const { return maintenance_->is_deleting() ? kUrgent : kAnyUrgency; }

void KernelDevices::schedule() {
  if (phase_ != Phase::running) {
    return;
  }
  if (reconciler_->has_work(minimum()) || !reconciler_->changes().empty()) {
    turn_.set(event::monotonic_now());
  } else {
    maintenance_->consider();
  }
  if (!notifications_.is_outdated() && !reconciler_->has_refused()) {
    retry_.stop();
  } else if (reconciler_->take_newly_refused() || !retry_.is_set()) {
    retry_.start();
  }
}

void KernelDevices::on_turn() {
  const bool only_renews = !reconciler_->has_work_besides_renewals();
  work(minimum());
  tell();
  if (reconciler_->has_blocked() || !(only_renews && maintenance_->is_deletion_set())) {
    maintenance_->postpone_deletion();
  }
}

void KernelDevices::on_retry() {
  if (phase_ != Phase::running) {
    return;
  }
  if (notifications_.is_outdated()) {
    notifications_.read_again();
    hand_over_results();
  }
  reconciler_->retry();
  retry_.repeat();
  turn_.set(event::monotonic_now());
}

void KernelDevices::tell() {
  if (phase_ == Phase::running && !reconciler_->changes().empty()) {
    rewriter_.recheck(reconciler_->changes());
    rewriter_.update();
    on_change_(reconciler_->take_changes());
  }
}

void KernelDevices::on_readable() {
  if (notifications_.hear()) {
    hand_over_results();
  }
  tell();
  schedule();
  const bool building = kernel_->under_way(KernelWorker::Purpose::build) > 0;
  notifications_.listen(building ? Notifications::Pace::seldom : Notifications::Pace::at_once);
}

// Interfaces that are not there any more went unnoticed.
void KernelDevices::on_table_read() {
  for (const base::IfIndex index : kernel_state_.gone_from(table_)) {
    kernel_->forget(index);
    kernel_state_.forget(index);
  }
  reconciler_->enqueue_everything();
}

// Precondition: the table knows what has come of it.
void KernelDevices::hand_over_results() {
  if (notifications_.is_outdated()) {
    return;
  }
  for (const KernelWorker::Completed& completed : kernel_->take_completed()) {
    hand_over(completed);
  }
}

void KernelDevices::hand_over(const KernelWorker::Completed& completed) {
  switch (completed.purpose) {
    case KernelWorker::Purpose::change:
      return reconciler_->on_executed(completed.results);
    case KernelWorker::Purpose::build:
      return reconciler_->on_built(completed.results);
    case KernelWorker::Purpose::renew:
      return maintenance_->on_renewed(completed.results);
    case KernelWorker::Purpose::lower:
      return maintenance_->on_lowered(completed.results);
  }
}

std::vector<base::IfIndex> KernelDevices::adopted() const {
  std::vector<base::IfIndex> indices;
  for (const auto& [index, original] : kernel_state_.adopted) {
    indices.push_back(index);
  }
  return indices;
}

void KernelDevices::release_all() {
  if (phase_ == Phase::released) {
    return;
  }
  phase_ = Phase::released;
  rewriter_.end();
  maintenance_->stop();
  const auto executed = kernel_->execute_without_thread();
  if (executed) {
    notifications_.hear_all();
    reconciler_->on_executed(*executed);
  }
  // The same as if no router wanted anything: all is silent before the first macvlan goes, and what is not ours is
  // given back.
  reconciler_->forget_all();
  while (reconciler_->has_work(kAnyUrgency)) {
    reconciler_->step(kAnyUrgency);
  }
  for (const std::uint32_t group :
       {kernel_state_.groups.pending_deletion, kernel_state_.groups.deleting, kernel_state_.groups.live}) {
    const base::Result<> deleted = notifications_.socket().execute(netlink::delete_link_group(group));
    if (!deleted && deleted.error().code != ENODEV) {
      logger_.write<kDeletionFailed>(deleted.error().message);
    }
  }
  kernel_->save();
}

}  // namespace

base::Result<std::unique_ptr<Devices>> Devices::open(event::Loop& loop, log::Logger& logger,
                                                     const DevicesOptions& options, ChangeHandler on_change) {
  auto devices = std::make_unique<KernelDevices>(loop, logger, options, std::move(on_change));
  TANDEM_TRY(devices->open());
  return devices;
}

}  // namespace tandem::vrrpd::io
