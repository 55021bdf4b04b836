// SPDX-License-Identifier: Apache-2.0
// The operator's terminal: its questions, its live screen, its pager and its colours.
#pragma once

#include <memory>

#include "vtysh/daemons.h"
#include "vtysh/output.h"
#include "vtysh/terminal.h"

namespace tandem::vtysh {

class Console : public Terminal {
 public:
  // `commands`: those of option -c, on a terminal. It shows live screens and colours, pages nothing and asks nothing.
  enum class Purpose { session, commands };
  Console(const Daemons& daemons, Purpose purpose) : daemons_(daemons), purpose_(purpose) {}

  Uncommitted ask_about_changes() override;
  base::Result<> show_live(const Picture& picture) override;
  std::uint32_t columns() const override;
  bool interrupted() const override;
  void set_colours(Colours colours) override { colours_ = colours; }

  // Until a person has been seen to type, a session shows text and nothing else.
  void set_attended() { attended_ = true; }

  // Where one command writes to. `page_length`: lines of a screenful as the operator wants it; 0 for no pager, not set
  // for the terminal's, if a person sits there.
  std::unique_ptr<Output> open_output(std::optional<std::size_t> page_length) const;

 private:
  bool paints() const;
  std::size_t screenful() const;

  const Daemons& daemons_;
  Purpose purpose_;
  Colours colours_ = Colours::automatic;
  bool attended_ = false;
};

// Whether the terminal, as $TERM names it, understands more than text. Programs that log in call theirs "vt100".
bool knows_control_sequences();

}  // namespace tandem::vtysh
