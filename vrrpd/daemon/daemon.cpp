// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/daemon.h"

#include <unistd.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/version.h"
#include "lib/config/salvage.h"
#include "lib/daemon/messages.h"
#include "lib/os/file.h"
#include "lib/os/hostname.h"
#include "lib/os/paths.h"
#include "lib/os/sysctl.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/description.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

namespace {

constexpr const char* kRunningConfiguration = "the running configuration of the worker before";
constexpr const char* kLastCommit = "the last commit before the crash";

// The name of the session when the daemon itself changes the configuration.
tandem::config::Caller itself() {
  return {.session = 0,
          .author = {kProgram, static_cast<std::uint32_t>(::getpid())},
          .now = event::monotonic_now(),
          .wall_now = event::wall_now()};
}

}  // namespace

Daemon::Daemon(const Surroundings& surroundings, tandem::daemon::Options options, const yang::Context& context)
    : loop_(surroundings.loop),
      logger_(surroundings.logger),
      log_(surroundings.log),
      options_(std::move(options)),
      protocol_(surroundings.protocol_loop, surroundings.runtime, [this] { on_progress(); }),
      filter_keeper_(surroundings.logger, surroundings.filter, protocol_),
      filter_timer_(surroundings.loop, [this] { follow_filter(); }),
      filter_retry_(kFilterRetry),
      checkpoint_(surroundings.checkpoint),
      log_settings_(surroundings.logger, kProgram, tandem::daemon::writable_directories(options_)),
      datastore_(context, *this),
      history_(tandem::daemon::history_directory(options_), surroundings.logger),
      transactions_(datastore_, history_, surroundings.logger),
      next_look_(surroundings.loop, [this] { follow_macvlans(); }) {
  if (checkpoint_.configuration()) {
    config_ = *checkpoint_.configuration();  // the protocol has it already
  }
}

Daemon::~Daemon() = default;

base::Result<std::unique_ptr<Daemon>> Daemon::open(const Surroundings& surroundings,
                                                   const tandem::daemon::Options& options,
                                                   const yang::Context& context) {
  std::unique_ptr<Daemon> daemon(new Daemon(surroundings, options, context));
  const tandem::mgmt::CommandContext commands{.daemon = kProgram,
                                              .control = *daemon,
                                              .datastore = daemon->datastore_,
                                              .transactions = daemon->transactions_,
                                              .config_file = options.config_file,
                                              .user = options.account.user};
  daemon->service_ = std::make_unique<tandem::mgmt::Service>(commands, mgmt::daemon_commands(), surroundings.logger,
                                                             surroundings.loop);
  daemon->server_ = TANDEM_TRY(ipc::Server::open(surroundings.loop, surroundings.logger,
                                                 {.path = os::socket_path(options.socket_directory, kProgram),
                                                  .admin_group = os::kAdminGroup,
                                                  .socket = surroundings.listening},
                                                 *daemon->service_));
  return daemon;
}

// What ran when the former worker ended, saved or not, comes before what the file says.
base::Result<tandem::config::File> Daemon::first_configuration() const {
  if (checkpoint_.configuration() && !checkpoint_.text().empty()) {
    return tandem::config::File{.name = kRunningConfiguration,
                                .text = checkpoint_.text(),
                                .reading = {.base = tandem::config::Datastore::Base::replaced}};
  }
  if (checkpoint_.last_end() && !history_.commits().empty()) {  // there was no room for it in memory, or it was damaged
    if (auto text = history_.text(0)) {
      return tandem::config::File{.name = kLastCommit,
                                  .text = std::move(*text),
                                  .reading = {.base = tandem::config::Datastore::Base::replaced}};
    }
  }
  auto text = os::read_file(options_.config_file);
  if (!text) {
    if (text.error().code != ENOENT || options_.config_file_given) {
      return base::Unexpected<base::Error>(text.error());
    }
    logger_.write<kNoConfig>(options_.config_file);
  }
  return startup_file(text.value_or(""));
}

base::Result<> Daemon::load_configuration() {
  const auto file = TANDEM_TRY(first_configuration());
  const auto loaded = load_first(file);
  if (!loaded) {
    return base::fail("{}", text_of(loaded.error(), file.name));
  }
  report_skipped(loaded->skipped);
  protocol_.start();
  started_ = true;
  warn_if_not_forwarding();
  logger_.write<kStarted>(base::version(), group_count(), file.name);
  return {};
}

// What ran before may be another version's text. It runs: that is better than what cannot be loaded.
tandem::config::CommitResult Daemon::load_first(const tandem::config::File& file) {
  const tandem::config::Load load = [this](const tandem::config::File& each) {
    return transactions_.start(itself(), each);
  };
  if (file.name == options_.config_file) {
    return load(file);
  }
  tandem::config::Salvaged salvaged = tandem::config::salvage(file, load);
  for (const tandem::config::Refusal& line : salvaged.left_out) {
    logger_.write<kNotOfThisVersion>(tandem::config::text_of({line}, file.name));
  }
  return std::move(salvaged.loaded);
}

void Daemon::reload() {
  auto text = os::read_file(options_.config_file);
  if (!text) {
    logger_.write<kReloadRefused>(text.error().message);
    return;
  }
  const auto loaded = transactions_.commit_file(itself(), startup_file(std::move(*text)));
  if (!loaded) {
    report_refused(loaded.error());
    return;
  }
  report_skipped(loaded->skipped);
  logger_.write<kReloaded>(options_.config_file);
}

// One record for each, as many as a log should take.
void Daemon::report_refused(const std::vector<tandem::config::Refusal>& refusals) const {
  for (const tandem::config::Refusal& refusal : refusals | std::views::take(kMaxReloadErrors)) {
    logger_.write<kReloadRefused>(tandem::config::text_of({refusal}, options_.config_file));
  }
  if (refusals.size() > kMaxReloadErrors) {
    logger_.write<kReloadRefused>(
        fmt::format("{} more errors, which `vrrpd -C` lists", refusals.size() - kMaxReloadErrors));
  }
}

// The file is the whole configuration: what it does not say is removed.
tandem::config::File Daemon::startup_file(std::string text) const {
  return {.name = options_.config_file,
          .text = std::move(text),
          .reading = {.base = tandem::config::Datastore::Base::replaced, .mode = options_.reading}};
}

void Daemon::report_skipped(const std::vector<tandem::config::Refusal>& skipped) const {
  for (const tandem::config::Refusal& line : skipped) {
    logger_.write<kSkipped>(tandem::config::text_of({line}, options_.config_file));
  }
}

std::vector<std::string> Daemon::check(const yang::Tree& candidate) {
  checked_ = config::from_yang(candidate);
  return config::check(*checked_);
}

void Daemon::on_progress() { checkpoint_.management_alive(); }

base::Result<> Daemon::apply(const tandem::config::Configuration& candidate) {
  TANDEM_INVARIANT(checked_);
  config::Config configured = *std::exchange(checked_, std::nullopt);
  config::Config wanted = with_macvlans(configured);
  // At start a gateway that accepts too much is better than none.
  if (auto filtered = filter_keeper_.prepare(wanted); !filtered && started_) {
    return filtered;  // nothing has been touched
  }
  if (const auto logging = log_settings_.apply(wanted.system.log); !logging) {
    if (started_ && wanted.system.log != config_.system.log) {
      follow_filter();
      return logging;
    }
    go_on_without_log_file(wanted.system.log, logging.error());
  }
  const std::vector<config::Change> changes = config::plan(config_, wanted);
  protocol_.apply(changes);
  const std::string& text = candidate.text();  // made while the kernel is at work
  on_progress();
  if (started_) {
    if (auto settled = protocol_.await_settled(changes); !settled) {
      undo(wanted);
      return settled;
    }
  }
  configured_ = std::move(configured);
  config_ = std::move(wanted);
  save_checkpoint(text);
  on_progress();
  protocol_.set_debug(debug_topics());
  follow_filter();
  return {};
}

// A gateway without its log file is better than none: a start must not fail for it, nor that of the next worker.
void Daemon::go_on_without_log_file(tandem::config::Log wanted, const base::Error& error) {
  logger_.write<tandem::daemon::kLogFileNotOpened>(error.message);
  wanted.file.reset();
  static_cast<void>(log_settings_.apply(wanted));
}

// Changes come in swarms: one look for all of a swarm.
void Daemon::on_surroundings() { follow_filter_at(event::monotonic_now() + kFilterDelay); }

void Daemon::follow_filter_at(base::TimePoint when) {
  if (!filter_due_ || when < *filter_due_) {
    filter_due_ = when;
    filter_timer_.set(when);
  }
}

void Daemon::follow_filter() {
  filter_due_.reset();
  if (filter_keeper_.follow(config_)) {
    filter_retry_ = kFilterRetry;
    return;
  }
  follow_filter_at(event::monotonic_now() + filter_retry_);
  filter_retry_ = std::min<base::Duration>(2 * filter_retry_, kLongestFilterRetry);
}

// No session's transaction: what cannot be had is logged.
void Daemon::follow_macvlans() {
  if (!configured_.autoconfigure) {
    return;
  }
  config::Config wanted = with_macvlans(configured_);
  const std::vector<config::Change> changes = config::plan(config_, wanted);
  if (changes.empty()) {
    return;
  }
  static_cast<void>(filter_keeper_.prepare(wanted));  // if it cannot be, follow_filter() says so and tries again
  protocol_.apply(changes);
  config_ = std::move(wanted);
  save_checkpoint(datastore_.print());
  follow_filter();
}

// The head makes it a text also if nothing is configured.
void Daemon::save_checkpoint(const std::string& text) {
  const bool saved = checkpoint_.save(config_, "!\n" + text);
  if (!saved && saved_) {
    logger_.write<kNotSaved>();
  }
  saved_ = saved;
}

config::Config Daemon::with_macvlans(const config::Config& configured) {
  next_look_.cancel();
  if (!configured.autoconfigure) {
    macvlans_.forget_all();
    left_out_.clear();
    return configured;
  }
  const std::vector<io::ForeignMacvlan> found = protocol_.foreign_macvlans();
  const std::vector<io::ForeignMacvlan> counting = macvlans_.look(found, event::monotonic_now());
  if (const auto next = macvlans_.next_look()) {
    next_look_.set(*next);
  }
  Autoconfigured result = autoconfigured(configured, counting);
  log_macvlans(found, result.left_out);
  return std::move(result.config);
}

void Daemon::log_macvlans(const std::vector<io::ForeignMacvlan>& found, const std::vector<std::string>& left_out) {
  if (debug_topics().contains(config::DebugTopic::autoconfigure)) {
    for (const io::ForeignMacvlan& macvlan : found) {
      logger_.write<kDebugMacvlan>(macvlan.name, macvlan.parent, macvlan.vrid.value(), base::to_string(macvlan.family),
                                   macvlan.addresses.size());
    }
  }
  for (const std::string& reason : left_out) {
    if (!left_out_.contains(reason)) {
      logger_.write<kLeftOut>(reason);
    }
  }
  left_out_ = {left_out.begin(), left_out.end()};
}

// Back from what was applied in part to what runs.
void Daemon::undo(const config::Config& applied) {
  protocol_.apply(config::plan(applied, config_));
  if (const auto logging = log_settings_.apply(config_.system.log); !logging) {
    logger_.write<kLogNotRestored>(logging.error().message);
  }
  follow_filter();
}

std::vector<mgmt::GroupView> Daemon::groups(const mgmt::GroupFilter& filter) const {
  std::vector<mgmt::GroupView> views;
  for (const auto& [name, interface] : config_.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      if (filter.takes(name, vrid)) {
        views.push_back({.interface = name, .config = group, .v4 = {}, .v6 = {}});
      }
    }
  }
  protocol_.view(views);
  return views;
}

// Of both families, whether they exist or not.
std::vector<config::RouterKey> Daemon::routers(const mgmt::GroupFilter& filter) const {
  std::vector<config::RouterKey> keys;
  for (const auto& [name, interface] : config_.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      if (filter.takes(name, vrid)) {
        keys.push_back({name, vrid, core::Family::ipv4});
        keys.push_back({name, vrid, core::Family::ipv6});
      }
    }
  }
  return keys;
}

std::vector<mgmt::HistoryEntry> Daemon::history(const mgmt::GroupFilter& filter) const {
  return protocol_.history(routers(filter));
}

void Daemon::clear_statistics(const mgmt::GroupFilter& filter) { protocol_.clear_statistics(routers(filter)); }

bool Daemon::interface_exists(const std::string& name) const {
  return config_.interfaces.contains(name) || protocol_.interface_exists(name);
}

std::vector<std::string> Daemon::interface_names() const { return protocol_.interface_names(); }

std::vector<mgmt::InterfaceView> Daemon::interfaces() const {
  std::vector<mgmt::InterfaceView> interfaces = protocol_.interfaces();
  std::ranges::sort(interfaces, {}, &mgmt::InterfaceView::name);
  return interfaces;
}

std::string Daemon::hostname() const { return config_.system.hostname.value_or(os::hostname()); }

std::optional<std::string> Daemon::motd() const {
  return tandem::config::motd_text(config_.system.motd, readable_directories(options_));
}

tandem::mgmt::LogView Daemon::logging() const {
  const tandem::config::Log& log = config_.system.log;
  const auto level = log.file ? std::optional(log.file->level) : std::nullopt;
  const tandem::config::LogSettings::Dropped dropped = log_settings_.dropped();
  const std::uint64_t dropped_by_option = logger_.dropped(log_.handle_of_option);
  return {.destinations = {{"Option --log", options_.log_target, options_.log_level, dropped_by_option},
                           {"File logging", log.file ? log.file->path : "", level, dropped.file},
                           {"Stdout logging", "", log.standard_output, dropped.standard_output},
                           {"Syslog logging", "", log.syslog, dropped.syslog}},
          .dropped = log_.backlog.dropped(),
          .lines = {log_.last_lines.lines().begin(), log_.last_lines.lines().end()}};
}

std::string Daemon::incidents() const {
  const auto end = checkpoint_.last_end();
  if (!end) {
    return {};
  }
  return fmt::format("Worker replaced {} time(s), last at {}: {}{}\n", checkpoint_.replacements(),
                     tandem::config::to_string(base::WallTime(base::Duration(end->wall_time))),
                     supervisor::to_string(*end), end->fenced != 0 ? ", its virtual routers resigned" : "");
}

std::set<config::DebugTopic> Daemon::debug_topics() const {
  std::set<config::DebugTopic> topics = config_.debug;
  topics.insert(volatile_debug_.begin(), volatile_debug_.end());
  return topics;
}

void Daemon::set_volatile_debug(const std::set<config::DebugTopic>& topics) {
  volatile_debug_ = topics;
  protocol_.set_debug(debug_topics());
}

base::Result<> Daemon::start_recording(const std::string& file) {
  if (const auto current = recording()) {
    return base::fail("a recording to {} is going on", *current);
  }
  recording_ = TANDEM_TRY(RecordingFile::create(logger_, file, tandem::daemon::writable_directories(options_)));
  const auto take = [&loop = loop_, to = recording_](std::string text) {
    const bool room = to->reserve(text.size());
    if (room) {
      loop.post([to, text = std::move(text)] { to->append(text); });
    }
    return room;
  };
  protocol_.start_recording(take, routers({}));
  return {};
}

base::Result<> Daemon::stop_recording() {
  if (!recording()) {
    return base::fail("nothing is being recorded");
  }
  protocol_.stop_recording();
  recording_.reset();  // what is on its way will still be written
  return {};
}

std::optional<std::string> Daemon::recording() const {
  return recording_ != nullptr && !recording_->has_ended() ? std::optional(recording_->path()) : std::nullopt;
}

std::size_t Daemon::group_count() const {
  std::size_t count = 0;
  for (const auto& [name, interface] : config_.interfaces) {
    count += interface.groups.size();
  }
  return count;
}

// A gateway that does not forward is the commonest mistake of a first set-up, and silent otherwise.
void Daemon::warn_if_not_forwarding() const {
  bool ipv4 = false;
  bool ipv6 = false;
  for (const auto& [name, interface] : config_.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      ipv4 = ipv4 || !group.ipv4.empty();
      ipv6 = ipv6 || !group.ipv6.empty();
    }
  }
  if (ipv4 && os::read_sysctl("net/ipv4/ip_forward").value_or("1") == "0") {
    logger_.write<kForwardingOff>("IPv4");
  }
  if (ipv6 && os::read_sysctl("net/ipv6/conf/all/forwarding").value_or("1") == "0") {
    logger_.write<kForwardingOff>("IPv6");
  }
}

}  // namespace tandem::vrrpd::daemon
