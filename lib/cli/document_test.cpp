// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/cli/config_commands.h"
#include "lib/cli/match.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const CommandPage* page_of(const std::vector<CommandPage>& pages, std::string_view first_form) {
  const auto found = std::ranges::find_if(pages, [&](const CommandPage& page) { return page.forms[0] == first_form; });
  return found == pages.end() ? nullptr : &*found;
}

TEST(Document, EveryExampleIsACommandOfItsMode) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  const auto pages = document_configuration(schema);
  ASSERT_FALSE(pages.empty());
  for (const CommandPage& page : pages) {
    const Match found = match(commands.grammar(), page.mode, page.example.back());
    EXPECT_EQ(found.status, MatchStatus::matched) << page.example.back();
    EXPECT_EQ(page.example.front(), "configure terminal");
    EXPECT_EQ(page.example.size(), page.mode == kConfigMode ? 2U : 3U);
  }
}

TEST(Document, EveryCommandIsOnOnePage) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  std::size_t shown = 0;
  for (const Command& command : commands.grammar().commands) {
    shown += command.hidden ? 0U : 1U;
  }
  std::size_t documented = 0;
  for (const CommandPage& page : document_configuration(schema)) {
    documented += page.forms.size();
  }
  EXPECT_EQ(documented, shown);
}

TEST(Document, APageHasFormsDefaultWordsAndExample) {
  const Schema schema = test_schema();
  const auto pages = document_configuration(schema);
  const CommandPage* page = page_of(pages, "vrrp (1-255) preempt delay (0-3600)");
  ASSERT_NE(page, nullptr);
  EXPECT_THAT(page->forms,
              ElementsAre("vrrp (1-255) preempt delay (0-3600)", "no vrrp (1-255) preempt delay [(0-3600)]",
                          "default vrrp (1-255) preempt delay"));
  EXPECT_EQ(page->default_value, "0");
  EXPECT_THAT(page->example, ElementsAre("configure terminal", "interface name", "vrrp 1 preempt delay 0"));
}

TEST(Document, OptionalPartsAndFurtherChoicesAreLeftOutOfExamples) {
  const auto syntax = parse_syntax("show <vrrp|bfd> [{interface IFNAME|(1-255)}] WORD", {});
  ASSERT_TRUE(syntax);
  EXPECT_EQ(example_line(*syntax, [](const Token& token) { return "<" + token.text + ">"; }), "show vrrp <WORD>");
}

TEST(Document, MarkdownAndManualPage) {
  const std::vector<CommandPage> pages{{.mode = "enable",
                                        .forms = {"show <a|b>", "no show"},
                                        .description = "Shows\n   it",
                                        .default_value = "1-2",
                                        .words = {{"a|b", "Either"}},
                                        .example = {"show a"}}};
  EXPECT_EQ(to_markdown(pages),
            "### `show <a|b>`\n\nShows it.\n\n    no show\n\nDefault: 1-2.\n\n| word | meaning |\n|---|---|\n"
            "| `a\\|b` | Either |\n\n```vtysh\nshow a\n```\n");
  EXPECT_EQ(to_roff(pages), ".TP\n.B \"show <a|b>\"\nShows it. Default: 1\\-2.\n");
  EXPECT_EQ(escape_roff(".x\\y\n'z"), "\\&.x\\ey\n\\&'z") << "a line may not begin with a request";
}

}  // namespace
}  // namespace tandem::cli
