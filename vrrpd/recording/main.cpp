// SPDX-License-Identifier: Apache-2.0
// tandem-replay: replays a recording of `debug vrrp record FILE`. Usually called as tools/replay.
#include <cstring>
#include <fstream>

#include "vrrpd/recording/replay.h"

namespace {

constexpr const char* kUsage =
    "Usage: tools/replay [--check] FILE\n"
    "Feeds the inputs of a recording to a new engine and prints what happened as a timeline.\n"
    "  --check   prints only whether the same was done as when it was recorded\n"
    "Exits with 1 if something else was done, with 2 if the file is no recording.\n";

int run(const char* path, bool check_only) {
  using tandem::vrrpd::recording::Replay;
  std::ifstream file(path);
  if (!file) {
    fmt::print(stderr, "{}: cannot be read\n", path);
    return 2;
  }
  Replay replay([check_only](std::string_view line) {
    if (!check_only) {
      fmt::print("{}\n", line);
    }
  });
  tandem::base::Result<> done;
  for (std::string line; done && std::getline(file, line);) {
    done = replay.feed(line);
  }
  if (done) {
    done = replay.finish();
  }
  if (!done) {
    fmt::print(stderr, "{}: {}\n", path, done.error().message);
    return 2;
  }
  for (const Replay::Difference& difference : replay.differences()) {
    fmt::print("{}:{}: recorded: {}\n{}:{}: replayed: {}\n", path, difference.line,
               difference.recorded.empty() ? "nothing" : difference.recorded, path, difference.line,
               difference.replayed.empty() ? "nothing" : difference.replayed);
  }
  fmt::print("{} inputs, {} actions: {}\n", replay.inputs(), replay.actions(),
             replay.differences().empty() ? "the same as recorded" : "NOT the same as recorded");
  return replay.differences().empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool check_only = argc > 1 && std::strcmp(argv[1], "--check") == 0;
  if (argc != (check_only ? 3 : 2) || argv[argc - 1][0] == '-') {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  return run(argv[argc - 1], check_only);
}
