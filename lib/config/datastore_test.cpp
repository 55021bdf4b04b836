// SPDX-License-Identifier: Apache-2.0
// Transactions on the real modules, from the text of a line or file to the refusal that an operator reads.
#include "lib/config/datastore.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "lib/config/fake_applier.h"
#include "lib/config/limits.h"

namespace tandem::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DatastoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = yang::Context::load(yang::default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
    store_ = std::make_unique<Datastore>(*context_, applier_);
  }

  static std::vector<std::string> texts(const std::vector<Refusal>& refusals) {
    std::vector<std::string> all;
    for (const Refusal& refusal : refusals) {
      all.push_back(fmt::format("{}: {}", refusal.line, refusal.message));
    }
    return all;
  }
  std::vector<std::string> commit(Draft draft) {
    const auto effect = store_->commit(std::move(draft));
    return effect ? std::vector<std::string>() : texts(effect.error());
  }
  std::vector<std::string> load(std::string_view text) { return commit(store_->read(store_->running(), text, {})); }
  std::vector<std::string> replace(std::string_view text) {
    return commit(store_->read(store_->empty(), text, {.base = Datastore::Base::replaced}));
  }
  std::vector<std::string> commit(const std::vector<cli::Edit>& edits) {
    return commit(store_->edited(store_->running(), edits));
  }

  // A line typed under "interface eth1".
  std::vector<std::string> type(std::string_view line) {
    const auto effect = store_->commands().interpret({"interface eth1"}, line);
    if (!effect) {
      return {effect.error().message};
    }
    return commit(effect->edits);
  }

  FakeApplier applier_;
  std::unique_ptr<yang::Context> context_;
  std::unique_ptr<Datastore> store_;
};

constexpr std::string_view kFile =
    "hostname r1\n"
    "log syslog\n"
    "vrrp default priority 90\n"
    "!\n"
    "interface eth1\n"
    " vrrp 5\n"
    " vrrp 5 priority 210\n"
    " vrrp 5 advertisement-interval 500\n"
    " vrrp 5 ip 10.10.10.16\n"
    " vrrp 5 ipv6 2001:db8::1/64\n"
    "exit\n"
    "!\n"
    "end\n";

TEST_F(DatastoreTest, AnnotationsOfTheModulesMakeCommands) { EXPECT_THAT(store_->commands().problems(), IsEmpty()); }

TEST_F(DatastoreTest, FileOfCommandsIsLoaded) {
  EXPECT_THAT(load(kFile), IsEmpty());
  EXPECT_EQ(applier_.applied, 1);
  EXPECT_EQ(store_->print(),
            "hostname r1\n"
            "log syslog\n"
            "vrrp default priority 90\n"
            "!\n"
            "interface eth1\n"
            " vrrp 5\n"
            " vrrp 5 priority 210\n"
            " vrrp 5 advertisement-interval 500\n"
            " vrrp 5 ip 10.10.10.16\n"
            " vrrp 5 ipv6 2001:db8::1/64\n"
            "exit\n"
            "!\n");
}

TEST_F(DatastoreTest, JsonFileIsLoaded) {
  ASSERT_THAT(load(kFile), IsEmpty());
  const std::string text = store_->print();
  const std::string json = store_->running().to_json(false);
  ASSERT_THAT(replace(""), IsEmpty());
  EXPECT_EQ(store_->print(), "");
  EXPECT_THAT(load(json), IsEmpty());
  EXPECT_EQ(store_->print(), text);
}

TEST_F(DatastoreTest, WhatIsPrintedLoadsAsTheSame) {
  ASSERT_THAT(
      load("interface eth1\n vrrp 7 version 2\n vrrp 7 priority 100\n no vrrp 7 preempt\n vrrp 9 preempt delay 30\n"
           " no vrrp 9 checksum-with-ipv4-pseudoheader\n vrrp 9 shutdown\n vrrp 9 description up stairs\n"
           " vrrp 9 ip 10.0.0.9/24\n description lan of  the  users\nexit\n"
           "log file /var/log/x.log debugging\nlog stdout warnings\ndebug vrrp arp kernel\nno vrrp default preempt\n"),
      ElementsAre("5: vrrp 9 on eth1: a preempt delay needs preempt mode"));
  ASSERT_THAT(load("interface eth1\n vrrp 7 version 2\n vrrp 7 priority 100\n no vrrp 7 preempt\n vrrp 9 preempt\n"
                   " vrrp 9 preempt delay 30\n no vrrp 9 checksum-with-ipv4-pseudoheader\n vrrp 9 shutdown\n"
                   " vrrp 9 description up stairs\n vrrp 9 ip 10.0.0.9/24\n description lan\nexit\n"
                   "log file /var/log/x.log debugging\nlog stdout warnings\ndebug vrrp arp\ndebug vrrp kernel\n"
                   "no vrrp default preempt\n"),
              IsEmpty());
  const std::string printed = store_->print();
  const yang::Tree before = store_->running();
  ASSERT_THAT(replace(printed), IsEmpty());
  EXPECT_EQ(store_->print(), printed);
  EXPECT_TRUE(store_->running() == before) << printed;
  EXPECT_THAT(printed, HasSubstr(" vrrp 7 version 2\n vrrp 7 priority 100\n no vrrp 7 preempt\n"));
}

TEST_F(DatastoreTest, MergeKeepsWhatReplaceRemoves) {
  ASSERT_THAT(load("interface eth1\n vrrp 5 priority 210\n"), IsEmpty());
  ASSERT_THAT(load("interface eth1\n vrrp 6 priority 90\n"), IsEmpty());
  EXPECT_THAT(store_->print(), HasSubstr("vrrp 5"));
  EXPECT_THAT(load("{\"tandem-system:hostname\": \"r9\"}"), IsEmpty());
  EXPECT_THAT(store_->print(), HasSubstr("vrrp 5"));
  EXPECT_THAT(store_->print(), HasSubstr("hostname r9"));
  ASSERT_THAT(replace("interface eth1\n vrrp 6 priority 91\n"), IsEmpty());
  EXPECT_EQ(store_->print(), "interface eth1\n vrrp 6\n vrrp 6 priority 91\nexit\n!\n");
}

TEST_F(DatastoreTest, CheckOnlyAppliesNothing) {
  Draft draft = store_->read(store_->empty(), kFile, {.base = Datastore::Base::replaced});
  EXPECT_TRUE(store_->check(draft));
  EXPECT_EQ(applier_.applied, 0);
  EXPECT_EQ(store_->print(), "");
}

TEST_F(DatastoreTest, LinesOfOtherSuitesAreIgnored) {
  EXPECT_THAT(load("frr version 10.8.0\nfrr defaults traditional\nservice integrated-vtysh-config\nno ipv6 forwarding\n"
                   "password zebra\nline vty\n exec-timeout 0 0\nexit\nhostname r1\nend\n"),
              IsEmpty());
  EXPECT_EQ(store_->print(), "hostname r1\n!\n");
}

// Every refusal names the object and the value.
TEST_F(DatastoreTest, RefusalsNameObjectReasonAndValue) {
  struct Row {
    std::string file;
    std::string refusal;
  };
  const std::vector<Row> table = {
      {"interface eth1\n vrrp 5 version 2\n vrrp 5 ipv6 2001:db8::1\n",
       "3: vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)"},
      {"interface eth1\n vrrp 5 version 2\n vrrp 5 advertisement-interval 500\n",
       "2: vrrp 5 on eth1: version 2 takes whole seconds only: the advertisement interval must be a multiple of 1000 "
       "ms"},
      {"vrrp default advertisement-interval 1500\ninterface eth1\n vrrp 5 version 2\n",
       "3: vrrp 5 on eth1: version 2 takes whole seconds only, but `vrrp default advertisement-interval` is not a "
       "multiple of "
       "1000 ms"},
      {"interface eth1\n vrrp 5 ip 224.0.0.18\n",
       "2: vrrp 5 on eth1: a multicast address cannot be a virtual address (224.0.0.18)"},
      {"interface eth1\n vrrp 5 ip 0.0.0.0\n",
       "2: vrrp 5 on eth1: an unspecified address cannot be a virtual address (0.0.0.0)"},
      {"interface eth1\n vrrp 5 ip 127.0.0.1\n",
       "2: vrrp 5 on eth1: a loopback address cannot be a virtual address (127.0.0.1)"},
      {"interface eth1\n vrrp 5 ip 255.255.255.255\n",
       "2: vrrp 5 on eth1: the broadcast address cannot be a virtual address (255.255.255.255)"},
      {"interface eth1\n vrrp 5 ipv6 ff02::1\n",
       "2: vrrp 5 on eth1: a multicast address cannot be a virtual address (ff02::1)"},
      {"interface eth1\n vrrp 5 ipv6 ::\n",
       "2: vrrp 5 on eth1: an unspecified address cannot be a virtual address (::)"},
      {"interface eth1\n vrrp 5 ipv6 ::1\n", "2: vrrp 5 on eth1: a loopback address cannot be a virtual address (::1)"},
      {"interface eth1\n no vrrp 5 preempt\n vrrp 5 preempt delay 10\n",
       "3: vrrp 5 on eth1: a preempt delay needs preempt mode"},
      {"interface a/b\n description x\n",
       "2: interface a/b: an interface name has no blanks, slashes, colons, quotes or control characters"},
      {"interface eth1\n vrrp 5 ip 224.0.0.1/24\n",
       "2: vrrp 5 on eth1: a multicast address cannot be a virtual address (224.0.0.1)"},
      {"hostname -r1\n",
       "1: hostname: a host name has letters, digits, dots and hyphens, and begins and ends with a letter or a "
       "digit (-r1)"},
      {"log file x.log\n", "1: log file: the name of a log file is an absolute path without blanks (x.log)"},
  };
  for (const Row& row : table) {
    EXPECT_THAT(load(row.file), ElementsAre(row.refusal)) << row.file;
    EXPECT_EQ(store_->print(), "") << row.file;
  }
  EXPECT_EQ(applier_.applied, 0);
}

TEST_F(DatastoreTest, RefusalOfATypedLineHasNoLineNumber) {
  ASSERT_THAT(type("vrrp 5 ipv6 2001:db8::1"), IsEmpty());
  EXPECT_THAT(type("vrrp 5 version 2"),
              ElementsAre("0: vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)"));
  EXPECT_THAT(type("vrrp 5 advertisement-interval 15"), ElementsAre("% Value must be a multiple of 10"));
  EXPECT_EQ(store_->print(), "interface eth1\n vrrp 5\n vrrp 5 ipv6 2001:db8::1\nexit\n!\n");
}

TEST_F(DatastoreTest, EveryErrorOfAFileIsReportedAndNothingIsApplied) {
  EXPECT_THAT(load("hostname r1\nnonsense\ninterface eth1\n vrrp 0\n vrrp 5 ip 224.0.0.1\n vrrp 5 ip 10.0.0.1\n"),
              ElementsAre(HasSubstr("2: "), HasSubstr("4: "), HasSubstr("5: vrrp 5 on eth1: a multicast address")));
  EXPECT_THAT(
      load(
          "interface eth1\n vrrp 5 version 2\n vrrp 5 ipv6 2001:db8::1\n vrrp 6 version 2\n vrrp 6 ipv6 2001:db8::2\n"),
      ElementsAre("3: vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)",
                  "5: vrrp 6 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::2)"));
  EXPECT_THAT(load("nonsense\ninterface eth1\n vrrp 5 version 2\n vrrp 5 ipv6 2001:db8::1\n"),
              ElementsAre(HasSubstr("1: "), "4: vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)"))
      << "what is wrong with a line must not hide what is wrong with the whole";
  EXPECT_EQ(store_->print(), "");
  EXPECT_EQ(applier_.applied, 0);
}

TEST_F(DatastoreTest, DamagedJsonIsRefusedWithItsLine) {
  EXPECT_THAT(load("{\n\"tandem-system:hostname\": 5,\n}\n"), ElementsAre(testing::StartsWith("2: ")));
  EXPECT_THAT(load("{\n"), SizeIs(1));
}

TEST_F(DatastoreTest, WrongValueInJsonIsNamedWithItsObject) {
  const auto with = [](std::string_view group) {
    return fmt::format(R"({{"tandem-interfaces:interfaces": {{"interface": [
      {{"name": "eth1", "tandem-vrrp:vrrp": {{"group": [{}]}}}}]}}}})",
                       group);
  };
  EXPECT_THAT(load(with(R"({"vrid": 5, "priority": 300})")), ElementsAre(HasSubstr("2: vrrp 5 on eth1: priority: ")));
  EXPECT_THAT(load(with(R"({"vrid": "5"})")), ElementsAre(HasSubstr("2: vrrp ? on eth1: vrid: ")));
}

TEST_F(DatastoreTest, ByteOrderMarkIsNoPartOfTheText) {
  EXPECT_THAT(load("\xEF\xBB\xBFhostname r1\r\ninterface eth1\r\n\tvrrp 5\r\n"), IsEmpty());
  EXPECT_EQ(store_->print(), "hostname r1\n!\ninterface eth1\n vrrp 5\nexit\n!\n");
  EXPECT_THAT(load("\xEF\xBB\xBF{\"tandem-system:hostname\": \"r2\"}"), IsEmpty());
  EXPECT_THAT(store_->print(), HasSubstr("hostname r2\n"));
}

TEST_F(DatastoreTest, ObjectionsOfTheDaemonFindTheirLine) {
  applier_.objections = {{"vrrp 5 on eth1", "10.0.0.255", "not this address"},
                         {"vrrp 5 on eth1", "10.0.0.9", "nor this one"},  // none of the file's
                         {"vrrp 7 on eth1", "", "nor this group"},
                         {"", "", "and too many"}};
  EXPECT_THAT(load("interface eth1\n vrrp 5 ip 10.0.0.255\n vrrp 5 ip 10.0.0.1\n vrrp 6 ip 10.0.0.2\n"),
              ElementsAre("0: vrrp 7 on eth1: nor this group", "0: and too many", "2: vrrp 5 on eth1: not this address",
                          "3: vrrp 5 on eth1: nor this one"));
  EXPECT_EQ(store_->print(), "");
}

// Each address of a file with 20 000 is wrong: the lines are found without looking through all for each, and only the
// first are told.
TEST_F(DatastoreTest, ManyMistakesAreToldUpToALimit) {
  std::string file;
  for (int group = 1; group <= 250; ++group) {
    file += group % 25 == 1 ? fmt::format("interface eth{}\n", group / 25) : "";
    for (int address = 1; address <= 80; ++address) {
      const std::string ip = fmt::format("10.{}.0.{}", group, address);
      file += fmt::format(" vrrp {} ip {}\n", group, ip);
      applier_.objections.push_back(
          {fmt::format("vrrp {} on eth{}", group, (group - 1) / 25), ip, fmt::format("wrong ({})", ip)});
    }
  }
  const std::vector<std::string> told = load(file);
  ASSERT_EQ(told.size(), kMaxRefusals + 1);
  EXPECT_EQ(told[0], "2: vrrp 1 on eth0: wrong (10.1.0.1)");
  EXPECT_EQ(told[1], "3: vrrp 1 on eth0: wrong (10.1.0.2)");
  EXPECT_EQ(told.back(), fmt::format("0: and {} more", 20'000 - kMaxRefusals));
}

TEST_F(DatastoreTest, FailureToApplyLeavesTheRunningConfiguration) {
  ASSERT_THAT(load("hostname r1\n"), IsEmpty());
  applier_.failure = "cannot create vrrp4-3-5: Operation not permitted";
  EXPECT_THAT(load("hostname r2\n"), ElementsAre("0: cannot create vrrp4-3-5: Operation not permitted"));
  EXPECT_EQ(applier_.undone, 1);
  EXPECT_EQ(store_->print(), "hostname r1\n!\n");
}

TEST_F(DatastoreTest, RemovingAGroupRemovesAllOfIt) {
  ASSERT_THAT(load(kFile), IsEmpty());
  EXPECT_THAT(type("no vrrp 5"), IsEmpty());
  EXPECT_THAT(store_->print(), testing::Not(HasSubstr("interface")));
}

std::string file_of_groups(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    if (i % 255 == 0) {
      text += fmt::format("interface eth{}\n", i / 255);
    }
    text +=
        fmt::format(" vrrp {0}\n vrrp {0} priority 200\n vrrp {0} ip 10.{1}.0.{0}\n vrrp {0} ipv6 2001:db8:{1}::{0}\n",
                    i % 255 + 1, i / 255);
  }
  return text;
}

// Times are printed, not asserted: the machine of the test may be busy. The goals for an optimised build are 0.3 s and
// a few ms.
TEST_F(DatastoreTest, ManyGroupsAreOneTransaction) {
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::time_point since) {
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
  };
  for (const int count : {300, 1020}) {
    const int applied_before = applier_.applied;
    auto start = Clock::now();
    ASSERT_THAT(replace(file_of_groups(count)), IsEmpty());
    fmt::print("{} groups load in {:.1f} ms\n", count, milliseconds(start));
    EXPECT_EQ(applier_.applied, applied_before + 1);
    start = Clock::now();
    ASSERT_THAT(type("vrrp 5 priority 99"), IsEmpty());
    fmt::print("{} groups: one leaf changes in {:.1f} ms\n", count, milliseconds(start));
    start = Clock::now();
    const std::string printed = store_->print();
    fmt::print("{} groups print in {:.1f} ms\n", count, milliseconds(start));
    EXPECT_THAT(printed, HasSubstr(" vrrp 5 priority 99\n"));
  }
}

}  // namespace
}  // namespace tandem::config
