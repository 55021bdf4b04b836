// SPDX-License-Identifier: Apache-2.0
// Destinations of command output: a file, a string, or a pager.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/result.h"
#include "vtysh/program.h"

namespace tandem::vtysh {

class Output {
 public:
  virtual ~Output() = default;
  virtual void write(std::string_view text) = 0;
};

class FileOutput : public Output {
 public:
  explicit FileOutput(std::FILE* file) : file_(file) {}
  void write(std::string_view text) override;

 private:
  std::FILE* file_;
};

// A file of the operator's choice; the destructor closes it.
class RedirectedOutput : public Output {
 public:
  static base::Result<std::unique_ptr<RedirectedOutput>> open(const std::string& path);
  ~RedirectedOutput() override { std::fclose(file_); }
  RedirectedOutput(const RedirectedOutput&) = delete;
  RedirectedOutput& operator=(const RedirectedOutput&) = delete;
  void write(std::string_view text) override;
  const base::Result<>& status() const { return status_; }  // the first error

 private:
  RedirectedOutput(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  std::FILE* file_;
  base::Result<> status_;
};

class StringOutput : public Output {
 public:
  void write(std::string_view text) override { text_ += text; }
  const std::string& text() const { return text_; }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

// Buffers text until it exceeds a page, then starts the pager ($VTYSH_PAGER, $PAGER: a program and its arguments; less,
// more) with all of it. The destructor prints text of up to a page, and waits for the pager. Leaving the pager early
// ends the output.
class PagedOutput : public Output {
 public:
  PagedOutput(std::FILE* terminal, std::size_t lines) : terminal_(terminal), lines_(lines) {}
  ~PagedOutput() override;
  PagedOutput(const PagedOutput&) = delete;
  PagedOutput& operator=(const PagedOutput&) = delete;
  void write(std::string_view text) override;

 private:
  void turn_to_pager();

  std::FILE* terminal_;
  std::size_t lines_;
  std::size_t seen_ = 0;
  std::string held_;
  std::unique_ptr<Feeder> pager_;
  bool failed_ = false;  // there is no pager
};

// Whether the pager interprets colours; true for the default pager only.
bool pager_shows_colours();

}  // namespace tandem::vtysh
