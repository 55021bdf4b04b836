// SPDX-License-Identifier: Apache-2.0
// The running configuration and how it changes: edits make a candidate, the candidate is validated as a whole, the
// daemon checks and applies it, and only then does it become the running one. Any failure leaves everything as it was.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/config/applier.h"
#include "lib/config/refusal.h"
#include "lib/yang/context.h"

namespace tandem::config {

// A candidate before validation: the tree, the edits that made it, with their lines, and the errors found so far.
struct Draft {
  yang::Tree tree;
  std::vector<cli::ConfigCommands::FileEdit> origins = {};
  std::vector<Refusal> refusals = {};
  std::vector<Refusal> skipped = {};  // lines that a lenient reading left out
};

class Refusals;

class Datastore {
 public:
  Datastore(const yang::Context& context, Applier& applier);

  const yang::Context& context() const { return context_; }
  const yang::Tree& running() const { return running_.tree(); }
  const cli::ConfigCommands& commands() const { return commands_; }

  // Drafts: `base` with edits, or with a file of CLI text or JSON instance data (told apart by its first character).
  // The file is merged into the base or takes its place.
  enum class Base { merged_into, replaced };
  struct ReadOptions {
    Base base = Base::merged_into;
    cli::Reading mode = cli::Reading::strict;
  };
  Draft edited(const yang::Tree& base, const std::vector<cli::Edit>& edits) const;
  Draft read(const yang::Tree& base, std::string_view text, ReadOptions options) const;
  // The edits whose values the model refuses for every tree. Empty: they can be applied to any.
  std::vector<Refusal> check_values(const std::vector<cli::Edit>& edits) const;

  // Fails with every error of the draft. Afterwards its tree is canonical. Has no effect on what runs.
  base::Result<void, std::vector<Refusal>> check(Draft& draft) const;
  // Makes the draft the running configuration, or fails with every reason and changes nothing. A draft equal to the running
  // configuration is applied only with Unchanged::apply.
  enum class Unchanged { skip, apply };
  enum class Effect { none, applied };
  base::Result<Effect, std::vector<Refusal>> commit(Draft draft, Unchanged unchanged = Unchanged::skip);

  // Configurations as commands: the body of `show running-config`.
  const std::string& print() const { return running_.text(); }
  std::string print(const yang::Tree& tree, cli::Style style = cli::Style::running_config) const {
    return commands_.print(tree.data(), style);
  }
  yang::Tree empty() const { return yang::Tree(context_); }

 private:
  base::Result<std::unique_ptr<Prepared>, std::vector<Refusal>> prepare(Draft& draft) const;
  void apply_edits(yang::Tree& candidate, const std::vector<cli::ConfigCommands::FileEdit>& edits,
                   Refusals& refusals) const;

  const yang::Context& context_;
  Applier& applier_;
  cli::ConfigCommands commands_;
  Configuration running_;
};

}  // namespace tandem::config
