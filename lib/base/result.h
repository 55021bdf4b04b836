// SPDX-License-Identifier: Apache-2.0
// The result of an operation that is expected to fail now and then: a value, or an Error that an operator can read.
// Broken invariants are not errors: they abort (see check.h).
#pragma once

#include <fmt/format.h>

#include <string>
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
  std::string message;  // what failed, on what object, what to do; no trailing full stop, no newline
  int code = 0;         // errno where the system was the reason, else 0
};

template <class T = void, class E = Error>
using Result = detail::expected<T, E>;
template <class E>
using Unexpected = detail::unexpected<E>;

// `return fail("interface {} does not exist", name);`
template <class... Args>
[[nodiscard]] Unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return Unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...), 0});
}

// As fail(), with the text of errno value `code` appended: "cannot open /x: Permission denied".
[[nodiscard]] Unexpected<Error> fail_errno(int code, std::string what);

// Adds context at a layer's border: "CONTEXT: message".
[[nodiscard]] Unexpected<Error> fail_with_context(std::string context, const Error& error);

}  // namespace tandem::base
