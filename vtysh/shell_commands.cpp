// SPDX-License-Identifier: Apache-2.0
// The shell's own commands, and entering and leaving configuration.
#include <algorithm>
#include <set>
#include <utility>

#include "lib/cli/permutations.h"
#include "vtysh/files.h"
#include "vtysh/program.h"
#include "vtysh/shell.h"

namespace tandem::vtysh {
namespace {

std::string not_allowed(StartMode start) {
  return start == StartMode::view_only ? fmt::format("% Not available: {}\n", kStartedToView)
                                       : fmt::format("% Not allowed: {}\n", kWhoMayConfigure);
}

std::set<std::string> forms_of(const cli::Command& command) {
  const std::vector<std::string> lines = cli::permutations(command.syntax);
  return {lines.begin(), lines.end()};
}

std::string bound(const cli::Match& match, const char* name) {
  const std::string* value = match.bindings.find(name);
  return value != nullptr ? *value : std::string();
}

std::string path_of(const cli::Match& match) { return expanded(bound(match, "path")); }

LineResult refuse(Output& out, const base::Error& error) {
  out.write(fmt::format("% {}\n", error.message));
  return LineResult::failed;
}

LineResult run_system_program(const std::vector<std::string>& arguments, Output& out) {
  const auto status = run_program(arguments);
  if (!status) {
    return refuse(out, status.error());
  }
  return *status == 0 ? LineResult::ok : LineResult::failed;
}

void list_commands(const cli::Grammar& grammar, const std::string& mode, const cli::Match& match, Output& out) {
  const bool all_forms = match.bindings.has("permutations");
  std::set<std::string> lines;
  for (const cli::Command& command : grammar.commands) {
    if (command.mode == mode && !command.hidden) {
      lines.merge(all_forms ? forms_of(command) : std::set{cli::to_string(command.syntax)});
    }
  }
  for (const std::string& line : lines) {
    out.write("    " + line + "\n");
  }
}

void show_daemons(const Daemons& daemons, Output& out) {
  std::string line;
  for (std::size_t index = 0; index < daemons.size(); ++index) {
    if (const ipc::Welcome* const welcome = daemons.welcome(index)) {
      line += " " + welcome->daemon;
    }
  }
  out.write(line + "\n");
}

LineResult find_commands(const cli::Grammar& grammar, const std::string& pattern, Output& out) {
  const auto regex = Regex::compile(pattern);
  if (!regex) {
    out.write(fmt::format("% Bad regexp '{}': {}\n", pattern, regex.error().message));
    return LineResult::failed;
  }
  for (const cli::Command& command : grammar.commands) {
    if (const std::string syntax = cli::to_string(command.syntax); !command.hidden && regex->matches(syntax)) {
      out.write(fmt::format("  ({})  {}\n", command.mode, syntax));
    }
  }
  return LineResult::ok;
}

LineResult copy_to_running(Daemons& daemons, const std::string& path, Output& out) {
  const auto loaded = load_file(daemons, path, {});
  if (!loaded) {
    return refuse(out, loaded.error());
  }
  out.write(*loaded);
  return LineResult::ok;
}

}  // namespace

LineResult Shell::run_own(OwnCommand command, const cli::Match& match, Output& out) {
  switch (command) {
    case OwnCommand::enable:
      return enter_enable(out);
    case OwnCommand::disable:
      mode_ = Mode::view;
      return LineResult::ok;
    case OwnCommand::configure:
      return enter_configuration(match, out);
    case OwnCommand::exit:
      return leave_level(out);
    case OwnCommand::end:
      return mode_ != Mode::config || leave_configuration(out) ? LineResult::ok : LineResult::failed;
    case OwnCommand::do_command:
      return run({std::string(kEnableMode)}, bound(match, "text"), out);
    case OwnCommand::list:
      list_commands(grammar_, modes().front(), match, destination(out));
      return LineResult::ok;
    case OwnCommand::find:
      return find_commands(grammar_, bound(match, "text"), out);
    case OwnCommand::show_history:
      for (const std::string& line : history_) {
        destination(out).write("  " + line + "\n");
      }
      return LineResult::ok;
    case OwnCommand::show_daemons:
      show_daemons(daemons_, destination(out));
      return LineResult::ok;
    case OwnCommand::terminal_length:
      page_length_ = std::stoul(bound(match, "lines"));
      return LineResult::ok;
    case OwnCommand::no_terminal_paginate:
      page_length_ = 0;
      return LineResult::ok;
    case OwnCommand::terminal_width:  // a command of IOS, with which programs for IOS begin
      return LineResult::ok;
    case OwnCommand::no_terminal_length:
    case OwnCommand::terminal_paginate:
      page_length_.reset();
      return LineResult::ok;
    case OwnCommand::terminal_colour:
    case OwnCommand::no_terminal_colour:
      if (terminal_ != nullptr) {
        terminal_->set_colours(command == OwnCommand::terminal_colour ? Terminal::Colours::automatic
                                                                      : Terminal::Colours::never);
      }
      return LineResult::ok;
    case OwnCommand::output_file:
      return output_to_file(path_of(match), out);
    case OwnCommand::no_output_file:
      redirected_.reset();
      return LineResult::ok;
    case OwnCommand::copy_to_running:
      return copy_to_running(daemons_, path_of(match), out);
    case OwnCommand::copy_from_running:
      return copy_from_running(match, out);
    case OwnCommand::ping:
      return run_system_program(ping_arguments(match), out);
    case OwnCommand::traceroute:
      return run_system_program(traceroute_arguments(match), out);
    case OwnCommand::none:
      break;
  }
  return LineResult::failed;
}

LineResult Shell::enter_enable(Output& out) {
  if (mode_ == Mode::view && (start_ == StartMode::view_only || !may_configure_)) {
    daemons_.report_attempt("enable");
    out.write(not_allowed(start_));
    return LineResult::failed;
  }
  mode_ = mode_ == Mode::view ? Mode::enable : mode_;
  return LineResult::ok;
}

LineResult Shell::enter_configuration(const cli::Match& match, Output& out) {
  if (start_ == StartMode::view_only || !may_configure_) {
    daemons_.report_attempt(match.canonical);
    out.write(not_allowed(start_));
    return LineResult::failed;
  }
  if (mode_ == Mode::view) {
    out.write("% Not in view mode: type enable first\n");
    return LineResult::failed;
  }
  if (match.bindings.has("file-lock")) {
    const LineResult entered = run({std::string(kEnableMode)}, "configure exclusive", out);
    editing_ = entered == LineResult::ok ? Editing::locked : editing_;
    return entered;
  }
  if (mode_ == Mode::config && editing_ != Editing::running) {  // `do configure terminal`
    out.write("% This session has a candidate: leave it first\n");
    return LineResult::failed;
  }
  mode_ = Mode::config;
  editing_ = Editing::running;
  context_.clear();
  return LineResult::ok;
}

// After the daemons have opened candidates. If one of them refused, the others discard theirs.
LineResult Shell::enter_candidate(LineResult entered, Output& out) {
  if (entered != LineResult::ok) {
    if (mode_ != Mode::config) {
      candidates_.leave({.discard = true}, out);
    }
    return entered;
  }
  mode_ = Mode::config;
  editing_ = Editing::candidate;
  candidates_.handle_opened();
  context_.clear();
  return LineResult::ok;
}

LineResult Shell::leave_level(Output& out) {
  if (mode_ != Mode::config) {
    return LineResult::leave;
  }
  if (!context_.empty()) {
    context_.pop_back();
    return LineResult::ok;
  }
  return leave_configuration(out) ? LineResult::ok : LineResult::failed;
}

bool Shell::leave_configuration(Output& out) {
  if (editing_ != Editing::running && !leave_candidate(out)) {
    return false;
  }
  back_to_enable();
  return true;
}

void Shell::back_to_enable() {
  mode_ = Mode::enable;
  editing_ = Editing::running;
  context_.clear();
  candidates_.forget();
}

// False: the operator stays.
bool Shell::leave_candidate(Output& out) {
  if (candidates_.have_nothing_to_commit(out) && candidates_.leave({.discard = false}, out)) {
    return true;
  }
  Uncommitted answer = terminal_ != nullptr ? Uncommitted::stay : Uncommitted::discard;
  if (editing_ == Editing::locked) {
    answer = commit(out) ? Uncommitted::commit : answer;
  } else if (terminal_ != nullptr) {
    answer = terminal_->ask_about_changes();
    if (answer == Uncommitted::commit && !commit(out)) {
      answer = Uncommitted::stay;
    }
  }
  switch (answer) {
    case Uncommitted::stay:
      return false;
    case Uncommitted::discard:
      out.write("% Uncommitted changes are discarded\n");
      break;
    case Uncommitted::commit:
      break;
  }
  candidates_.leave({.discard = true}, out);
  return true;
}

bool Shell::commit(Output& out) { return run(modes(), "commit", out) == LineResult::ok; }

// A daemon discards the candidate when its connection ends. The next line must not change the running configuration
// without a warning.
bool Shell::lost_candidate(Output& out) {
  if (mode_ != Mode::config || editing_ == Editing::running || !candidates_.are_lost()) {
    return false;
  }
  candidates_.report_loss(out);
  candidates_.leave({.discard = true}, out);
  back_to_enable();
  return true;
}

LineResult Shell::output_to_file(const std::string& path, Output& out) {
  auto opened = RedirectedOutput::open(path);
  if (!opened) {
    return refuse(out, opened.error());
  }
  redirected_ = std::move(*opened);
  return LineResult::ok;
}

// A daemon's own command returns the text; the shell writes it with the rights of its user.
LineResult Shell::copy_from_running(const cli::Match& match, Output& out) {
  const bool json = match.bindings.has("json");
  if (json && daemons_.connected() > 1) {
    return refuse(out, {"A file in JSON is that of one daemon: start vtysh with -d"});
  }
  StringOutput text;
  std::unique_ptr<RedirectedOutput> redirected = std::exchange(redirected_, nullptr);
  const LineResult shown =
      run({std::string(kEnableMode)}, json ? "show configuration running json" : "show running-config no-header", text);
  redirected_ = std::move(redirected);
  if (shown != LineResult::ok) {
    out.write(text.text());
    return shown;
  }
  if (const auto written = write_file(path_of(match), text.text()); !written) {
    return refuse(out, written.error());
  }
  return LineResult::ok;
}

}  // namespace tandem::vtysh
