// SPDX-License-Identifier: Apache-2.0
#include "lib/base/wire.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tandem::base {
namespace {

using Buffer = std::vector<std::uint8_t>;

TEST(ReaderTest, ReadsNetworkByteOrder) {
  const Buffer data{1, 2, 3, 4, 5, 6, 7, 8, 9};
  Reader reader(data);
  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607U);
  EXPECT_EQ(Buffer(reader.rest().begin(), reader.rest().end()), (Buffer{8, 9}));
  EXPECT_TRUE(reader.ok());
}

TEST(ReaderTest, YieldsZerosBeyondTheEndAndRemembersIt) {
  const Buffer data{0xff};
  Reader reader(data);
  EXPECT_EQ(reader.u16(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0) << "what is left of a field that did not fit must not be taken for the next one";
  EXPECT_TRUE(reader.bytes(3).empty());
}

TEST(WriterTest, WritesNetworkByteOrder) {
  std::array<std::uint8_t, 10> buffer{};
  Writer writer(buffer);
  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.zeros(2);
  writer.bytes(Buffer{8});
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(Buffer(writer.written().begin(), writer.written().end()), (Buffer{1, 2, 3, 4, 5, 6, 7, 0, 0, 8}));
}

TEST(WriterTest, DropsWhatDoesNotFitAndRemembersIt) {
  std::array<std::uint8_t, 3> buffer{};
  Writer writer(buffer);
  writer.u32(0xffffffff);
  EXPECT_FALSE(writer.ok());
  EXPECT_LE(writer.size(), buffer.size());
}

// The example of RFC 1071 §3: the sum is ddf2.
TEST(InternetChecksumTest, ReproducesTheExampleOfTheRfc) {
  InternetChecksum sum;
  sum.add(Buffer{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7});
  EXPECT_EQ(sum.value(), static_cast<std::uint16_t>(~0xddf2));
}

TEST(InternetChecksumTest, IsZeroOverAMessageWithItsOwnChecksum) {
  Buffer message{0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                 0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
  InternetChecksum sum;
  sum.add(message);
  EXPECT_EQ(sum.value(), 0);
  message[3] = 0x74;
  InternetChecksum damaged;
  damaged.add(message);
  EXPECT_NE(damaged.value(), 0);
}

TEST(InternetChecksumTest, PiecesAndAnOddEndMakeNoDifference) {
  const Buffer all{1, 2, 3, 4, 5};
  InternetChecksum whole;
  whole.add(all);
  InternetChecksum pieces;
  pieces.add_u16(0x0102);
  pieces.add(Bytes(all).subspan(2));
  EXPECT_EQ(whole.value(), pieces.value());
}

// Carries pile up: 4 080 bytes of 0xff are the longest message.
TEST(InternetChecksumTest, FoldsEveryCarry) {
  InternetChecksum sum;
  sum.add(Buffer(4080, 0xff));
  EXPECT_EQ(sum.value(), 0);
}

}  // namespace
}  // namespace tandem::base
