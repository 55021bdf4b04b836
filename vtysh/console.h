// SPDX-License-Identifier: Apache-2.0
// The operator's terminal: questions, live screens, pager, colours.
#pragma once

#include <memory>

#include "vtysh/daemons.h"
#include "vtysh/output.h"
#include "vtysh/terminal.h"

namespace tandem::vtysh {

class Console : public Terminal {
 public:
  // commands: for option -c on a terminal. It shows live screens and colours; it has no pager and asks no question.
  enum class Purpose { session, commands };
  Console(const Daemons& daemons, Purpose purpose) : daemons_(daemons), purpose_(purpose) {}

  Uncommitted ask_about_changes() override;
  base::Result<> show_live(const Picture& picture) override;
  std::uint32_t columns() const override;
  bool interrupted() const override;
  void set_colours(Colours colours) override { colours_ = colours; }

  // To be called when a person types (typing.h): until then a session shows only text.
  void set_attended() { attended_ = true; }

  // The destination for the output of one command. `page_length`: lines of a page; 0: no pager; nullopt: the terminal's
  // height if a person types, otherwise no pager.
  std::unique_ptr<Output> open_output(std::optional<std::size_t> page_length) const;

 private:
  bool paints() const;
  std::size_t screenful() const;

  const Daemons& daemons_;
  Purpose purpose_;
  Colours colours_ = Colours::automatic;
  bool attended_ = false;
};

// Whether $TERM names a terminal that understands control sequences. Programs that log in use the name "vt100".
bool knows_control_sequences();

}  // namespace tandem::vtysh
