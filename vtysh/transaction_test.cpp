// SPDX-License-Identifier: Apache-2.0
// Candidates of `configure private|exclusive` in the shell: entering and leaving them, and no line past them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vtysh/files.h"
#include "vtysh/testing.h"

namespace tandem::vtysh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class TransactionTest : public ShellFixture {
 protected:
  TransactionTest() {
    daemon_.add_transactions();
    terminal_ = &operator_;
  }

  void open_candidate(Shell& shell) {
    run(shell, "configure private");
    EXPECT_EQ(shell.prompt(), "r1(config)# ");
    daemon_.requests.clear();
  }

  FakeTerminal operator_;
};

TEST_F(TransactionTest, ACommandOfTheDaemonEntersConfiguration) {
  Shell shell = start();
  EXPECT_EQ(run(shell, "conf ex"), "");
  EXPECT_EQ(result_, LineResult::ok);
  EXPECT_EQ(shell.prompt(), "r1(config)# ");
  run(shell, "interface eth1");
  EXPECT_EQ(shell.prompt(), "r1(config-if)# ");
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: conf ex", "[] interface eth1"));
}

TEST_F(TransactionTest, RefusedEntryStaysInEnableAndLeavesNoCandidateBehind) {
  Shell shell = start();
  daemon_.refusal = "% configuration is locked by alice";
  EXPECT_EQ(run(shell, "configure exclusive"), "% configuration is locked by alice\n");
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(shell.prompt(), "r1# ");
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: configure exclusive", "leave, discard"));
}

TEST_F(TransactionTest, PrivateNeedsEnableMode) {
  Shell shell = start(StartMode::view_only);
  EXPECT_THAT(run(shell, "configure private"), StartsWith("% Unknown command: configure private"));
}

TEST_F(TransactionTest, LeavingWithoutChangesAsksNothing) {
  for (const char* leave : {"exit", "end", "quit"}) {
    Shell shell = start();
    open_candidate(shell);
    EXPECT_EQ(run(shell, leave), "") << leave;
    EXPECT_EQ(shell.prompt(), "r1# ") << leave;
    EXPECT_THAT(daemon_.requests, ElementsAre("leave")) << leave;
  }
  EXPECT_EQ(operator_.questions, 0);
}

TEST_F(TransactionTest, AnswersOnLeavingWithChanges) {
  struct Case {
    Uncommitted answer;
    const char* prompt;
    const char* output;
    std::vector<std::string> requests;
  };
  const std::vector<Case> cases{
      {Uncommitted::stay, "r1(config-if)# ", "", {"leave"}},
      {Uncommitted::discard, "r1# ", "% Uncommitted changes are discarded\n", {"leave", "leave, discard"}},
      {Uncommitted::commit, "r1# ", "", {"leave", "config-if: commit", "leave, discard"}},
  };
  for (const Case& each : cases) {
    Shell shell = start();
    open_candidate(shell);
    run(shell, "interface eth1");
    run(shell, "vrrp 5 priority 210");
    daemon_.requests.clear();
    operator_.answer = each.answer;
    EXPECT_EQ(run(shell, "end"), each.output);
    EXPECT_EQ(shell.prompt(), each.prompt);
    EXPECT_EQ(daemon_.requests, each.requests);
    daemon_.uncommitted = false;
  }
  EXPECT_EQ(operator_.questions, 3);
}

TEST_F(TransactionTest, ChangesThatCameToNothingAreNotAskedAbout) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  daemon_.came_to_nothing = true;
  EXPECT_EQ(run(shell, "end"), "");
  EXPECT_EQ(shell.prompt(), "renamed# ");
  EXPECT_EQ(operator_.questions, 0);
}

TEST_F(TransactionTest, ACommitThatFailsOnLeavingStays) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  operator_.answer = Uncommitted::commit;
  daemon_.refusal = "% vrrp 5 on eth1: no";
  EXPECT_EQ(run(shell, "exit"), "% vrrp 5 on eth1: no\n");
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_THAT(shell.prompt(), HasSubstr("(config)# "));
  EXPECT_TRUE(daemon_.uncommitted) << "nothing is lost";
}

TEST_F(TransactionTest, ExitOfANestedModeAsksNothing) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "interface eth1");
  EXPECT_EQ(run(shell, "exit"), "");
  EXPECT_EQ(shell.prompt(), "r1(config)# ");
  EXPECT_EQ(operator_.questions, 0);
}

TEST_F(TransactionTest, AfterCommitThereIsNothingToAsk) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  EXPECT_EQ(run(shell, "commit comment a|b, please"), "");
  EXPECT_EQ(daemon_.requests.back(), "config: commit comment a|b, please") << "a bar in the comment is text";
  EXPECT_EQ(run(shell, "end"), "");
  EXPECT_EQ(operator_.questions, 0);
}

TEST_F(TransactionTest, TheEndOfTheInputAsksToo) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  EXPECT_FALSE(shell.close(out_)) << "stay";
  operator_.answer = Uncommitted::discard;
  EXPECT_TRUE(shell.close(out_));
  EXPECT_TRUE(shell.close(out_)) << "nothing is left to leave";
}

TEST_F(TransactionTest, WithoutAPersonChangesAreDiscardedAndItIsSaid) {
  terminal_ = nullptr;
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  EXPECT_TRUE(shell.close(out_));
  EXPECT_EQ(out_.take(), "% Uncommitted changes are discarded\n");
  EXPECT_FALSE(daemon_.candidate);
}

TEST_F(TransactionTest, LinesTypedAfterTheConnectionWasLostAreNotExecuted) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "interface eth1");
  daemon_.running = false;
  EXPECT_THAT(run(shell, "vrrp 5 priority 210"), HasSubstr("closed the connection"));
  daemon_.running = true;
  daemon_.candidate = daemon_.uncommitted = false;
  daemon_.requests.clear();
  EXPECT_THAT(run(shell, "vrrp 5 priority 210"), StartsWith("% The connection was lost"));
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(shell.prompt(), "r1# ");
  EXPECT_THAT(daemon_.requests, ElementsAre("leave, discard")) << "the running configuration was not touched";
}

constexpr const char* kHistory = "Rollback Commit What\n       0      7 configure private\n       1      6 startup\n";

// The next worker knows the result of the commit.
TEST_F(TransactionTest, ACommitWithoutAnAnswerIsFollowedByTheLastCommit) {
  daemon_.add("enable", "show configuration commits");
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  daemon_.breaks_off = true;
  daemon_.output = kHistory;
  EXPECT_EQ(run(shell, "commit"),
            "% /run/vrrpd.vty: the daemon closed the connection\n"
            "% If this took effect, it is the last commit, which is now:\n"
            "Rollback Commit What\n       0      7 configure private\n");
  EXPECT_EQ(result_, LineResult::failed);
  daemon_.candidate = daemon_.uncommitted = false;
  EXPECT_THAT(run(shell, "commit"), StartsWith("% The connection was lost"));
}

TEST_F(TransactionTest, ALineOfACandidateWithoutAnAnswerIsLostWithIt) {
  Shell shell = start();
  open_candidate(shell);
  daemon_.breaks_off = true;
  EXPECT_EQ(run(shell, "hostname x"), "% /run/vrrpd.vty: the daemon closed the connection\n");
  EXPECT_THAT(run(shell, "hostname y"), StartsWith("% The connection was lost, and the candidate with it"));
}

TEST_F(TransactionTest, ACandidateIsKnownToBeLostBeforeTheNextLineIsSent) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "hostname x");
  daemon_.replaced = true;
  daemon_.requests.clear();
  EXPECT_THAT(run(shell, "hostname y"), StartsWith("% The connection was lost, and the uncommitted changes with it"));
  EXPECT_EQ(shell.prompt(), "r1# ");
  EXPECT_THAT(daemon_.requests, ElementsAre("leave, discard"));
}

TEST_F(TransactionTest, WhereToLookForACommitOnProbationIsSaidWhenTheConnectionIsLost) {
  daemon_.add("config", "commit confirmed (1-65535)");
  daemon_.welcome.grammar.commands.back().kind = cli::CommandKind::operational;
  for (const bool confirmed : {false, true}) {
    Shell shell = start();
    open_candidate(shell);
    run(shell, "hostname x");
    run(shell, "commit confirmed 5");
    if (confirmed) {
      run(shell, "commit");
    }
    daemon_.replaced = true;
    const std::string said = run(shell, "hostname y");
    EXPECT_EQ(said.find("show configuration commits for the result") != std::string::npos, !confirmed) << said;
  }
}

TEST_F(TransactionTest, WithoutChangesNoneAreSaidToBeLostWithTheConnection) {
  Shell shell = start();
  open_candidate(shell);
  daemon_.running = false;
  run(shell, "show configuration diff");
  daemon_.running = true;
  EXPECT_THAT(run(shell, "end"), StartsWith("% The connection was lost, and the candidate with it"));
}

TEST_F(TransactionTest, FileLockCommitsOnLeaving) {
  terminal_ = nullptr;  // as a script
  Shell shell = start();
  run(shell, "configure terminal file-lock");
  EXPECT_EQ(shell.prompt(), "r1(config)# ");
  run(shell, "hostname x");
  daemon_.requests.clear();
  EXPECT_EQ(run(shell, "exit"), "");
  EXPECT_THAT(daemon_.requests, ElementsAre("leave", "config: commit", "leave, discard"));
  run(shell, "configure terminal file-lock");
  run(shell, "hostname y");
  daemon_.refusal = "% no";
  EXPECT_EQ(run(shell, "end"), "% no\n% Uncommitted changes are discarded\n");
}

TEST_F(TransactionTest, WhatShowsInConfigurationModesCanBeFiltered) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "interface eth1");
  EXPECT_EQ(run(shell, "show configuration diff | include two"), "line two\n");
  EXPECT_THAT(run(shell, "show configuration diff | grep"), StartsWith("% Unknown action 'grep'"));
  EXPECT_THAT(run(shell, "nonsense | include x"), StartsWith("% Unknown command: nonsense | include x"));
  EXPECT_THAT(shell.completions("show configuration diff | inc"), ElementsAre("include"));
  EXPECT_THAT(shell.completions("description a | inc"), IsEmpty());
}

TEST_F(TransactionTest, DoWorksInACandidate) {
  Shell shell = start();
  open_candidate(shell);
  run(shell, "interface eth1");
  EXPECT_EQ(run(shell, "do show vrrp"), "line one\nline two\n");
  EXPECT_EQ(shell.prompt(), "r1(config-if)# ");
  EXPECT_THAT(run(shell, "do configure terminal"), HasSubstr("has a candidate"));
}

}  // namespace
}  // namespace tandem::vtysh
