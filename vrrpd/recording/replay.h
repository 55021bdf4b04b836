// SPDX-License-Identifier: Apache-2.0
// Replays a recording: passes its inputs to a new engine, compares the actions of the routers with the recorded ones,
// and reports both as a timeline.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

class Replay {
 public:
  // `tell` gets each line of the timeline; it may be empty.
  explicit Replay(std::function<void(std::string_view line)> tell) : tell_(std::move(tell)) {}

  // Takes the next line of the file. Fails on a line that does not belong to a recording; the text begins with "line N:
  // ".
  base::Result<> feed(std::string_view line);
  // Compares the actions of the last input. To be called after the last line.
  base::Result<> finish();

  struct Difference {
    std::size_t line;  // of the input
    std::string recorded;
    std::string replayed;  // empty: no action
  };
  const std::vector<Difference>& differences() const { return differences_; }
  std::size_t inputs() const { return inputs_; }
  std::size_t actions() const { return actions_count_; }

 private:
  base::Result<> read(std::string_view line);
  base::Result<> remember_name(std::string_view rest);
  base::Result<> check(const Input& input) const;
  void carry_out(const Input& input);
  void compare_rest();
  void tell_input(const Input& input);
  void tell_line(std::string_view line);
  std::string name_of(core::RouterId id) const;

  std::function<void(std::string_view line)> tell_;
  core::Engine engine_;
  core::Actions actions_;
  std::vector<std::string> expected_;  // recorded actions of the last input
  std::map<core::RouterId, std::string> names_;
  std::vector<Difference> differences_;
  std::optional<base::TimePoint> first_;
  std::size_t line_ = 0;
  std::size_t input_line_ = 0;
  std::size_t inputs_ = 0;
  std::size_t actions_count_ = 0;
};

}  // namespace tandem::vrrpd::recording
