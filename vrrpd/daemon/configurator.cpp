// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/configurator.h"

#include <memory>
#include <utility>

#include "lib/daemon/messages.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

// The steps of a transaction, in this order: rules of the packet filter, log, virtual routers, and then what runs.
class Configurator::PreparedChange final : public tandem::config::Prepared {
 public:
  PreparedChange(Configurator& owner, config::Config configured) : owner_(owner), configured_(std::move(configured)) {}

  base::Result<> apply(const tandem::config::Configuration& candidate) override {
    wanted_ = owner_.macvlan_groups_.add_to(configured_, owner_.debug_topics());
    // At start a gateway that accepts too much is better than none.
    if (auto filtered = owner_.filter_keeper_.prepare(wanted_); !filtered && owner_.started_) {
      return filtered;
    }
    reached_ = Reached::filter;
    TANDEM_TRY(owner_.apply_log(wanted_.system.log));
    reached_ = Reached::log;
    const std::vector<config::Change> changes = config::plan(owner_.running_, wanted_);
    owner_.protocol_.apply(changes);
    reached_ = Reached::routers;
    const std::string& text = candidate.text();  // made while the kernel is at work
    owner_.on_progress();
    if (owner_.started_) {
      TANDEM_TRY(owner_.protocol_.await_settled(changes));
    }
    finish(text);
    return {};
  }

  void undo() override {
    if (reached_ >= Reached::routers) {
      owner_.protocol_.apply(config::plan(wanted_, owner_.running_));
    }
    if (reached_ >= Reached::log) {
      if (const auto logging = owner_.log_settings_.apply(owner_.running_.system.log); !logging) {
        owner_.logger_.write<kLogNotRestored>(logging.error().message);
      }
    }
    if (reached_ >= Reached::filter) {
      owner_.filter_keeper_.follow();
    }
  }

 private:
  enum class Reached { nothing, filter, log, routers };

  void finish(const std::string& text) {
    owner_.configured_ = std::move(configured_);
    owner_.running_ = std::move(wanted_);
    owner_.save_checkpoint(text);
    owner_.on_progress();
    owner_.protocol_.set_debug(owner_.debug_topics());
    owner_.filter_keeper_.follow();
  }

  Configurator& owner_;
  config::Config configured_;
  config::Config wanted_;  // with the groups of macvlans
  Reached reached_ = Reached::nothing;
};

Configurator::Configurator(const Dependencies& dependencies, const tandem::daemon::Options& options)
    : logger_(dependencies.logger),
      protocol_(dependencies.protocol),
      checkpoint_(dependencies.checkpoint),
      running_text_(dependencies.running_text),
      running_(dependencies.checkpoint.configuration().value_or(config::Config{})),
      filter_keeper_({.loop = dependencies.loop,
                      .logger = dependencies.logger,
                      .filter = dependencies.filter,
                      .protocol = dependencies.protocol,
                      .running = running_}),
      macvlan_groups_(dependencies.loop, dependencies.logger, dependencies.protocol, [this] { follow_macvlans(); }),
      log_settings_(dependencies.logger, options.program, writable_directories(options)) {}

void Configurator::start() {
  protocol_.start();
  started_ = true;
}

tandem::config::Applier::Preparation Configurator::prepare(const yang::Tree& candidate) {
  config::Config configured = config::from_yang(candidate);
  if (auto objections = config::check(configured); !objections.empty()) {
    return base::Unexpected<std::vector<tandem::config::Objection>>(std::move(objections));
  }
  return std::make_unique<PreparedChange>(*this, std::move(configured));
}

void Configurator::on_progress() { checkpoint_.management_alive(); }

// A gateway without its log file is better than none: neither a start nor a change of something else fails for it.
base::Result<> Configurator::apply_log(const tandem::config::Log& wanted) {
  auto applied = log_settings_.apply(wanted);
  if (applied) {
    return {};
  }
  if (started_ && wanted != running_.system.log) {
    return applied;
  }
  logger_.write<tandem::daemon::kLogFileNotOpened>(applied.error().message);
  tandem::config::Log without_file = wanted;
  without_file.file.reset();
  static_cast<void>(log_settings_.apply(without_file));
  return {};
}

// Belongs to no session's transaction: failures are logged.
void Configurator::follow_macvlans() {
  if (!configured_.autoconfigure) {
    return;
  }
  config::Config wanted = macvlan_groups_.add_to(configured_, debug_topics());
  const std::vector<config::Change> changes = config::plan(running_, wanted);
  if (changes.empty()) {
    return;
  }
  static_cast<void>(filter_keeper_.prepare(wanted));  // follow() logs a failure and tries again
  protocol_.apply(changes);
  running_ = std::move(wanted);
  save_checkpoint(running_text_());
  filter_keeper_.follow();
}

// The head makes it a text also if nothing is configured.
void Configurator::save_checkpoint(const std::string& text) {
  const bool saved = checkpoint_.save(running_, "!\n" + text);
  if (!saved && saved_) {
    logger_.write<kNotSaved>();
  }
  saved_ = saved;
}

std::set<config::DebugTopic> Configurator::debug_topics() const {
  std::set<config::DebugTopic> topics = running_.debug;
  topics.insert(volatile_debug_.begin(), volatile_debug_.end());
  return topics;
}

void Configurator::set_volatile_debug(const std::set<config::DebugTopic>& topics) {
  volatile_debug_ = topics;
  protocol_.set_debug(debug_topics());
}

}  // namespace tandem::vrrpd::daemon
