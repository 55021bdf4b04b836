// SPDX-License-Identifier: Apache-2.0
#include "vtysh/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vtysh/script.h"

namespace tandem::vtysh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class TextOutput : public Output {
 public:
  void write(std::string_view text) override { text_ += text; }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

// A daemon as far as the shell can tell: it has a grammar, remembers what it was asked, and answers from a script.
struct FakeDaemon {
  ipc::Welcome welcome;
  std::vector<std::string> requests;
  std::string output = "line one\nline two\n";
  std::string refusal;  // answer of the next request, if not empty
  bool running = true;

  void add(const char* mode, const char* syntax, const char* enters = "") {
    const auto parsed = cli::parse_syntax(syntax, {{"IFNAME", "Interface name", "", "interface"}});
    welcome.grammar.commands.push_back({mode, *parsed, enters, false, 7});
  }

  ipc::Done answer(const ipc::Execute& execute, const ipc::Client::TextHandler& on_output) {
    requests.push_back(fmt::format("{}: {}", execute.mode, execute.line));
    on_output(output);
    return {};
  }
  ipc::Done answer(const ipc::Configure& configure, const ipc::Client::TextHandler&) {
    requests.push_back(fmt::format("[{}] {}", fmt::join(configure.context, "/"), configure.line));
    ipc::Done done;
    done.context = configure.context;
    if (configure.line.starts_with("int")) {
      done.context = {configure.line};
    } else if (configure.line.starts_with("host")) {
      done.hostname = "renamed";
      done.context = {};  // understood in the enclosing mode
    }
    return done;
  }
  ipc::Done answer(const ipc::Load& load, const ipc::Client::TextHandler&) {
    requests.push_back(fmt::format("load {} {}", load.name, load.check_only ? "check" : "apply"));
    return {};
  }
  template <class Other>
  ipc::Done answer(const Other&, const ipc::Client::TextHandler&) {
    return {};
  }
};

class FakeClient : public ipc::Client {
 public:
  explicit FakeClient(FakeDaemon& daemon) : daemon_(daemon) {}
  const ipc::Welcome& welcome() const override { return daemon_.welcome; }
  base::Result<ipc::Done> call(ipc::Request request, const TextHandler& on_output) override {
    if (!daemon_.running) {
      return base::fail("/run/vrrpd.vty: the daemon closed the connection");
    }
    auto done = std::visit([&](const auto& body) { return daemon_.answer(body, on_output); }, request.body);
    if (!daemon_.refusal.empty()) {
      done = {false, std::exchange(daemon_.refusal, {}), "", {}};
    }
    return done;
  }
  base::Result<std::vector<std::string>> complete(const std::string&) override {
    return std::vector<std::string>{"eth1", "eth0"};
  }
  void set_log_handler(TextHandler) override {}
  int descriptor() const override { return -1; }
  base::Result<> read_pending() override { return {}; }

 private:
  FakeDaemon& daemon_;
};

class ShellTest : public testing::Test {
 protected:
  ShellTest() {
    daemon_.welcome.daemon = "vrrpd";
    daemon_.welcome.hostname = "r1";
    daemon_.welcome.may_configure = true;
    for (const char* mode : {"view", "enable"}) {
      daemon_.add(mode, "show vrrp [interface IFNAME] [(1-255)] [json]");
      daemon_.add(mode, "show version");
      daemon_.add(mode, "terminal monitor");
      daemon_.add(mode, "no terminal monitor");
    }
    daemon_.add("enable", "show running-config");
    daemon_.add("config", "interface IFNAME", "config-if");
    daemon_.add("config", "hostname WORD");
    daemon_.add("config-if", "vrrp (1-255) priority (1-254)");
    daemon_.add("config-if", "description LINE...");
  }

  Shell start(StartMode mode = StartMode::enable_if_allowed) {
    EXPECT_TRUE(daemons_.connect());
    return Shell(daemons_, mode);
  }
  std::string run(Shell& shell, const std::string& line) {
    result_ = shell.execute(line, out_);
    return out_.take();
  }

  FakeDaemon daemon_;
  Daemons daemons_{{"/run/vrrpd.vty"}, [this](const std::string& path) -> base::Result<std::unique_ptr<ipc::Client>> {
                     if (!daemon_.running) {
                       return base::fail_errno(ECONNREFUSED, path);
                     }
                     return std::make_unique<FakeClient>(daemon_);
                   }};
  TextOutput out_;
  LineResult result_ = LineResult::ok;
};

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
  EXPECT_THAT(daemon_.requests, ElementsAre("view: show vrrp"));
  EXPECT_THAT(run(shell, "show running-config"), StartsWith("% Unknown command"));
}

TEST_F(ShellTest, OptionUStaysInView) {
  Shell shell = start(StartMode::view_only);
  EXPECT_EQ(shell.prompt(), "r1> ");
  EXPECT_THAT(run(shell, "enable"), HasSubstr("started with -u"));
  EXPECT_EQ(shell.prompt(), "r1> ");
}

TEST_F(ShellTest, Filters) {
  Shell shell = start();
  daemon_.output = "alpha\nbeta\ngamma\ndelta";  // the last line unfinished
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

TEST_F(ShellTest, ListFindAndHistory) {
  Shell shell = start();
  EXPECT_THAT(run(shell, "list"), HasSubstr("    show vrrp [interface IFNAME] [(1-255)] [json]\n"));
  EXPECT_EQ(run(shell, "find ^(hostname|vrrp)"),
            "  (config)  hostname WORD\n  (config-if)  vrrp (1-255) priority (1-254)\n");
  EXPECT_EQ(run(shell, "show history"), "  list\n  find ^(hostname|vrrp)\n  show history\n");
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
  EXPECT_EQ(run_lines(shell, "show version\nnonsense\nshow vrrp\n", Echo::none, out_), LineResult::failed);
  EXPECT_THAT(daemon_.requests, ElementsAre("enable: show version"));
}

TEST_F(ShellTest, ScriptPrintsHelpForAQuestionMarkAndEchoes) {
  Shell shell = start();
  EXPECT_EQ(run_lines(shell, "show vrrp ?", Echo::commands, out_), LineResult::ok);
  EXPECT_THAT(out_.take(), StartsWith("r1# show vrrp ?\n  <cr>"));
}

TEST_F(ShellTest, MissingFileIsNamedAndNothingIsLoaded) {
  ASSERT_TRUE(daemons_.connect());
  const auto loaded = load_file(daemons_, "/nonexistent/file.conf", LoadMode::apply);
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
  TextOutput out;
  EXPECT_EQ(shell.execute("show version", out), LineResult::ok);
  EXPECT_EQ(out.take(), "line one\nline two\nsecond\n");
  EXPECT_EQ(shell.execute("show vrrp", out), LineResult::ok);
  EXPECT_EQ(out.take(), "line one\nline two\n");
}

}  // namespace
}  // namespace tandem::vtysh
