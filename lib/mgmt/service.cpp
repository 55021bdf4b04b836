// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/service.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>

#include "lib/base/version.h"
#include "lib/config/limits.h"
#include "lib/ipc/error_text.h"
#include "lib/log/catalogue.h"
#include "lib/log/printable.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/messages.h"
#include "lib/os/paths.h"

namespace tandem::mgmt {
namespace {

const std::string kNotAllowed =
    fmt::format("% You are not allowed to do that: only root and members of group {} may configure", os::kAdminGroup);

// Each user's attempts are logged once in this time: a client in a loop must not fill the disk.
constexpr base::Duration kAttemptInterval = std::chrono::seconds(1);
constexpr std::size_t kMaxUsersOfAttempts = 256;

// The sink of a session that wants a copy of the log.
class LogCopySink : public log::Sink {
 public:
  explicit LogCopySink(ipc::Session& session) : session_(session) {}
  void write(const log::Record& record) override {
    session_.send({.id = 0, .body = ipc::LogLine{fmt::format("[{}] {}", record.id, record.text)}});
  }

 private:
  ipc::Session& session_;
};

// Rolls back by itself, without a session.
config::Caller the_daemon(const std::string& name) {
  return {.session = 0,
          .author = {name, static_cast<std::uint32_t>(::getpid())},
          .now = event::monotonic_now(),
          .wall_now = event::wall_now()};
}

// What the history calls the change that a line makes: the line, behind those that opened its mode. A line that opens a
// mode itself is the last of these already.
std::string title_of(const cli::Context& entered, const ipc::Execute& line) {
  const auto [mine, theirs] = std::ranges::mismatch(entered, line.context);
  const bool opens_mode = mine != entered.end();
  std::string where = fmt::format("{}", fmt::join(entered, " / "));
  if (opens_mode) {
    return where;
  }
  return where.empty() ? line.line : where + " / " + line.line;
}

}  // namespace

class Service::RequestOutput : public SessionOutput {
 public:
  RequestOutput(Service& service, ipc::Session& session, std::uint32_t request)
      : service_(service), session_(session), request_(request) {}
  void print(std::string text) override { session_.send({.id = request_, .body = ipc::Output{std::move(text)}}); }
  void copy_log(LogCopy wanted) override { service_.copy_log(session_, wanted); }

 private:
  Service& service_;
  ipc::Session& session_;
  std::uint32_t request_;
};

Service::Service(CommandContext context, DaemonCommands own, log::Logger& logger, event::Loop& loop)
    : context_(context),
      logger_(logger),
      commands_(std::move(context), own),
      highlights_(std::move(own.highlights)),
      attempts_(kAttemptInterval, kMaxUsersOfAttempts),
      confirmation_(loop, [this] {
        context_.transactions.expire(the_daemon(context_.daemon));
        watch_confirmation();
      }) {}

Service::~Service() {
  for (const auto& [session, sink] : log_copies_) {
    logger_.remove(sink);
  }
}

void Service::on_request(ipc::Session& session, const ipc::Request& request) {
  session.send(std::visit([&](const auto& body) { return answer(session, request.id, body); }, request.body));
  watch_confirmation();
}

void Service::watch_confirmation() {
  if (const auto deadline = context_.transactions.probation().deadline()) {
    confirmation_.set(*deadline);
  } else {
    confirmation_.cancel();
  }
}

void Service::on_closed(ipc::Session& session) {
  copy_log(session, SessionOutput::LogCopy::off);
  context_.transactions.close(session.id());
  sessions_.erase(session.id());
}

SessionState& Service::state_of(const ipc::Session& session) {
  return sessions_.try_emplace(session.id(), SessionState{session.id(), session.peer()}).first->second;
}

ipc::Done Service::done(const ipc::Session& session, std::string error) const {
  return {.ok = error.empty(),
          .error = std::move(error),
          .hostname = context_.control.hostname(),
          .context = {},
          .candidate = context_.transactions.has_candidate(session.id()),
          .uncommitted = context_.transactions.touched(session.id())};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Hello& hello) {
  if (hello.protocol_version != ipc::kProtocolVersion) {
    const auto why = fmt::format("{} speaks version {} of the management protocol, {} version {}: update the older one",
                                 context_.daemon, ipc::kProtocolVersion, hello.client, hello.protocol_version);
    return {id, done(session, ipc::encode_error(why))};
  }
  ipc::Welcome welcome{.daemon = context_.daemon,
                       .version = std::string(base::version()),
                       .hostname = context_.control.hostname(),
                       .may_configure = session.peer().may_configure,
                       .grammar = commands_.grammar(),
                       .highlights = highlights_,
                       .motd = context_.control.motd()};
  const auto& configuration = context_.datastore.commands().grammar().commands;
  welcome.grammar.commands.insert(welcome.grammar.commands.end(), configuration.begin(), configuration.end());
  return {id, std::move(welcome)};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Execute& execute) {
  if (execute.mode != "view" && !session.peer().may_configure) {
    return refuse(session, id, execute.line);
  }
  if (execute.mode.starts_with(cli::kConfigMode) && !commands_.understand(execute.mode, execute.line)) {
    return configure(session, id, execute);
  }
  RequestOutput output(*this, session, id);
  const auto result = commands_.execute({execute.mode, execute.line, execute.columns}, output, state_of(session));
  return {id, done(session, result ? std::string() : result.error().message)};
}

ipc::Reply Service::refuse(const ipc::Session& session, std::uint32_t id, const std::string& what) {
  const ipc::Peer& peer = session.peer();
  if (const auto suppressed = attempts_.pass(peer.user, event::monotonic_now())) {
    logger_.write<kRefused>(peer.user, peer.uid, peer.pid, log::cut(what, config::kMaxNote),
                            *suppressed == 0 ? "" : fmt::format(" ({} more since the last such line)", *suppressed));
  }
  return {id, done(session, kNotAllowed)};
}

ipc::Reply Service::configure(ipc::Session& session, std::uint32_t id, const ipc::Execute& line) {
  const auto effect = context_.datastore.commands().interpret(line.context, line.line);
  if (!effect) {
    return {id, done(session, effect.error().message)};
  }
  if (context_.transactions.has_candidate(session.id())) {
    return edit_candidate(session, id, *effect);
  }
  if (!effect->edits.empty()) {
    const auto committed =
        context_.transactions.commit_line(caller_of(state_of(session)), title_of(effect->entered, line), effect->edits);
    if (!committed) {
      return {id, done(session, text_of(committed.error(), {}))};
    }
    for (const std::string& warning : committed->warnings) {
      session.send({.id = id, .body = ipc::Output{"Warning: " + warning + "\n"}});
    }
  }
  ipc::Done reply = done(session);
  reply.context = effect->entered;
  return {id, std::move(reply)};
}

ipc::Reply Service::edit_candidate(const ipc::Session& session, std::uint32_t id,
                                   const cli::ConfigCommands::Effect& effect) {
  const auto edited = context_.transactions.edit(session.id(), effect.edits);
  ipc::Done reply = done(session, edited ? std::string() : text_of(edited.error(), {}));
  if (edited) {
    reply.context = effect.entered;
  }
  return {id, std::move(reply)};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Load& load) {
  if (!session.peer().may_configure) {
    return refuse(session, id, "load " + load.name);
  }
  if (load.separate) {
    return separate(session, id, load);
  }
  const auto loaded = load_file(state_of(session), load);
  if (!loaded) {
    return {id, done(session, text_of(loaded.error(), load.name))};
  }
  for (const std::string& warning : loaded->warnings) {
    session.send({.id = id, .body = ipc::Output{"Warning: " + warning + "\n"}});
  }
  if (!loaded->skipped.empty()) {
    session.send({.id = id, .body = ipc::Output{text_of(loaded->skipped, load.name) + "\n"}});
  }
  return {id, done(session)};
}

ipc::Reply Service::separate(ipc::Session& session, std::uint32_t id, const ipc::Load& load) {
  auto text = context_.transactions.separate({.name = load.name, .text = load.text});
  if (!text) {
    return {id, done(session, text_of(text.error(), load.name))};
  }
  session.send({.id = id, .body = ipc::Output{std::move(*text)}});
  return {id, done(session)};
}

// Into the candidate of the session; without one it takes effect at once; or it is only looked at.
config::CommitResult Service::load_file(const SessionState& session, const ipc::Load& load) {
  config::Transactions& transactions = context_.transactions;
  const config::File file{.name = load.name,
                          .text = load.text,
                          .reading = {.mode = load.lenient ? cli::Reading::lenient : cli::Reading::strict}};
  if (load.check_only) {
    return transactions.check_file(session.id, file);
  }
  if (transactions.has_candidate(session.id)) {
    return transactions.load(session.id, file);
  }
  return transactions.commit_file(caller_of(session), file);
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::LeaveConfiguration& leave) {
  config::Transactions& transactions = context_.transactions;
  if (!leave.discard && transactions.uncommitted(session.id())) {
    ipc::Done refused = done(session);
    refused.ok = false;
    return {id, std::move(refused)};
  }
  if (transactions.has_candidate(session.id())) {
    transactions.discard(session.id());
    transactions.close(session.id());
  }
  return {id, done(session)};
}

ipc::Reply Service::answer(ipc::Session&, std::uint32_t id, const ipc::Complete& complete) {
  if (complete.source != kMessageCompleter) {
    return {id, ipc::Completions{context_.control.completions(complete.source)}};
  }
  ipc::Completions ids;
  for (const log::Message* message : log::catalogue()) {
    ids.values.emplace_back(message->id);
  }
  return {id, std::move(ids)};
}

void Service::copy_log(ipc::Session& session, SessionOutput::LogCopy wanted) {
  const auto found = log_copies_.find(session.id());
  if (wanted == SessionOutput::LogCopy::on && found == log_copies_.end()) {
    log_copies_[session.id()] = logger_.add(std::make_unique<LogCopySink>(session), log::Level::debugging);
  } else if (wanted == SessionOutput::LogCopy::off && found != log_copies_.end()) {
    logger_.remove(found->second);
    log_copies_.erase(found);
  }
}

}  // namespace tandem::mgmt
