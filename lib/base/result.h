// SPDX-License-Identifier: Apache-2.0
// The result of an operation that is expected to fail now and then: a value, or an Error that an operator can read.
// Broken invariants are not errors: they abort (see check.h).
#pragma once

#include <fmt/format.h>

#include <string>
#include <type_traits>
#include <utility>
#include <version>

#if defined(__cpp_lib_expected) && __cpp_lib_expected >= 202202L
#include <expected>
namespace tandem::base::detail {
using std::expected;
using std::unexpected;
}  // namespace tandem::base::detail
#else
#include <tl/expected.hpp>
namespace tandem::base::detail {
using tl::expected;
using tl::unexpected;
}  // namespace tandem::base::detail
#endif

namespace tandem::base {

struct Error {
  // What a caller may have to tell apart. The message is for the operator alone: no program compares it.
  enum class Kind {
    failed,       // no other kind applies
    invalid,      // the input is wrong; the same input fails again
    not_found,    // the named object does not exist
    exists,       // the named object exists already
    refused,      // the caller or this process lacks the permission
    busy,         // another program or session holds the object; a later attempt may succeed
    unsupported,  // this kernel, build or version lacks the function
  };

  std::string message;       // what failed, on what object, what to do; no trailing full stop, no newline
  int code = 0;              // errno where the system was the reason, else 0
  Kind kind = Kind::failed;  // of `code` where the system was the reason (kind_of_errno)
};

// The kind that errno value `code` stands for: ENOENT is not_found, EACCES is refused; failed where no kind fits.
[[nodiscard]] Error::Kind kind_of_errno(int code);

template <class T = void, class E = Error>
using Result = detail::expected<T, E>;
template <class E>
using Unexpected = detail::unexpected<E>;

// `return fail("interface {} does not exist", name);`
template <class... Args>
[[nodiscard]] Unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return Unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...)});
}

// `return fail(Error::Kind::not_found, "interface {} does not exist", name);`
template <class... Args>
[[nodiscard]] Unexpected<Error> fail(Error::Kind kind, fmt::format_string<Args...> format, Args&&... args) {
  return Unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...), 0, kind});
}

// As fail(), with the text of errno value `code` appended: "cannot open /x: Permission denied".
[[nodiscard]] Unexpected<Error> fail_errno(int code, std::string what);

// Adds context at a layer's border: "CONTEXT: message". Code and kind stay.
[[nodiscard]] Unexpected<Error> fail_with_context(std::string context, const Error& error);

namespace detail {

template <class E>
[[nodiscard]] Unexpected<std::remove_cvref_t<E>> pass_on(E&& error) {
  return Unexpected<std::remove_cvref_t<E>>(std::forward<E>(error));
}

template <class T, class E>
[[nodiscard]] T value_of(expected<T, E>&& result) {
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

}  // namespace detail

}  // namespace tandem::base

// The value of a Result; on an error, the function that contains the macro returns this error at once:
//   const auto text = TANDEM_TRY(read_file(path));
//   TANDEM_TRY(check(text));
// The function's own result must have the same type of error. Use the macro as a whole statement or as a whole initialiser.
// It is a statement expression, an extension that g++ and clang++ share (decision 0040).
#define TANDEM_TRY(...)                                                        \
  __extension__({                                                              \
    auto tandem_tried = (__VA_ARGS__);                                         \
    if (!tandem_tried) {                                                       \
      return ::tandem::base::detail::pass_on(std::move(tandem_tried).error()); \
    }                                                                          \
    ::tandem::base::detail::value_of(std::move(tandem_tried));                 \
  })
