// SPDX-License-Identifier: Apache-2.0
// The daemon behind the datastore: how a configuration takes effect. The datastore has it prepared, then applied; if that
// fails, undone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/config_commands.h"
#include "lib/yang/tree.h"

namespace tandem::config {

// A tree and its text, which is made when it is first asked for.
class Configuration {
 public:
  Configuration(yang::Tree tree, const cli::ConfigCommands& commands) : tree_(std::move(tree)), commands_(&commands) {}

  const yang::Tree& tree() const { return tree_; }
  const std::string& text() const;  // as commands

 private:
  yang::Tree tree_;
  const cli::ConfigCommands* commands_;
  mutable std::optional<std::string> text_;
};

// Why a daemon cannot apply a configuration that its model accepts. Object and entry are named as cli::ConfigCommands::
// object_name() names them: they tell the line of a file that the objection is about.
struct Objection {
  std::string object;  // "vrrp 5 on eth1"; empty: the configuration as a whole
  std::string entry;   // the list entry of the object that it is about: "10.0.0.1"; empty: none in particular
  std::string message;
  bool operator==(const Objection&) const = default;
};
std::string to_string(const Objection& objection);  // "vrrp 5 on eth1: message"

// One configuration, translated and checked. Until apply() nothing has happened.
class Prepared {
 public:
  virtual ~Prepared() = default;
  // `candidate` is the tree that was prepared. Called at most once. The error names the object that failed; what was
  // done until then stays, for undo().
  virtual base::Result<> apply(const Configuration& candidate) = 0;
  // After an apply() that failed: takes back what it has done.
  virtual void undo() = 0;
};

class Applier {
 public:
  using Preparation = base::Result<std::unique_ptr<Prepared>, std::vector<Objection>>;

  virtual ~Applier() = default;
  // Precondition: the tree is valid. Has no effect; fails with every objection at once. The result may be dropped: then
  // the configuration was only checked.
  virtual Preparation prepare(const yang::Tree& candidate) = 0;
  // Called now and then by what may take long.
  virtual void on_progress() {}
};

// Of an applier that only checks.
class NothingToApply : public Prepared {
 public:
  base::Result<> apply(const Configuration&) override { return {}; }
  void undo() override {}
};

}  // namespace tandem::config
