// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sinks.h"

#include <fcntl.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

constexpr std::string_view kFilePrefix = "file:";

static_assert(LOG_EMERG == 0 && LOG_ERR == 3 && LOG_DEBUG == 7, "log::Level has syslog's numbers");

int priority_of(log::Level level) { return static_cast<int>(level); }

// Texts may quote what an operator or a peer sent.
std::string printable(std::string_view text) {
  std::string result(text);
  for (char& character : result) {
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) {
      character = ' ';
    }
  }
  return result;
}

std::string body_of(const log::Record& record) { return fmt::format("[{}] {}", record.id, printable(record.text)); }

base::WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

// One write per line keeps the lines of several processes whole. Nothing can be done about an error: a log that
// complains about itself does not help.
void write_line(int descriptor, const std::string& line) {
  const ssize_t written = ::write(descriptor, line.data(), line.size());
  static_cast<void>(written);
}

class StreamSink : public log::Sink {
 public:
  StreamSink(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  void write(const log::Record& record) override {
    write_line(descriptor_, format_line(record, name_, record.when.value_or(wall_now())) + "\n");
  }

 private:
  int descriptor_;
  std::string name_;
};

class FileSink : public log::Sink {
 public:
  FileSink(std::string path, std::string name, FileDescriptor file)
      : path_(std::move(path)), name_(std::move(name)), file_(std::move(file)) {}

  static FileDescriptor open(const std::string& path) {
    return FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640));
  }
  void write(const log::Record& record) override {
    write_line(file_.get(), format_line(record, name_, record.when.value_or(wall_now())) + "\n");
  }
  void reopen() override {
    // If the new file cannot be opened, the old one is better than nothing.
    if (FileDescriptor fresh = open(path_); fresh.is_open()) {
      file_ = std::move(fresh);
    }
  }

 private:
  std::string path_;
  std::string name_;
  FileDescriptor file_;
};

class SyslogSink : public log::Sink {
 public:
  explicit SyslogSink(std::string name) : name_(std::move(name)) { ::openlog(name_.c_str(), LOG_PID, LOG_DAEMON); }
  ~SyslogSink() override { ::closelog(); }
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;
  void write(const log::Record& record) override {
    ::syslog(LOG_DAEMON | priority_of(record.level), "%s", body_of(record).c_str());
  }

 private:
  std::string name_;  // syslog keeps a pointer to it
};

class JournaldSink : public log::Sink {
 public:
  void write(const log::Record& record) override {
    write_line(STDERR_FILENO, fmt::format("<{}>{}\n", priority_of(record.level), body_of(record)));
  }
};

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

std::unique_ptr<log::Sink> make_stream_sink(Stream stream, std::string name) {
  return std::make_unique<StreamSink>(stream == Stream::standard_output ? STDOUT_FILENO : STDERR_FILENO,
                                      std::move(name));
}

base::Result<std::unique_ptr<log::Sink>> open_file_sink(std::string path, std::string name) {
  FileDescriptor file = FileSink::open(path);
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot open log file {}", path));
  }
  return std::make_unique<FileSink>(std::move(path), std::move(name), std::move(file));
}

std::unique_ptr<log::Sink> make_syslog_sink(std::string name) { return std::make_unique<SyslogSink>(std::move(name)); }

std::unique_ptr<log::Sink> make_ring_sink(log::Ring& ring, std::string name) {
  return std::make_unique<RingSink>(ring, std::move(name));
}

std::unique_ptr<log::Sink> make_journald_sink() { return std::make_unique<JournaldSink>(); }

std::string path_of_target(const std::string& target) {
  return target.starts_with(kFilePrefix) ? target.substr(kFilePrefix.size()) : "";
}

base::Result<std::unique_ptr<log::Sink>> open_sink(const std::string& target, const std::string& name) {
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
  if (target.starts_with(kFilePrefix)) {
    return open_file_sink(path_of_target(target), name);
  }
  return base::fail("unknown log target '{}': use stdout, stderr, syslog, journald or file:PATH", target);
}

}  // namespace tandem::os
