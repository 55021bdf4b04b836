// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "vrrpd/daemon/program.h"

int main(int argc, char** argv) {
  using namespace tandem::vrrpd::daemon;
  const auto parsed = parse_options(argc, argv);
  if (!parsed) {
    fmt::print(stderr, "{}: {}\n", kProgram, parsed.error().message);
    return 1;
  }
  if (const auto* text = std::get_if<PrintAndExit>(&*parsed)) {
    fmt::print("{}", text->text);
    return 0;
  }
  const Options& options = std::get<Options>(*parsed);
  if (options.check_only) {
    return check_configuration(options);
  }
  return options.restart ? restart(options) : run(options);
}
