// SPDX-License-Identifier: Apache-2.0
// The cost of saving a virtual router for the next worker, which the daemon does in each turn that changes it
// (doc/decisions/0037). Measures a record with numbered fields and, for comparison, the bytes as the compiler lays them
// out.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "lib/supervisor/cell.h"
#include "vrrpd/checkpoint/codec.h"

namespace tandem::vrrpd {
namespace {

constexpr std::size_t kRouters = 1020;
constexpr std::size_t kSlotSize = 768;

struct Plain {
  std::array<char, 32> interface;
  unsigned vrid;
  core::Family family;
  core::SavedState memory;
  checkpoint::Past past;
};

core::SavedState master() {
  core::SavedState memory;
  memory.state = core::State::master;
  memory.source = *base::IpAddress::parse("10.0.0.7");
  memory.master_timer.next_advertisement = base::TimePoint(std::chrono::hours(1000));
  return memory;
}

core::SavedState backup() {
  core::SavedState memory = master();
  memory.state = core::State::backup;
  memory.backup.set_at = base::TimePoint(std::chrono::hours(1000));
  memory.backup.learned_interval = std::chrono::milliseconds(100);
  memory.master = core::MasterInfo{*base::IpAddress::parse("10.0.0.8"), 210, std::chrono::milliseconds(100)};
  return memory;
}

checkpoint::Past past() {
  checkpoint::Past past{.since = base::WallTime(std::chrono::hours(480'000)), .statistics = {}};
  past.statistics.advertisements_sent = 12'345'678;
  past.statistics.advertisements_received = 1'234'567;
  past.statistics.transitions = 12;
  past.statistics.announcements_sent = 345;
  past.statistics.drops.set(packet::Drop::ttl, 3);
  return past;
}

void as_plain_bytes(benchmark::State& state) {
  using Slot = supervisor::Cell<std::array<std::byte, kSlotSize>>;
  const auto slots = std::make_unique<std::array<Slot, kRouters>>();
  const core::SavedState memory = state.range(0) == 0 ? master() : backup();
  const checkpoint::Past leaves = past();
  std::size_t place = 0;
  for (auto _ : state) {
    std::array<std::byte, kSlotSize> bytes{};
    const Plain plain{.interface = {"eth1"}, .vrid = 5, .family = core::Family::ipv4, .memory = memory, .past = leaves};
    std::memcpy(bytes.data(), &plain, sizeof plain);
    (*slots)[place].write(bytes);
    place = (place + 1) % kRouters;
  }
}

void as_a_record(benchmark::State& state) {
  constexpr std::size_t kStride = (supervisor::Blob::memory_for(kSlotSize) + 7) / 8;
  std::vector<std::uint64_t> memory_of_slots(kRouters * kStride);
  const core::SavedState memory = state.range(0) == 0 ? master() : backup();
  const checkpoint::Past leaves = past();
  const config::RouterKey key{"eth1", core::Vrid(5), core::Family::ipv4};
  std::size_t place = 0;
  std::size_t size = 0;
  for (auto _ : state) {
    const std::span all(memory_of_slots);
    const supervisor::Blob slot(std::as_writable_bytes(all.subspan(place * kStride, kStride)));
    size = checkpoint::encode(key, memory, leaves, slot.next());
    slot.publish(size);
    place = (place + 1) % kRouters;
  }
  state.counters["bytes"] = static_cast<double>(size);
}

BENCHMARK(as_plain_bytes)->ArgName("backup")->Arg(0)->Arg(1);
BENCHMARK(as_a_record)->ArgName("backup")->Arg(0)->Arg(1);

}  // namespace
}  // namespace tandem::vrrpd

BENCHMARK_MAIN();
