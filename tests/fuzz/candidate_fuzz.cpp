// SPDX-License-Identifier: Apache-2.0
// Two sessions that change the configuration side by side, on the real model. Input: lines. The first character of each
// line selects the action: `1` or `2` types the rest in that session, `t` lets so many minutes pass, `f` makes the
// daemon refuse the next change. A session types a command of configuration_commands.cpp, `load` with a file whose
// lines end in `;`, `leave`, or a line of the configuration. The process does not abort. A refused change has a reason
// and changes nothing in the running configuration. The running configuration can be printed and loaded again.
#include <array>
#include <charconv>

#include "lib/config/transactions.h"
#include "tests/fuzz/config_properties.h"

namespace tandem::fuzz {
namespace {

constexpr std::size_t kMaxSteps = 64;
constexpr std::string_view kStartup =
    "interface eth1\n vrrp 5 priority 100\n vrrp 5 ip 10.0.0.1\n vrrp 6 ipv6 2001:db8::1\ninterface eth2\n vrrp 5 ip "
    "10.1.0.1\n";

unsigned number(std::string_view text, unsigned limit) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value % limit;
}

// Returns the rest of the line after `words`, if the line begins with them.
std::optional<std::string_view> rest_of(std::string_view line, std::string_view words) {
  return line.starts_with(words) ? std::optional(line.substr(words.size())) : std::nullopt;
}

class Sessions {
 public:
  Sessions() { require(transactions_.start(caller(0), file(kStartup)).has_value(), "the startup file is taken"); }

  void step(std::string_view line) {
    if (line.empty()) {
      return;
    }
    const char who = line.front();
    line.remove_prefix(1);
    if (who == 't') {
      now_ += std::chrono::minutes(number(line, 2000));
      transactions_.expire(caller(0));
    } else if (who == 'f') {
      daemon_.refuse_next = true;
    } else {
      type(who == '2' ? 2 : 1, line);
    }
  }

  void end() {
    daemon_.refuse_next = false;
    now_ += std::chrono::hours(48);
    transactions_.expire(caller(0));
    require(!transactions_.probation().waiting(), "what is not confirmed is rolled back");
    for (const config::SessionId session : {1U, 2U}) {
      transactions_.close(session);
    }
    check_reloads(store_, store_.print());
    check_reloads(store_, store_.running().to_json(false));
  }

 private:
  config::Caller caller(config::SessionId session) const {
    return {.session = session,
            .author = {"user", static_cast<std::uint32_t>(session)},
            .now = now_,
            .wall_now = base::WallTime(now_.time_since_epoch())};
  }
  static config::File file(std::string_view text) {
    config::File made{.name = "file", .text = std::string(text)};
    std::ranges::replace(made.text, ';', '\n');
    return made;
  }

  void type(config::SessionId session, std::string_view line) {
    const std::string before = store_.print();
    const bool refused =
        transactions_.has_candidate(session) ? !type_in_candidate(session, line) : !type_at_once(session, line);
    require(!refused || store_.print() == before, "what is refused changes nothing", line);
  }

  // Returns false if it was refused.
  bool type_at_once(config::SessionId session, std::string_view line) {
    contexts_.at(session).clear();
    if (line == "configure private" || line == "configure exclusive") {
      const auto kind =
          line == "configure private" ? config::CandidateKind::private_copy : config::CandidateKind::exclusive;
      return transactions_.open(caller(session), kind).has_value();
    }
    if (line == "commit confirm") {
      return transactions_.confirm(caller(session)).has_value();
    }
    if (const auto text = rest_of(line, "load ")) {
      transactions_.check_file(session, file(*text));
      return ok(transactions_.commit_file(caller(session), file(*text)));
    }
    const auto effect = interpret(session, line);
    return effect && ok(transactions_.commit_line(caller(session), std::string(line), effect->edits));
  }

  bool type_in_candidate(config::SessionId session, std::string_view line) {
    if (line == "leave") {
      transactions_.close(session);
      return true;
    }
    if (line == "discard") {
      transactions_.discard(session);
      require(transactions_.diff(session).empty(), "nothing is changed after discard");
      return true;
    }
    if (line == "update") {
      transactions_.update(session);
      require(transactions_.conflicts(session).empty(), "nothing contradicts after update");
      return true;
    }
    if (line == "show configuration diff") {
      transactions_.diff(session);
      transactions_.conflicts(session);
      return true;
    }
    if (const auto ago = rest_of(line, "rollback ")) {
      return transactions_.rollback(session, number(*ago, 100)).has_value();
    }
    if (const auto text = rest_of(line, "load ")) {
      return ok(transactions_.load(session, file(*text)));
    }
    if (line.starts_with("commit")) {
      return commit(session, line);
    }
    const auto effect = interpret(session, line);
    return effect && ok(transactions_.edit(session, effect->edits));
  }

  bool commit(config::SessionId session, std::string_view line) {
    if (line == "commit confirm") {
      return transactions_.confirm(caller(session)).has_value();
    }
    if (line == "commit check") {
      return ok(transactions_.check(session));
    }
    config::CommitOptions options;
    if (const auto minutes = rest_of(line, "commit confirmed ")) {
      options.confirm_within = std::chrono::minutes(1 + number(*minutes, 1440));
    } else if (const auto comment = rest_of(line, "commit comment ")) {
      options.comment = *comment;
    }
    if (!ok(transactions_.commit(caller(session), options))) {
      return false;
    }
    require(transactions_.diff(session).empty(), "nothing is left to commit", line);
    return true;
  }

  base::Result<cli::ConfigCommands::Effect> interpret(config::SessionId session, std::string_view line) {
    auto effect = store_.commands().interpret(contexts_.at(session), line);
    if (effect) {
      contexts_.at(session) = effect->entered;
    }
    return effect;
  }

  template <class Result>
  static bool ok(const Result& result) {
    require(result || !result.error().empty(), "a refusal has a reason");
    return result.has_value();
  }

  DryDaemon daemon_;
  log::Logger logger_;
  config::Datastore store_{*Model::instance().context, daemon_};
  config::History history_{"", logger_};
  config::Transactions transactions_{store_, history_, logger_};
  std::array<cli::Context, 3> contexts_;
  base::TimePoint now_{};
};

}  // namespace
}  // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem::fuzz;
  if (size > kMaxInput) {
    return -1;
  }
  std::string_view text = text_of(data, size);
  Sessions sessions;
  for (std::size_t step = 0; step < kMaxSteps && !text.empty(); ++step) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    sessions.step(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  sessions.end();
  return 0;
}
