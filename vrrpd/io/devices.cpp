// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/devices.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <optional>
#include <utility>

#include "lib/netlink/socket.h"
#include "vrrpd/io/builder.h"
#include "vrrpd/io/inspection.h"
#include "vrrpd/io/instances.h"
#include "vrrpd/io/kernel_thread.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/link_deleter.h"
#include "vrrpd/io/lowering.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/reconciler.h"
#include "vrrpd/io/renewals.h"
#include "vrrpd/io/rewriter.h"
#include "vrrpd/io/rewriting.h"
#include "vrrpd/io/state_file.h"

namespace tandem::vrrpd::io {
namespace {

// With a socket of its own, on whatever thread it is called.
Renewals::Execute renew_by_netlink() {
  return [socket = std::make_shared<std::optional<netlink::RequestSocket>>()](const std::vector<AddAddress>& due) {
    if (!*socket) {
      auto opened = netlink::RequestSocket::open();
      if (!opened) {
        return false;
      }
      socket->emplace(std::move(*opened));
    }
    std::vector<netlink::Request> requests;
    requests.reserve(due.size());
    for (const AddAddress& renewal : due) {
      requests.push_back(netlink::add_address(renewal.index, renewal.prefix, lifetime_of(renewal.lease)));
    }
    const std::vector<base::Result<>> results = (*socket)->execute(requests);
    return std::all_of(results.begin(), results.end(), [](const base::Result<>& result) { return result.has_value(); });
  };
}

class KernelDevices final : public Devices {
 public:
  KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, ChangeHandler on_change);
  base::Result<> open();

  const InterfaceTable& interfaces() const override { return table_; }
  std::vector<ForeignMacvlan> foreign() const override { return foreign_macvlans(table_, memory_); }
  void want(core::RouterId id, DesiredDevice desired) override;
  void forget(core::RouterId id) override;
  void set_lease(std::chrono::seconds lease) override;
  void start() override;
  void act() override;
  const Outcome& outcome(core::RouterId id) const override { return reconciler_->outcome(id); }
  base::IfIndex device_of(core::RouterId id) const override { return reconciler_->device_of(id); }
  const std::string& obstacle() const override { return reconciler_->obstacle(); }
  std::vector<base::IfIndex> adopted() const override;
  void release_all() override;

 private:
  base::Result<> read_all();
  void on_readable();
  void listen(bool at_once);
  void read_again();
  void hear_all();
  void on_turn();
  void work(Reconciler::Reach reach);
  void rewrite();
  Reconciler::Reach reach() const;
  void schedule();
  void set_renewal();
  void on_renewal();
  void renew_without_delay();
  void renew_next();
  void on_renewed(bool all);
  void tell();
  void set_retry();
  void on_retry();
  void set_burial();
  void empty_graveyard();
  void on_deleted(const base::Result<>& done);
  std::optional<base::IfIndex> next_to_lower();
  void on_lowered(base::IfIndex index, const base::Result<>& done);
  void on_built(std::vector<base::Result<>> results);
  void on_executed(std::vector<base::Result<>> results);
  void hand_over_results();
  void on_inspected(const InspectionReport& report);

  event::Loop& loop_;
  log::Logger& logger_;
  ChangeHandler on_change_;
  std::optional<netlink::RequestSocket> socket_;
  std::optional<netlink::Monitor> monitor_;
  InterfaceTable table_;
  InstanceName name_;
  Memory memory_;
  StateFile state_file_;
  std::optional<Reconciler> reconciler_;
  enum class Phase { starting, running, released };
  Phase phase_ = Phase::starting;
  LinkDeleter deleter_;
  event::Timer turn_;  // on_turn() in the next turn of the loop, after descriptors and other timers
  event::Timer burial_;
  bool burial_is_set_ = false;
  event::Timer retry_;
  event::Timer renewal_;
  std::chrono::seconds lease_{0};
  unsigned renewal_part_ = 0;
  unsigned renewals_begun_ = 0;
  std::deque<unsigned> due_;  // parts that are to be renewed, the first of them is being renewed
  Renewals renewals_;
  Lowering lowering_;
  Rewriting rewriting_;
  Rewriter rewriter_;
  Builder builder_;
  std::unique_ptr<KernelThread> kernel_;
  std::vector<std::vector<base::Result<>>> built_;        // the table may not know of it yet
  std::optional<std::vector<base::Result<>>> executed_;   // nor of this
  std::optional<std::chrono::milliseconds> retry_after_;  // none: nothing has to be tried again
  bool outdated_ = false;                                 // notifications were lost, and the dump has failed
  std::optional<event::Watch> watch_;                     // none: while macvlans are built
  event::Timer hearing_;                                  // then
  Inspections inspections_;
};

KernelDevices::KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, ChangeHandler on_change)
    : loop_(loop),
      logger_(logger),
      on_change_(std::move(on_change)),
      name_(link_groups(options.instance), options.instance),
      state_file_(options.state_directory, options.instance),
      deleter_("deleter", loop, delete_by_netlink(),
               [this](const LinkGroups&, const base::Result<>& done) { on_deleted(done); }),
      turn_(loop, [this] { on_turn(); }),
      burial_(loop, [this] { empty_graveyard(); }),
      retry_(loop, [this] { on_retry(); }),
      renewal_(loop, [this] { on_renewal(); }),
      renewals_(loop, renew_by_netlink(), [this](bool all) { on_renewed(all); }),
      lowering_(
          loop, lower_by_netlink(), [this] { return next_to_lower(); },
          [this](base::IfIndex index, const base::Result<>& done) { on_lowered(index, done); }),
      rewriter_(loop, logger, options.instance, options.filter_socket),
      builder_("builder", loop, build_by_netlink(),
               [this](const std::vector<Job>&, std::vector<base::Result<>> results) { on_built(std::move(results)); }),
      hearing_(loop, [this] { on_readable(); }),
      inspections_(
          loop, inspect_by_netlink(), [this] { return reconciler_->order_inspection(); },
          [this](const InspectionReport& report) { on_inspected(report); }) {
  memory_.groups = link_groups(options.instance);
}

base::Result<> KernelDevices::open() {
  name_.hold();  // first: other instances look whether this one has ended
  auto socket = TANDEM_TRY(netlink::RequestSocket::open());
  socket_.emplace(std::move(socket));
  auto monitor = TANDEM_TRY(netlink::Monitor::open());  // before the dump, so that nothing is missed
  monitor_.emplace(std::move(monitor));
  if (const base::Result<> read = read_all(); !read) {
    return base::fail_with_context("cannot read the interfaces of the kernel", read.error());
  }
  recognise_prepared(table_, memory_);
  std::set<std::uint32_t> theirs;
  for (const auto& [index, interface] : table_.all()) {
    if (is_tandem_group(interface.link.group) && !memory_.groups.contains(interface.link.group)) {
      theirs.insert(live_group_of(interface.link.group));
    }
  }
  std::set<std::uint32_t> absent;  // what has become of those, inspections will tell
  static_cast<void>(tell_apart(theirs, memory_.instances, absent));
  kernel_ = TANDEM_TRY(KernelThread::open({loop_, logger_, state_file_, builder_, renewals_, lowering_, rewriter_},
                                          table_, memory_, [this](auto results) { on_executed(std::move(results)); }));
  reconciler_.emplace(Reconciler::Parts{*kernel_, table_, memory_, logger_});
  listen(false);
  return {};
}

// Each macvlan that is built is reported in five notifications, and to be woken up by each would cost the one who
// builds a tenth of its time: what it has done is heard of anyway, and what others do a little later.
void KernelDevices::listen(bool at_once) {
  if (builder_.under_way() > 0) {
    watch_.reset();
    hearing_.set(event::monotonic_now() + (at_once ? std::chrono::milliseconds{0} : kHearing));
  } else if (!watch_) {
    watch_.emplace(loop_, monitor_->descriptor(), event::Watch::For::reading, [this] { on_readable(); });
  }
}

// Notifications from before the dump may be applied after it; those that follow put it right.
// Without an answer the table stays what it is.
base::Result<> KernelDevices::read_all() {
  InterfaceTable read;
  const base::Result<> dumped = socket_->dump([&read](const netlink::Event& event) { read.apply(event); });
  if (dumped) {
    table_ = std::move(read);
  }
  return dumped;
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
  lease_ = lease;
  set_renewal();
  schedule();
}

void KernelDevices::set_renewal() {
  if (lease_ == std::chrono::seconds::zero()) {
    renewal_.cancel();
    renewals_.give_up();
    due_.clear();
  } else {
    renewal_.set(event::monotonic_now() + base::Duration(lease_) / (3 * kRenewalParts));
  }
}

void KernelDevices::on_renewal() {
  if (phase_ == Phase::running) {
    if (due_.size() < kRenewalParts) {
      due_.push_back(renewal_part_);
      renewal_part_ = (renewal_part_ + 1) % kRenewalParts;
    } else if (!renewals_.is_running() &&
               !reconciler_->is_waiting()) {  // else it waits for the kernel, as this thread would
      renew_without_delay();
    }
    renew_next();
    if (++renewals_begun_ % kRenewalParts == 0) {
      rewriter_.renew();
    }
    set_renewal();
  }
}

// There was always something else to do, and another third of the lease is over.
void KernelDevices::renew_without_delay() {
  for (const unsigned part : std::exchange(due_, {})) {
    reconciler_->renew(part);
  }
  schedule();
}

void KernelDevices::renew_next() {
  while (!due_.empty() && !renewals_.is_running() && !reconciler_->is_waiting()) {
    std::vector<AddAddress> renewals = reconciler_->renewals(due_.front());
    if (renewals.empty()) {
      due_.pop_front();
    } else {
      renewals_.start(std::move(renewals));
    }
  }
}

void KernelDevices::on_renewed(bool all) {
  const unsigned part = due_.front();
  due_.pop_front();
  if (!all) {
    reconciler_->renew(part);  // which tells what was refused, and tries again
    schedule();
  }
  renew_next();
}

void KernelDevices::start() {
  if (phase_ == Phase::starting) {
    phase_ = Phase::running;
    rewriter_.begin(rewriting_.take_changes(table_));  // also if it is nothing: a worker before may have left something
    reconciler_->look_at_everything();
    schedule();
    inspections_.start();
    set_renewal();  // a turn that was due before has passed
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
    work(Reconciler::Reach::urgent);
  }
}

// Begins before the addresses come or go; the thread that changes those waits for it.
void KernelDevices::rewrite() {
  if (RewriteChanges changes = rewriting_.take_changes(table_); !changes.empty()) {
    rewriter_.begin(std::move(changes));
  }
}

void KernelDevices::work(Reconciler::Reach reach) {
  rewrite();
  const base::TimePoint end = event::monotonic_now() + kSlice;
  while (reconciler_->has_work(reach) && event::monotonic_now() < end) {
    reconciler_->step(reach);
  }
  schedule();
}

// While macvlans are deleted, each change of an interface waits: what is not urgent comes after that.
Reconciler::Reach KernelDevices::reach() const {
  return deleter_.under_way() > 0 ? Reconciler::Reach::urgent : Reconciler::Reach::everything;
}

void KernelDevices::schedule() {
  if (phase_ != Phase::running) {
    return;
  }
  if (reconciler_->has_work(reach()) || !reconciler_->changes().empty()) {
    turn_.set(event::monotonic_now());
  } else {
    renew_next();
    lowering_.consider();
    // A step that took long may have put a macvlan there; nothing reports that of one that is down.
    if (reconciler_->graveyard_in_use() && !burial_is_set_ && deleter_.under_way() == 0) {
      set_burial();
    }
  }
  set_retry();
}

void KernelDevices::on_turn() {
  const bool only_renews = !reconciler_->has_work_besides_renewals();
  work(reach());
  tell();
  if (reconciler_->graveyard_in_use() && (reconciler_->has_blocked() || !(only_renews && burial_is_set_))) {
    set_burial();
  }
}

// At once if a router waits for it, maybe a Master without its macvlan.
void KernelDevices::set_burial() {
  const base::TimePoint now = event::monotonic_now();
  burial_.set(reconciler_->has_blocked() ? now : now + kBurialDelay);
  burial_is_set_ = true;
}

void KernelDevices::set_retry() {
  if (!outdated_ && !reconciler_->has_refused()) {
    retry_after_.reset();
    retry_.cancel();
  } else if (reconciler_->take_newly_refused() || !retry_after_) {
    retry_after_ = kFirstRetry;
    retry_.set(event::monotonic_now() + kFirstRetry);
  }
}

void KernelDevices::on_retry() {
  if (phase_ != Phase::running) {
    return;
  }
  if (outdated_) {
    read_again();
    hand_over_results();
  }
  reconciler_->retry();
  retry_after_ = std::min(2 * *retry_after_, kLongestRetry);
  retry_.set(event::monotonic_now() + *retry_after_);
  turn_.set(event::monotonic_now());
}

void KernelDevices::tell() {
  if (phase_ == Phase::running && !reconciler_->changes().empty()) {
    if (reconciler_->changes().all_interfaces) {
      rewriting_.look_at_everything();
    }
    rewriting_.look_again(reconciler_->changes().interfaces);
    rewrite();
    on_change_(reconciler_->take_changes());
  }
}

void KernelDevices::on_readable() {
  const auto outcome = monitor_->drain([this](const netlink::Event& event) { reconciler_->on_event(event); });
  if (outcome == netlink::Monitor::Outcome::overrun) {
    logger_.write<kOverrun>();
    read_again();
  }
  if (outcome != netlink::Monitor::Outcome::more) {
    hand_over_results();
  }
  tell();
  schedule();
  listen(outcome == netlink::Monitor::Outcome::more);
}

void KernelDevices::read_again() {
  const base::Result<> read = read_all();
  if (!read) {
    if (!std::exchange(outdated_, true)) {
      logger_.write<kDumpFailed>(read.error().message);
    }
    return;
  }
  outdated_ = false;
  const auto forget_lost = [this](const auto& indices, auto index_of) {
    std::vector<base::IfIndex> lost;
    for (const auto& entry : indices) {
      if (table_.find(index_of(entry)) == nullptr) {
        lost.push_back(index_of(entry));
      }
    }
    for (const base::IfIndex index : lost) {
      kernel_->forget(index);
      memory_.forget(index);
    }
  };
  forget_lost(memory_.prepared, [](const auto& entry) { return entry.first; });
  forget_lost(memory_.adopted, [](const auto& entry) { return entry.first; });
  forget_lost(memory_.guarded, [](base::IfIndex index) { return index; });
  forget_lost(memory_.guarded_ipv6, [](base::IfIndex index) { return index; });
  reconciler_->look_at_everything();
}

void KernelDevices::empty_graveyard() {
  burial_is_set_ = false;
  if (phase_ == Phase::running && reconciler_->graveyard_in_use() && deleter_.under_way() == 0) {
    deleter_.begin(memory_.groups);
  }
}

void KernelDevices::on_deleted(const base::Result<>& done) {
  if (!done) {
    logger_.write<kDeletionFailed>(done.error().message);
    schedule();  // what has waited
    return;
  }
  turn_.set(event::monotonic_now());  // others may have been buried in the meantime
}

// Not while anything else is to be done, which would wait for it.
std::optional<base::IfIndex> KernelDevices::next_to_lower() {
  const bool idle = phase_ == Phase::running && deleter_.under_way() == 0 && builder_.under_way() == 0 &&
                    !reconciler_->is_waiting() && !reconciler_->has_work(Reconciler::Reach::everything);
  return idle ? reconciler_->next_unused() : std::nullopt;
}

// That it is down is reported.
void KernelDevices::on_lowered(base::IfIndex index, const base::Result<>& done) {
  reconciler_->forget_unused(index);
  if (!done && done.error().code != ENODEV) {
    const Interface* const macvlan = table_.find(index);
    logger_.write<kNotLowered>(macvlan == nullptr ? std::string() : macvlan->link.name, done.error().message);
  }
}

// The notifications of it have come before.
void KernelDevices::on_built(std::vector<base::Result<>> results) {
  built_.push_back(std::move(results));
  on_readable();
}

void KernelDevices::on_executed(std::vector<base::Result<>> results) {
  executed_ = std::move(results);
  on_readable();
}

// The table knows what has come of it.
void KernelDevices::hand_over_results() {
  if (outdated_) {
    return;
  }
  if (const auto results = std::exchange(executed_, std::nullopt)) {
    reconciler_->on_executed(*results);
  }
  for (const std::vector<base::Result<>>& results : std::exchange(built_, {})) {
    reconciler_->on_done(results);
  }
}

std::vector<base::IfIndex> KernelDevices::adopted() const {
  std::vector<base::IfIndex> indices;
  for (const auto& [index, original] : memory_.adopted) {
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
  builder_.stop();
  built_.clear();
  deleter_.stop();
  if (auto results = kernel_->come_back()) {
    executed_ = std::move(results);
  }
  if (const auto results = std::exchange(executed_, std::nullopt)) {
    hear_all();
    reconciler_->on_executed(*results);
  }
  // The same as if no router wanted anything: all is silent before the first macvlan goes, and what is not ours is
  // given back.
  reconciler_->forget_all();
  while (reconciler_->has_work(Reconciler::Reach::everything)) {
    reconciler_->step(Reconciler::Reach::everything);
  }
  for (const std::uint32_t group : {memory_.groups.graveyard, memory_.groups.dying, memory_.groups.live}) {
    const base::Result<> deleted = socket_->execute(netlink::delete_link_group(group));
    if (!deleted && deleted.error().code != ENODEV) {
      logger_.write<kDeletionFailed>(deleted.error().message);
    }
  }
  kernel_->save();
}

void KernelDevices::hear_all() {
  auto outcome = netlink::Monitor::Outcome::more;
  while (outcome == netlink::Monitor::Outcome::more) {
    outcome = monitor_->drain([this](const netlink::Event& event) { reconciler_->on_event(event); });
  }
  if (outcome == netlink::Monitor::Outcome::overrun) {
    read_again();
  }
}

}  // namespace

base::Result<std::unique_ptr<Devices>> Devices::open(event::Loop& loop, log::Logger& logger, DevicesOptions options,
                                                     ChangeHandler on_change) {
  auto devices = std::make_unique<KernelDevices>(loop, logger, std::move(options), std::move(on_change));
  TANDEM_TRY(devices->open());
  return devices;
}

}  // namespace tandem::vrrpd::io
