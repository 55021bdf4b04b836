// SPDX-License-Identifier: Apache-2.0
// The fields of a struct as a list, written once beside the struct. Equality, the text of a recording and the bytes of a
// checkpoint all follow that list.
//
//   struct Point { int x; int y; };
//   constexpr auto describe(Type<Point>) {
//     return fields<Point>(field(1, "x", &Point::x), field(2, "y", &Point::y));
//   }
//
// fields<T>() does not compile unless the list has every member of T, in the order of declaration.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "lib/base/ip.h"

namespace tandem::base {

// Selects the overload of describe() for T by argument-dependent lookup.
template <class T>
struct Type {};

struct FieldInfo {
  std::uint32_t number;        // in a checkpoint: never changed, never used for another field; 0: not in a checkpoint
  std::string_view name;       // in a recording
  bool optional = false;       // older recordings lack it: it then has the value of blank()
  bool whole_seconds = false;  // a Duration that a checkpoint counts in seconds, not in microseconds
};

template <class Owner, class MemberType>
struct Field {
  using Member = MemberType;
  FieldInfo info;
  MemberType Owner::* member;

  // Older recordings and checkpoints lack it.
  constexpr Field later() const {
    Field changed = *this;
    changed.info.optional = true;
    return changed;
  }
  constexpr Field in_seconds() const {
    Field changed = *this;
    changed.info.whole_seconds = true;
    return changed;
  }
};

// The fields of a nested struct, as if they were the owner's own.
template <class Owner, class MemberType>
struct Part {
  using Member = MemberType;
  MemberType Owner::* member;
};

// The fields of the base class.
template <class Base>
struct Inherited {
  using Member = Base;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::uint32_t number, std::string_view name, Member Owner::* member) {
  return {{number, name}, member};
}
template <class Owner, class Member>
constexpr Part<Owner, Member> part(Member Owner::* member) {
  return {member};
}
template <class Base>
constexpr Inherited<Base> inherited() {
  return {};
}

namespace detail {

struct Anything {
  template <class T>
  operator T() const;
};

// Whether T can be initialized by values of these types, and by no value more.
template <class T, class... Members>
constexpr bool has_exactly = requires { T{std::declval<Members>()...}; } && !requires {
  T{std::declval<Members>()..., {}};
} && !requires { T{std::declval<Members>()..., Anything{}}; };

}  // namespace detail

template <class T, class... Items>
constexpr std::tuple<Items...> fields(Items... items) {
  static_assert(detail::has_exactly<T, typename Items::Member...>, "the list of fields differs from the struct");
  return {items...};
}

template <class T>
concept Described = requires { describe(Type<T>()); };

template <class T>
inline constexpr auto kFields = describe(Type<T>());

namespace detail {

template <class Object, class Use, class Owner, class Member>
constexpr void visit(const Field<Owner, Member>& item, Object& object, Use& use) {
  use(item.info, object.*item.member);
}
template <class Object, class Use, class Owner, class Member>
constexpr void visit(const Part<Owner, Member>& item, Object& object, Use& use);
template <class Object, class Use, class Base>
constexpr void visit(Inherited<Base> item, Object& object, Use& use);

}  // namespace detail

// Calls `use(const FieldInfo&, member)` for each field of `object`, those of parts and of the base class included.
template <class Object, class Use>
constexpr void for_each_field(Object& object, Use&& use) {
  std::apply([&](const auto&... items) { (detail::visit(items, object, use), ...); },
             kFields<std::remove_const_t<Object>>);
}

namespace detail {

template <class Object, class Use, class Owner, class Member>
constexpr void visit(const Part<Owner, Member>& item, Object& object, Use& use) {
  for_each_field(object.*item.member, use);
}
template <class Object, class Use, class Base>
constexpr void visit(Inherited<Base> /*item*/, Object& object, Use& use) {
  using Qualified = std::conditional_t<std::is_const_v<Object>, const Base, Base>;
  for_each_field(static_cast<Qualified&>(object), use);
}

}  // namespace detail

namespace detail {

template <class Value>
constexpr bool same_value(const Value& a, const Value& b) {
  return a == b;
}
// Lists that are shared are compared by their elements.
template <class Value>
constexpr bool same_value(const std::shared_ptr<Value>& a, const std::shared_ptr<Value>& b) {
  return *a == *b;
}

}  // namespace detail

// Whether all fields are equal.
template <class T>
constexpr bool equal(const T& a, const T& b);

namespace detail {

template <class T, class Owner, class Member>
constexpr bool same(const Field<Owner, Member>& item, const T& a, const T& b) {
  return same_value(a.*item.member, b.*item.member);
}
template <class T, class Owner, class Member>
constexpr bool same(const Part<Owner, Member>& item, const T& a, const T& b) {
  return equal(a.*item.member, b.*item.member);
}
template <class T, class Base>
constexpr bool same(Inherited<Base> /*item*/, const T& a, const T& b) {
  return equal<Base>(a, b);
}

}  // namespace detail

template <class T>
constexpr bool equal(const T& a, const T& b) {
  return std::apply([&](const auto&... items) { return (detail::same(items, a, b) && ...); }, kFields<T>);
}

// A value to be read into. A described struct is made of blanks, everything else is zero or empty unless Blank says
// otherwise.
template <class T>
struct Blank;

template <class T>
T blank() {
  if constexpr (requires { Blank<T>::make(); }) {
    return Blank<T>::make();
  } else if constexpr (Described<T>) {
    return std::apply([]<class... Items>(const Items&...) { return T{blank<typename Items::Member>()...}; },
                      kFields<T>);
  } else {
    return T{};
  }
}

template <>
struct Blank<IpAddress> {
  static IpAddress make() { return IpAddress(Family::ipv4); }
};
template <>
struct Blank<IpPrefix> {
  static IpPrefix make() { return {IpAddress(Family::ipv4), 0}; }
};

}  // namespace tandem::base
