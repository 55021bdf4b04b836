// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/configuration_files.h"

#include <unistd.h>

#include <algorithm>
#include <ranges>

#include "lib/config/salvage.h"
#include "lib/event/loop.h"
#include "lib/os/file.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

using tandem::config::CommitResult;
using tandem::config::File;
using tandem::config::Refusal;

constexpr const char* kRunningConfiguration = "the running configuration of the worker before";
constexpr const char* kLastCommit = "the last commit before the crash";

// The name of the session when the daemon itself changes the configuration.
tandem::config::Caller itself(const std::string& program) {
  return {.session = 0,
          .author = {program, static_cast<std::uint32_t>(::getpid())},
          .now = event::monotonic_now(),
          .wall_now = event::wall_now()};
}

}  // namespace

// What ran when the former worker ended, saved or not, comes before what the file says.
base::Result<File> ConfigurationFiles::first() const {
  if (with_.checkpoint.configuration() && !with_.checkpoint.text().empty()) {
    return File{.name = kRunningConfiguration,
                .text = with_.checkpoint.text(),
                .reading = {.base = tandem::config::Datastore::Base::replaced}};
  }
  if (with_.checkpoint.last_end() &&
      !with_.transactions.history().commits().empty()) {  // there was no room for it in memory, or it was damaged
    if (auto text = with_.transactions.history().text(0)) {
      return File{.name = kLastCommit,
                  .text = std::move(*text),
                  .reading = {.base = tandem::config::Datastore::Base::replaced}};
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

base::Result<std::string> ConfigurationFiles::load_first() {
  const File file = TANDEM_TRY(first());
  const auto loaded = load(file);
  if (!loaded) {
    return base::fail("{}", text_of(loaded.error(), file.name));
  }
  report_skipped(loaded->skipped);
  return file.name;
}

// What ran before may be another version's text. It runs: that is better than what cannot be loaded.
CommitResult ConfigurationFiles::load(const File& file) {
  const tandem::config::Load start = [this](const File& each) {
    return with_.transactions.start(itself(with_.options.program), each);
  };
  if (file.name == with_.options.config_file) {
    return start(file);
  }
  tandem::config::Salvaged salvaged = tandem::config::salvage(file, start);
  for (const Refusal& line : salvaged.left_out) {
    with_.logger.write<kNotOfThisVersion>(tandem::config::text_of({line}, file.name));
  }
  return std::move(salvaged.loaded);
}

void ConfigurationFiles::reload() {
  auto text = os::read_file(with_.options.config_file);
  if (!text) {
    with_.logger.write<kReloadRefused>(text.error().message);
    return;
  }
  const auto loaded = with_.transactions.commit_file(itself(with_.options.program), startup_file(std::move(*text)));
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
    with_.logger.write<kReloadRefused>(tandem::config::text_of({refusal}, with_.options.config_file));
  }
  if (refusals.size() > kMaxReloadErrors) {
    with_.logger.write<kReloadRefused>(
        fmt::format("{} more errors, which `vrrpd -C` lists", refusals.size() - kMaxReloadErrors));
  }
}

// The file is the whole configuration: what it does not say is removed.
File ConfigurationFiles::startup_file(std::string text) const {
  return {.name = with_.options.config_file,
          .text = std::move(text),
          .reading = {.base = tandem::config::Datastore::Base::replaced, .mode = with_.options.reading}};
}

void ConfigurationFiles::report_skipped(const std::vector<Refusal>& skipped) const {
  for (const Refusal& line : skipped) {
    with_.logger.write<kSkipped>(tandem::config::text_of({line}, with_.options.config_file));
  }
}

}  // namespace tandem::vrrpd::daemon
