// SPDX-License-Identifier: Apache-2.0
// Candidates, commits and the history of commits. What they do is config::Transactions; here are their words.
#include <charconv>

#include "lib/event/loop.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/table.h"

namespace tandem::mgmt {
namespace {

using config::CandidateKind;
using config::Committed;
using config::Transactions;

constexpr const char* kNoCandidate = "% There is no candidate: `configure private` or `configure exclusive` makes one";
constexpr const char* kAtOnce =
    "% In `configure terminal` each line takes effect at once: candidates are made by `configure private` or "
    "`configure exclusive`";

template <class Error>
base::Unexpected<base::Error> refuse(const Error& refused) {
  if constexpr (std::is_same_v<Error, base::Error>) {
    return base::fail("% {}", refused.message);
  } else {
    return base::fail("{}", config::text_of(refused, {}));
  }
}

// Any failure of Transactions, as a shell shows it.
template <class Result>
base::Result<> shown(const Result& result) {
  return result ? base::Result<>() : base::Result<>(refuse(result.error()));
}

unsigned number_of(const cli::Bindings& bindings, std::string_view name) {
  unsigned number = 0;
  if (const std::string* text = bindings.find(name)) {
    std::from_chars(text->data(), text->data() + text->size(), number);
  }
  return number;
}

bool has_candidate(const Invocation& in) { return in.context.transactions.has_candidate(in.session.id); }

base::Result<> open_candidate(const Invocation& in, CandidateKind kind) {
  Transactions& transactions = in.context.transactions;
  if (const auto opened = transactions.open(caller_of(in.session), kind); !opened) {
    return refuse(opened.error());
  }
  if (const auto may = transactions.may_change(in.session.id, Transactions::ChangeKind::candidate); !may) {
    in.output.print("Note: " + may.error().message + "\n");
  }
  return {};
}

base::Result<> configure_private(const Invocation& in) { return open_candidate(in, CandidateKind::private_copy); }
base::Result<> configure_exclusive(const Invocation& in) { return open_candidate(in, CandidateKind::exclusive); }

void print_committed(const Invocation& in, const Committed& committed, bool on_probation) {
  for (const std::string& warning : committed.warnings) {
    in.output.print("Warning: " + warning + "\n");
  }
  if (committed.confirmed != 0) {
    in.output.print(fmt::format("Commit {} is confirmed.\n", committed.confirmed));
  }
  if (committed.id == 0) {
    in.output.print(committed.confirmed != 0 ? "" : "Nothing to commit: the candidate is what is running.\n");
  } else if (on_probation) {
    in.output.print(
        fmt::format("Commit {} takes effect; it is rolled back at {}, unless `commit confirm` is given before.\n",
                    committed.id, config::to_string(in.context.transactions.probation().waiting()->wall_deadline)));
  } else {
    in.output.print(fmt::format("Commit {} takes effect.\n", committed.id));
  }
}

base::Result<> commit(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kAtOnce);
  }
  config::CommitOptions options;
  if (const std::string* comment = in.bindings.find("comment-text")) {
    options.comment = *comment;
  }
  if (in.bindings.has("minutes")) {
    options.confirm_within = std::chrono::minutes(number_of(in.bindings, "minutes"));
  }
  const auto committed = in.context.transactions.commit(caller_of(in.session), options);
  if (!committed) {
    return refuse(committed.error());
  }
  print_committed(in, *committed, options.confirm_within.has_value());
  return {};
}

base::Result<> commit_check(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kAtOnce);
  }
  if (const auto valid = in.context.transactions.check(in.session.id); !valid) {
    return refuse(valid.error());
  }
  in.output.print("The candidate can be committed.\n");
  return {};
}

base::Result<> commit_confirm(const Invocation& in) {
  const auto waiting = in.context.transactions.probation().waiting();
  if (const auto confirmed = in.context.transactions.confirm(caller_of(in.session)); !confirmed) {
    return refuse(confirmed.error());
  }
  in.output.print(fmt::format("Commit {} is confirmed.\n", waiting->commit.id));
  return {};
}

base::Result<> discard(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kAtOnce);
  }
  in.context.transactions.discard(in.session.id);
  return {};
}

base::Result<> update(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kAtOnce);
  }
  for (const std::string& lost : in.context.transactions.update(in.session.id)) {
    in.output.print("Not kept: " + lost + "\n");
  }
  return {};
}

base::Result<> rollback(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kAtOnce);
  }
  return shown(in.context.transactions.rollback(in.session.id, number_of(in.bindings, "(0-99)")));
}

base::Result<> show_diff(const Invocation& in) {
  if (!has_candidate(in)) {
    return base::fail("{}", kNoCandidate);
  }
  in.output.print(in.context.transactions.diff(in.session.id));
  for (const std::string& conflict : in.context.transactions.conflicts(in.session.id)) {
    in.output.print("Conflict: " + conflict + "\n");
  }
  return {};
}

base::Result<> show_commits(const Invocation& in) {
  const auto& commits = in.context.transactions.history().commits();
  std::vector<std::vector<std::string>> rows;
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    rows.push_back({std::to_string(rows.size()), std::to_string(commit->id), config::to_string(commit->when),
                    commit->author.user, commit->what + (commit->comment.empty() ? "" : ": ") + commit->comment});
  }
  const std::vector<Column> columns{{"Rollback", Align::right}, {"Commit", Align::right}, {"Time"}, {"User"}, {"What"}};
  in.output.print(print_table(columns, rows, kUnlimited));
  if (const auto& waiting = in.context.transactions.probation().waiting()) {
    in.output.print(fmt::format("Commit {} is rolled back at {}, unless `commit confirm` is given before.\n",
                                waiting->commit.id, config::to_string(waiting->wall_deadline)));
  }
  return {};
}

base::Result<> show_rollback(const Invocation& in) {
  const auto text = in.context.transactions.history().text(number_of(in.bindings, "(0-99)"));
  if (!text) {
    return refuse(text.error());
  }
  in.output.print(*text);
  return {};
}

}  // namespace

config::Caller caller_of(const SessionState& session) {
  return {.session = session.id,
          .author = {session.peer.user, session.peer.pid},
          .now = event::monotonic_now(),
          .wall_now = event::wall_now()};
}

CommandSet configuration_commands() {
  return {
      .rows =
          {
              {Access::enable, "configure private", configure_private, "config"},
              {Access::enable, "configure exclusive", configure_exclusive, "config"},
              {Access::config, "commit [confirmed (1-1440)] [comment LINE...]", commit},
              {Access::config, "commit check", commit_check},
              {Access::config, "commit confirm", commit_confirm},
              {Access::enable, "commit confirm", commit_confirm},
              {Access::config, "discard", discard},
              {Access::config, "rollback (0-99)", rollback},
              {Access::config, "update", update},
              {Access::config, "show configuration diff", show_diff},
              {Access::enable, "show configuration diff", show_diff},
              {Access::config, "show configuration commits", show_commits},
              {Access::enable, "show configuration commits", show_commits},
              {Access::config, "show configuration rollback (0-99)", show_rollback},
              {Access::enable, "show configuration rollback (0-99)", show_rollback},
          },
      .helps =
          {
              {"configure", "Configuration from this terminal"},
              {"private", "A candidate of this session; changes of others are merged at commit"},
              {"exclusive", "A candidate of this session; no other session can change the configuration"},
              {"commit", "Make the candidate the running configuration"},
              {"confirmed", "Roll back unless `commit confirm` is given in time"},
              {"(1-1440)", "Minutes", "minutes"},
              {"comment", "Say why, for `show configuration commits`"},
              {"LINE...", "Text", "comment-text"},
              {"check", "Say what a commit would say"},
              {"confirm", "Keep the commit that waits for its confirmation"},
              {"discard", "Begin again with the running configuration"},
              {"rollback", "The configuration as it was some commits ago"},
              {"(0-99)", "Commits ago; 0 is the running configuration"},
              {"update", "Take over what others have committed since"},
              {"diff", "What a commit would change"},
              {"commits", "Who changed the configuration, when and why"},
          },
  };
}

}  // namespace tandem::mgmt
