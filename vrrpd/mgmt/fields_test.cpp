// SPDX-License-Identifier: Apache-2.0
// What is shown is modelled: the names of the counters are those of the YANG module.
#include "vrrpd/mgmt/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tandem::vrrpd::mgmt {
namespace {

std::string module_text(const std::string& name) {
  const char* directory = std::getenv("TANDEM_YANG_DIR");  // set by ctest
  std::ifstream file(std::string(directory == nullptr ? "yang" : directory) + "/" + name + ".yang");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string kebab_case(std::string_view camel) {
  std::string text;
  for (const char c : camel) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) {
      text += '-';
    }
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

TEST(Model, EveryDropCounterThatIsShownIsModelled) {
  const std::string module = module_text("tandem-vrrp");
  const std::size_t start = module.find("grouping drop-counters");
  ASSERT_NE(start, std::string::npos);
  std::size_t position = start;  // and in the same order: that of the checks
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const std::string leaf = "leaf " + kebab_case(packet::info(static_cast<packet::Drop>(i)).name) + " {";
    const std::size_t found = module.find(leaf, position);
    ASSERT_NE(found, std::string::npos) << leaf << " is missing in grouping drop-counters, or out of order";
    position = found;
  }
}

TEST(Values, AreWrittenAsFrrWritesThem) {
  EXPECT_EQ(to_text(true), "Yes");
  EXPECT_EQ(to_text(false), "No");
  EXPECT_EQ(to_text(Milliseconds{3170}), "3170 ms");
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt
