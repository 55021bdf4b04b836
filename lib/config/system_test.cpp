// SPDX-License-Identifier: Apache-2.0
#include "lib/config/system.h"

#include <gtest/gtest.h>

#include "lib/yang/context.h"

namespace tandem::config {
namespace {

struct Setting {
  std::string path;
  std::string value = {};
};

class SystemTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = yang::Context::load(yang::default_directory(), {"tandem-cli", "tandem-system"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
  }

  System system_of(const std::vector<Setting>& settings) const {
    yang::Tree tree(*context_);
    for (const Setting& setting : settings) {
      const auto applied = tree.apply({cli::Edit::Kind::set, setting.path, setting.value});
      EXPECT_TRUE(applied) << setting.path << ": " << applied.error().message;
    }
    for (const yang::Problem& problem : tree.validate()) {
      ADD_FAILURE() << problem.path << ": " << problem.message;
    }
    return system_from_yang(tree);
  }

 private:
  std::unique_ptr<yang::Context> context_;
};

TEST_F(SystemTest, MessageOfTheDayIsALineOrAFileOrNone) {
  const std::string path = "/tandem-system:banner/motd";
  EXPECT_EQ(system_of({{path + "/source", "line"}, {path + "/text", "Hands off"}}).motd,
            (Motd{Motd::Source::line, "Hands off"}));
  EXPECT_EQ(system_of({{path + "/source", "file"}, {path + "/text", "/etc/motd"}}).motd,
            (Motd{Motd::Source::file, "/etc/motd"}));
  EXPECT_EQ(system_of({{path + "/source", "default"}}).motd, std::nullopt);
  EXPECT_EQ(system_of({{path + "/source", "none"}}).motd, (Motd{Motd::Source::none, ""}));
}

TEST_F(SystemTest, HasANameAndDestinationsOfTheLog) {
  const System system = system_of({{"/tandem-system:hostname", "r1"},
                                   {"/tandem-system:log/file/name", "/var/log/vrrpd.log"},
                                   {"/tandem-system:log/syslog"},
                                   {"/tandem-system:log/stdout/level", "debugging"}});
  EXPECT_EQ(system.hostname, "r1");
  EXPECT_EQ(system.motd, std::nullopt);
  EXPECT_EQ(system.log.file, (LogFile{"/var/log/vrrpd.log", log::Level::informational}));
  EXPECT_EQ(system.log.syslog, log::Level::informational);
  EXPECT_EQ(system.log.standard_output, log::Level::debugging);
}

}  // namespace
}  // namespace tandem::config
