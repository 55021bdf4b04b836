// SPDX-License-Identifier: Apache-2.0
// tandem-sim: runs seeds, and reports the first seed that fails. Usually called by tools/sim.
#include <getopt.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <mutex>
#include <thread>

#include "tests/sim/simulation.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;

constexpr const char* kUsage =
    "Usage: tools/sim [--seeds N] [--first-seed S] [--jobs J] [--trace] | --benchmark\n"
    "Simulates N scenarios (default 1), the first of seed S (default 1), J at a time (default: one per processor).\n"
    "Exits with 1 at the first violation of an invariant, and tells how to see it again.\n"
    "  --trace      prints everything that happens\n"
    "  --benchmark  simulates 3 000 undisturbed routers and prints how fast that was\n";

struct Options {
  std::uint64_t seeds = 1;
  std::uint64_t first_seed = 1;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool trace = false;
  bool benchmark = false;
};

std::optional<std::uint64_t> number(const char* text) {
  const std::string_view view(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  return error == std::errc() && end == view.data() + view.size() ? std::optional(value) : std::nullopt;
}

std::optional<Options> parse(int argc, char** argv) {
  static const option kOptions[] = {
      {"seeds", required_argument, nullptr, 'n'}, {"first-seed", required_argument, nullptr, 's'},
      {"jobs", required_argument, nullptr, 'j'},  {"trace", no_argument, nullptr, 't'},
      {"benchmark", no_argument, nullptr, 'b'},   {nullptr, 0, nullptr, 0}};
  Options options;
  for (int c = 0; (c = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    const std::optional<std::uint64_t> value = optarg != nullptr ? number(optarg) : std::nullopt;
    if (c == 't') {
      options.trace = true;
    } else if (c == 'b') {
      options.benchmark = true;
    } else if (c == '?' || !value) {
      return std::nullopt;
    } else if (c == 'n') {
      options.seeds = *value;
    } else if (c == 's') {
      options.first_seed = *value;
    } else {
      options.jobs = static_cast<unsigned>(std::max<std::uint64_t>(*value, 1));
    }
  }
  return optind == argc ? std::optional(options) : std::nullopt;
}

// Several threads take seeds in order. The program reports the lowest seed that fails, whichever thread finished first.
class Swarm {
 public:
  explicit Swarm(const Options& options) : options_(options), next_(options.first_seed) {}

  int run() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options_.jobs; ++i) {
      threads.emplace_back([this] { work(); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print("{} seeds from {}: {:.0f} s simulated, {:.1f} million events in {:.1f} s; digest {:016x}\n", done_,
               options_.first_seed, static_cast<double>(simulated_.count()) / 1e6, static_cast<double>(events_) / 1e6,
               seconds, digest_);
    if (failed_.empty()) {
      return 0;
    }
    const auto& [seed, violation] = *failed_.begin();
    fmt::print("{}", report(draw_scenario(seed), violation));
    return 1;
  }

 private:
  void work() {
    for (std::uint64_t seed = next_++; seed < options_.first_seed + options_.seeds; seed = next_++) {
      const Scenario scenario = draw_scenario(seed);
      const Outcome outcome = simulate(scenario);
      const std::lock_guard lock(mutex_);
      ++done_;
      simulated_ += outcome.simulated;
      events_ += outcome.events;
      digest_ ^= outcome.digest;
      if (outcome.violation) {
        failed_.emplace(seed, *outcome.violation);
        next_ = options_.first_seed + options_.seeds;  // the threads finish the seeds that they have begun
      }
    }
  }

  Options options_;
  std::atomic<std::uint64_t> next_;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
  Duration simulated_{};
  std::uint64_t events_ = 0;
  std::uint64_t digest_ = 0;
  std::map<std::uint64_t, Violation> failed_;
};

int trace(const Options& options) {
  for (std::uint64_t seed = options.first_seed; seed < options.first_seed + options.seeds; ++seed) {
    const Scenario scenario = draw_scenario(seed);
    Timeline timeline(scenario, std::nullopt, Timeline::kEverything);
    const Outcome outcome = simulate(scenario, &timeline);
    fmt::print("{}\n", describe(scenario));
    for (const std::string& line : timeline.lines()) {
      fmt::print("{}\n", line);
    }
    if (outcome.violation) {
      fmt::print("\n{}", report(scenario, *outcome.violation));
      return 1;
    }
  }
  return 0;
}

// 3 000 routers: three machines with 20 groups on each of 50 LANs. LANs are independent, so each thread simulates one
// LAN to the end before the next.
int benchmark(unsigned threads) {
  constexpr GroupId kGroupsOfLan = 20;
  constexpr unsigned kLans = 50;
  constexpr Duration kLength = 1000s;
  std::atomic<unsigned> next = 0;
  std::atomic<std::uint64_t> routers = 0;
  std::atomic<std::uint64_t> events = 0;
  std::atomic<bool> violated = false;
  const auto work = [&] {
    while (next++ < kLans) {
      const Scenario scenario = benchmark_scenario(kGroupsOfLan);
      const Outcome outcome = simulate_peace(scenario, kLength);
      routers += scenario.members.size();
      events += outcome.events;
      violated = violated || outcome.violation.has_value();
    }
  };
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> pool;
  for (unsigned i = 0; i < threads; ++i) {
    pool.emplace_back(work);
  }
  for (std::thread& thread : pool) {
    thread.join();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double processor_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  fmt::print(
      "{} routers, {} threads: {} s simulated in {:.2f} s, {:.0f} times as fast as real time; {:.0f} ns of a "
      "processor per step of a router\n",
      routers.load(), threads, kLength / 1s, seconds, static_cast<double>(kLength / 1s) / seconds,
      processor_seconds * 1e9 / static_cast<double>(events.load()));
  return violated ? 1 : 0;
}

}  // namespace
}  // namespace tandem::sim

int main(int argc, char** argv) {
  using namespace tandem::sim;
  const std::optional<Options> options = parse(argc, argv);
  if (!options) {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  if (options->benchmark) {
    return benchmark(options->jobs);
  }
  return options->trace ? trace(*options) : Swarm(*options).run();
}
