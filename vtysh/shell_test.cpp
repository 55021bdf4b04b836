// SPDX-License-Identifier: Apache-2.0
#include "vtysh/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "vtysh/files.h"
#include "vtysh/script.h"
#include "vtysh/suggest.h"
#include "vtysh/testing.h"

namespace tandem::vtysh {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using ShellTest = ShellFixture;

TEST_F(ShellTest, PromptsFollowTheModes) {
  Shell shell = start();
  const std::vector<std::pair<const char*, const char*>> steps{
      {"", "r1# "},
      {"configure terminal", "r1(config)# "},
      {"interface eth1", "r1(config-if)# "},
      {"exit", "r1(config)# "},
      {"interface eth1", "r1(config-if)# "},
      {"end", "r1# "},
      {"conf t", "r1(config)# "},
      {"quit", "r1# "},
      {"disable", "r1> "},
      {"enable", "r1# "},
      {"end", "r1# "},
  };
  for (const auto& [line, prompt] : steps) {
    EXPECT_EQ(run(shell, line), "") << line;
    EXPECT_EQ(shell.prompt(), prompt) << "after " << line;
  }
  run(shell, "exit");
  EXPECT_EQ(result_, LineResult::leave);
}

TEST_F(ShellTest, LinesReachTheDaemonWithModeAndContext) {
  Shell shell = start();
  for (const char* line : {"show vrrp", "sh vr 5", "configure terminal", "interface eth1", "vrrp 5 priority 210",
                           "do show running-config", "interface eth2", "exit", "hostname x"}) {
    run(shell, line);
    EXPECT_EQ(result_, LineResult::ok) << line;
  }
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: show vrrp", "enable: sh vr 5", "[] interface eth1",
                                            "[interface eth1] vrrp 5 priority 210", "enable: show running-config",
                                            "[interface eth1] interface eth2", "[] hostname x"));
}

TEST_F(ShellTest, CommandOfAnEnclosingModeMovesTheSessionThere) {
  Shell shell = start();
  run(shell, "configure terminal");
  run(shell, "interface eth1");
  EXPECT_EQ(run(shell, "hostname renamed"), "");
  EXPECT_EQ(shell.prompt(), "renamed(config)# ");
}

TEST_F(ShellTest, ShowNeedsDoInConfiguration) {
  Shell shell = start();
  run(shell, "configure terminal");
  EXPECT_THAT(run(shell, "show vrrp"), StartsWith("% Unknown command: show vrrp"));
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(run(shell, "do show vrrp"), "line one\nline two\n");
  EXPECT_EQ(run(shell, "do show vrrp | include two"), "line two\n");
}

TEST_F(ShellTest, ErrorsAreFrrsFirstLines) {
  Shell shell = start();
  EXPECT_THAT(run(shell, "show nonsense"), StartsWith("% Unknown command: show nonsense"));
  EXPECT_THAT(run(shell, "show vrrp interface"), StartsWith("% Command incomplete: show vrrp interface"));
  EXPECT_THAT(run(shell, "show v"), StartsWith("% Ambiguous command: show v"));
  EXPECT_TRUE(daemon_.requests.empty());
}

TEST_F(ShellTest, LineOfAnotherModeIsToldWhereItBelongs) {
  Shell shell = start();
  EXPECT_THAT(run(shell, "hostname x"), EndsWith("\nknown in config mode, after: configure terminal\n"));
  EXPECT_THAT(run(shell, "description x"),
              EndsWith("\nknown in config-if mode, after: configure terminal, interface IFNAME\n"));
  EXPECT_THAT(run(shell, "nonsense"), Not(HasSubstr("\nknown in ")));
  run(shell, "configure terminal");
  EXPECT_THAT(run(shell, "description x"), EndsWith("\nknown in config-if mode, after: interface IFNAME\n"));
  run(shell, "interface eth1");
  EXPECT_THAT(run(shell, "show vrrp"), EndsWith("\nknown in enable mode, from here: do show vrrp\n"));
  EXPECT_EQ(run(shell, "do show vrrp"), "line one\nline two\n");
}

TEST_F(ShellTest, ViewerIsToldWhatKeepsHimFromACommand) {
  {
    Shell shell = start();
    run(shell, "disable");
    EXPECT_THAT(run(shell, "show running-config"), EndsWith("\nnot in view mode: type enable first\n"));
  }
  Shell shell = start(StartMode::view_only);
  EXPECT_THAT(run(shell, "hostname x"), EndsWith("\nnot in view mode: vtysh was started with -u\n"));
}

TEST_F(ShellTest, DaemonsThatAnswerAreShownAsFrrShowsThem) {
  Shell shell = start();
  EXPECT_EQ(run(shell, "show daemons"), " vrrpd\n");
}

TEST_F(ShellTest, RefusalOfTheDaemonIsPrintedAndKeepsTheMode) {
  Shell shell = start();
  run(shell, "configure terminal");
  run(shell, "interface eth1");
  daemon_.refusal = "% vrrp 5 on eth1: no";
  EXPECT_EQ(run(shell, "vrrp 5 priority 1"), "% vrrp 5 on eth1: no\n");
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(shell.prompt(), "r1(config-if)# ");
}

TEST_F(ShellTest, WhoMayNotConfigureStaysInViewAndIsToldWhy) {
  daemon_.welcome.may_configure = false;
  Shell shell = start();
  EXPECT_EQ(shell.prompt(), "r1> ");
  EXPECT_THAT(run(shell, "enable"), HasSubstr("only root and members of group tandem"));
  EXPECT_THAT(run(shell, "configure terminal"), HasSubstr("only root and members of group tandem"));
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(run(shell, "show vrrp"), "line one\nline two\n");
  const std::string answer = run(shell, "show running-config");
  EXPECT_THAT(answer, StartsWith("% Unknown command"));
  EXPECT_THAT(answer, EndsWith("\nnot in view mode: only root and members of group tandem may configure\n"));
  EXPECT_EQ(run(shell, "nonsense").substr(0, 17), "% Unknown command");
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: enable", "enable: configure terminal", "view: show vrrp",
                                            "enable: show running-config"))
      << "for the log: who tried what";
}

TEST_F(ShellTest, OptionUStaysInView) {
  Shell shell = start(StartMode::view_only);
  EXPECT_EQ(shell.prompt(), "r1> ");
  EXPECT_THAT(run(shell, "enable"), HasSubstr("started with -u"));
  EXPECT_EQ(shell.prompt(), "r1> ");
}

TEST_F(ShellTest, Filters) {
  Shell shell = start();
  daemon_.output = "alpha\nbeta\ngamma\ndelta";  // the last line without newline
  const std::vector<std::pair<const char*, const char*>> cases{
      {"show vrrp | include ^.e", "beta\ndelta\n"},    {"show vrrp|include mm", "gamma\n"},
      {"show vrrp | i alpha|gamma", "alpha\ngamma\n"}, {"show vrrp | exclude a$", ""},
      {"show vrrp | begin gam", "gamma\ndelta\n"},     {"show vrrp | count e", "2\n"},
      {"show vrrp | include e | exclude l", "beta\n"}, {"show vrrp | exclude beta | count .", "3\n"},
  };
  for (const auto& [line, expected] : cases) {
    EXPECT_EQ(run(shell, line), expected) << line;
    EXPECT_EQ(result_, LineResult::ok) << line;
  }
}

TEST_F(ShellTest, BadFiltersAreErrorsAndNothingIsAsked) {
  Shell shell = start();
  EXPECT_THAT(run(shell, "show vrrp | grep x"), StartsWith("% Unknown action 'grep'"));
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(run(shell, "show vrrp | include"), "% Need a regexp to filter with\n");
  EXPECT_THAT(run(shell, "show vrrp | include ("), StartsWith("% Bad regexp '('"));
  EXPECT_THAT(run(shell, "show vrrp |"), StartsWith("% Need an action"));
  EXPECT_THAT(run(shell, "| include x"), StartsWith("% Need a command"));
  EXPECT_TRUE(daemon_.requests.empty());
}

TEST_F(ShellTest, ExpressionsMayHaveBarsOfTheirOwn) {
  daemon_.add("enable", "show yang operational-data XPATH...");
  Shell shell = start();
  EXPECT_EQ(run(shell, "show yang operational-data //a[b = '5'] | //c|//d"), "line one\nline two\n");
  EXPECT_EQ(run(shell, "show yang operational-data //a | //c | include one | count ."), "1\n");
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: show yang operational-data //a[b = '5'] | //c|//d",
                                            "enable: show yang operational-data //a | //c"));
}

TEST_F(ShellTest, PipeToJsonIsAWordOfTheCommand) {
  Shell shell = start();
  run(shell, "show vrrp | json");
  run(shell, "show vrrp|json | include two");
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: show vrrp json", "enable: show vrrp json"));
}

TEST_F(ShellTest, BarInAConfigurationLineIsText) {
  Shell shell = start();
  run(shell, "configure terminal");
  run(shell, "interface eth1");
  EXPECT_EQ(run(shell, "description a|b | include c"), "");
  EXPECT_EQ(daemon_.requests.back(), "[interface eth1] description a|b | include c");
}

TEST_F(ShellTest, CommentsAndBlankLinesDoNothing) {
  Shell shell = start();
  for (const char* line : {"", "   ", "! comment", " # comment", "!"}) {
    EXPECT_EQ(run(shell, line), "");
    EXPECT_EQ(result_, LineResult::ok);
  }
  EXPECT_TRUE(daemon_.requests.empty());
}

TEST_F(ShellTest, HelpListsWhatMayFollowWithLiveValues) {
  Shell shell = start();
  const std::string help = shell.help("show vrrp ");
  EXPECT_THAT(help, StartsWith("  <cr>"));
  EXPECT_THAT(help, HasSubstr("\n  (1-255)"));
  EXPECT_THAT(shell.help("show vrrp interface "), HasSubstr("\n     eth0 eth1\n"));
  EXPECT_EQ(shell.help("nonsense "), "% There is no matched command.\n");
  EXPECT_THAT(shell.help("show vrrp | "), HasSubstr("  include"));
}

TEST(Fold, LongHelpGoesOnBelowItsColumn) {
  EXPECT_EQ(fold("  a    one two three\n  bcd  four\n", 15), "  a    one two\n       three\n  bcd  four\n");
  EXPECT_EQ(fold("     10 20 30 40\n", 10), "     10 20\n     30 40\n");
  EXPECT_EQ(fold("  a    onetwothreefourfive\n", 15), "  a    onetwothreefourfive\n");
  EXPECT_EQ(fold("", 80), "");
}

TEST_F(ShellTest, CompletionsOfKeywordsValuesAndFilters) {
  Shell shell = start();
  EXPECT_THAT(shell.completions("show ver"), ElementsAre("version"));
  EXPECT_THAT(shell.completions("show vrrp interface "), ElementsAre("eth0", "eth1"));
  EXPECT_THAT(shell.completions("show vrrp interface eth1"), ElementsAre("eth1"));
  EXPECT_THAT(shell.completions("show vrrp |inc"), ElementsAre("include"));
  run(shell, "configure terminal");
  EXPECT_THAT(shell.completions("do show ver"), ElementsAre("version"));
  EXPECT_THAT(shell.completions("inter"), ElementsAre("interface"));
}

TEST_F(ShellTest, CompletionsOfFileNames) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "vtysh_completions";
  std::filesystem::create_directories(folder / "saved");
  for (const char* name : {"one.conf", "other.conf", ".hidden"}) {
    std::ofstream(folder / name) << "!";
  }
  Shell shell = start();
  const std::string typed = "copy " + folder.string() + "/";
  EXPECT_THAT(shell.completions(typed + "on"), ElementsAre(folder / "one.conf"));
  EXPECT_THAT(shell.completions(typed),
              ElementsAre(folder / "one.conf", folder / "other.conf", folder.string() + "/saved/"));
  EXPECT_THAT(shell.completions(typed + "x"), IsEmpty());
  EXPECT_THAT(shell.completions("copy /nonexistent/"), IsEmpty());
  EXPECT_THAT(shell.help(typed), Not(HasSubstr("one.conf"))) << "the names may be thousands";
  std::filesystem::remove_all(folder);
}

// Ctrl-C in the middle of an output.
TEST_F(ShellTest, InterruptionIsALineOfItsOwn) {
  struct LateInterrupt : FakeTerminal {
    bool interrupted() const override { return questioned++ > 0; }
    mutable int questioned = 0;
  };
  const std::vector<std::pair<const char*, const char*>> cases{{"half a li", "half a li\n% Interrupted\n"},
                                                               {"a line\n", "a line\n\n% Interrupted\n"}};
  for (const auto& [output, expected] : cases) {
    LateInterrupt terminal;
    terminal_ = &terminal;
    daemon_.output = output;
    Shell shell = start();
    EXPECT_EQ(run(shell, "show vrrp"), expected);
  }
}

TEST_F(ShellTest, LiveScreenIsMadeForTheTerminal) {
  daemon_.add("enable", "monitor vrrp");
  daemon_.welcome.grammar.commands.back().kind = cli::CommandKind::live;
  FakeTerminal terminal;
  terminal.width = 132;
  terminal_ = &terminal;
  Shell shell = start();
  EXPECT_EQ(run(shell, "monitor vrrp"), "");
  EXPECT_THAT(terminal.shown, ElementsAre("line one\nline two\n"));
  EXPECT_EQ(daemon_.columns, 132U);
  for (const char* const refusal : {"% no", "no"}) {
    daemon_.refusal = refusal;
    EXPECT_EQ(run(shell, "monitor vrrp"), "% no\n");
    EXPECT_EQ(result_, LineResult::failed);
  }
}

TEST_F(ShellTest, ListFindAndHistory) {
  Shell shell = start();
  EXPECT_THAT(run(shell, "list"), HasSubstr("    show vrrp [interface IFNAME] [(1-255)] [json]\n"));
  EXPECT_EQ(run(shell, "find ^(hostname|vrrp)"),
            "  (config)  hostname WORD\n  (config-if)  vrrp (1-255) priority (1-254)\n");
  EXPECT_THAT(run(shell, "list permutations"),
              HasSubstr("    show vrrp interface IFNAME (1-255)\n    show vrrp interface "
                        "IFNAME (1-255) json\n    show vrrp interface IFNAME json\n"));
  EXPECT_EQ(run(shell, "show history"), "  list\n  find ^(hostname|vrrp)\n  list permutations\n  show history\n");
}

TEST_F(ShellTest, LostDaemonIsReportedAndTheNextCommandConnectsAgain) {
  Shell shell = start();
  daemon_.running = false;
  EXPECT_THAT(run(shell, "show vrrp"), HasSubstr("the daemon closed the connection"));
  EXPECT_THAT(run(shell, "show vrrp"), HasSubstr("/run/vrrpd.vty"));
  EXPECT_EQ(result_, LineResult::failed);
  EXPECT_EQ(run(shell, "list").empty(), false) << "own commands need no daemon";
  daemon_.running = true;
  EXPECT_EQ(run(shell, "show vrrp"), "line one\nline two\n");
  EXPECT_EQ(shell.prompt(), "r1# ");
}

TEST_F(ShellTest, ALineWithoutAnAnswerIsFollowedByTheLastCommit) {
  daemon_.add("enable", "show configuration commits");
  Shell shell = start();
  run(shell, "configure terminal");
  daemon_.breaks_off = true;
  daemon_.output = "Rollback Commit What\n       0      7 hostname x\n       1      6 startup\n";
  EXPECT_THAT(run(shell, "hostname x"), HasSubstr("it is the last commit, which is now:\n"
                                                  "Rollback Commit What\n       0      7 hostname x\n"));
  EXPECT_EQ(result_, LineResult::failed);
  daemon_.running = false;
  EXPECT_THAT(run(shell, "hostname x"),
              HasSubstr("% It is not known whether this took effect: see show configuration commits\n"));
}

TEST_F(ShellTest, WhatShowsChangesNothingAndWhatDoesCanBeTypedAgain) {
  daemon_.add("enable", "clear vrrp statistics");
  Shell shell = start();
  daemon_.breaks_off = true;
  EXPECT_EQ(run(shell, "show vrrp"), "% /run/vrrpd.vty: the daemon closed the connection\n");
  daemon_.breaks_off = true;
  EXPECT_THAT(run(shell, "clear vrrp statistics"),
              HasSubstr("% It is not known whether this was done: type it again\n"));
}

TEST_F(ShellTest, ALineAfterAWorkerWasReplacedIsExecuted) {
  Shell shell = start();
  run(shell, "configure terminal");
  run(shell, "interface eth1");
  daemon_.replaced = true;
  daemon_.requests.clear();
  EXPECT_EQ(run(shell, "vrrp 5 priority 210"), "");
  EXPECT_THAT(daemon_.requests, ElementsAre("[interface eth1] vrrp 5 priority 210"));
}

TEST_F(ShellTest, MonitoringIsAskedForAgainAfterTheDaemonWasLost) {
  Shell shell = start();
  run(shell, "terminal monitor");
  EXPECT_TRUE(shell.monitoring());
  daemon_.running = false;
  run(shell, "show version");
  daemon_.running = true;
  daemon_.requests.clear();
  run(shell, "show version");
  EXPECT_THAT(daemon_.requests, ElementsAre("view: terminal monitor", "enable: show version"));
  run(shell, "no terminal monitor");
  EXPECT_FALSE(shell.monitoring());
}

TEST_F(ShellTest, TerminalLength) {
  Shell shell = start();
  EXPECT_EQ(shell.page_length(), std::nullopt);
  run(shell, "terminal length 0");
  EXPECT_EQ(shell.page_length(), 0U);
  run(shell, "terminal no length");
  EXPECT_EQ(result_, LineResult::failed);
  run(shell, "no terminal length");
  EXPECT_EQ(shell.page_length(), std::nullopt);
}

TEST_F(ShellTest, FirstErrorStopsAScript) {
  Shell shell = start();
  EXPECT_EQ(run_lines(shell, "show version\nnonsense\nshow vrrp\n", Trace{}, out_), LineResult::failed);
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: show version"));
}

TEST_F(ShellTest, ScriptPrintsHelpForAQuestionMarkAndEchoes) {
  Shell shell = start();
  EXPECT_EQ(run_lines(shell, "show vrrp ?", Trace{.echo = Echo::commands}, out_), LineResult::ok);
  EXPECT_THAT(out_.take(), StartsWith("r1# show vrrp ?\n  <cr>"));
}

TEST(Files, HomeDirectoriesAreExpanded) {
  const char* const home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  ::setenv("HOME", "/home/anna", 1);
  EXPECT_EQ(expanded("~/a.conf"), "/home/anna/a.conf");
  EXPECT_EQ(expanded("~"), "/home/anna");
  EXPECT_EQ(expanded("~root/a.conf"), ::getpwuid(0)->pw_dir + std::string("/a.conf"));
  EXPECT_EQ(expanded("~nobody-has-this-name/a.conf"), "~nobody-has-this-name/a.conf");
  EXPECT_EQ(expanded("a~/b"), "a~/b");
  ::setenv("HOME", before.c_str(), 1);
}

TEST_F(ShellTest, FileOfAViewerIsRefusedWhateverItsSize) {
  const std::string path = testing::TempDir() + "/vtysh_viewer.conf";
  std::ofstream(path) << std::string(100'000, '!');
  daemon_.welcome.may_configure = false;
  daemon_.refusal = "% not allowed";
  ASSERT_TRUE(daemons_.connect());
  EXPECT_EQ(load_file(daemons_, path, {}).error().message, "% not allowed");
  EXPECT_EQ(daemon_.loaded, "") << "the daemon takes no large message from a viewer";
  std::filesystem::remove(path);
}

TEST_F(ShellTest, MissingFileIsNamedAndNothingIsLoaded) {
  ASSERT_TRUE(daemons_.connect());
  const auto loaded = load_file(daemons_, "/nonexistent/file.conf", {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "cannot open /nonexistent/file.conf: No such file or directory");
  EXPECT_TRUE(daemon_.requests.empty());
}

TEST(Daemons, NobodyThereTellsTheSocketAndHowToStart) {
  Daemons daemons({"/run/tandem/vrrpd.vty"}, [](const std::string& path) -> base::Result<std::unique_ptr<ipc::Client>> {
    return base::fail_errno(ENOENT, path);
  });
  EXPECT_EQ(daemons.connect().error().message,
            "cannot connect to /run/tandem/vrrpd.vty: No such file or directory (vrrpd is not running; start it with: "
            "vrrpd -d)");
}

TEST(Daemons, HowToStartNamesTheInstance) {
  const std::vector<std::pair<const char*, const char*>> cases{{"/run/tandem/lab/vrrpd.vty", ": vrrpd -d -N lab)"},
                                                               {"/tmp/x/vrrpd.vty", ": vrrpd -d --vty_socket /tmp/x)"}};
  for (const auto& [path, expected] : cases) {
    Daemons daemons({path}, [](const std::string& tried) -> base::Result<std::unique_ptr<ipc::Client>> {
      return base::fail_errno(ENOENT, tried);
    });
    EXPECT_THAT(daemons.connect().error().message, EndsWith(expected));
  }
}

TEST(Daemons, SeveralDaemonsAnswerTheCommandsTheyKnow) {
  FakeDaemon first;
  FakeDaemon second;
  first.welcome.may_configure = second.welcome.may_configure = true;
  first.add("enable", "show version");
  first.add("enable", "show vrrp");
  second.add("enable", "show version");
  second.output = "second\n";
  Daemons daemons({"a", "b"}, [&](const std::string& path) -> base::Result<std::unique_ptr<ipc::Client>> {
    return std::make_unique<FakeClient>(path == "a" ? first : second);
  });
  Shell shell(daemons, StartMode::enable_if_allowed);
  StringOutput out;
  EXPECT_EQ(shell.execute("show version", out), LineResult::ok);
  EXPECT_EQ(out.take(), "line one\nline two\nsecond\n");
  EXPECT_EQ(shell.execute("show vrrp", out), LineResult::ok);
  EXPECT_EQ(out.take(), "line one\nline two\n");
}

}  // namespace
}  // namespace tandem::vtysh
