// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/devices.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lib/netlink/socket.h"
#include "vrrpd/io/executor.h"
#include "vrrpd/io/helper.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/reconcile.h"
#include "vrrpd/io/state_file.h"
#include "vrrpd/io/sysctls.h"

namespace tandem::vrrpd::io {
namespace {

// Creating and setting up takes two rounds, a macvlan that somebody else removes in between one more; whoever fights
// with us for longer than that is answered at his next change.
constexpr int kMaxRounds = 5;

class KernelDevices final : public Devices {
 public:
  KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, event::Handler on_change,
                netlink::RequestSocket socket, netlink::Monitor monitor);
  base::Result<> start();

  const InterfaceTable& interfaces() const override { return table_; }
  void want(core::RouterId id, DesiredDevice desired) override;
  void forget(core::RouterId id) override;
  void reconcile() override;
  base::IfIndex device_of(core::RouterId id) const override;
  void release_all() override;

 private:
  using Key = std::pair<std::string, base::MacAddress>;  // parent's name and virtual MAC address
  static Key key_of(const DesiredDevice& desired) {
    return {desired.interface, packet::virtual_mac(desired.vrid, desired.family)};
  }

  base::Result<> read_all();
  void drain();
  void on_event(const netlink::Event& event);
  void on_link(const netlink::LinkChanged& event);
  void on_link_removed(base::IfIndex index);
  void on_address(base::IfIndex interface, const netlink::Event& event);
  bool concerns_parents(const netlink::Link* before, const netlink::Link* after) const;
  bool is_ours(const netlink::Link& link) const;
  bool mark_owner(const netlink::Link& macvlan);
  void schedule();
  void settle();
  Plan make_plan();
  void carry_out(const Plan& plan);
  void report(const std::vector<Problem>& problems);
  void empty_graveyard();

  log::Logger& logger_;
  event::Handler on_change_;
  netlink::RequestSocket socket_;
  netlink::Monitor monitor_;
  InterfaceTable table_;
  Memory memory_;
  StateFile state_file_;
  std::unique_ptr<SysctlTree> sysctls_ = proc_sysctl_tree();
  std::optional<Executor> executor_;

  std::map<core::RouterId, DesiredDevice> desired_;
  std::map<Key, core::RouterId> owners_;
  std::map<std::string, int, std::less<>> parent_names_;  // with the number of routers
  std::set<std::string, std::less<>> taken_names_;        // that we want and others have
  std::set<core::RouterId> dirty_;

  // What the next reconcile has to look at.
  enum class Scope { dirty_routers, everything };
  Scope scope_ = Scope::everything;
  enum class Phase { starting, running, released };  // starting: nothing is given up before the first reconcile()
  Phase phase_ = Phase::starting;
  bool failed_ = false;          // something is to be tried again at the next change
  bool change_to_tell_ = false;  // on_change_ is due

  LinkDeleter deleter_;
  event::Timer settle_timer_;  // runs settle() in a later turn, once for many notifications
  std::optional<event::Watch> watch_;
};

KernelDevices::KernelDevices(event::Loop& loop, log::Logger& logger, DevicesOptions options, event::Handler on_change,
                             netlink::RequestSocket socket, netlink::Monitor monitor)
    : logger_(logger),
      on_change_(std::move(on_change)),
      socket_(std::move(socket)),
      monitor_(std::move(monitor)),
      state_file_(options.state_directory, options.instance),
      deleter_(loop,
               [this](const base::Result<>& done) {
                 if (!done) {
                   logger_.write<kHelperFailed>(done.error().message);
                   return;
                 }
                 scope_ = Scope::everything;  // others may have been buried in the meantime
                 schedule();
               }),
      settle_timer_(loop, [this] { settle(); }) {
  memory_.groups = link_groups(options.instance);
  watch_.emplace(loop, monitor_.descriptor(), event::Watch::For::reading, [this] { drain(); });
}

base::Result<> KernelDevices::start() {
  base::Result<> read = read_all();
  if (read) {
    executor_.emplace(Executor::Parts{logger_, socket_, *sysctls_, state_file_}, table_, memory_);
    change_to_tell_ = false;
  }
  return read;
}

// Notifications from before the dump may be applied after it; those that follow put it right.
base::Result<> KernelDevices::read_all() {
  table_.clear();
  scope_ = Scope::everything;
  change_to_tell_ = true;
  return socket_.dump([this](const netlink::Event& event) { table_.apply(event); });
}

void KernelDevices::want(core::RouterId id, DesiredDevice desired) {
  if (phase_ == Phase::released) {
    return;
  }
  const auto known = desired_.find(id);
  if (known != desired_.end() && key_of(known->second) == key_of(desired)) {
    if (!(known->second == desired)) {
      known->second = std::move(desired);
      dirty_.insert(id);
    }
    return;
  }
  forget(id);
  owners_[key_of(desired)] = id;
  ++parent_names_[desired.interface];
  desired_.emplace(id, std::move(desired));
  scope_ = Scope::everything;
}

void KernelDevices::forget(core::RouterId id) {
  const auto known = desired_.find(id);
  if (known == desired_.end()) {
    return;
  }
  const auto owner = owners_.find(key_of(known->second));
  if (owner != owners_.end() && owner->second == id) {
    owners_.erase(owner);
  }
  const auto parent = parent_names_.find(known->second.interface);
  if (--parent->second == 0) {
    parent_names_.erase(parent);
  }
  desired_.erase(known);
  dirty_.erase(id);
  scope_ = Scope::everything;
}

base::IfIndex KernelDevices::device_of(core::RouterId id) const {
  const auto known = desired_.find(id);
  const Interface* const parent = known == desired_.end() ? nullptr : table_.find(known->second.interface);
  const Interface* const device =
      parent == nullptr ? nullptr : table_.macvlan(parent->link.index, key_of(known->second).second);
  return device == nullptr ? base::kNoInterface : device->link.index;
}

void KernelDevices::reconcile() {
  if (phase_ == Phase::released) {
    return;
  }
  phase_ = Phase::running;
  drain();
  for (int round = 0; round < kMaxRounds; ++round) {
    if (scope_ == Scope::dirty_routers && dirty_.empty()) {
      return;
    }
    const Plan plan = make_plan();
    report(plan.problems);
    if (!plan.operations.empty()) {
      carry_out(plan);
    }
  }
}

Plan KernelDevices::make_plan() {
  std::vector<const DesiredDevice*> routers;
  if (scope_ == Scope::everything) {
    taken_names_.clear();
    for (const auto& [id, desired] : desired_) {
      routers.push_back(&desired);
    }
  } else {
    for (const core::RouterId id : dirty_) {
      routers.push_back(&desired_.at(id));
    }
  }
  const bool everything = std::exchange(scope_, Scope::dirty_routers) == Scope::everything;
  dirty_.clear();
  return everything ? plan_all(routers, table_, memory_) : plan_routers(routers, table_, memory_);
}

void KernelDevices::carry_out(const Plan& plan) {
  if (executor_->execute(plan.operations) == Executor::Outcome::some_failed) {
    failed_ = true;
  } else if (!failed_) {
    executor_->forget_errors();
  }
  // Always the last of a plan.
  if (std::holds_alternative<EmptyGraveyard>(plan.operations.back())) {
    empty_graveyard();
  }
  drain();
}

void KernelDevices::report(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    switch (problem.kind) {
      case Problem::Kind::name_taken:
        taken_names_.insert(problem.device);
        executor_->report<kNameTaken>(problem.interface, problem.device, problem.vrid.value());
        break;
      case Problem::Kind::not_ethernet:
        executor_->report<kNotEthernet>(problem.interface, problem.vrid.value());
        break;
    }
    failed_ = true;
  }
}

void KernelDevices::empty_graveyard() {
  const base::Result<> started = deleter_.start(memory_.groups.graveyard);
  if (!started) {
    executor_->report<kHelperFailed>(started.error().message);
  }
}

void KernelDevices::drain() {
  const auto outcome = monitor_.drain([this](const netlink::Event& event) { on_event(event); });
  if (outcome == netlink::Monitor::Outcome::complete) {
    return;
  }
  logger_.write<kOverrun>();
  const base::Result<> read = read_all();
  if (!read) {
    logger_.write<kDumpFailed>(read.error().message);
  }
  const auto forget_lost = [this](const auto& indices, auto index_of) {
    std::vector<base::IfIndex> lost;
    for (const auto& entry : indices) {
      if (table_.find(index_of(entry)) == nullptr) {
        lost.push_back(index_of(entry));
      }
    }
    std::for_each(lost.begin(), lost.end(), [this](base::IfIndex index) { executor_->forget(index); });
  };
  forget_lost(memory_.prepared, [](const auto& entry) { return entry.first; });
  forget_lost(memory_.adopted, [](const auto& entry) { return entry.first; });
  forget_lost(memory_.guarded, [](base::IfIndex index) { return index; });
  schedule();
}

void KernelDevices::on_event(const netlink::Event& event) {
  if (const auto* link = std::get_if<netlink::LinkChanged>(&event)) {
    on_link(*link);
  } else if (const auto* removed = std::get_if<netlink::LinkRemoved>(&event)) {
    on_link_removed(removed->index);
  } else if (const auto* added = std::get_if<netlink::AddressAdded>(&event)) {
    on_address(added->address.interface, event);
  } else {
    on_address(std::get<netlink::AddressRemoved>(event).address.interface, event);
  }
}

bool KernelDevices::is_ours(const netlink::Link& link) const {
  return link.group == memory_.groups.live || link.group == memory_.groups.graveyard ||
         memory_.adopted.contains(link.index);
}

// Whether the change of a link may let macvlans be created, or set up, that could not before.
bool KernelDevices::concerns_parents(const netlink::Link* before, const netlink::Link* after) const {
  const bool known = (before != nullptr && parent_names_.contains(before->name)) ||
                     (after != nullptr && parent_names_.contains(after->name));
  if (!known) {
    return before != nullptr && taken_names_.contains(before->name);
  }
  return before == nullptr || after == nullptr || before->name != after->name || before->admin_up != after->admin_up ||
         before->ethernet != after->ethernet;
}

// Has the router that a macvlan belongs to looked at.
bool KernelDevices::mark_owner(const netlink::Link& macvlan) {
  const Interface* const parent = table_.find(macvlan.parent);
  const auto owner = parent == nullptr ? owners_.end() : owners_.find({parent->link.name, macvlan.mac});
  if (owner == owners_.end()) {
    return false;
  }
  dirty_.insert(owner->second);
  return true;
}

void KernelDevices::on_link(const netlink::LinkChanged& event) {
  const netlink::Link& link = event.link;
  const Interface* const known = table_.find(link.index);
  const std::optional<netlink::Link> before = known == nullptr ? std::nullopt : std::optional(known->link);
  if (table_.apply(event) == InterfaceTable::Effect::nothing) {
    return;
  }
  if (concerns_parents(before ? &*before : nullptr, &link)) {
    scope_ = Scope::everything;
  }
  const bool owned_now = link.macvlan && mark_owner(link);
  const bool owned_before = before && before->macvlan && mark_owner(*before);
  if (is_ours(link) && !owned_now && (link.group != memory_.groups.graveyard || owned_before)) {
    scope_ = Scope::everything;  // nobody wants it
  }
  change_to_tell_ = true;
  schedule();
}

void KernelDevices::on_link_removed(base::IfIndex index) {
  const Interface* const known = table_.find(index);
  if (known == nullptr) {
    return;
  }
  const netlink::Link link = known->link;
  table_.apply(netlink::LinkRemoved{index});
  executor_->forget(index);
  // A macvlan of ours that had to go can have held the name that the next one needs.
  if (concerns_parents(&link, nullptr) || (is_ours(link) && !owners_.empty())) {
    scope_ = Scope::everything;
  }
  if (link.macvlan) {
    mark_owner(link);
  }
  change_to_tell_ = true;
  schedule();
}

void KernelDevices::on_address(base::IfIndex interface, const netlink::Event& event) {
  if (table_.apply(event) == InterfaceTable::Effect::nothing) {
    return;
  }
  const Interface* const known = table_.find(interface);
  if (known->link.macvlan && (is_ours(known->link) || memory_.prepared.contains(interface))) {
    mark_owner(known->link);  // ours to heal; nobody else asks for these addresses
  } else {
    change_to_tell_ = true;
  }
  schedule();
}

void KernelDevices::schedule() { settle_timer_.set(event::monotonic_now()); }

// After notifications: heals first, so that what is put right at once is no event for the protocol.
void KernelDevices::settle() {
  if (phase_ == Phase::running) {
    if (std::exchange(failed_, false)) {
      scope_ = Scope::everything;
    }
    reconcile();
  }
  if (std::exchange(change_to_tell_, false) && phase_ != Phase::released) {
    on_change_();
  }
}

void KernelDevices::release_all() {
  if (phase_ == Phase::released) {
    return;
  }
  drain();
  desired_.clear();
  owners_.clear();
  parent_names_.clear();
  deleter_.wait();
  // The same as if nobody wanted anything: all is silent before the first macvlan goes, and what is not ours is given
  // back.
  executor_->execute(plan_all({}, table_, memory_).operations);
  for (const std::uint32_t group : {memory_.groups.graveyard, memory_.groups.live}) {
    const base::Result<> deleted = socket_.execute(netlink::delete_link_group(group));
    if (!deleted && deleted.error().code != ENODEV) {
      logger_.write<kHelperFailed>(deleted.error().message);
    }
  }
  drain();
  executor_->save();
  phase_ = Phase::released;
}

}  // namespace

base::Result<std::unique_ptr<Devices>> Devices::open(event::Loop& loop, log::Logger& logger, DevicesOptions options,
                                                     event::Handler on_change) {
  auto socket = netlink::RequestSocket::open();
  if (!socket) {
    return base::Unexpected<base::Error>(socket.error());
  }
  auto monitor = netlink::Monitor::open();  // before the dump, so that nothing is missed
  if (!monitor) {
    return base::Unexpected<base::Error>(monitor.error());
  }
  auto devices = std::make_unique<KernelDevices>(loop, logger, std::move(options), std::move(on_change),
                                                 std::move(*socket), std::move(*monitor));
  const base::Result<> started = devices->start();
  if (!started) {
    return base::fail_with_context("cannot read the interfaces of the kernel", started.error());
  }
  return devices;
}

}  // namespace tandem::vrrpd::io
