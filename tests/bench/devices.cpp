// SPDX-License-Identifier: Apache-2.0
// The cost of work on the kernel, and the lateness of a timer during much such work. Runs as root, in a network
// namespace of its own that ends with the process.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "vrrpd/io/devices.h"

namespace {

using namespace tandem;
using namespace tandem::vrrpd;
using std::chrono::microseconds;

constexpr unsigned kParents = 4;
constexpr unsigned kVrids = 255;

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) {
    fmt::print(stderr, "{} failed\n", command);
    std::exit(1);
  }
}

// A namespace with Ethernet interfaces p0 to p3. Each benchmark gets a new one.
void enter_namespace() {
  if (unshare(CLONE_NEWNET) != 0) {
    fmt::print(stderr, "needs root\n");
    std::exit(1);
  }
  for (unsigned i = 0; i < kParents; ++i) {
    run(
        fmt::format("ip link add p{0} type veth peer name q{0} && ip link set p{0} up && ip link set q{0} up && ip "
                    "addr add 10.{0}.0.1/16 dev p{0}",
                    i));
  }
}

io::DesiredDevice desired(unsigned number, core::Family family) {
  const unsigned parent = number / kVrids;
  const unsigned vrid = number % kVrids + 1;
  const std::string address = family == core::Family::ipv4 ? fmt::format("10.{}.1.{}", parent, vrid)
                                                           : fmt::format("2001:db8:{:x}::{:x}", parent, vrid);
  const base::IpAddress parsed = *base::IpAddress::parse(address);
  io::DesiredDevice device{.interface = fmt::format("p{}", parent),
                           .vrid = core::Vrid(vrid),
                           .family = family,
                           .claimed = false,
                           .addresses = {{parsed, base::IpAddress::width(family)}}};
  if (family == core::Family::ipv6) {
    device.addresses.push_back({*base::IpAddress::parse(fmt::format("fe80::5e00:2{:02x}", vrid)), 64});
  }
  return device;
}

core::RouterId id_of(unsigned number, core::Family family) {
  return core::RouterId{2 * number + (family == core::Family::ipv6 ? 2U : 1U)};
}

enum class Claim { no, yes };

struct Setup {
  event::Loop loop;
  log::Logger logger;
  std::set<core::RouterId> unsettled;
  std::unique_ptr<io::Devices> devices;

  Setup() {
    enter_namespace();
    auto opened = io::Devices::open(loop, logger, {.state_directory = "/run/tandem-bench", .instance = ""},
                                    [this](const io::DeviceChanges& changes) {
                                      for (const core::RouterId id : changes.routers) {
                                        unsettled.erase(id);
                                      }
                                      if (unsettled.empty()) {
                                        loop.stop();
                                      }
                                    });
    if (!opened) {
      fmt::print(stderr, "{}\n", opened.error().message);
      std::exit(1);
    }
    devices = std::move(*opened);
    devices->start();
  }
  void want(unsigned number, core::Family family, Claim claim = Claim::no) {
    io::DesiredDevice device = desired(number, family);
    device.claimed = claim == Claim::yes;
    unsettled.insert(id_of(number, family));
    devices->want(id_of(number, family), std::move(device));
  }
};

// The daemon sets a released macvlan down about a second later.
void await_link_down(Setup& setup, core::RouterId id) {
  event::Timer look(setup.loop, [&] { setup.loop.stop(); });
  while (setup.devices->interfaces().find(setup.devices->device_of(id))->link.admin_up) {
    look.set(event::monotonic_now() + std::chrono::milliseconds(20));
    setup.loop.run();
  }
}

enum class Link { still_up, down };

// Measures from the decision until the address is on the macvlan, and until it is removed. `link`: the macvlan's state
// before each claim.
void takeover(benchmark::State& state, core::Family family, Link link) {
  Setup setup;
  setup.want(0, family);
  setup.loop.run();
  std::vector<double> claims;
  std::vector<double> releases;
  for ([[maybe_unused]] auto iteration : state) {
    if (link == Link::down) await_link_down(setup, id_of(0, family));
    for (std::vector<double>* times : {&claims, &releases}) {
      const base::TimePoint began = event::monotonic_now();
      setup.want(0, family, times == &claims ? Claim::yes : Claim::no);
      setup.devices->act();
      times->push_back(static_cast<double>((event::monotonic_now() - began).count()));
      setup.loop.run();
    }
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
  };
  state.counters["claim_us"] = median(claims);
  state.counters["release_us"] = median(releases);
  setup.devices->release_all();
}

// Creates all macvlans at once, and measures how late a timer of 1 ms is meanwhile.
class Metronome {
 public:
  explicit Metronome(event::Loop& loop) : timer_(loop, [this] { beat(); }) {
    next_ = event::monotonic_now();
    beat();
  }
  void report(benchmark::State& state) {
    std::sort(lateness_.begin(), lateness_.end());
    state.counters["late_p99_us"] = lateness_.at(lateness_.size() * 99 / 100);
    state.counters["late_max_us"] = lateness_.back();
  }

 private:
  void beat() {
    lateness_.push_back(static_cast<double>((event::monotonic_now() - next_).count()));
    next_ += microseconds(1000);
    timer_.set(next_);
  }
  event::Timer timer_;
  base::TimePoint next_;
  std::vector<double> lateness_;
};

void load(benchmark::State& state) {
  const auto count = static_cast<unsigned>(state.range(0));
  for ([[maybe_unused]] auto iteration : state) {
    Setup setup;
    for (unsigned i = 0; i < count; ++i) {
      setup.want(i, core::Family::ipv4);
      setup.want(i, core::Family::ipv6);
    }
    Metronome metronome(setup.loop);
    const base::TimePoint began = event::monotonic_now();
    setup.loop.run();
    state.SetIterationTime(std::chrono::duration<double>(event::monotonic_now() - began).count());
    metronome.report(state);
    state.PauseTiming();
    setup.devices->release_all();
    state.ResumeTiming();
  }
}

void take_over_all(benchmark::State& state) {
  const auto count = static_cast<unsigned>(state.range(0));
  Setup setup;
  for (unsigned i = 0; i < count; ++i) {
    setup.want(i, core::Family::ipv4);
    setup.want(i, core::Family::ipv6);
  }
  setup.loop.run();
  for ([[maybe_unused]] auto iteration : state) {
    const base::TimePoint began = event::monotonic_now();
    for (unsigned i = 0; i < count; ++i) {
      for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
        setup.want(i, family, Claim::yes);
      }
    }
    Metronome metronome(setup.loop);
    setup.devices->act();
    setup.loop.run();
    state.SetIterationTime(std::chrono::duration<double>(event::monotonic_now() - began).count());
    metronome.report(state);
  }
  setup.devices->release_all();
}

BENCHMARK_CAPTURE(takeover, ipv4, core::Family::ipv4, Link::still_up)->Iterations(2000);
BENCHMARK_CAPTURE(takeover, ipv6, core::Family::ipv6, Link::still_up)->Iterations(2000);
BENCHMARK_CAPTURE(takeover, ipv4_from_down, core::Family::ipv4, Link::down)->Iterations(12);
BENCHMARK_CAPTURE(takeover, ipv6_from_down, core::Family::ipv6, Link::down)->Iterations(12);
BENCHMARK(load)->Arg(1020)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(take_over_all)->Arg(255)->Arg(1020)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
