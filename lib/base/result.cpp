// SPDX-License-Identifier: Apache-2.0
#include "lib/base/result.h"

#include <cerrno>
#include <system_error>

namespace tandem::base {

Error::Kind kind_of_errno(int code) {
  switch (code) {
    case EINVAL:
    case ENAMETOOLONG:
      return Error::Kind::invalid;
    case ENOENT:
    case ENODEV:
    case ESRCH:
      return Error::Kind::not_found;
    case EEXIST:
      return Error::Kind::exists;
    case EACCES:
    case EPERM:
    case EROFS:
      return Error::Kind::refused;
    case EAGAIN:
    case EBUSY:
    case EADDRINUSE:
      return Error::Kind::busy;
    case ENOSYS:
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
      return Error::Kind::unsupported;
    default:
      return Error::Kind::failed;
  }
}

Unexpected<Error> fail_errno(int code, std::string what) {
  what += ": " + std::generic_category().message(code);
  return Unexpected<Error>(Error{std::move(what), code, kind_of_errno(code)});
}

Unexpected<Error> fail_with_context(std::string context, const Error& error) {
  context += ": " + error.message;
  return Unexpected<Error>(Error{std::move(context), error.code, error.kind});
}

}  // namespace tandem::base
