// SPDX-License-Identifier: Apache-2.0
// Programs that the shell executes directly, without sh: ping, traceroute, and the pager.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/match.h"

namespace tandem::vtysh {

// The argument vector for the command: ping [ip|ipv6] HOST [source S] [count N] [dontfragment].
std::vector<std::string> ping_arguments(const cli::Match& match);
std::vector<std::string> traceroute_arguments(const cli::Match& match);

// Runs it on the shell's terminal, waits for its end, and returns its exit status. Fails if the program is missing.
base::Result<int> run_program(const std::vector<std::string>& arguments);

// A program whose standard input is file(). The destructor waits for its end.
class Feeder {
 public:
  static base::Result<std::unique_ptr<Feeder>> start(const std::vector<std::string>& arguments);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;
  std::FILE* file() const { return file_; }

 private:
  Feeder(pid_t child, std::string name, std::FILE* file) : child_(child), name_(std::move(name)), file_(file) {}

  pid_t child_;
  std::string name_;
  std::FILE* file_;
};

}  // namespace tandem::vtysh
