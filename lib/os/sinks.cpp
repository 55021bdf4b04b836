// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sinks.h"

#include <limits.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "lib/log/printable.h"
#include "lib/os/line_writer.h"
#include "lib/os/messages.h"
#include "lib/os/place.h"

namespace tandem::os {
namespace {

constexpr std::string_view kFilePrefix = "file:";

static_assert(LOG_EMERG == 0 && LOG_ERR == 3 && LOG_DEBUG == 7, "log::Level has syslog's numbers");

int priority_of(log::Level level) { return static_cast<int>(level); }

std::string body_of(const log::Record& record) {
  return fmt::format("[{}] {}", record.id, log::printable(record.text));
}

base::WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

// The line about dropped lines, in the sink's format.
using Format = std::function<std::string(const log::Record&)>;

LineWriter::NoteOf note_in(const Format& format) {
  return [format](const std::uint64_t count) {
    static_cast<void>(&log::kEntered<kLinesDropped>);  // not written by a logger, which would enter it
    constexpr fmt::format_string<const std::uint64_t&> text{std::string_view(kLinesDropped.text)};
    return format({kLinesDropped.level, kLinesDropped.id, fmt::format(text, count), wall_now()});
  };
}

class LineSink : public log::Sink {
 public:
  LineSink(std::unique_ptr<Outlet> outlet, const Format& format)
      : format_(format), writer_(std::move(outlet), note_in(format)) {}
  void write(const log::Record& record) override { writer_.write(format_(record)); }
  void reopen() override { writer_.reopen(); }
  void flush(std::chrono::milliseconds time) override { writer_.flush(time); }
  std::uint64_t dropped() const override { return writer_.dropped(); }

 private:
  Format format_;
  LineWriter writer_;
};

Format dated_lines(const std::string& name) {
  return
      [name](const log::Record& record) { return format_line(record, name, record.when.value_or(wall_now())) + "\n"; };
}

// sd-daemon(3)
std::string journald_line(const log::Record& record) {
  return fmt::format("<{}>{}\n", priority_of(record.level), body_of(record));
}

base::Result<std::size_t> write_to(int descriptor, std::string_view text) {
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  return written > 0 ? base::Result<std::size_t>(static_cast<std::size_t>(written)) : base::fail_errno(errno, "write");
}

// Standard output or error. Other processes share it, so it must not become non-blocking. A pipe that polls as writable
// takes this much without blocking (pipe(7)).
class StreamOutlet : public Outlet {
 public:
  explicit StreamOutlet(int descriptor) : descriptor_(descriptor) {}
  int descriptor() const override { return descriptor_; }
  base::Result<std::size_t> write(std::string_view text) override {
    return write_to(descriptor_, text.substr(0, PIPE_BUF));
  }

 private:
  int descriptor_;
};

// One write per line keeps the lines of several processes whole.
class FileOutlet : public Outlet {
 public:
  FileOutlet(FileOpener opener, FileDescriptor file) : opener_(std::move(opener)), file_(std::move(file)) {}
  int descriptor() const override { return -1; }
  base::Result<std::size_t> write(std::string_view text) override { return write_to(file_.get(), text); }
  void reopen() override {
    // If the new file cannot be opened, the old one is better than nothing.
    if (auto fresh = opener_()) {
      file_ = std::move(*fresh);
    }
  }

 private:
  FileOpener opener_;
  FileDescriptor file_;
};

// The C library's syslog() would wait for a syslogd that does not read.
class SyslogOutlet : public Outlet {
 public:
  explicit SyslogOutlet(std::string path) : path_(std::move(path)) {}
  int descriptor() const override { return socket_.get(); }
  base::Result<std::size_t> write(std::string_view text) override {
    auto sent = send(text);
    if (!sent && sent.error().code != EAGAIN) {  // it was started again
      connect();
      sent = send(text);
    }
    return sent;
  }

 private:
  base::Result<std::size_t> send(std::string_view text) const {
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? base::Result<std::size_t>(static_cast<std::size_t>(sent)) : base::fail_errno(errno, "send");
  }
  void connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      socket_.reset();
    }
  }

  std::string path_;
  FileDescriptor socket_;
};

// The format of local programs (RFC 3164), in local time.
std::string syslog_line(const log::Record& record, const std::string& name) {
  const time_t time = std::chrono::system_clock::to_time_t(record.when.value_or(wall_now()));
  tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%b %e %H:%M:%S", &local);
  return fmt::format("<{}>{} {}[{}]: {}", LOG_DAEMON | priority_of(record.level), date.data(), name, ::getpid(),
                     body_of(record));
}

class RingSink : public log::Sink {
 public:
  RingSink(log::Ring& ring, std::string name) : ring_(ring), name_(std::move(name)) {}
  void write(const log::Record& record) override {
    ring_.add(format_line(record, name_, record.when.value_or(wall_now())));
  }

 private:
  log::Ring& ring_;
  std::string name_;
};

}  // namespace

std::string format_line(const log::Record& record, const std::string& name, base::WallTime now) {
  const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const time_t time = seconds.count();
  tm local{};
  ::localtime_r(&time, &local);
  return fmt::format("{:04}/{:02}/{:02} {:02}:{:02}:{:02}.{:03} {}: {}", local.tm_year + 1900, local.tm_mon + 1,
                     local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec, (since_epoch - seconds).count(), name,
                     body_of(record));
}

std::unique_ptr<log::Sink> make_stream_sink(Stream stream, const std::string& name) {
  return make_descriptor_sink(stream == Stream::standard_output ? STDOUT_FILENO : STDERR_FILENO, name);
}

std::unique_ptr<log::Sink> make_descriptor_sink(int descriptor, const std::string& name) {
  return std::make_unique<LineSink>(std::make_unique<StreamOutlet>(descriptor), dated_lines(name));
}

base::Result<std::unique_ptr<log::Sink>> open_file_sink(FileOpener opener, const std::string& name) {
  auto file = TANDEM_TRY(opener());
  return std::make_unique<LineSink>(std::make_unique<FileOutlet>(std::move(opener), std::move(file)),
                                    dated_lines(name));
}

FileOpener log_file(const std::string& path) {
  return [path]() -> base::Result<FileDescriptor> {
    auto file = open_regular(path, Access::append);
    return file ? std::move(file) : base::fail_with_context("cannot open log file " + path, file.error());
  };
}

FileOpener log_file_below(const std::vector<std::string>& directories, const std::string& path) {
  return [directories, path]() -> base::Result<FileDescriptor> {
    auto file = open_regular_below(directories, path, Access::append);
    return file ? std::move(file) : base::fail_with_context("cannot open log file " + path, file.error());
  };
}

std::unique_ptr<log::Sink> make_syslog_sink(const std::string& name, const std::string& path) {
  return std::make_unique<LineSink>(std::make_unique<SyslogOutlet>(path),
                                    [name](const log::Record& record) { return syslog_line(record, name); });
}

std::unique_ptr<log::Sink> make_ring_sink(log::Ring& ring, std::string name) {
  return std::make_unique<RingSink>(ring, std::move(name));
}

std::unique_ptr<log::Sink> make_journald_sink() {
  return std::make_unique<LineSink>(std::make_unique<StreamOutlet>(STDERR_FILENO), journald_line);
}

std::string path_of_target(const std::string& target) {
  return target.starts_with(kFilePrefix) ? target.substr(kFilePrefix.size()) : "";
}

base::Result<> check_target(const std::string& target) {
  if (target.starts_with(kFilePrefix)) {
    const auto file = log_file(path_of_target(target))();
    return file ? base::Result<>() : base::Unexpected<base::Error>(file.error());
  }
  if (target != "stdout" && target != "stderr" && target != "syslog" && target != "journald") {
    return base::fail("unknown log target '{}': use stdout, stderr, syslog, journald or file:PATH", target);
  }
  return {};
}

base::Result<std::unique_ptr<log::Sink>> open_sink(const std::string& target, const std::string& name) {
  TANDEM_TRY(check_target(target));
  if (target == "stdout") {
    return make_stream_sink(Stream::standard_output, name);
  }
  if (target == "stderr") {
    return make_stream_sink(Stream::standard_error, name);
  }
  if (target == "syslog") {
    return make_syslog_sink(name);
  }
  if (target == "journald") {
    return make_journald_sink();
  }
  return open_file_sink(log_file(path_of_target(target)), name);
}

}  // namespace tandem::os
