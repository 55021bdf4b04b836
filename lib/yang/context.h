// SPDX-License-Identifier: Apache-2.0
// The compiled YANG modules of one daemon and the schema that the command line derives from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/schema.h"

namespace tandem::yang {

class Context {
 public:
  // Loads the modules (names without revision or file suffix) from the directory. Fails with libyang's text.
  static base::Result<std::unique_ptr<Context>> load(const std::string& directory,
                                                     const std::vector<std::string>& modules);
  ~Context();

  const cli::Schema& schema() const;  // lives as long as the context

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Context(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The directory of the modules: $TANDEM_YANG_DIR, or the directory installed together with this program, or the install
// directory of the build, or the source tree of the build.
std::string default_directory();
// The directory installed together with `program`, a path: the prefix may be chosen at installation. Empty if it does
// not exist.
std::string directory_beside(const std::string& program);

}  // namespace tandem::yang
