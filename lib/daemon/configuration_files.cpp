// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/configuration_files.h"

#include <unistd.h>

#include <algorithm>
#include <ranges>

#include "lib/config/salvage.h"
#include "lib/daemon/limits.h"
#include "lib/daemon/messages.h"
#include "lib/event/loop.h"
#include "lib/os/file.h"

namespace tandem::daemon {
namespace {

using config::CommitResult;
using config::File;
using config::Refusal;

constexpr const char* kRunningConfiguration = "the running configuration of the worker before";
constexpr const char* kLastCommit = "the last commit before the crash";

}  // namespace

// What ran when the former worker ended, saved or not, comes before what the file says.
base::Result<File> ConfigurationFiles::first(const Left& left) const {
  const config::Datastore::ReadOptions replaced{.base = config::Datastore::Base::replaced};
  if (!left.configuration.empty()) {
    return File{.name = kRunningConfiguration, .text = std::string(left.configuration), .reading = replaced};
  }
  if (left.end && !with_.transactions.history().commits().empty()) {  // no room for it in memory, or it was damaged
    if (auto text = with_.transactions.history().text(0)) {
      return File{.name = kLastCommit, .text = std::move(*text), .reading = replaced};
    }
  }
  auto text = os::read_file(with_.options.config_file);
  if (!text) {
    if (text.error().kind != base::Error::Kind::not_found || with_.options.config_file_given) {
      return base::Unexpected<base::Error>(text.error());
    }
    with_.logger.write<kNoConfig>(with_.options.config_file);
  }
  return startup_file(text.value_or(""));
}

// The author when the daemon itself changes the configuration.
config::Caller ConfigurationFiles::itself() const {
  return {.session = 0,
          .author = {with_.options.program, static_cast<std::uint32_t>(::getpid())},
          .now = event::monotonic_now(),
          .wall_now = event::wall_now()};
}

base::Result<std::string> ConfigurationFiles::load_first(const Left& left) {
  const File file = TANDEM_TRY(first(left));
  const auto loaded = load(file);
  if (!loaded) {
    return base::fail("{}", text_of(loaded.error(), file.name));
  }
  report_skipped(loaded->skipped);
  return file.name;
}

// What ran before may be another version's text. It runs: that is better than what cannot be loaded.
CommitResult ConfigurationFiles::load(const File& file) {
  const config::Load start = [this](const File& each) { return with_.transactions.start(itself(), each); };
  if (file.name == with_.options.config_file) {
    return start(file);
  }
  config::Salvaged salvaged = config::salvage(file, start);
  for (const Refusal& line : salvaged.left_out) {
    with_.logger.write<kNotOfThisVersion>(config::text_of({line}, file.name));
  }
  return std::move(salvaged.loaded);
}

void ConfigurationFiles::reload() {
  auto text = os::read_file(with_.options.config_file);
  if (!text) {
    with_.logger.write<kReloadRefused>(text.error().message);
    return;
  }
  const auto loaded = with_.transactions.commit_file(itself(), startup_file(std::move(*text)));
  if (!loaded) {
    report_refused(loaded.error());
    return;
  }
  report_skipped(loaded->skipped);
  with_.logger.write<kReloaded>(with_.options.config_file);
}

// One record for each, as many as a log should take.
void ConfigurationFiles::report_refused(const std::vector<Refusal>& refusals) const {
  for (const Refusal& refusal : refusals | std::views::take(kMaxReloadErrors)) {
    with_.logger.write<kReloadRefused>(config::text_of({refusal}, with_.options.config_file));
  }
  if (refusals.size() > kMaxReloadErrors) {
    with_.logger.write<kReloadRefused>(
        fmt::format("{} more errors, which `{} -C` lists", refusals.size() - kMaxReloadErrors, with_.options.program));
  }
}

// The file is the whole configuration: what it does not say is removed.
File ConfigurationFiles::startup_file(std::string text) const {
  return {.name = with_.options.config_file,
          .text = std::move(text),
          .reading = {.base = config::Datastore::Base::replaced, .mode = with_.options.reading}};
}

void ConfigurationFiles::report_skipped(const std::vector<Refusal>& skipped) const {
  for (const Refusal& line : skipped) {
    with_.logger.write<kSkipped>(config::text_of({line}, with_.options.config_file));
  }
}

}  // namespace tandem::daemon
