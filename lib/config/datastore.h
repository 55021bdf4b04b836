// SPDX-License-Identifier: Apache-2.0
// The running configuration and how it changes: edits make a candidate, the candidate is validated as a whole, the
// daemon checks and applies it, and only then does it become the running one. Any failure leaves everything as it was.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/yang/context.h"
#include "lib/yang/tree.h"

namespace tandem::config {

// The daemon behind the datastore.
class Applier {
 public:
  virtual ~Applier() = default;
  // Cross-checks beyond YANG; messages name the object.
  virtual std::vector<std::string> check(const yang::Tree& candidate) = 0;
  // Makes it so. On failure the applier has undone what it did.
  virtual base::Result<> apply(const yang::Tree& candidate) = 0;
};

// One reason for refusal. `line` is that of the file, 0 if none.
struct Refusal {
  std::size_t line = 0;
  std::string message;  // without "% "
  bool operator==(const Refusal&) const = default;
};

class Refusals;

class Datastore {
 public:
  Datastore(const yang::Context& context, Applier& applier);

  const yang::Tree& running() const { return running_; }
  const cli::ConfigCommands& commands() const { return commands_; }

  // One transaction. Success or every reason at once.
  base::Result<void, std::vector<Refusal>> commit(const std::vector<cli::Edit>& edits);
  // The same for a file of CLI text or JSON instance data (told apart by its first character): merged into the running
  // configuration, or, with `replace`, in its place. `check_only` validates and applies nothing.
  struct LoadOptions {
    bool replace = false;
    bool check_only = false;
  };
  base::Result<void, std::vector<Refusal>> load(std::string_view text, LoadOptions options);

  // The running configuration as commands: the body of `show running-config`.
  std::string print() const;

 private:
  enum class Purpose { apply, check };

  // Adds what is wrong with the candidate as a whole to what is known already; if that is nothing, applies it.
  base::Result<void, std::vector<Refusal>> finish(yang::Tree candidate, Refusals& refusals, Purpose purpose);

  const yang::Context& context_;
  Applier& applier_;
  cli::ConfigCommands commands_;
  yang::Tree running_;
};

}  // namespace tandem::config
