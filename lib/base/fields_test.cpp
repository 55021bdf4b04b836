// SPDX-License-Identifier: Apache-2.0
#include "lib/base/fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/base/enumerators.h"

namespace tandem::base {
namespace {

struct Inner {
  int number = 0;
  std::optional<IpAddress> address = {};
};
constexpr auto describe(Type<Inner>) {
  return fields<Inner>(field(3, "number", &Inner::number), field(4, "address", &Inner::address).later());
}
struct Parent {
  std::shared_ptr<const std::string> text;
};
constexpr auto describe(Type<Parent>) { return fields<Parent>(field(1, "text", &Parent::text)); }
struct Outer : Parent {
  bool flag = false;
  Inner inner = {};
};
constexpr auto describe(Type<Outer>) {
  return fields<Outer>(inherited<Parent>(), field(2, "flag", &Outer::flag), part(&Outer::inner));
}

Outer outer() {
  Outer made;
  made.text = std::make_shared<const std::string>("x");
  return made;
}

// What fields() asserts at compile time.
static_assert(detail::has_exactly<Inner, int, std::optional<IpAddress>>);
static_assert(!detail::has_exactly<Inner, int>, "an optional is missing");
static_assert(!detail::has_exactly<Outer, Parent, bool>, "a struct is missing");
static_assert(!detail::has_exactly<Outer, bool, Inner>, "the base class is missing");
static_assert(!detail::has_exactly<IpPrefix>, "all is missing");

TEST(FieldsTest, AreThoseOfBaseClassAndPartsToo) {
  std::vector<std::string> seen;
  const Outer object = outer();
  for_each_field(object, [&](const FieldInfo& field, const auto&) {
    seen.push_back(std::to_string(field.number) + std::string(field.name) + (field.optional ? "?" : ""));
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"1text", "2flag", "3number", "4address?"}));
}

TEST(FieldsTest, AreAllCompared) {
  EXPECT_TRUE(equal(outer(), outer())) << "the same text at another place";
  Outer other = outer();
  other.text = std::make_shared<const std::string>("y");
  EXPECT_FALSE(equal(outer(), other));
  other = outer();
  other.flag = true;
  EXPECT_FALSE(equal(outer(), other));
  other = outer();
  other.inner.address = IpAddress(Family::ipv6);
  EXPECT_FALSE(equal(outer(), other));
}

TEST(FieldsTest, OfABlankAreZero) {
  const auto made = blank<Inner>();
  EXPECT_EQ(made.number, 0);
  EXPECT_EQ(made.address, std::nullopt);
}

enum class Color : std::uint8_t { red = 2, green = 200 };
constexpr std::string_view word_of(Color color) {
  switch (color) {
    case Color::red:
      return "red";
    case Color::green:
      return "green";
  }
  return {};
}

TEST(EnumeratorsTest, AreFoundByTheirWords) {
  EXPECT_EQ(kEnumerators<word_of>, (std::array{Color::red, Color::green}));
  EXPECT_EQ(find_enumerator<word_of>(std::string_view("green")), Color::green);
  EXPECT_EQ(find_enumerator<word_of>(std::string_view("blue")), std::nullopt);
}

}  // namespace
}  // namespace tandem::base
