// SPDX-License-Identifier: Apache-2.0
// Trees for the tests of this folder, from the real modules.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "lib/yang/context.h"
#include "lib/yang/tree.h"
#include "vrrpd/config/from_yang.h"

namespace tandem::vrrpd::config {

// One value to set: a path below the interface list or an absolute one.
struct Setting {
  std::string path;
  std::string value = {};
};

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = yang::Context::load(yang::default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
  }

  static std::string group_path(const std::string& interface, int vrid) {
    return "/tandem-interfaces:interfaces/interface[name='" + interface + "']/tandem-vrrp:vrrp/group[vrid='" +
           std::to_string(vrid) + "']";
  }
  static std::string ipv4_path(const std::string& interface, int vrid, const std::string& ip) {
    return group_path(interface, vrid) + "/ipv4/address[ip='" + ip + "']";
  }
  static std::string ipv6_path(const std::string& interface, int vrid, const std::string& ip) {
    return group_path(interface, vrid) + "/ipv6/address[ip='" + ip + "']";
  }

  Config config_of(const std::vector<Setting>& settings) const {
    yang::Tree tree(*context_);
    for (const Setting& setting : settings) {
      const auto applied = tree.apply({cli::Edit::Kind::set, setting.path, setting.value});
      EXPECT_TRUE(applied) << setting.path << ": " << applied.error().message;
    }
    for (const yang::Problem& problem : tree.validate()) {
      ADD_FAILURE() << problem.path << ": " << problem.message;
    }
    return from_yang(tree);
  }

  const cli::SchemaNode& group_schema() const {
    const cli::SchemaNode* const interfaces = context_->schema().root->child("interfaces");
    return *interfaces->child("interface")->child("vrrp")->child("group");
  }

  static const Group& group(const Config& config, const std::string& interface, int vrid) {
    return config.interfaces.at(interface).groups.at(core::Vrid(static_cast<unsigned>(vrid)));
  }

 private:
  std::unique_ptr<yang::Context> context_;
};

}  // namespace tandem::vrrpd::config
