// SPDX-License-Identifier: Apache-2.0
// Writes JSON documents, front to back, in exactly the layout in which FRR prints them (doc/decisions/0020): two blanks
// of indentation, no blank after the colon, empty arrays and objects on two lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::mgmt::json {

// At this size the cost of a piece is small, and the memory of one piece serves for the next.
inline constexpr std::size_t kPieceSize = 64U << 10U;

// Writes one document. Precondition: begin and end are balanced, and each member of an object has a key first.
class Writer {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  Writer& key(std::string_view key);
  void text(std::string_view value);
  void number(std::uint64_t value);
  void boolean(bool value);

  // The document with a newline at its end; the writer is empty afterwards.
  std::string take();
  // Of a long document: the text since the last piece, if it has kPieceSize bytes, else nothing. The document continues.
  std::string take_piece();

 private:
  void begin(char bracket);
  void end(char bracket);
  void begin_value();  // what stands in front of it
  void next_line();
  void quote(std::string_view text);

  std::string text_;
  // Of each object and array that is not complete: whether it has members.
  std::vector<bool> open_;
  bool after_key_ = false;
};

}  // namespace tandem::mgmt::json
