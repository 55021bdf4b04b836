// SPDX-License-Identifier: Apache-2.0
// Where log lines go. Lines for files and terminals are "YYYY/MM/DD HH:MM:SS.mmm NAME: [ID] text" in local time; syslog
// and journald have a clock of their own and get "[ID] text".
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/log/log.h"
#include "lib/log/ring.h"

namespace tandem::os {

// One line without newline. Control characters in the text are replaced, so that one record is one line.
std::string format_line(const log::Record& record, const std::string& name, base::WallTime now);

enum class Stream { standard_output, standard_error };
std::unique_ptr<log::Sink> make_stream_sink(Stream stream, std::string name);
// Appends; reopen() opens the path again, after rotation. Fails if it cannot be opened the first time.
base::Result<std::unique_ptr<log::Sink>> open_file_sink(std::string path, std::string name);
std::unique_ptr<log::Sink> make_syslog_sink(std::string name);  // facility daemon
std::unique_ptr<log::Sink> make_journald_sink();                // stderr with sd-daemon(3)'s "<N>" prefixes

std::unique_ptr<log::Sink> make_ring_sink(log::Ring& ring, std::string name);  // `ring` outlives it

// The file of a `target`; empty if it is none.
std::string path_of_target(const std::string& target);

// `target`: stdout, stderr, syslog, journald or file:PATH, as option --log takes it.
base::Result<std::unique_ptr<log::Sink>> open_sink(const std::string& target, const std::string& name);

}  // namespace tandem::os
