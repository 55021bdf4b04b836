// SPDX-License-Identifier: Apache-2.0
// What a session can do only with a person in front of it: be asked, be interrupted, see a live screen. A session
// without such a person (a script, a pipe) has no Terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/result.h"

namespace tandem::vtysh {

// What becomes of changes that are not committed when their session is left.
enum class Uncommitted { commit, discard, stay };

class Terminal {
 public:
  virtual ~Terminal() = default;

  virtual Uncommitted ask_about_changes() = 0;

  // Shows what `picture` returns, again and again, until the operator ends it. Fails when `picture` does.
  using Picture = std::function<base::Result<std::string>()>;
  virtual base::Result<> show_live(const Picture& picture) = 0;

  virtual std::uint32_t columns() const = 0;  // 0: unknown

  virtual bool interrupted() const = 0;  // Ctrl-C since the present command began

  enum class Colours { never, automatic };
  virtual void set_colours(Colours colours) = 0;
};

}  // namespace tandem::vtysh
