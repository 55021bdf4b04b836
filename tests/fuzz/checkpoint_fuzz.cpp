// SPDX-License-Identifier: Apache-2.0
// The checkpoint of a worker, as another version or a stray pointer may have written it. Input: a sequence of pieces,
// each a kind, a place and some bytes (Piece): the table of the areas, the content of a blob, and bytes anywhere in the
// memory. The reader reads nothing outside of the memory. Its result obeys the protocol's limits. Each virtual router
// that continues has a deadline within reach. What is written can be read again. The supervisor waits for no worker
// longer than its limits allow.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "lib/supervisor/layout.h"
#include "lib/supervisor/limits.h"
#include "lib/supervisor/liveness.h"
#include "tests/fuzz/fuzz.h"
#include "vrrpd/core/engine.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/daemon/checkpoint.h"
#include "vrrpd/fence/fence.h"
#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd {
namespace {

using fuzz::require;
using supervisor::Memory;
using supervisor::Shared;

// ---- the input

// Kind, place and number of bytes have two bytes each; the bytes follow.
struct Piece {
  enum Kind : std::uint16_t { configuration, text, slot, frame, header, area, anywhere, end, kinds };
  Kind kind;
  std::uint16_t place;
  base::Bytes bytes;
};

std::vector<Piece> pieces_of(base::Bytes input) {
  constexpr std::size_t kHead = 6;
  std::vector<Piece> pieces;
  while (input.size() >= kHead) {
    std::array<std::uint16_t, 3> head{};
    std::memcpy(head.data(), input.data(), kHead);
    input = input.subspan(kHead);
    const std::size_t size = std::min<std::size_t>(head[2], input.size());
    pieces.push_back({static_cast<Piece::Kind>(head[0] % Piece::kinds), head[1], input.first(size)});
    input = input.subspan(size);
  }
  return pieces;
}

// ---- the memory

constexpr std::size_t kSlotsWritten = 16;  // of all slots: more slots find nothing new

// Copies as many bytes as fit. Returns their number.
std::size_t copy(base::Bytes bytes, Memory to) {
  const auto from = std::as_bytes(bytes).first(std::min(bytes.size(), to.size()));
  std::ranges::copy(from, to.begin());
  return from.size();
}

void overwrite(Memory memory, std::size_t offset, base::Bytes bytes) {
  copy(bytes, memory.subspan(std::min(offset, memory.size())));
}

// Publishes the bytes as a worker does, so that the checksum is right.
void publish(Memory element, base::Bytes bytes) {
  if (element.size() < sizeof(supervisor::Blob::Head)) {
    return;
  }
  const supervisor::Blob blob(element);
  blob.publish(copy(bytes, blob.next()));
}

void write_frame(Memory element, base::Bytes bytes) {
  if (element.size() < sizeof(fence::Frame)) {
    return;
  }
  auto& frame = *reinterpret_cast<fence::Frame*>(element.data());
  const std::size_t size = copy(bytes, frame.bytes);
  frame.size = static_cast<std::uint32_t>(size);
  frame.check = supervisor::checksum(std::span(frame.bytes).first(size));
  frame.interface.store(1);
}

// Areas of another version: each is within the first pages, or anywhere.
void change_area(Memory memory, std::size_t place, base::Bytes bytes) {
  auto& table = *reinterpret_cast<supervisor::Table*>(memory.data());
  supervisor::Area& area = table.areas.at(place % supervisor::kMostAreas);
  copy(bytes, std::as_writable_bytes(std::span(&area, 1)));
  table.areas_used = std::max<std::uint64_t>(table.areas_used, place % supervisor::kMostAreas + 1);
}

void apply(const Piece& piece, Memory memory) {
  using supervisor::AreaId;
  const std::size_t slot = piece.place % kSlotsWritten;
  switch (piece.kind) {
    case Piece::configuration:
      return publish(element(memory, AreaId::configuration, 0), piece.bytes);
    case Piece::text:
      return publish(element(memory, AreaId::text, 0), piece.bytes);
    case Piece::slot:
      return publish(element(memory, AreaId::slots, slot), piece.bytes);
    case Piece::frame:
      return write_frame(element(memory, AreaId::fence_records, slot), piece.bytes);
    case Piece::header:
      return overwrite(element(memory, AreaId::header, 0), piece.place % sizeof(supervisor::Header), piece.bytes);
    case Piece::area:
      return change_area(memory, piece.place, piece.bytes);
    case Piece::anywhere:
      return overwrite(memory, std::size_t{piece.place} * alignof(supervisor::Blob::Head), piece.bytes);
    case Piece::end:  // see memory_with()
    case Piece::kinds:
      return;
  }
}

// The memory may be shorter than its table indicates.
std::size_t size_after(const std::vector<Piece>& pieces, std::size_t size) {
  constexpr std::size_t kUnit = 4096;
  const auto last = std::find_if(pieces.rbegin(), pieces.rend(), [](const Piece& p) { return p.kind == Piece::end; });
  return last == pieces.rend() ? size : std::min(size, last->place * kUnit);
}

// Returns the memory of this version, or of another version if pieces define areas, with all pieces written to it.
std::optional<Shared> memory_with(const std::vector<Piece>& pieces) {
  const supervisor::Table table = supervisor::table_of_today(fence::memory_layout());
  const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  require(file >= 0 && ::ftruncate(file, static_cast<off_t>(size_of(table))) == 0, "there is memory");
  {
    const supervisor::Mapping mapping(file, size_of(table));
    std::memcpy(mapping.bytes().data(), &table, sizeof table);
    auto* const header =
        reinterpret_cast<supervisor::Header*>(element(mapping.bytes(), supervisor::AreaId::header, 0).data());
    header->slots_used.store(kSlotsWritten);
    for (const Piece& piece : pieces) {
      apply(piece, mapping.bytes());
    }
  }
  require(::ftruncate(file, static_cast<off_t>(size_after(pieces, size_of(table)))) == 0, "memory can be given back");
  auto shared = Shared::adopt(file, "", fence::memory_layout());
  if (!shared) {
    return std::nullopt;
  }
  shared->import();
  return std::move(*shared);
}

// ---- what must hold

const base::TimePoint kNow{std::chrono::hours(1)};

void check_supervisor(const Shared& shared) {
  const std::int64_t now = kNow.time_since_epoch().count();
  const auto most = std::chrono::microseconds(supervisor::kManagementTimeout).count();
  const supervisor::Header& header = shared.header();
  const supervisor::Observation seen = supervisor::observe(header);
  supervisor::Liveness liveness;
  liveness.begin(now, supervisor::Liveness::start_timeout(seen));
  liveness.look(seen, now);
  require(liveness.deadline() >= now && liveness.deadline() <= now + most, "the worker's silence has a limit");
  liveness.ready(now);
  require(liveness.management_deadline() == supervisor::kNever || liveness.management_deadline() <= now + most + 1,
          "management's silence has a limit");
  for (std::size_t number = 0; number < 2 * kSlotsWritten; ++number) {
    const fence::Frame& frame = fence::frame(shared, number);
    const auto bytes = sendable(frame);
    require(bytes.size() <= frame.bytes.size(), "a frame fits");
  }
  supervisor::End end{};
  require(!header.last_end.read(end) || !to_string(end).empty(), "the last end can be told");
}

// The status of a virtual router whose interface has no problem.
core::InterfaceStatus status_of(core::Family family) {
  const auto primary = *base::IpAddress::parse(family == core::Family::ipv4 ? "10.10.10.10" : "fe80::a");
  return {.present = true, .up = true, .device_ready = true, .primary = primary, .addresses = {primary}};
}

// Checks that the router's adverts can be encoded: their addresses have the family of their source.
void check_adverts(const core::Actions& actions) {
  packet::FrameBuffer buffer;
  for (const core::Action& action : actions) {
    if (const auto* const send = std::get_if<core::SendAdvertisement>(&action.what)) {
      const auto frame = packet::advertisement_frame(send->advertisement, send->source, *send->addresses, buffer);
      require(!frame.empty(), "an advert has bytes");
    }
  }
}

// No router waits longer for the others than version 2 with its longest interval does.
void check_going_on(const daemon::Checkpoint& checkpoint, const config::AddRouter& added) {
  const core::RouterConfig config = config::router_config(added.group, added.key.family);
  const auto memory = checkpoint.memory_of(added.key, config.advertisement_interval, kNow);
  if (config.shutdown || config.addresses->empty()) {
    return;
  }
  core::Engine engine;
  core::Actions actions;
  constexpr core::RouterId kId{1};
  if (memory && memory->state != core::State::initialize && !memory->stopping) {
    engine.resume(kId, config, status_of(added.key.family), *memory);
    engine.set_statistics(kId, checkpoint.past_of(added.key).statistics);
  } else {
    engine.add(kId, config, status_of(added.key.family), kNow, actions);
  }
  base::TimePoint now = kNow;
  for (int turn = 0; turn < 4; ++turn) {
    const auto deadline = engine.next_deadline();
    require(deadline.has_value() && *deadline <= now + std::chrono::seconds(4 * 255), "a router goes on");
    now = std::max(now, *deadline);
    engine.advance(now, actions);
  }
  engine.remove(kId, now, actions);
  check_adverts(actions);
}

void check_group(const config::Group& group) {
  require(group.priority >= 1 && group.priority <= 254, "a priority that can be configured");
  require(group.advertisement_interval > core::Duration::zero(), "a router has an interval");
  require(group.preempt_delay >= core::Duration::zero(), "a delay is none before");
  require(group.ipv4.size() <= core::kMaxIpv4Addresses && group.ipv6.size() <= core::kMaxIpv6Addresses,
          "the addresses fit an advert");
  if (group.router_advertisement) {
    require(group.router_advertisement->interval > std::chrono::seconds(0), "hosts are not told without a pause");
  }
}

void check_configuration(const config::Config& configuration) {
  require(configuration.address_lease >= std::chrono::seconds(0), "a lease does not end before it began");
  for (const auto& [name, interface] : configuration.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      check_group(group);
    }
  }
  const std::string text = checkpoint::encode(configuration);
  const auto again = checkpoint::decode_configuration(std::as_bytes(std::span(text)));
  require(again == configuration, "what is left is found by the next worker");
}

// Does the same as daemon::Runtime::resume().
void check_worker(const Shared& shared) {
  daemon::Checkpoint checkpoint(&shared);
  if (!checkpoint.configuration()) {
    return;
  }
  const config::Config configuration = *checkpoint.configuration();
  check_configuration(configuration);
  for (const config::Change& change : config::plan({}, configuration)) {
    const auto* const added = std::get_if<config::AddRouter>(&change);
    if (added == nullptr) {
      continue;
    }
    check_going_on(checkpoint, *added);
    const auto memory = checkpoint.memory_of(added->key, added->group.advertisement_interval, kNow);
    const auto past = checkpoint.past_of(added->key);
    const auto place = checkpoint.add(added->key);
    require(place.has_value() && *place < shared.slots(), "there is a slot");
    checkpoint.remember(*place, added->key, memory.value_or(core::SavedState()), past);
  }
  checkpoint.forget_others();
  require(checkpoint.save(configuration, checkpoint.text()), "there is room for what fitted before");
}

void check(base::Bytes input) {
  const auto shared = memory_with(pieces_of(input));
  if (!shared) {
    return;
  }
  check_supervisor(*shared);
  check_worker(*shared);
  const daemon::Checkpoint next(&*shared);
  require(!next.configuration() || shared->header().fenced.load() == 0, "no router has resigned after that");
}

}  // namespace
}  // namespace tandem::vrrpd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  tandem::vrrpd::check({data, size});
  return 0;
}
