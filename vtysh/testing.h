// SPDX-License-Identifier: Apache-2.0
// A fake daemon and a fake operator for tests of the shell.
#pragma once

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vtysh/shell.h"

namespace tandem::vtysh {

// A fake daemon with a grammar. It records its requests, and gives scripted answers.
struct FakeDaemon {
  ipc::Welcome welcome;
  std::vector<std::string> requests;
  std::string output = "line one\nline two\n";
  std::string loaded;
  std::string refusal;        // if not empty, the answer of the next request except LeaveConfiguration
  std::uint32_t columns = 0;  // of the last request
  bool running = true;
  bool replaced = false;         // the connection has ended; another worker accepts connections
  bool breaks_off = false;       // the connection ends in the middle of the next request
  bool candidate = false;        // the session has one
  bool uncommitted = false;      // it has changes
  bool came_to_nothing = false;  // the changes cancel out

  void add(const char* mode, const char* syntax, const char* enters = "") {
    const auto parsed = cli::parse_syntax(syntax, {{"IFNAME", "Interface name", "", "interface"}});
    const bool configures = std::string_view(mode).starts_with("config");
    welcome.grammar.commands.push_back({mode, *parsed, enters, false, 7,
                                        configures ? cli::CommandKind::configuration : cli::CommandKind::operational});
  }

  // The rows of a daemon's transaction commands.
  void add_transactions() {
    add("enable", "configure <private|exclusive>", "config");
    for (const char* mode : {"config", "config-if"}) {
      for (const char* syntax : {"commit [comment LINE...]", "show configuration diff"}) {
        add(mode, syntax);
        welcome.grammar.commands.back().kind = cli::CommandKind::operational;
      }
    }
  }

  ipc::Done answer(const ipc::Execute& execute, const ipc::Client::TextHandler& on_output) {
    const bool shows = execute.line.starts_with("show") || execute.line.starts_with("commit");
    if (execute.mode.starts_with("config") && !shows) {
      return configure(execute);
    }
    requests.push_back(fmt::format("{}: {}", execute.mode, execute.line));
    columns = execute.columns;
    ipc::Done done;
    if (!refusal.empty()) {
      return done;
    }
    if (execute.line.starts_with("conf")) {
      candidate = true;
    } else if (execute.line.starts_with("commit")) {
      uncommitted = false;
    } else {
      on_output(output);
    }
    return with_candidate(done);
  }
  ipc::Done with_candidate(ipc::Done done) const {
    done.candidate = candidate;
    done.uncommitted = uncommitted;
    return done;
  }
  ipc::Done answer(const ipc::LeaveConfiguration& leave, const ipc::Client::TextHandler&) {
    requests.push_back(leave.discard ? "leave, discard" : "leave");
    if (uncommitted && !came_to_nothing && !leave.discard) {
      return with_candidate({.ok = false});
    }
    candidate = uncommitted = false;
    return {};
  }
  ipc::Done configure(const ipc::Execute& execute) {
    requests.push_back(fmt::format("[{}] {}", fmt::join(execute.context, "/"), execute.line));
    ipc::Done done;
    done.context = execute.context;
    if (execute.line.starts_with("int")) {
      done.context = {execute.line};
    } else if (execute.line.starts_with("host")) {
      done.hostname = "renamed";
      done.context = {};  // the command belongs to the enclosing mode
    }
    uncommitted = candidate;
    return with_candidate(done);
  }
  ipc::Done answer(const ipc::Load& load, const ipc::Client::TextHandler&) {
    requests.push_back(
        fmt::format("load {} {}{}", load.name, load.check_only ? "check" : "apply", load.lenient ? " lenient" : ""));
    loaded = load.text;
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
    if (!daemon_.running || daemon_.replaced || std::exchange(daemon_.breaks_off, false)) {
      return base::fail("/run/vrrpd.vty: the daemon closed the connection");
    }
    auto done = std::visit([&](const auto& body) { return daemon_.answer(body, on_output); }, request.body);
    if (!daemon_.refusal.empty() && !std::holds_alternative<ipc::LeaveConfiguration>(request.body)) {
      done = daemon_.with_candidate({.ok = false, .error = std::exchange(daemon_.refusal, {})});
    }
    return done;
  }
  base::Result<std::vector<std::string>> complete(const std::string&) override {
    return std::vector<std::string>{"eth1", "eth0"};
  }
  void set_log_handler(TextHandler) override {}
  int descriptor() const override { return -1; }
  base::Result<> read_pending() override {
    return daemon_.replaced ? base::fail("/run/vrrpd.vty: the daemon closed the connection") : base::Result<>();
  }

 private:
  FakeDaemon& daemon_;
};

// A fake operator who answers and interrupts as the test says.
class FakeTerminal : public Terminal {
 public:
  Uncommitted ask_about_changes() override {
    ++questions;
    return answer;
  }
  base::Result<> show_live(const Picture& picture) override {
    const auto text = TANDEM_TRY(picture());
    shown.push_back(text);
    return {};
  }
  std::uint32_t columns() const override { return width; }
  bool interrupted() const override { return interrupt; }
  void set_colours(Colours wanted) override { colours = wanted; }

  Uncommitted answer = Uncommitted::stay;
  std::uint32_t width = 0;
  int questions = 0;
  std::vector<std::string> shown;
  bool interrupt = false;
  Colours colours = Colours::automatic;
};

class ShellFixture : public testing::Test {
 protected:
  ShellFixture() {
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
    daemon_.add("config", "interface IFNAME [vrf NAME]", "config-if");
    daemon_.add("config", "hostname WORD");
    daemon_.add("config-if", "vrrp (1-255) priority (1-254)");
    daemon_.add("config-if", "description LINE...");
  }

  Shell start(StartMode mode = StartMode::enable_if_allowed) {
    EXPECT_TRUE(daemons_.connect());
    return Shell(daemons_, mode, terminal_);
  }
  std::string run(Shell& shell, const std::string& line) {
    result_ = shell.execute(line, out_);
    return out_.take();
  }

  FakeDaemon daemon_;
  Terminal* terminal_ = nullptr;
  Daemons daemons_{{"/run/vrrpd.vty"}, [this](const std::string& path) -> base::Result<std::unique_ptr<ipc::Client>> {
                     if (!daemon_.running) {
                       return base::fail_errno(ECONNREFUSED, path);
                     }
                     daemon_.replaced = false;
                     return std::make_unique<FakeClient>(daemon_);
                   }};
  StringOutput out_;
  LineResult result_ = LineResult::ok;
};

}  // namespace tandem::vtysh
