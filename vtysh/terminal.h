// SPDX-License-Identifier: Apache-2.0
// The functions that need a person at the terminal: questions, interrupts, live screens. A session of a script or a
// pipe has no Terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/result.h"

namespace tandem::vtysh {

// The operator's decision about uncommitted changes when a session ends.
enum class Uncommitted { commit, discard, stay };

class Terminal {
 public:
  virtual ~Terminal() = default;

  virtual Uncommitted ask_about_changes() = 0;

  // Shows the text that `picture` returns, repeatedly, until the operator ends it. Fails when `picture` fails.
  using Picture = std::function<base::Result<std::string>()>;
  virtual base::Result<> show_live(const Picture& picture) = 0;

  virtual std::uint32_t columns() const = 0;  // 0: unknown

  virtual bool interrupted() const = 0;  // whether Ctrl-C was typed since the current command began

  enum class Colours { never, automatic };
  virtual void set_colours(Colours colours) = 0;
};

}  // namespace tandem::vtysh
