// SPDX-License-Identifier: Apache-2.0
// The management protocol. Input: one byte that decides how the stream is cut, then the stream. The frames do not
// depend on the cuts. A decoded message keeps its meaning when encoded and decoded again. A broken stream stays broken.
// The memory of a request is proportional to its bytes.
#include <sanitizer/allocator_interface.h>

#include <optional>

#include "lib/base/limits.h"
#include "lib/ipc/codec.h"
#include "lib/ipc/frame.h"
#include "tests/fuzz/fuzz.h"

namespace tandem::ipc {
namespace {

using fuzz::require;

struct Frames {
  std::vector<std::string> messages;
  bool broken = false;

  bool operator==(const Frames&) const = default;
};

// Feeds the stream in pieces of random sizes from a generator with this seed; seed 0: in one piece.
Frames parse(std::string_view stream, std::uint32_t seed) {
  Frames frames;
  FrameParser parser;
  while (!stream.empty() && !frames.broken) {
    seed = seed * 1664525 + 1013904223;
    const std::size_t piece =
        seed == 1013904223 ? stream.size() : std::min<std::size_t>(1 + (seed >> 28), stream.size());
    parser.add(stream.substr(0, piece));
    stream.remove_prefix(piece);
    auto next = parser.next();
    for (; next && *next; next = parser.next()) {
      frames.messages.push_back(std::move(**next));
    }
    frames.broken = !next.has_value();
  }
  return frames;
}

// The memory limit of a request of `size` bytes: Protobuf, then plain values. A field of two bytes becomes an object of
// some dozens of bytes, so the number of fields has a limit.
constexpr std::size_t most_memory_of(std::size_t size) { return 4 * size + kMaxRequestFields * 256; }

void check_message(const std::string& message) {
  const std::size_t before = __sanitizer_get_current_allocated_bytes();
  const auto request = decode_request(message);
  require(__sanitizer_get_current_allocated_bytes() - before <= most_memory_of(message.size()),
          "a request takes no more memory than its bytes account for", message);
  if (request) {
    const std::string bytes = encode(*request);
    const auto again = decode_request(bytes);
    require(
        again && encode(*again) == bytes && again->id == request->id && again->body.index() == request->body.index(),
        "a request survives encoding", message);
  }
  if (const auto reply = decode_reply(message)) {
    const std::string bytes = encode(*reply);
    const auto again = decode_reply(bytes);
    require(again && encode(*again) == bytes && again->id == reply->id && again->body.index() == reply->body.index(),
            "a reply survives encoding", message);
  }
}

}  // namespace
}  // namespace tandem::ipc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem::ipc;
  if (size == 0 || size > 4 * tandem::fuzz::kMaxInput) {  // the grammar that a daemon sends has 20 KiB
    return -1;
  }
  const std::string_view stream = tandem::fuzz::text_of(data, size).substr(1);
  const Frames whole = parse(stream, 0);
  require(parse(stream, 1U + data[0]) == whole, "frames do not depend on the pieces in which they arrive");
  std::string rebuilt;
  for (const std::string& message : whole.messages) {
    rebuilt += frame(message);
    check_message(message);
  }
  require(stream.starts_with(rebuilt), "frame() is the inverse of the parser");
  return 0;
}
