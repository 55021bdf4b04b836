// SPDX-License-Identifier: Apache-2.0
#include "vtysh/editor.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
// Readline's headers want stdio before them.
#include <readline/history.h>
#include <readline/readline.h>

#include "lib/os/fd.h"

namespace tandem::vtysh {
namespace {

constexpr int kMaxHistory = 1000;

}  // namespace

// Signals of the terminal are blocked while a line is edited and read from a descriptor, so that nothing happens inside
// a signal handler. Between lines, while a command runs, they are what they were.
struct Editor::Impl {
  Impl(EditorCallbacks given_callbacks, std::string file)
      : callbacks(std::move(given_callbacks)), history_file(std::move(file)) {
    sigemptyset(&terminal_signals);
    for (const int number : {SIGINT, SIGTSTP, SIGWINCH}) {
      sigaddset(&terminal_signals, number);
    }
    signals = os::FileDescriptor(::signalfd(-1, &terminal_signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  // Readline's callbacks carry no context: this is how they find their editor.
  static Impl*& active() {
    static Impl* editor = nullptr;
    return editor;
  }

  static void on_line(char* line);
  static int on_question_mark(int count, int key);
  static char** on_tab(const char* text, int start, int end);

  void wait();
  void handle_signal();
  void add_to_history(const std::string& text);

  EditorCallbacks callbacks;
  std::string history_file;
  int added = 0;  // history lines of this session
  sigset_t terminal_signals{};
  os::FileDescriptor signals;
  bool editing = false;
  bool finished = false;
  bool typed = false;  // the line, as opposed to a key that stands for one
  std::optional<std::string> line;
};

void Editor::Impl::on_line(char* text) {
  Impl& self = *active();
  rl_callback_handler_remove();
  self.editing = false;
  self.finished = true;
  self.typed = true;
  self.line.reset();
  if (text != nullptr) {
    self.line = text;
    ::free(text);
  }
}

// Acts at once, without Enter, and leaves the line as it is.
int Editor::Impl::on_question_mark(int, int) {
  const std::string line(rl_line_buffer, static_cast<std::size_t>(rl_point));
  std::fputs("\n", rl_outstream);
  std::fputs(active()->callbacks.help(line).c_str(), rl_outstream);
  rl_on_new_line();
  rl_redisplay();
  return 0;
}

// Readline takes the array and its strings, all from malloc: first what the candidates have in common, then the
// candidates.
char** Editor::Impl::on_tab(const char*, int, int end) {
  rl_attempted_completion_over = 1;  // never file names
  const std::string line(rl_line_buffer, static_cast<std::size_t>(end));
  const std::vector<std::string> words = active()->callbacks.complete(line);
  if (words.empty()) {
    return nullptr;
  }
  std::string common = words.front();
  for (const std::string& word : words) {
    std::size_t length = 0;
    while (length < common.size() && length < word.size() && common[length] == word[length]) {
      ++length;
    }
    common.resize(length);
  }
  auto** result = static_cast<char**>(::calloc(words.size() + 2, sizeof(char*)));
  result[0] = ::strdup(common.c_str());
  for (std::size_t index = 0; words.size() > 1 && index < words.size(); ++index) {
    result[index + 1] = ::strdup(words[index].c_str());
  }
  return result;
}

void Editor::Impl::wait() {
  std::vector<pollfd> all{{STDIN_FILENO, POLLIN, 0}, {signals.get(), POLLIN, 0}};
  for (const int descriptor : callbacks.descriptors()) {
    all.push_back({descriptor, POLLIN, 0});
  }
  if (::poll(all.data(), all.size(), -1) < 0) {
    return;
  }
  if (all[1].revents != 0) {
    handle_signal();
  }
  for (std::size_t index = 2; index < all.size(); ++index) {
    if (all[index].revents != 0) {
      callbacks.on_readable();
      break;
    }
  }
  if (!finished && all[0].revents != 0) {
    rl_callback_read_char();
  }
}

void Editor::Impl::handle_signal() {
  signalfd_siginfo info{};
  if (::read(signals.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return;
  }
  if (info.ssi_signo == SIGWINCH) {
    rl_resize_terminal();
    return;
  }
  std::fputs(info.ssi_signo == SIGINT ? "^C\n" : "^Z\n", rl_outstream);
  rl_callback_sigcleanup();
  rl_replace_line("", 0);
  rl_point = 0;
  if (info.ssi_signo == SIGINT) {
    rl_on_new_line();
    rl_redisplay();
    return;
  }
  rl_callback_handler_remove();
  editing = false;
  finished = true;
  typed = false;
  line = "end";
}

void Editor::Impl::add_to_history(const std::string& text) {
  if (text.find_first_not_of(" \t") == std::string::npos) {
    return;
  }
  const HIST_ENTRY* last = ::history_length > 0 ? ::history_get(::history_base + ::history_length - 1) : nullptr;
  if (last == nullptr || text != last->line) {
    ::add_history(text.c_str());
    ++added;
  }
}

Editor::Editor(EditorCallbacks callbacks, std::string history_file)
    : impl_(std::make_unique<Impl>(std::move(callbacks), std::move(history_file))) {
  Impl::active() = impl_.get();
  rl_readline_name = "vtysh";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_initialize();
  // A pasted configuration is a sequence of lines, not one line with newlines in it.
  rl_variable_bind("enable-bracketed-paste", "off");
  rl_variable_bind("show-all-if-unmodified", "on");  // the second TAB lists the candidates
  rl_bind_key('?', &Impl::on_question_mark);
  rl_attempted_completion_function = &Impl::on_tab;
  rl_basic_word_break_characters = " \t|";
  rl_completer_word_break_characters = " \t|";
  rl_completer_quote_characters = "";
  ::using_history();
  ::stifle_history(kMaxHistory);
  ::read_history(impl_->history_file.c_str());
}

Editor::~Editor() {
  // Appending keeps the lines of other sessions; the file must exist for it. No history is no reason to complain.
  if (impl_->added > 0) {
    if (std::FILE* file = std::fopen(impl_->history_file.c_str(), "a")) {
      std::fclose(file);
      ::append_history(impl_->added, impl_->history_file.c_str());
      ::history_truncate_file(impl_->history_file.c_str(), kMaxHistory);
    }
  }
  Impl::active() = nullptr;
}

std::optional<std::string> Editor::read_line(const std::string& prompt) {
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &impl_->terminal_signals, &before);
  impl_->finished = false;
  impl_->editing = true;
  rl_callback_handler_install(prompt.c_str(), &Impl::on_line);
  while (!impl_->finished) {
    impl_->wait();
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (!impl_->line) {
    std::fputs("\n", stdout);
  } else if (impl_->typed) {
    impl_->add_to_history(*impl_->line);
  }
  return impl_->line;
}

void Editor::print_above(const std::string& text) {
  if (!impl_->editing) {
    std::fputs((text + "\n").c_str(), stdout);
    std::fflush(stdout);
    return;
  }
  rl_clear_visible_line();
  std::fputs((text + "\n").c_str(), rl_outstream);
  rl_on_new_line();
  rl_redisplay();
}

}  // namespace tandem::vtysh
