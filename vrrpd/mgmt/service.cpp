// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/service.h"

#include <fmt/ranges.h>

#include "vrrpd/mgmt/messages.h"

namespace tandem::vrrpd::mgmt {
namespace {

constexpr const char* kNotAllowed = "% You are not allowed to change the configuration";

// A terminal that monitors is a sink of the logger.
class MonitorSink : public log::Sink {
 public:
  explicit MonitorSink(ipc::Session& session) : session_(session) {}
  void write(const log::Record& record) override {
    session_.send({.id = 0, .body = ipc::LogLine{fmt::format("[{}] {}", record.id, record.text)}});
  }

 private:
  ipc::Session& session_;
};

// One line per refusal: "NAME:LINE: message" for those of a file.
std::string refusal_text(const std::vector<tandem::config::Refusal>& refusals, const std::string& name) {
  std::vector<std::string> lines;
  for (const tandem::config::Refusal& refusal : refusals) {
    if (name.empty()) {
      lines.push_back("% " + refusal.message);
    } else if (refusal.line == 0) {
      lines.push_back(name + ": " + refusal.message);
    } else {
      lines.push_back(fmt::format("{}:{}: {}", name, refusal.line, refusal.message));
    }
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

class Service::SessionTerminal : public Terminal {
 public:
  SessionTerminal(Service& service, ipc::Session& session, std::uint32_t request)
      : service_(service), session_(session), request_(request) {}
  void print(std::string text) override { session_.send({.id = request_, .body = ipc::Output{std::move(text)}}); }
  void monitor(Monitor wanted) override { service_.monitor(session_, wanted); }

 private:
  Service& service_;
  ipc::Session& session_;
  std::uint32_t request_;
};

Service::Service(CommandContext context, log::Logger& logger)
    : context_(context), logger_(logger), commands_(std::move(context)) {}

Service::~Service() {
  for (const auto& [session, sink] : monitors_) {
    logger_.remove(sink);
  }
}

void Service::on_request(ipc::Session& session, const ipc::Request& request) {
  session.send(std::visit([&](const auto& body) { return answer(session, request.id, body); }, request.body));
}

void Service::on_closed(ipc::Session& session) { monitor(session, Terminal::Monitor::off); }

ipc::Done Service::done(std::string error) const {
  return {.ok = error.empty(), .error = std::move(error), .hostname = context_.control.hostname(), .context = {}};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Hello& hello) {
  if (hello.protocol_version != ipc::kProtocolVersion) {
    return {id, done(fmt::format(
                    "% vrrpd speaks version {} of the management protocol, {} version {}: update the older one",
                    ipc::kProtocolVersion, hello.client, hello.protocol_version))};
  }
  ipc::Welcome welcome{.daemon = "vrrpd",
                       .version = TANDEM_VERSION,
                       .hostname = context_.control.hostname(),
                       .may_configure = session.peer().may_configure,
                       .grammar = commands_.grammar()};
  const auto& configuration = context_.datastore.commands().grammar().commands;
  welcome.grammar.commands.insert(welcome.grammar.commands.end(), configuration.begin(), configuration.end());
  return {id, std::move(welcome)};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Execute& execute) {
  if (execute.mode != "view" && !session.peer().may_configure) {
    logger_.write<kRefused>(session.peer().user, session.peer().uid, session.peer().pid, execute.line);
    return {id, done(kNotAllowed)};
  }
  SessionTerminal terminal(*this, session, id);
  const auto result = commands_.execute(execute.mode, execute.line, terminal);
  return {id, result ? done() : done(result.error().message)};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Configure& configure) {
  const ipc::Peer& peer = session.peer();
  if (!peer.may_configure) {
    logger_.write<kRefused>(peer.user, peer.uid, peer.pid, configure.line);
    return {id, done(kNotAllowed)};
  }
  const auto effect = context_.datastore.commands().interpret(configure.context, configure.line);
  if (!effect) {
    return {id, done(effect.error().message)};
  }
  if (!effect->edits.empty()) {
    if (const auto committed = context_.datastore.commit(effect->edits); !committed) {
      return {id, done(refusal_text(committed.error(), {}))};
    }
    std::string where = fmt::format("{}", fmt::join(effect->entered, " / "));
    logger_.write<kConfigured>(peer.user, peer.pid, where.empty() ? where : where + " / ", configure.line);
  }
  ipc::Done reply = done();
  reply.context = effect->entered;
  return {id, std::move(reply)};
}

ipc::Reply Service::answer(ipc::Session& session, std::uint32_t id, const ipc::Load& load) {
  const ipc::Peer& peer = session.peer();
  if (!peer.may_configure) {
    logger_.write<kRefused>(peer.user, peer.uid, peer.pid, "load " + load.name);
    return {id, done(kNotAllowed)};
  }
  const auto loaded = context_.datastore.load(load.text, {.replace = false, .check_only = load.check_only});
  if (!loaded) {
    return {id, done(refusal_text(loaded.error(), load.name))};
  }
  if (!load.check_only) {
    logger_.write<kLoaded>(load.name, peer.user, peer.pid);
  }
  return {id, done()};
}

ipc::Reply Service::answer(ipc::Session&, std::uint32_t id, const ipc::Complete& complete) {
  ipc::Completions completions;
  if (complete.source == "interface") {
    completions.values = context_.control.interface_names();
  } else if (complete.source == "vrid") {
    std::set<unsigned> vrids;
    for (const GroupView& group : context_.control.groups({})) {
      vrids.insert(group.config.vrid.value());
    }
    for (const unsigned vrid : vrids) {
      completions.values.push_back(std::to_string(vrid));
    }
  }
  return {id, std::move(completions)};
}

void Service::monitor(ipc::Session& session, Terminal::Monitor wanted) {
  const auto found = monitors_.find(session.id());
  if (wanted == Terminal::Monitor::on && found == monitors_.end()) {
    monitors_[session.id()] = logger_.add(std::make_unique<MonitorSink>(session), log::Level::debugging);
  } else if (wanted == Terminal::Monitor::off && found != monitors_.end()) {
    logger_.remove(found->second);
    monitors_.erase(found);
  }
}

}  // namespace tandem::vrrpd::mgmt
