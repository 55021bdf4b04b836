// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/request_sizes.h"

#include <array>
#include <cstdint>
#include <optional>

#include "lib/base/limits.h"
#include "lib/ipc/limits.h"

namespace tandem::ipc {
namespace {

// A text field of management.proto.
struct Text {
  std::uint64_t body;
  std::uint64_t field;
  std::size_t limit;
  const char* words;
};
constexpr std::array kTexts{
    Text{2, 2, kMaxName, "the name of the client"},       Text{3, 1, kMaxName, "the name of the mode"},
    Text{3, 2, kMaxViewerFrameSize, "the line"},          Text{3, 3, base::kMaxLineLength, "a line of the context"},
    Text{5, 1, kMaxFileName, "the name of the file"},     Text{5, 2, base::kMaxConfigFileSize, "the file"},
    Text{6, 1, kMaxName, "the name of what to complete"},
};
constexpr std::array<std::uint64_t, 5> kBodies{2, 3, 5, 6, 7};

bool is_body(std::uint64_t number) {
  for (const std::uint64_t body : kBodies) {
    if (body == number) {
      return true;
    }
  }
  return false;
}

struct Field {
  std::uint64_t number;
  std::string_view text;  // the content of a field with a length
};

// The fields of a message in order. Rejects groups, which no message of ours has.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  std::optional<Field> next() {
    const auto tag = varint();
    if (!tag) {
      return std::nullopt;
    }
    Field field{*tag >> 3U, {}};
    switch (*tag & 7U) {
      case 0:
        return varint() ? std::optional(field) : std::nullopt;
      case 1:
        return take(8, field);
      case 2: {
        const auto size = varint();
        return size ? take(*size, field) : std::nullopt;
      }
      case 5:
        return take(4, field);
      default:  // a number, not an enum
        return std::nullopt;
    }
  }

 private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= shift < 64 ? static_cast<std::uint64_t>(byte & 0x7fU) << shift : 0;
      if (byte < 0x80) {
        return value;
      }
    }
    return std::nullopt;
  }

  std::optional<Field> take(std::uint64_t size, Field& field) {
    if (size > rest_.size()) {
      return std::nullopt;
    }
    field.text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return field;
  }

  std::string_view rest_;
};

class SizeCheck {
 public:
  explicit SizeCheck(std::string_view message) : message_(message) {}

  base::Result<> run() {
    return each(message_, [this](const Field& field) {
      if (is_body(field.number)) {
        return each(field.text, [&field](const Field& inner) { return check_text(field.number, inner); });
      }
      return check_text(0, field);
    });
  }

 private:
  template <class Use>
  base::Result<> each(std::string_view bytes, const Use& use) {
    FieldReader reader(bytes);
    while (!reader.at_end()) {
      const auto field = reader.next();
      if (!field) {
        return base::fail("not a message ({} bytes)", message_.size());
      }
      if (++fields_ > kMaxRequestFields) {
        return base::fail("a request of more than {} fields", kMaxRequestFields);
      }
      if (auto used = use(*field); !used) {
        return used;
      }
    }
    return {};
  }

  static base::Result<> check_text(std::uint64_t body, const Field& field) {
    std::size_t limit = kMaxViewerFrameSize;
    const char* words = "an unknown field";
    for (const Text& text : kTexts) {
      if (text.body == body && text.field == field.number) {
        limit = text.limit;
        words = text.words;
      }
    }
    if (field.text.size() > limit) {
      return base::fail("{} has {} bytes, more than the limit of {}", words, field.text.size(), limit);
    }
    return {};
  }

  std::string_view message_;
  std::size_t fields_ = 0;
};

}  // namespace

base::Result<> check_request_sizes(std::string_view bytes) { return SizeCheck(bytes).run(); }

}  // namespace tandem::ipc
