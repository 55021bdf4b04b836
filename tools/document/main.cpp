// SPDX-License-Identifier: Apache-2.0
// Writes doc/cli/*.md, doc/man/* and doc/messages.md from the templates. Replaces each @MARKER@ with text from the
// models, the tables of commands and of options, and the catalogue of messages.
//
// Usage: document TEMPLATES DOC [--check]      --check: write nothing, fail if a file is not what would be written
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "lib/cli/config_commands.h"
#include "lib/cli/document.h"
#include "lib/daemon/command_line.h"
#include "lib/daemon/program.h"
#include "lib/log/catalogue.h"
#include "lib/mgmt/commands.h"
#include "lib/yang/context.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/description.h"
#include "vrrpd/mgmt/commands.h"
#include "vtysh/commands.h"
#include "vtysh/filters.h"
#include "vtysh/options.h"

namespace {

namespace fs = std::filesystem;
using namespace tandem;

// Links the whole daemon: the catalogue contains only the messages of linked code.
[[gnu::used]] auto* const kDaemon = &vrrpd::daemon::description;
[[gnu::used]] auto* const kFrame = &daemon::run_program;

using Markers = std::map<std::string, std::string>;

// Returns the value of a variable in the examples of commands that no model describes.
std::string example_value(const cli::Token& token) {
  static const std::map<std::string, std::string> kValues{{"IFNAME", "eth1"},
                                                          {"(1-255)", "5"},
                                                          {"HOST", "127.0.0.1"},
                                                          {"REGEX...", "^show vrrp"},
                                                          {"LINE...", "show vrrp"},
                                                          {"FILENAME", "/tmp/vrrpd-example.conf"},
                                                          {"RECORDING", "/var/lib/tandem/example.rec"},
                                                          {"(0-512)", "0"},
                                                          {"ID", "MGMT-003"},
                                                          {"ADDRESS", "127.0.0.1"},
                                                          {"XPATH...", "/tandem-interfaces:interfaces"},
                                                          {"TEXT...", "new gateway"},
                                                          {"COMMENT...", "new gateway"}};
  const auto value = kValues.find(token.text);
  if (value != kValues.end()) {
    return value->second;
  }
  return token.kind == cli::TokenKind::number ? std::to_string(token.minimum) : token.text;
}

// Improves commands whose shortest form is no good example; `configure` enters the configuration modes.
void improve_examples(std::vector<cli::CommandPage>& pages, const std::string& configure) {
  static const std::map<std::string_view, std::string> kBetter{
      {"ping", "ping 127.0.0.1 count 1"},
      {"do", "do show vrrp summary"},
  };
  for (cli::CommandPage& page : pages) {
    const std::string_view line = page.example.back();
    if (const auto better = kBetter.find(line.substr(0, line.find(' '))); better != kBetter.end()) {
      page.example.back() = better->second;
    }
    if (page.mode.starts_with(cli::kConfigMode)) {
      page.example.insert(page.example.begin(), configure);
    }
  }
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string option_forms(const os::Option& option) {
  std::string forms = option.letter != 0 ? fmt::format("-{}", option.letter) : std::string();
  if (!option.name.empty()) {
    forms += fmt::format("{}--{}", forms.empty() ? "" : ", ", option.name);
  }
  return option.argument.empty() ? forms : forms + " " + option.argument;
}

std::string options_in_roff(const os::OptionTable& table) {
  std::string text;
  for (const os::Option& option : table.options()) {
    text += fmt::format(".TP\n.B \"{}\"\n{}\n", cli::escape_roff(option_forms(option)), cli::escape_roff(option.help));
  }
  return text;
}

std::string ignored_commands(const cli::Schema& schema) {
  std::string text;
  for (const std::string& line : schema.ignored) {
    text += "    " + line + "\n";
  }
  return text;
}

std::string filters() {
  std::string text = "| filter | lines that it lets through |\n|---|---|\n";
  for (const vtysh::FilterHelp& filter : vtysh::filter_help()) {
    text += fmt::format("| `{}` | {} |\n", filter.word, filter.help);
  }
  return text;
}

// A `|` would end a table cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '|' ? "\\|" : std::string{c};
  }
  return escaped;
}

std::string messages() {
  std::string text = "| message | level | text | advice |\n|---|---|---|---|\n";
  for (const log::Message* message : log::catalogue()) {
    text += fmt::format("| {} | {} | {} | {} |\n", message->id, log::to_string(message->level),
                        cell(log::shown_text(*message)), cell(message->advice));
  }
  return text;
}

// Returns the pages of one mode.
std::vector<cli::CommandPage> of_mode(const std::vector<cli::CommandPage>& pages, std::string_view mode) {
  std::vector<cli::CommandPage> result;
  for (const cli::CommandPage& page : pages) {
    if (page.mode == mode) {
      result.push_back(page);
    }
  }
  return result;
}

Markers make_markers(const cli::Schema& schema) {
  Markers markers;
  const auto configuration = cli::document_configuration(schema);
  for (const char* mode : {"config", "config-if"}) {
    markers[fmt::format("CONFIGURATION:{}", mode)] = cli::to_markdown(of_mode(configuration, mode));
    markers[fmt::format("CONFIGURATION-MAN:{}", mode)] = cli::to_roff(of_mode(configuration, mode));
  }
  markers["IGNORED"] = ignored_commands(schema);

  const cli::ConfigCommands commands(schema);
  auto operational = cli::document_commands(
      mgmt::operational_grammar(vrrpd::daemon::kProgram, commands.grammar(), vrrpd::mgmt::daemon_commands()),
      {"view", "enable", "config"}, example_value);
  auto shell = cli::document_commands(vtysh::merge_grammars({}), {"view", "enable", "config"}, example_value);
  improve_examples(operational, "configure private");
  improve_examples(shell, "configure terminal");
  for (const char* mode : {"view", "enable", "config"}) {
    markers[fmt::format("OPERATIONAL:{}", mode)] = cli::to_markdown(of_mode(operational, mode));
    markers[fmt::format("SHELL:{}", mode)] = cli::to_markdown(of_mode(shell, mode));
  }
  markers["SHELL-MAN"] = cli::to_roff(shell);
  markers["FILTERS"] = filters();
  markers["MESSAGES"] = messages();

  vtysh::Settings settings;
  markers["VTYSH-OPTIONS"] = options_in_roff(vtysh::make_options(settings));
  markers["VRRPD-OPTIONS"] = options_in_roff(daemon::option_table(vrrpd::daemon::description()));
  markers["VERSION"] = TANDEM_VERSION;
  return markers;
}

// Replaces each @MARKER@ of a template, and removes empty lines at the end.
base::Result<std::string> fill(std::string text, const Markers& markers) {
  for (const auto& [name, value] : markers) {
    const std::string marker = "@" + name + "@";
    for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at + value.size())) {
      text.replace(at, marker.size(), value);
    }
  }
  while (text.ends_with("\n\n")) {
    text.pop_back();
  }
  return text;
}

base::Result<> document(const fs::path& templates, const fs::path& directory, bool check, const Markers& markers) {
  for (const auto& entry : fs::recursive_directory_iterator(templates)) {
    if (entry.path().extension() != ".in") {
      continue;
    }
    const fs::path target = directory / fs::relative(entry.path(), templates).replace_extension();
    const auto text = fill(read(entry.path()), markers);
    if (!text) {
      return base::fail_with_context(entry.path(), text.error());
    }
    if (check && read(target) != *text) {
      return base::fail("{} is not what the sources say; write it anew: ninja -C BUILD documents", target.string());
    }
    if (!check) {
      fs::create_directories(target.parent_path());
      std::ofstream(target) << *text;
    }
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: document TEMPLATES DOC [--check]\n");
    return 2;
  }
  const auto context = yang::Context::load(yang::default_directory(), vrrpd::config::yang_modules());
  if (!context) {
    fmt::print(stderr, "document: {}\n", context.error().message);
    return 1;
  }
  const bool check = argc > 3 && std::string_view(argv[3]) == "--check";
  const auto done = document(argv[1], argv[2], check, make_markers((*context)->schema()));
  if (!done) {
    fmt::print(stderr, "document: {}\n", done.error().message);
    return 1;
  }
  return 0;
}
