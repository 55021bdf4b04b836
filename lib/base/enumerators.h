// SPDX-License-Identifier: Apache-2.0
// All enumerators of an enumeration, found at compile time by a function that knows each of them:
//
//   constexpr std::string_view word_of(Color color) {
//     switch (color) {  // no default: the compiler refuses a switch that lacks an enumerator
//       case Color::red:
//         return "red";
//     }
//     return {};
//   }
//   for (const Color color : kEnumerators<word_of>) …
//   find_enumerator<word_of>("red")
//
// So a list of enumerators, or a table from words to enumerators, is never written by hand and cannot be incomplete.
// Enumerators are between 0 and 255.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::base {

namespace detail {

inline constexpr int kEnumeratorLimit = 256;

template <class Enum, class Label>
Enum parameter_of(Label (*)(Enum));
template <auto LabelOf>
using EnumOf = decltype(parameter_of(LabelOf));

constexpr bool is_label(std::string_view label) { return !label.empty(); }
constexpr bool is_label(const std::optional<std::uint32_t>& number) { return number.has_value(); }

template <auto LabelOf>
constexpr std::size_t count_enumerators() {
  std::size_t count = 0;
  for (int number = 0; number < kEnumeratorLimit; ++number) {
    count += is_label(LabelOf(static_cast<EnumOf<LabelOf>>(number))) ? 1 : 0;
  }
  return count;
}

template <auto LabelOf>
constexpr auto enumerators() {
  std::array<EnumOf<LabelOf>, count_enumerators<LabelOf>()> all{};
  std::size_t next = 0;
  for (int number = 0; number < kEnumeratorLimit; ++number) {
    const auto each = static_cast<EnumOf<LabelOf>>(number);
    if (is_label(LabelOf(each))) {
      all[next++] = each;
    }
  }
  return all;
}

}  // namespace detail

// In ascending order: every value for which LabelOf returns a word that is not empty, or a number.
template <auto LabelOf>
inline constexpr auto kEnumerators = detail::enumerators<LabelOf>();

// The enumerator with this label; nullopt: no enumerator has it.
template <auto LabelOf, class Label>
constexpr std::optional<detail::EnumOf<LabelOf>> find_enumerator(const Label& label) {
  for (const auto each : kEnumerators<LabelOf>) {
    if (LabelOf(each) == label) {
      return each;
    }
  }
  return std::nullopt;
}

}  // namespace tandem::base
