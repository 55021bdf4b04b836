// SPDX-License-Identifier: Apache-2.0
// Sessions that change the configuration side by side, on the real modules, with a daemon and time that the test holds.
#include "lib/config/transactions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "lib/config/fake_applier.h"
#include "lib/config/limits.h"

namespace tandem::config {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KeepingSink final : public log::Sink {
 public:
  explicit KeepingSink(std::vector<std::string>& lines) : lines_(lines) {}
  void write(const log::Record& record) override { lines_.push_back(fmt::format("{} {}", record.id, record.text)); }

 private:
  std::vector<std::string>& lines_;
};

constexpr std::string_view kStartup =
    "interface eth1\n vrrp 5 priority 100\n vrrp 5 ip 10.0.0.1\n vrrp 6 ip 10.0.0.2\n";

class TransactionsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tandem-transactions.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    logger_.add(std::make_unique<KeepingSink>(log_), log::Level::debugging);
    auto loaded = yang::Context::load(yang::default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
    start(std::string(kStartup));
  }
  void TearDown() override { fs::remove_all(directory_); }

  // A daemon that begins with this startup file; what ran before has ended without a word.
  void start(const std::string& text) {
    transactions_.reset();
    store_ = std::make_unique<Datastore>(*context_, applier_);
    history_ = std::make_unique<History>(directory_ / "commits", logger_);
    transactions_ = std::make_unique<Transactions>(*store_, *history_, logger_);
    log_.clear();
    ASSERT_TRUE(transactions_->start(caller(0, "vrrpd"), {.name = "vrrpd.conf", .text = text}));
  }

  Caller caller(SessionId session, const std::string& user) const {
    return {.session = session,
            .author = {user, static_cast<std::uint32_t>(1000 + session)},
            .now = now_,
            .wall_now = base::WallTime(now_.time_since_epoch())};
  }

  // What is refused, one string each; nothing: it was done.
  template <class Result>
  static std::vector<std::string> refusals(const Result& result) {
    std::vector<std::string> all;
    if (!result) {
      for (const Refusal& refusal : result.error()) {
        all.push_back(refusal.message);
      }
    }
    return all;
  }
  std::vector<cli::Edit> edits(std::string_view line) const {
    const auto effect = store_->commands().interpret({"interface eth1"}, line);
    EXPECT_TRUE(effect) << line;
    return effect ? effect->edits : std::vector<cli::Edit>();
  }

  // A line in `configure terminal`, below "interface eth1".
  std::vector<std::string> type(SessionId session, std::string_view line) {
    return refusals(transactions_->commit_line(caller(session, "anna"), std::string(line), edits(line)));
  }
  void open(SessionId session, const std::string& user, CandidateKind kind) {
    const auto opened = transactions_->open(caller(session, user), kind);
    ASSERT_TRUE(opened) << opened.error().message;
  }
  std::vector<std::string> edit(SessionId session, std::string_view line) {
    return refusals(transactions_->edit(session, edits(line)));
  }
  std::vector<std::string> commit(SessionId session, const CommitOptions& options = {}) {
    return refusals(transactions_->commit(caller(session, "anna"), options));
  }
  std::string running() const { return store_->print(); }
  std::vector<std::string> audit() const {
    std::vector<std::string> lines;
    std::ranges::copy_if(log_, std::back_inserter(lines), [](const std::string& line) {
      return line.starts_with("CONF-001") || line.starts_with("CONF-002") || line.starts_with("CONF-003");
    });
    return lines;
  }

  static constexpr auto kExclusive = CandidateKind::exclusive;
  static constexpr auto kPrivate = CandidateKind::private_copy;

  fs::path directory_;
  log::Logger logger_;
  std::vector<std::string> log_;
  FakeApplier applier_;
  std::unique_ptr<yang::Context> context_;
  std::unique_ptr<Datastore> store_;
  std::unique_ptr<History> history_;
  std::unique_ptr<Transactions> transactions_;
  base::TimePoint now_{std::chrono::hours(1)};
};

TEST_F(TransactionsTest, CandidateTakesEffectWholeAtCommit) {
  open(1, "anna", kPrivate);
  EXPECT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  EXPECT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  EXPECT_THAT(running(), HasSubstr("priority 100"));
  EXPECT_EQ(transactions_->diff(1),
            " interface eth1\n"
            "- vrrp 5 priority 100\n"
            "+ vrrp 5 priority 210\n"
            "- vrrp 6\n"
            "- vrrp 6 ip 10.0.0.2\n"
            " exit\n");
  EXPECT_TRUE(transactions_->uncommitted(1));
  const int applied = applier_.applied;
  EXPECT_THAT(commit(1, {.comment = "raise"}), IsEmpty());
  EXPECT_EQ(applier_.applied, applied + 1);
  EXPECT_EQ(running(), "interface eth1\n vrrp 5\n vrrp 5 priority 210\n vrrp 5 ip 10.0.0.1\nexit\n!\n");
  EXPECT_FALSE(transactions_->uncommitted(1));
  EXPECT_EQ(transactions_->diff(1), "");
  EXPECT_EQ(audit().back(), "CONF-001 commit 2 by anna (pid 1001): configure private, comment: raise");
}

TEST_F(TransactionsTest, CommentThatTheHistoryCannotKeepIsRefused) {
  open(1, "anna", kPrivate);
  EXPECT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  EXPECT_THAT(commit(1, {.comment = std::string(kMaxNote + 1, 'x')}), ElementsAre(HasSubstr("comment of 257 bytes")));
  EXPECT_TRUE(transactions_->uncommitted(1));
  EXPECT_THAT(commit(1, {.comment = std::string(kMaxNote, 'x')}), IsEmpty());
  EXPECT_EQ(history_->commits().back().comment, std::string(kMaxNote, 'x'));
}

TEST_F(TransactionsTest, ChangedVrfIsOneChangedLine) {
  EXPECT_TRUE(transactions_->commit_file(caller(0, "anna"), {.name = "f", .text = "interface eth1 vrf A\n"}));
  open(1, "anna", kPrivate);
  EXPECT_TRUE(transactions_->load(1, {.name = "f", .text = "interface eth1 vrf B\n"}));
  EXPECT_EQ(transactions_->diff(1), "-interface eth1 vrf A\n+interface eth1 vrf B\n exit\n");
}

TEST_F(TransactionsTest, WhatChangesNothingIsNoCommit) {
  EXPECT_THAT(type(1, "vrrp 5 priority 100"), IsEmpty());
  open(1, "anna", kPrivate);
  EXPECT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  EXPECT_THAT(edit(1, "vrrp 5 priority 100"), IsEmpty());
  EXPECT_FALSE(transactions_->uncommitted(1));
  const auto committed = transactions_->commit(caller(1, "anna"), {});
  ASSERT_TRUE(committed);
  EXPECT_EQ(committed->id, 0U);
  EXPECT_EQ(history_->commits().size(), 1U) << "the startup only";
}

TEST_F(TransactionsTest, ValueThatTheModelRefusesLeavesTheCandidateAsItWas) {
  open(1, "anna", kPrivate);
  EXPECT_THAT(edit(1, "vrrp 5 ip 224.0.0.1"),
              ElementsAre("vrrp 5 on eth1: a multicast address cannot be a virtual address (224.0.0.1)"));
  EXPECT_FALSE(transactions_->uncommitted(1));
}

TEST_F(TransactionsTest, CheckSaysWhatCommitWouldSay) {
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "vrrp 5 ipv6 2001:db8::1"), IsEmpty());
  EXPECT_THAT(refusals(transactions_->check(1)), IsEmpty());
  ASSERT_THAT(edit(1, "vrrp 5 version 2"), IsEmpty());
  const std::string refusal = "vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)";
  EXPECT_THAT(refusals(transactions_->check(1)), ElementsAre(refusal));
  EXPECT_THAT(commit(1), ElementsAre(refusal));
  EXPECT_TRUE(transactions_->uncommitted(1)) << "the operator corrects it and commits again";
  EXPECT_THAT(running(), Not(HasSubstr("2001")));
}

// The daemon refuses: nothing has happened, nothing is remembered, and the operator is told which object it was.
TEST_F(TransactionsTest, WhatTheKernelRefusesIsUndoneAndNamed) {
  const std::string before = running();
  applier_.failure = "vrrp 7 on eth1: cannot create vrrp4-3-7: Operation not permitted";
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "vrrp 7 ip 10.0.0.7"), IsEmpty());
  EXPECT_THAT(commit(1, {.confirm_within = minutes(5)}), ElementsAre(applier_.failure));
  EXPECT_EQ(running(), before);
  EXPECT_EQ(history_->commits().size(), 1U);
  EXPECT_FALSE(transactions_->probation().waiting());
  EXPECT_FALSE(history_->unconfirmed()) << "a restart has nothing to roll back";
  EXPECT_THAT(type(2, "vrrp 7 ip 10.0.0.7"), ElementsAre(applier_.failure));
  applier_.failure.clear();
  EXPECT_THAT(commit(1), IsEmpty()) << "the candidate is still there";
}

// ---- two sessions

TEST_F(TransactionsTest, ExclusiveSessionLocksEverybodyElseOut) {
  open(1, "anna", kExclusive);
  const std::string locked = "configuration is locked by anna (1001) since 1970-01-01T01:00:00Z";
  EXPECT_THAT(type(2, "vrrp 5 priority 1"), ElementsAre(locked));
  EXPECT_THAT(refusals(transactions_->commit_file(caller(0, "vrrpd"), {.name = "x", .text = "hostname r9\n"})),
              ElementsAre(locked));
  EXPECT_EQ(transactions_->open(caller(2, "bert"), kExclusive).error().message, locked);
  open(3, "bert", kPrivate);
  ASSERT_THAT(edit(3, "vrrp 5 priority 1"), IsEmpty());
  EXPECT_THAT(commit(3), ElementsAre(locked));
  EXPECT_THAT(refusals(transactions_->check(3)), ElementsAre(locked)) << "what a commit would say";
  ASSERT_THAT(edit(1, "vrrp 5 priority 7"), IsEmpty());
  EXPECT_THAT(commit(1), IsEmpty());
  transactions_->close(1);
  EXPECT_THAT(type(2, "vrrp 6 priority 2"), IsEmpty());
}

TEST_F(TransactionsTest, SessionThatEndsLosesItsCandidate) {
  open(1, "anna", kExclusive);
  ASSERT_THAT(edit(1, "vrrp 5 priority 7"), IsEmpty());
  transactions_->close(1);
  EXPECT_FALSE(transactions_->has_candidate(1));
  EXPECT_THAT(running(), HasSubstr("priority 100"));
  EXPECT_THAT(log_.back(), HasSubstr("uncommitted changes of anna (pid 1001) discarded"));
}

TEST_F(TransactionsTest, PrivateChangesOfTwoSessionsAreMerged) {
  open(1, "anna", kPrivate);
  open(2, "bert", kPrivate);
  ASSERT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  ASSERT_THAT(edit(2, "vrrp 5 advertisement-interval 500"), IsEmpty());
  ASSERT_THAT(edit(2, "vrrp 6 ip 10.0.0.3"), IsEmpty());
  ASSERT_THAT(commit(1), IsEmpty());
  EXPECT_THAT(transactions_->diff(2), Not(HasSubstr("priority"))) << "what others did is not undone";
  ASSERT_THAT(commit(2), IsEmpty());
  EXPECT_EQ(running(),
            "interface eth1\n vrrp 5\n vrrp 5 priority 210\n vrrp 5 advertisement-interval 500\n vrrp 5 ip 10.0.0.1\n"
            " vrrp 6\n vrrp 6 ip 10.0.0.2\n vrrp 6 ip 10.0.0.3\nexit\n!\n");
}

TEST_F(TransactionsTest, ConflictsNameTheObjectAndWhoDidIt) {
  struct Row {
    std::string_view theirs;
    std::string_view mine;
    std::string conflict;
  };
  const std::vector<Row> table = {
      {"vrrp 5 priority 150", "vrrp 5 priority 210",
       "vrrp 5 on eth1: priority changed here, changed by anna in commit 2"},
      {"no vrrp 5 priority", "vrrp 5 priority 210",
       "vrrp 5 on eth1: priority changed here, removed by anna in commit 2"},
      {"no vrrp 5", "vrrp 5 priority 210", "vrrp 5 on eth1: priority changed here, removed by anna in commit 2"},
      {"vrrp 5 priority 150", "no vrrp 5", "vrrp 5 on eth1: removed here, priority changed by anna in commit 2"},
      {"no interface eth1", "vrrp 5 priority 210",
       "vrrp 5 on eth1: priority changed here, interface eth1 removed by anna in commit 2"},
      {"vrrp 6 ip 10.0.0.2/24", "no vrrp 6 ip 10.0.0.2",
       "vrrp 6 on eth1: 10.0.0.2 removed here, prefix-length of 10.0.0.2 changed by anna in commit 2"},
      {"hostname r1", "hostname r2", "hostname: changed here, changed by anna in commit 2"},
  };
  for (const Row& row : table) {
    fs::remove_all(directory_ / "commits");
    start(std::string(kStartup));
    open(1, "bert", kPrivate);
    ASSERT_THAT(edit(1, row.mine), IsEmpty());
    ASSERT_THAT(type(2, row.theirs), IsEmpty()) << row.theirs;
    const std::string before = running();
    EXPECT_THAT(commit(1), ElementsAre(row.conflict, HasSubstr("`update`")));
    EXPECT_THAT(refusals(transactions_->check(1)), testing::Contains(row.conflict));
    EXPECT_THAT(transactions_->conflicts(1), ElementsAre(row.conflict));
    EXPECT_EQ(running(), before);
  }
}

TEST_F(TransactionsTest, TheSameChangeByTwoIsNoConflict) {
  for (const std::string_view line : {"vrrp 5 priority 150", "no vrrp 6", "vrrp 9 ip 10.0.0.9"}) {
    open(1, "bert", kPrivate);
    ASSERT_THAT(edit(1, line), IsEmpty());
    ASSERT_THAT(type(2, line), IsEmpty());
    EXPECT_THAT(commit(1), IsEmpty()) << line;
    transactions_->close(1);
  }
}

TEST_F(TransactionsTest, UpdateTakesOverWhatOthersDidAndSaysWhatIsLost) {
  open(1, "bert", kPrivate);
  ASSERT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  ASSERT_THAT(edit(1, "vrrp 6 priority 90"), IsEmpty());
  ASSERT_THAT(type(2, "vrrp 5 priority 150"), IsEmpty());
  EXPECT_THAT(transactions_->update(1), ElementsAre(HasSubstr("vrrp 5 on eth1: priority")));
  EXPECT_EQ(transactions_->diff(1), " interface eth1\n+ vrrp 6 priority 90\n exit\n");
  ASSERT_THAT(edit(1, "vrrp 5 priority 210"), IsEmpty());
  EXPECT_THAT(commit(1), IsEmpty()) << "now he knows";
  EXPECT_THAT(running(), HasSubstr("vrrp 5 priority 210"));
}

TEST_F(TransactionsTest, CandidatesAreLimited) {
  for (SessionId session = 1; session <= kMaxCandidates; ++session) {
    open(session, "anna", kPrivate);
  }
  EXPECT_FALSE(transactions_->open(caller(kMaxCandidates + 1, "bert"), kPrivate));
  transactions_->close(1);
  EXPECT_TRUE(transactions_->open(caller(kMaxCandidates + 1, "bert"), kPrivate));
}

// ---- back

TEST_F(TransactionsTest, RollbackMakesACandidateOfThePast) {
  ASSERT_THAT(type(1, "vrrp 5 priority 150"), IsEmpty());
  ASSERT_THAT(type(1, "no vrrp 6"), IsEmpty());
  open(2, "bert", kPrivate);
  ASSERT_TRUE(transactions_->rollback(2, 2));
  EXPECT_THAT(running(), HasSubstr("priority 150")) << "only commit makes it so";
  ASSERT_THAT(commit(2), IsEmpty());
  EXPECT_EQ(running(),
            "interface eth1\n vrrp 5\n vrrp 5 priority 100\n vrrp 5 ip 10.0.0.1\n vrrp 6\n vrrp 6 ip 10.0.0.2\n"
            "exit\n!\n");
  ASSERT_TRUE(transactions_->rollback(2, 1));
  ASSERT_THAT(commit(2), IsEmpty());
  EXPECT_THAT(running(), HasSubstr("priority 150")) << "back and forth";
  ASSERT_THAT(edit(2, "vrrp 5 priority 1"), IsEmpty());
  ASSERT_TRUE(transactions_->rollback(2, 0));
  EXPECT_FALSE(transactions_->uncommitted(2));
  EXPECT_FALSE(transactions_->touched(2));
  EXPECT_TRUE(transactions_->update(2).empty());
  EXPECT_FALSE(transactions_->touched(2)) << "nothing to lose, so nothing to ask";
  EXPECT_EQ(transactions_->rollback(2, 5).error().message, "there are 4 commits to go back to");
}

// ---- probation

TEST_F(TransactionsTest, UnconfirmedCommitIsRolledBackInTime) {
  const std::string before = running();
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  EXPECT_EQ(transactions_->probation().deadline(), now_ + minutes(5));
  transactions_->close(1);
  now_ += minutes(5) - seconds(1);
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_NE(running(), before);
  now_ += seconds(1);
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_EQ(running(), before);
  EXPECT_EQ(transactions_->probation().deadline(), std::nullopt);
  EXPECT_FALSE(history_->unconfirmed());
  EXPECT_EQ(audit().back(), "CONF-003 commit 3: rolled back commit 2 of anna, which was not confirmed in time");
  EXPECT_THAT(type(2, "vrrp 5 priority 9"), IsEmpty());
}

TEST_F(TransactionsTest, AnySessionConfirms) {
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  const std::string after = running();
  EXPECT_TRUE(transactions_->confirm(caller(2, "bert")));
  EXPECT_EQ(audit().back(), "CONF-002 commit 2 confirmed by bert (pid 1002)");
  now_ += minutes(10);
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_EQ(running(), after);
  EXPECT_EQ(transactions_->confirm(caller(2, "bert")).error().message, "no commit waits for a confirmation");
}

TEST_F(TransactionsTest, NothingElseChangesWhileACommitWaits) {
  open(1, "anna", kPrivate);
  open(2, "bert", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(edit(2, "vrrp 5 priority 9"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  const auto waits = ElementsAre(
      "commit 2 of anna (1001) waits for its confirmation until 1970-01-01T01:05:00Z: `commit confirm` it first");
  EXPECT_THAT(commit(2), waits);
  EXPECT_THAT(type(3, "vrrp 5 priority 9"), waits);
  EXPECT_THAT(type(1, "vrrp 5 priority 9"), waits);
  EXPECT_THAT(transactions_->probation().may_save().error().message, HasSubstr("waits for its confirmation"));
  ASSERT_THAT(edit(1, "vrrp 5 priority 8"), IsEmpty());
  EXPECT_THAT(commit(1), IsEmpty()) << "who goes on confirms";
  EXPECT_FALSE(transactions_->probation().waiting());
  EXPECT_TRUE(transactions_->probation().may_save());
  EXPECT_THAT(commit(2), Not(IsEmpty())) << "a conflict now";
}

TEST_F(TransactionsTest, SecondCommitOnProbationGoesBackToBeforeTheFirst) {
  const std::string before = running();
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  now_ += minutes(4);
  ASSERT_THAT(edit(1, "vrrp 5 priority 8"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  now_ += minutes(4);
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  EXPECT_EQ(transactions_->probation().deadline(), now_ + minutes(5)) << "more time, without a change";
  now_ += minutes(5);
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_EQ(running(), before);
}

TEST_F(TransactionsTest, ConfirmationThatDoesNotReachTheDiskIsNotSaidToBeOne) {
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  fs::remove(directory_ / "commits" / "unconfirmed.conf");
  fs::create_directory(directory_ / "commits" / "unconfirmed.conf");
  ASSERT_THAT(edit(1, "vrrp 5 priority 8"), IsEmpty());
  const auto committed = transactions_->commit(caller(1, "anna"), {});
  ASSERT_TRUE(committed);
  EXPECT_EQ(committed->confirmed, 0U);
  EXPECT_THAT(committed->warnings, ElementsAre(HasSubstr("commit 2 is not confirmed")));
  EXPECT_TRUE(transactions_->probation().waiting());
}

TEST_F(TransactionsTest, RestartRollsBackWhatWasNotConfirmedWhateverTheFileSays) {
  const std::string before = running();
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(5)}), IsEmpty());
  start("hostname other\n");
  EXPECT_EQ(running(), before);
  EXPECT_THAT(audit(), ElementsAre(HasSubstr("commit 3 by vrrpd"),
                                   "CONF-003 commit 3: rolled back commit 2 of anna, which was not confirmed before "
                                   "the daemon ended"));
  start("hostname other\n");
  EXPECT_EQ(running(), "hostname other\n!\n") << "once is enough";
}

TEST_F(TransactionsTest, RollbackThatIsRefusedIsTriedAgain) {
  const std::string before = running();
  open(1, "anna", kPrivate);
  ASSERT_THAT(edit(1, "no vrrp 6"), IsEmpty());
  ASSERT_THAT(commit(1, {.comment = "", .confirm_within = minutes(1)}), IsEmpty());
  now_ += minutes(1);
  applier_.failure = "no memory";
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_THAT(log_.back(), HasSubstr("CONF-004"));
  EXPECT_EQ(transactions_->probation().deadline(), now_ + kRollbackRetry);
  applier_.failure.clear();
  now_ += kRollbackRetry;
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_EQ(running(), before);
}

// ---- the disk

TEST_F(TransactionsTest, CommitIdsAscendAndRollbackWorksAcrossRestarts) {
  ASSERT_THAT(type(1, "vrrp 5 priority 150"), IsEmpty());
  start(std::string(kStartup));  // differs from what ran last: a commit
  ASSERT_THAT(type(1, "vrrp 5 priority 160"), IsEmpty());
  EXPECT_EQ(history_->commits().back().id, 4U);
  open(1, "anna", kPrivate);
  ASSERT_TRUE(transactions_->rollback(1, 2));
  ASSERT_THAT(commit(1), IsEmpty());
  EXPECT_THAT(running(), HasSubstr("priority 150"));
  start(running());
  EXPECT_EQ(history_->commits().back().id, 5U) << "the same as ran last is no commit";
}

TEST_F(TransactionsTest, FullDiskIsAWarningAndTheLastCommitsAreInMemory) {
  fs::remove_all(directory_ / "commits");  // as if it had been unmounted
  const auto committed = transactions_->commit_line(caller(1, "anna"), "x", edits("vrrp 5 priority 150"));
  ASSERT_TRUE(committed);
  EXPECT_THAT(committed->warnings, ElementsAre(HasSubstr("commit 2 is not in the history on the disk: cannot write")));
  EXPECT_THAT(running(), HasSubstr("priority 150"));
  for (std::size_t i = 0; i < kMaxCommitsInMemory; ++i) {
    ASSERT_THAT(type(1, fmt::format("vrrp 5 priority {}", i + 1)), IsEmpty());
  }
  open(1, "anna", kPrivate);
  EXPECT_TRUE(transactions_->rollback(1, kMaxCommitsInMemory - 1));
  EXPECT_THAT(transactions_->rollback(1, kMaxCommitsInMemory).error().message, HasSubstr("commit 2 is lost"));
  ASSERT_THAT(edit(1, "vrrp 5 priority 99"), IsEmpty());
  const auto on_probation = transactions_->commit(caller(1, "anna"), {.comment = "", .confirm_within = minutes(1)});
  ASSERT_TRUE(on_probation);
  EXPECT_THAT(on_probation->warnings, testing::Contains(HasSubstr("a restart of the daemon would not roll back")));
  now_ += minutes(1);
  transactions_->expire(caller(0, "vrrpd"));
  EXPECT_THAT(running(), Not(HasSubstr("priority 99")));
}

// ---- files

TEST_F(TransactionsTest, FileReplacesWithItsDifferenceAsOneCommit) {
  const int applied = applier_.applied;
  const File file{.name = "vrrpd.conf",
                  .text = "interface eth1\n vrrp 6 ip 10.0.0.2\n",
                  .reading = {.base = Datastore::Base::replaced}};
  EXPECT_THAT(refusals(transactions_->check_file(1, file)), IsEmpty());
  EXPECT_EQ(applier_.applied, applied);
  EXPECT_THAT(refusals(transactions_->commit_file(caller(0, "vrrpd"), file)), IsEmpty());
  EXPECT_EQ(applier_.applied, applied + 1);
  EXPECT_EQ(running(), "interface eth1\n vrrp 6\n vrrp 6 ip 10.0.0.2\nexit\n!\n");
  EXPECT_EQ(audit().back(), "CONF-001 commit 2 by vrrpd (pid 1000): file vrrpd.conf");
}

TEST_F(TransactionsTest, FileGoesIntoTheCandidateIfThereIsOne) {
  open(1, "anna", kPrivate);
  EXPECT_THAT(refusals(transactions_->load(1, {.name = "x", .text = "hostname r9\n"})), IsEmpty());
  EXPECT_EQ(transactions_->diff(1), "+hostname r9\n");
  EXPECT_THAT(refusals(transactions_->load(1, {.name = "x", .text = "hostname r8\nnonsense\n"})),
              ElementsAre(HasSubstr("nonsense")));
  EXPECT_EQ(transactions_->diff(1), "+hostname r9\n") << "whole or not at all";
}

TEST_F(TransactionsTest, RemovingWhatCannotBeIsRefusedInACandidateToo) {
  open(1, "anna", CandidateKind::private_copy);
  EXPECT_THAT(edit(1, "no vrrp 5 ip 10.0.0.1"), IsEmpty());
  for (const char* line : {"no vrrp 5 ip 127.0.0.1", "no vrrp 5 ip 224.0.0.1", "no vrrp 5 ipv6 ::", "no interface a:b",
                           "no interface a'\"b", "no interface \xff\xfe"}) {
    const auto refused = edit(1, line);
    ASSERT_THAT(refused, testing::SizeIs(1)) << line;
    EXPECT_EQ(refused, type(2, line)) << "in the same words as without a candidate";
  }
  EXPECT_THAT(commit(1), IsEmpty());
  EXPECT_THAT(store_->print(), Not(HasSubstr("10.0.0.1")));
}

TEST(Refusals, DoNotSpeakToATerminal) {
  EXPECT_EQ(text_of({{3, "Unknown command: \x1b[2J"}, {0, "\xff"}}, "a\x9b"),
            "a\\x9b:3: Unknown command: \\x1b[2J\na\\x9b: \\xff");
  EXPECT_EQ(text_of({{0, "a\nb"}}, ""), "% a\\x0ab");
}

}  // namespace
}  // namespace tandem::config
