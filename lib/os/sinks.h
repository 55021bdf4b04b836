// SPDX-License-Identifier: Apache-2.0
// Destinations of the log. Lines for files and terminals are "YYYY/MM/DD HH:MM:SS.mmm NAME: [ID] text" in local time;
// syslog and journald add their own time and get "[ID] text".
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/log/log.h"
#include "lib/log/ring.h"
#include "lib/os/fd.h"

namespace tandem::os {

// One line without newline. Characters that are not printable are escaped, so that one record is one line.
std::string format_line(const log::Record& record, const std::string& name, base::WallTime now);

// Each of these has a thread that writes its lines (line_writer.h): a sink that hangs loses lines and blocks no thread.
enum class Stream { standard_output, standard_error };
std::unique_ptr<log::Sink> make_stream_sink(Stream stream, const std::string& name);
std::unique_ptr<log::Sink> make_descriptor_sink(int descriptor, const std::string& name);  // does not own it

// Opens the file for appending. Also called at reopen(), after rotation, on the sink's thread.
using FileOpener = std::function<base::Result<FileDescriptor>()>;
FileOpener log_file(const std::string& path);  // a regular file; its error names it
FileOpener log_file_below(const std::vector<std::string>& directories, const std::string& path);  // locate_below()
// Fails if the file cannot be opened the first time.
base::Result<std::unique_ptr<log::Sink>> open_file_sink(FileOpener opener, const std::string& name);

// Facility daemon. `path`: the socket that syslogd reads.
std::unique_ptr<log::Sink> make_syslog_sink(const std::string& name, const std::string& path = "/dev/log");
std::unique_ptr<log::Sink> make_journald_sink();  // stderr with sd-daemon(3)'s "<N>" prefixes

std::unique_ptr<log::Sink> make_ring_sink(log::Ring& ring, std::string name);  // `ring` outlives it

// The file of a `target`; empty if it is none.
std::string path_of_target(const std::string& target);

// Fails as open_sink() would. Creates the file but no thread: for use before a fork.
base::Result<> check_target(const std::string& target);

// `target`: stdout, stderr, syslog, journald or file:PATH, as option --log takes it.
base::Result<std::unique_ptr<log::Sink>> open_sink(const std::string& target, const std::string& name);

}  // namespace tandem::os
