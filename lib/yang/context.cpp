// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/context.h"

#include <cstdlib>
#include <filesystem>

#include "lib/yang/context_impl.h"
#include "lib/yang/problems.h"
#include "lib/yang/schema.h"

namespace tandem::yang {
namespace {

base::Result<ContextHandle> load_modules(const std::string& directory, const std::vector<std::string>& modules) {
  // libyang must not write to stderr: each caller collects its messages.
  ly_log_options(LY_LOSTORE);
  ly_ctx* raw = nullptr;
  constexpr auto kOptions = LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE;
  if (ly_ctx_new(directory.c_str(), kOptions, &raw) != LY_SUCCESS) {
    return base::fail("cannot read YANG modules in {}: not a readable directory", directory);
  }
  ContextHandle context(raw);
  for (const std::string& module : modules) {
    if (ly_ctx_load_module(raw, module.c_str(), nullptr, nullptr) == nullptr) {
      return base::fail("cannot load YANG module {} from {}: {}", module, directory, take_text(raw));
    }
  }
  if (ly_ctx_compile(raw) != LY_SUCCESS) {
    return base::fail("cannot compile the YANG modules in {}: {}", directory, take_text(raw));
  }
  ly_err_clean(raw, nullptr);
  return context;
}

}  // namespace

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::~Context() = default;

const cli::Schema& Context::schema() const { return impl_->schema; }

base::Result<std::unique_ptr<Context>> Context::load(const std::string& directory,
                                                     const std::vector<std::string>& modules) {
  auto handle = TANDEM_TRY(load_modules(directory, modules));
  auto schema = TANDEM_TRY(make_schema(handle.get(), modules));
  auto impl = std::make_unique<Impl>(Impl{std::move(handle), std::move(schema)});
  return std::unique_ptr<Context>(new Context(std::move(impl)));
}

std::string directory_beside(const std::string& program) {
  std::error_code ignored;
  const auto prefix = std::filesystem::path(program).parent_path().parent_path();
  const auto directory = prefix / TANDEM_YANG_RELATIVE;
  return prefix.is_absolute() && std::filesystem::is_directory(directory, ignored) ? directory.string() : "";
}

std::string default_directory() {
  if (const char* configured = std::getenv("TANDEM_YANG_DIR"); configured != nullptr && *configured != '\0') {
    return configured;
  }
  std::error_code ignored;
  std::string beside = directory_beside(std::filesystem::read_symlink("/proc/self/exe", ignored));
  if (!beside.empty()) {
    return beside;
  }
  const std::string installed = TANDEM_YANG_INSTALLED;
  return std::filesystem::is_directory(installed, ignored) ? installed : TANDEM_YANG_SOURCE;
}

}  // namespace tandem::yang
