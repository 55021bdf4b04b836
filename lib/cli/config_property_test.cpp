// SPDX-License-Identifier: Apache-2.0
// Properties that hold for every tree, every command and every input: printing and reading are inverse, every valid
// line can be completed, and no input crashes the program.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "lib/base/ip.h"
#include "lib/cli/complete.h"
#include "lib/cli/config_commands.h"
#include "lib/cli/difference.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

// ---- random trees

const std::vector<std::string> kWords = {"eth0", "eth0.100", "a'b",      "q\"x", "no", "json",
                                         "!",    "#1",       "\xc3\xa4", "exit", "1"};
const std::vector<std::string> kLines = {"x",    "two words",     "no vrrp 5", "a  b", "! it's \"quoted\"",
                                         "exit", "\xc3\xa4 [x] /"};

std::string random_address(base::Family family) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < base::IpAddress::size_of(family); ++i) {
    bytes.push_back(*rc::gen::weightedElement<std::uint8_t>({{3, 0}, {1, 1}, {1, 0xfe}, {1, 255}}));
  }
  return base::IpAddress::from_bytes(bytes).to_string();
}

std::string random_value(const SchemaNode& leaf) {
  switch (leaf.type.kind) {
    case ValueKind::number:
      return std::to_string(*rc::gen::inRange(leaf.type.minimum, leaf.type.maximum + 1));
    case ValueKind::boolean:
      return *rc::gen::element<std::string>("true", "false");
    case ValueKind::enumeration:
      return (*rc::gen::elementOf(leaf.type.values)).name;
    case ValueKind::word:
      return *rc::gen::elementOf(kWords);
    case ValueKind::line:
      return *rc::gen::elementOf(kLines);
    case ValueKind::ipv4_address:
      return random_address(base::Family::ipv4);
    case ValueKind::ipv6_address:
      return random_address(base::Family::ipv6);
  }
  return {};
}

bool holds(const DataNode& parent, const DataNode& entry) {
  return std::ranges::any_of(parent.children, [&](const DataNode& other) {
    if (other.schema != entry.schema) {
      return false;
    }
    return entry.schema->kind == NodeKind::leaf_list ? other.value == entry.value
                                                     : other.children.front().value == entry.children.front().value;
  });
}

void fill(DataNode& node);

void add_instance(DataNode& parent, const SchemaNode& schema) {
  DataNode made{&schema, "", {}};
  if (schema.kind == NodeKind::leaf || schema.kind == NodeKind::leaf_list) {
    made.value = random_value(schema);
  }
  for (const std::string& key : schema.keys) {
    made.children.push_back({schema.child(key), random_value(*schema.child(key)), {}});
  }
  const bool is_entry = schema.kind == NodeKind::list || schema.kind == NodeKind::leaf_list;
  if (!is_entry || !holds(parent, made)) {
    fill(made);
    parent.children.push_back(std::move(made));
  }
}

void fill(DataNode& node) {
  for (const auto& schema : node.schema->children) {
    const bool several = schema->kind == NodeKind::list || schema->kind == NodeKind::leaf_list;
    const bool mandatory = (schema->name == "name" && node.schema->name == "file") || schema->name == "kind";
    const int count = schema->is_key ? 0 : mandatory ? 1 : *rc::gen::inRange(0, several ? 4 : 2);
    for (int i = 0; i < count; ++i) {
      add_instance(node, *schema);
    }
  }
}

TEST(ConfigProperties, ReadingWhatWasPrintedGivesTheSameTree) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  EXPECT_TRUE(rc::check([&] {
    DataNode tree = empty_tree(schema);
    fill(tree);
    const std::string text = commands.print(tree);
    const auto file = commands.interpret_file(text);
    for (const auto& error : file.errors) {
      RC_LOG() << error.line << ": " << error.message << "\n" << text;
    }
    RC_ASSERT(file.errors.empty());
    DataNode read = empty_tree(schema);
    for (const auto& edit : file.edits) {
      RC_ASSERT(apply(read, edit.edit));
    }
    RC_LOG() << text;
    RC_ASSERT(dump(read) == dump(tree));
    // Empty containers and defaults, which do not count in a tree, may be printed the first time only.
    const std::string again = commands.print(read);
    DataNode third = empty_tree(schema);
    for (const auto& edit : commands.interpret_file(again).edits) {
      RC_ASSERT(apply(third, edit.edit));
    }
    RC_ASSERT(again == text);
    RC_ASSERT(commands.print(third) == text);
  }));
}

// ---- differences

void apply_all(DataNode& tree, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    RC_ASSERT(apply(tree, edit));
  }
}

std::multiset<std::string> lines_of(std::string_view text) {
  std::multiset<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const std::string line(text.substr(0, end)); line.find_first_not_of(" !") != std::string::npos) {
      lines.insert(line);
    }
    text.remove_prefix(end + 1);
  }
  return lines;
}

TEST(ConfigProperties, DifferenceLeadsFromOneTreeToTheOtherAndBack) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  EXPECT_TRUE(rc::check([&] {
    DataNode before = empty_tree(schema);
    fill(before);
    DataNode after = *rc::gen::arbitrary<bool>() ? before : empty_tree(schema);
    if (after.children.empty()) {
      fill(after);
    } else {
      after.children.pop_back();
    }
    DataNode there = before;
    apply_all(there, difference(before, after));
    RC_ASSERT(dump(there) == dump(after));
    apply_all(there, difference(after, before));
    RC_ASSERT(dump(there) == dump(before));
    RC_ASSERT(difference(before, before).empty());
  }));
}

TEST(ConfigProperties, UnifiedDiffAccountsForEveryLine) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  EXPECT_TRUE(rc::check([&] {
    DataNode before = empty_tree(schema);
    fill(before);
    DataNode after = empty_tree(schema);
    fill(after);
    const std::string old_text = commands.print(before);
    const std::string new_text = commands.print(after);
    const std::string diff = unified_diff(commands, old_text, new_text);
    RC_LOG() << old_text << "----\n" << new_text << "----\n" << diff;
    std::multiset<std::string> lines = lines_of(old_text);
    for (const std::string& line : lines_of(diff)) {
      if (line.front() == '-') {
        RC_ASSERT(lines.contains(line.substr(1)));
        lines.erase(lines.find(line.substr(1)));
      } else if (line.front() == '+') {
        lines.insert(line.substr(1));
      }
    }
    RC_ASSERT(lines == lines_of(new_text));
    RC_ASSERT(unified_diff(commands, old_text, old_text).empty());
  }));
}

// ---- random lines of a grammar

std::string sample(const Token& token) {
  switch (token.kind) {
    case TokenKind::keyword:
      return token.text;
    case TokenKind::number:
      return std::to_string(*rc::gen::inRange(token.minimum, token.maximum + 1));
    case TokenKind::ipv4:
      return "10.0.2.16";
    case TokenKind::ipv4_prefix:
      return "10.0.2.16/24";
    case TokenKind::ipv6:
      return "2001:db8::1";
    case TokenKind::ipv6_prefix:
      return "2001:db8::1/64";
    case TokenKind::word:
      return "zz-word";
    case TokenKind::line:
      return "zz more words";
  }
  return {};
}

void append_sample(std::string& line, const Element& element) {
  switch (element.kind) {
    case Element::Kind::token:
      line += (line.empty() ? "" : " ") + sample(element.token);
      return;
    case Element::Kind::sequence:
      for (const Element& child : element.children) {
        append_sample(line, child);
      }
      return;
    case Element::Kind::optional:
      if (*rc::gen::arbitrary<bool>()) {
        append_sample(line, *rc::gen::elementOf(element.children));
      }
      return;
    case Element::Kind::choice:
      append_sample(line, *rc::gen::elementOf(element.children));
      return;
    case Element::Kind::any_order: {
      const auto first = *rc::gen::inRange<std::size_t>(0, element.children.size());
      append_sample(line, element.children[first]);
      if (first > 0 && *rc::gen::arbitrary<bool>()) {
        append_sample(line, element.children[first - 1]);
      }
      return;
    }
  }
}

TEST(ConfigProperties, EveryCommandMatchesItselfAndCompletesAtEveryLetter) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  const Grammar& grammar = commands.grammar();
  EXPECT_TRUE(rc::check([&] {
    for (const Command& command : grammar.commands) {
      std::string line;
      append_sample(line, command.syntax);
      const Match found = match(grammar, command.mode, line);
      RC_LOG() << line << "\n" << error_text(found, line);
      RC_ASSERT(found.status == MatchStatus::matched);
      RC_ASSERT(found.command == &command);
      RC_ASSERT(found.canonical == line);
      const bool complete = !command.hidden && *rc::gen::inRange(0, 10) == 0;  // over all runs each command is chosen
      for (std::size_t size = 0; complete && size <= line.size(); ++size) {
        RC_ASSERT(!candidates(grammar, command.mode, line.substr(0, size)).empty());
      }
    }
  }));
}

TEST(ConfigProperties, NothingTypedCrashes) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  const Grammar& grammar = commands.grammar();
  EXPECT_TRUE(rc::check([&] {
    std::string text = *rc::gen::arbitrary<std::string>();
    if (*rc::gen::arbitrary<bool>()) {  // a real line, damaged
      std::string line;
      append_sample(line, (*rc::gen::elementOf(grammar.commands)).syntax);
      const auto at = *rc::gen::inRange<std::size_t>(0, line.size());
      text = line.substr(0, at) + text + line.substr(at);
    }
    for (const char* mode : {"config", "config-if"}) {
      const Match found = match(grammar, mode, text);
      RC_ASSERT((found.status == MatchStatus::matched) == error_text(found, text).empty());
      RC_ASSERT((found.status == MatchStatus::matched) == error_line(found, text).empty());
      help_table(candidates(grammar, mode, text));
    }
    std::string detail;
    commands.object_name(text, &detail);
    commands.interpret_file(text);
    if (const auto syntax = parse_syntax(text, {})) {
      RC_ASSERT(to_string(*parse_syntax(to_string(*syntax), {})) == to_string(*syntax));
    }
    const auto effect = commands.interpret({"interface eth1"}, text);
    DataNode tree = empty_tree(schema);
    for (const Edit& edit : effect ? effect->edits : std::vector<Edit>()) {
      RC_ASSERT(apply(tree, edit));
    }
  }));
}

// 10 000 lines take about 30 ms. Quadratic time would exceed the time limit of the test program.
TEST(ConfigProperties, LargeFilesAreReadWhole) {
  constexpr std::size_t kInterfaces = 1000;
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  std::string text;
  for (std::size_t i = 0; i < kInterfaces; ++i) {
    text += fmt::format("interface eth{}\n description uplink\n vrrp 5\n vrrp 5 priority 210\n no vrrp 5 preempt\n", i);
    text += " vrrp 5 advertisement-interval 2000\n vrrp 5 ip 10.0.2.16\n vrrp 5 ip 10.0.2.17/24\n";
    text += " vrrp 5 ipv6 2001:db8::1\nexit\n";
  }
  const auto file = commands.interpret_file(text);
  EXPECT_TRUE(file.errors.empty());
  ASSERT_EQ(file.edits.size(), kInterfaces * 11);  // each address sets or removes its prefix length, too
  EXPECT_EQ(file.edits.back().line, kInterfaces * 10 - 1);
}

}  // namespace
}  // namespace tandem::cli
