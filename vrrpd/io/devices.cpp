// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/devices.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "vrrpd/io/deletion.h"
#include "vrrpd/io/inspection.h"
#include "vrrpd/io/instances.h"
#include "vrrpd/io/kernel_worker.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/lowering.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/notifications.h"
#include "vrrpd/io/reconciler.h"
#include "vrrpd/io/renewals.h"
#include "vrrpd/io/retry.h"
#include "vrrpd/io/rewriter.h"
#include "vrrpd/io/rewriting.h"
#include "vrrpd/io/saved_state.h"

namespace tandem::vrrpd::io {
namespace {

class KernelDevices final : public Devices {
 public:
  KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, ChangeHandler on_change);
  ~KernelDevices() override { background_.stop(); }
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
  event::Worker& background() override { return background_; }
  void release_all() override;

 private:
  using Purpose = KernelWorker::Purpose;

  void note_other_instances();
  void on_readable();
  void on_table_read();
  void on_turn();
  void work(Urgency minimum);
  void rewrite();
  Urgency minimum() const;
  void schedule();
  Renewals::Actions renewal_actions();
  void tell();
  void on_retry();
  void delete_later();
  void on_deleted(const base::Result<>& done);
  std::optional<base::IfIndex> next_to_lower();
  void on_lowered(const KernelWorker::Results& results);
  void on_renewed(const KernelWorker::Results& results);
  void hand_over_results();
  void hand_over(Purpose purpose, const KernelWorker::Results& results);
  void on_inspected(const InspectionReport& report);

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
  Renewals renewals_;
  bool renewed_ = true;  // all of those that are under way, so far
  Lowering lowering_;
  base::IfIndex lowered_ = base::kNoInterface;  // the last that was begun
  Rewriting rewriting_;
  Rewriter rewriter_;
  std::unique_ptr<KernelWorker> kernel_;
  // What the worker has done, in that order. The table may not know of it yet.
  std::vector<std::pair<Purpose, KernelWorker::Results>> completed_;
  event::Worker background_;  // for what takes long: inspections, self-tests, deletions
  Deletion deletion_;
  Inspections inspections_;
};

KernelDevices::KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, ChangeHandler on_change)
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
      renewals_(loop, renewal_actions()),
      lowering_(
          loop, [this] { return next_to_lower(); },
          [this](base::IfIndex index) {
            lowered_ = index;
            kernel_->lower(index);
          }),
      rewriter_(loop, logger, options.instance, options.filter_socket),
      background_("background", loop),
      deletion_(loop, background_,
                {.next =
                     [this] {
                       const bool needed = phase_ == Phase::running && reconciler_->has_pending_deletions();
                       return needed ? std::optional(kernel_state_.groups) : std::nullopt;
                     },
                 .on_done = [this](const base::Result<>& done) { on_deleted(done); }}),
      inspections_(
          loop, background_, inspect_by_netlink(), [this] { return reconciler_->order_inspection(); },
          [this](const InspectionReport& report) { on_inspected(report); }) {}

base::Result<> KernelDevices::open() {
  name_.hold();  // first: other instances look whether this one has ended
  TANDEM_TRY(notifications_.open());
  recognise_prepared(table_, kernel_state_);
  note_other_instances();
  kernel_ = TANDEM_TRY(KernelWorker::open({loop_, logger_, state_file_, rewriter_}, table_, kernel_state_,
                                          [this](Purpose purpose, KernelWorker::Results results) {
                                            completed_.emplace_back(purpose, std::move(results));
                                            on_readable();
                                          }));
  reconciler_.emplace(Reconciler::Dependencies{*kernel_, table_, kernel_state_, logger_});
  notifications_.listen(Notifications::Pace::at_once);
  return {};
}

// Of the instances that have macvlans here; what has become of those that do not run, inspections will tell.
void KernelDevices::note_other_instances() {
  std::set<std::uint32_t> theirs;
  for (const auto& [index, interface] : table_.all()) {
    if (is_tandem_group(interface.link.group) && !kernel_state_.groups.contains(interface.link.group)) {
      theirs.insert(live_group_of(interface.link.group));
    }
  }
  std::set<std::uint32_t> absent;
  static_cast<void>(tell_apart(theirs, kernel_state_.instances, absent));
}

void KernelDevices::want(core::RouterId id, DesiredDevice desired) {
  if (phase_ != Phase::released) {
    inspections_.soon();
    rewriting_.want(id, desired);
    reconciler_->want(id, std::move(desired));
    schedule();
  }
}

void KernelDevices::forget(core::RouterId id) {
  if (phase_ != Phase::released) {
    rewriting_.forget(id);
    reconciler_->forget(id);
    schedule();
  }
}

void KernelDevices::set_lease(std::chrono::seconds lease) {
  reconciler_->set_lease(lease);
  rewriter_.set_lease(lease);
  renewals_.set_lease(lease);
  schedule();
}

Renewals::Actions KernelDevices::renewal_actions() {
  return {.due = [this](unsigned part) { return reconciler_->renewals(part); },
          .begin =
              [this](std::span<const AddAddress> due) {
                renewed_ = true;
                kernel_->renew(due);
              },
          .is_busy = [this] { return kernel_->under_way(Purpose::renew) > 0 || reconciler_->is_waiting(); },
          .insist =
              [this](unsigned part) {
                reconciler_->renew(part);  // which tells what was refused, and tries again
                turn_.set(event::monotonic_now());
              },
          .on_third = [this] { rewriter_.renew(); }};
}

void KernelDevices::start() {
  if (phase_ == Phase::starting) {
    phase_ = Phase::running;
    rewriter_.begin(rewriting_.take_changes(table_));  // also if it is nothing: a worker before may have left something
    reconciler_->enqueue_everything();
    schedule();
    inspections_.start();
    renewals_.start();
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

// Begins before the addresses come or go.
void KernelDevices::rewrite() {
  if (RewriteChanges changes = rewriting_.take_changes(table_); !changes.empty()) {
    rewriter_.begin(std::move(changes));
  }
}

void KernelDevices::work(Urgency minimum) {
  rewrite();
  const base::TimePoint end = event::monotonic_now() + kSlice;
  while (reconciler_->has_work(minimum) && event::monotonic_now() < end) {
    reconciler_->step(minimum);
  }
  schedule();
}

// While macvlans are deleted, each change of an interface waits: what is not urgent comes after that.
Urgency KernelDevices::minimum() const { return deletion_.is_running() ? kUrgent : kAnyUrgency; }

void KernelDevices::schedule() {
  if (phase_ != Phase::running) {
    return;
  }
  if (reconciler_->has_work(minimum()) || !reconciler_->changes().empty()) {
    turn_.set(event::monotonic_now());
  } else {
    renewals_.consider();
    lowering_.consider();
    // A step that took long may have put a macvlan there; nothing reports that of one that is down.
    if (reconciler_->has_pending_deletions() && !deletion_.is_waiting() && !deletion_.is_running()) {
      delete_later();
    }
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
  if (reconciler_->has_pending_deletions() &&
      (reconciler_->has_blocked() || !(only_renews && deletion_.is_waiting()))) {
    delete_later();
  }
}

// At once if a router waits for it, maybe a Master without its macvlan.
void KernelDevices::delete_later() {
  deletion_.wait_for(reconciler_->has_blocked() ? base::Duration{0} : base::Duration(kDeletionDelay));
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
    if (reconciler_->changes().all_interfaces) {
      rewriting_.recheck_all();
    }
    rewriting_.recheck(reconciler_->changes().interfaces);
    rewrite();
    on_change_(reconciler_->take_changes());
  }
}

void KernelDevices::on_readable() {
  if (notifications_.hear()) {
    hand_over_results();
  }
  tell();
  schedule();
  const bool building = kernel_->under_way(Purpose::build) > 0;
  notifications_.listen(building ? Notifications::Pace::seldom : Notifications::Pace::at_once);
}

// Interfaces that are not there any more went unnoticed.
void KernelDevices::on_table_read() {
  const auto forget_lost = [this](const auto& indices, auto index_of) {
    std::vector<base::IfIndex> lost;
    for (const auto& entry : indices) {
      if (table_.find(index_of(entry)) == nullptr) {
        lost.push_back(index_of(entry));
      }
    }
    for (const base::IfIndex index : lost) {
      kernel_->forget(index);
      kernel_state_.forget(index);
    }
  };
  forget_lost(kernel_state_.prepared, [](const auto& entry) { return entry.first; });
  forget_lost(kernel_state_.adopted, [](const auto& entry) { return entry.first; });
  forget_lost(kernel_state_.guarded, [](base::IfIndex index) { return index; });
  forget_lost(kernel_state_.guarded_ipv6, [](base::IfIndex index) { return index; });
  reconciler_->enqueue_everything();
}

void KernelDevices::on_deleted(const base::Result<>& done) {
  if (!done) {
    logger_.write<kDeletionFailed>(done.error().message);
    schedule();  // what has waited
    return;
  }
  turn_.set(event::monotonic_now());  // more may wait for their deletion by now
}

// Not while anything else is to be done, which would wait for it.
std::optional<base::IfIndex> KernelDevices::next_to_lower() {
  const bool idle = phase_ == Phase::running && !deletion_.is_running() && kernel_->under_way(Purpose::build) == 0 &&
                    kernel_->under_way(Purpose::lower) == 0 && !reconciler_->is_waiting() &&
                    !reconciler_->has_work(kAnyUrgency);
  return idle ? reconciler_->next_unused() : std::nullopt;
}

// That it is down is reported.
void KernelDevices::on_lowered(const KernelWorker::Results& results) {
  reconciler_->forget_unused(lowered_);
  for (const base::Result<>& done : results) {
    if (!done && done.error().code != ENODEV) {
      const Interface* const macvlan = table_.find(lowered_);
      logger_.write<kNotLowered>(macvlan == nullptr ? std::string() : macvlan->link.name, done.error().message);
      break;
    }
  }
  lowering_.on_done();
}

void KernelDevices::on_renewed(const KernelWorker::Results& results) {
  const bool succeeded = std::all_of(results.begin(), results.end(), [](const auto& result) { return !!result; });
  renewed_ = renewed_ && succeeded;
  if (kernel_->under_way(Purpose::renew) == 0) {
    renewals_.on_done(renewed_);
  }
}

// Precondition: the table knows what has come of it.
void KernelDevices::hand_over_results() {
  if (notifications_.is_outdated()) {
    return;
  }
  for (const auto& [purpose, results] : std::exchange(completed_, {})) {
    hand_over(purpose, results);
  }
}

void KernelDevices::hand_over(Purpose purpose, const KernelWorker::Results& results) {
  switch (purpose) {
    case Purpose::change:
      return reconciler_->on_executed(results);
    case Purpose::build:
      return reconciler_->on_built(results);
    case Purpose::renew:
      return on_renewed(results);
    case Purpose::lower:
      return on_lowered(results);
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
  inspections_.stop();
  renewals_.stop();
  lowering_.stop();
  rewriter_.end();
  deletion_.stop();
  background_.stop();
  auto executed = kernel_->come_back();
  for (auto& [purpose, results] : std::exchange(completed_, {})) {
    if (purpose == Purpose::change) {
      executed = std::move(results);
    }
  }
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

base::Result<std::unique_ptr<Devices>> Devices::open(event::Loop& loop, log::Logger& logger, DevicesOptions options,
                                                     ChangeHandler on_change) {
  auto devices = std::make_unique<KernelDevices>(loop, logger, std::move(options), std::move(on_change));
  TANDEM_TRY(devices->open());
  return devices;
}

}  // namespace tandem::vrrpd::io
