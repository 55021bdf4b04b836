// SPDX-License-Identifier: Apache-2.0
#include "vtysh/editor.h"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <utility>
// Readline's headers need stdio first.
#include <readline/history.h>
#include <readline/readline.h>

#include "lib/os/fd.h"
#include "vtysh/console.h"
#include "vtysh/suggest.h"
#include "vtysh/typing.h"

namespace tandem::vtysh {
namespace {

constexpr int kMaxHistory = 1000;
constexpr int kCtrlC = 3;
constexpr int kCtrlZ = 26;
constexpr mode_t kHistoryMode = 0600;  // the lines of a user are private

// Readline uses the locale to find the ends of characters. Descriptions are UTF-8 in every locale.
void use_utf8() {
  if (::setlocale(LC_CTYPE, "") == nullptr || std::string_view(::nl_langinfo(CODESET)) != "UTF-8") {
    ::setlocale(LC_CTYPE, "C.UTF-8");
  }
}

int do_nothing(int, int) { return 0; }

// Functions that operators do not need and that a wrong key or paste can trigger: the keys of vi, where readline 8.2
// loops forever on bytes that are not characters (~/.inputrc can still enable them); digits after Escape, and macros,
// which repeat a key a million times; and rl_abort.
bool is_trap(rl_command_func_t* function) {
  for (rl_command_func_t* const trap : {&rl_vi_editing_mode, &rl_digit_argument, &rl_start_kbd_macro, &rl_end_kbd_macro,
                                        &rl_call_last_kbd_macro, &rl_abort}) {
    if (function == trap) {
      return true;
    }
  }
  return false;
}

// Gives every key a meaning, also after Escape and Ctrl-X. Readline aborts a sequence without meaning by a jump out of
// its own code, and crashes some keys later. tests/topotests/test_typed_noise.py found all of these.
void disarm(Keymap map) {
  for (int key = 0; key < KEYMAP_SIZE - 1; ++key) {
    if (map[key].type == ISKMAP) {
      disarm(reinterpret_cast<Keymap>(map[key].function));  // as readline.h documents for ISKMAP
    } else if (map[key].type == ISFUNC && (map[key].function == nullptr || is_trap(map[key].function))) {
      map[key].function = &do_nothing;
    }
  }
}

void tell_terminal(const char* request) {
  std::fputs(request, rl_outstream);
  std::fflush(rl_outstream);
}

std::size_t bytes_to_read(int descriptor) {
  int size = 0;
  return ::ioctl(descriptor, FIONREAD, &size) == 0 && size > 0 ? static_cast<std::size_t>(size) : 1;
}

void set_keys(int meta) {
  rl_prep_terminal(meta);
  termios now{};
  if (::tcgetattr(STDIN_FILENO, &now) == 0) {
    now.c_lflag &= ~static_cast<tcflag_t>(ISIG);  // rl_deprep_terminal() restores the previous settings
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
  }
}

int insert_blank(int count, int) { return rl_insert(count, ' '); }

// The history keeps the last of equal lines.
void forget_line(const std::string& text) {
  for (int index = ::history_length - 1; index >= 0; --index) {
    const HIST_ENTRY* entry = ::history_get(::history_base + index);
    if (entry != nullptr && text == entry->line) {
      HIST_ENTRY* removed = ::remove_history(index);
      ::free(::free_history_entry(removed));
    }
  }
}

}  // namespace

// While a line is edited, Ctrl-C and Ctrl-Z are ordinary keys, so that no signal interrupts readline in the middle of a
// key sequence: cleaning up from outside (rl_callback_sigcleanup) sooner or later ends in a crash. A change of the
// terminal's size is read from a descriptor. Between lines, while a command runs, the signals have their usual effect.
struct Editor::Impl {
  Impl(EditorCallbacks given_callbacks, EditorSettings given_settings)
      : callbacks(std::move(given_callbacks)), settings(std::move(given_settings)) {
    sigemptyset(&terminal_signals);
    sigaddset(&terminal_signals, SIGWINCH);
    signals = os::FileDescriptor(::signalfd(-1, &terminal_signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  // Readline's callbacks carry no context: they find their editor here.
  static Impl*& active() {
    static Impl* editor = nullptr;
    return editor;
  }

  static void on_line(char* text);
  static int on_question_mark(int count, int key);
  static int on_paste(int count, int key);
  static int on_paste_end(int count, int key);
  static void bind_keys();
  static int on_ctrl_c(int count, int key);
  static int on_ctrl_z(int count, int key);
  static char** on_tab(const char* text, int start, int end);
  static int on_indent_or_tab(int count, int key);
  static int read_key(FILE* stream);
  static void prepare_terminal(int meta);
  static void release_terminal();
  void mark_pastes();

  void wait();
  void give_up();
  void handle_signal();
  void add_to_history(const std::string& text);

  EditorCallbacks callbacks;
  EditorSettings settings;
  Typing typing;
  std::vector<std::string> added;  // history lines of this session
  sigset_t terminal_signals{};
  os::FileDescriptor signals;
  bool editing = false;
  bool marking = false;  // the terminal marks the begin and end of pasted text
  bool finished = false;
  bool typed = false;  // the line was typed; otherwise a key stands for it
  bool ended = false;  // by Ctrl-Z
  bool over = false;
  std::optional<std::string> line;
};

// Asks only a person's terminal to mark pasted text: a program that reads the prompt would get the request as garbage.
void Editor::Impl::mark_pastes() {
  if (typing.is_by_hand() && !marking && knows_control_sequences()) {
    marking = true;
    tell_terminal("\x1b[?2004h");
  }
}

void Editor::Impl::prepare_terminal(int meta) {
  set_keys(meta);
  active()->mark_pastes();
}

void Editor::Impl::release_terminal() {
  if (std::exchange(active()->marking, false)) {
    tell_terminal("\x1b[?2004l\r");  // the bytes that readline itself writes
  }
  rl_deprep_terminal();
}

int Editor::Impl::read_key(FILE* stream) {
  const std::size_t available = bytes_to_read(::fileno(stream));
  const int key = rl_getc(stream);
  if (key >= 0) {
    active()->typing.handle_byte(static_cast<char>(key), available);
    active()->mark_pastes();
  }
  return key;
}

void Editor::Impl::on_line(char* text) {
  Impl& self = *active();
  self.typing.handle_end_of_line();
  rl_callback_handler_remove();
  self.editing = false;
  self.finished = true;
  self.typed = !self.ended;
  self.line.reset();
  if (text != nullptr) {
    self.line = self.ended ? "end" : text;
    ::free(text);
  }
  self.ended = false;
}

// Acts at once, without Enter, and does not change the line.
int Editor::Impl::on_question_mark(int, int) {
  const std::string line(rl_line_buffer, static_cast<std::size_t>(rl_point));
  std::fputs("\n", rl_outstream);
  int lines = 0;
  int columns = 0;
  rl_get_screen_size(&lines, &columns);
  std::fputs(fold(active()->callbacks.help(line), static_cast<std::size_t>(std::max(columns, 1))).c_str(),
             rl_outstream);
  rl_on_new_line();
  rl_redisplay();
  return 0;
}

// Indents before the first word of a line with text after it: a program sends lines as a file has them.
int Editor::Impl::on_indent_or_tab(int count, int key) {
  const std::string_view before(rl_line_buffer, static_cast<std::size_t>(rl_point));
  const bool more = active()->typing.is_in_the_midst();
  return more && before.find_first_not_of(' ') == std::string_view::npos ? insert_blank(count, key)
                                                                         : rl_complete(count, key);
}

// The keys that act without Enter.
void Editor::Impl::bind_keys() {
  rl_bind_key('?', &Impl::on_question_mark);
  rl_bind_key('\t', &Impl::on_indent_or_tab);
}

// Pasted text is inserted as it is: question marks and tabs are text. Each line runs when its end has been read.
int Editor::Impl::on_paste(int, int) {
  rl_bind_key('?', &rl_insert);
  rl_bind_key('\t', &insert_blank);
  return 0;
}

int Editor::Impl::on_paste_end(int, int) {
  bind_keys();
  return 0;
}

// Abandons the line.
int Editor::Impl::on_ctrl_c(int, int) {
  bind_keys();  // in case the end of a paste was lost
  std::fputs("^C\n", rl_outstream);
  rl_replace_line("", 0);
  rl_point = 0;
  rl_on_new_line();
  rl_redisplay();
  return 0;
}

// Abandons the line and leaves configuration.
int Editor::Impl::on_ctrl_z(int, int) {
  std::fputs("^Z\n", rl_outstream);
  rl_replace_line("", 0);
  rl_point = 0;
  active()->ended = true;
  rl_done = 1;
  return 0;
}

// Readline takes ownership of the array and its strings, all from malloc: first the common beginning of the candidates,
// then the candidates.
char** Editor::Impl::on_tab(const char*, int, int end) {
  rl_attempted_completion_over = 1;  // never file names
  const std::string line(rl_line_buffer, static_cast<std::size_t>(end));
  const std::vector<std::string> words = active()->callbacks.complete(line);
  if (words.empty()) {
    return nullptr;
  }
  const bool is_directory = words.size() == 1 && words.front().ends_with('/');
  rl_completion_append_character = static_cast<unsigned char>(is_directory ? '\0' : ' ');
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
  const auto limit = std::chrono::milliseconds(settings.idle_limit).count();
  const int ready = ::poll(all.data(), all.size(), limit == 0 ? -1 : static_cast<int>(std::min<long>(limit, INT_MAX)));
  if (ready == 0) {
    std::fputs("\n% Nothing was typed for too long: the session ends", rl_outstream);
    give_up();
    return;
  }
  if (ready < 0) {
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
  if (!finished && (all[0].revents & POLLIN) != 0) {
    rl_callback_read_char();
  } else if (!finished && all[0].revents != 0) {
    give_up();
  }
}

void Editor::Impl::give_up() {
  rl_callback_handler_remove();
  editing = false;
  finished = true;
  over = true;
  line.reset();
}

void Editor::Impl::handle_signal() {
  signalfd_siginfo info{};
  if (::read(signals.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    rl_resize_terminal();
  }
}

void Editor::Impl::add_to_history(const std::string& text) {
  if (text.find_first_not_of(" \t") == std::string::npos) {
    return;
  }
  forget_line(text);
  ::add_history(text.c_str());
  std::erase(added, text);
  added.push_back(text);
}

Editor::Editor(EditorCallbacks callbacks, EditorSettings settings)
    : impl_(std::make_unique<Impl>(std::move(callbacks), std::move(settings))) {
  Impl::active() = impl_.get();
  use_utf8();
  rl_readline_name = "vtysh";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_getc_function = &Impl::read_key;
  rl_prep_term_function = &Impl::prepare_terminal;
  rl_deprep_term_function = &Impl::release_terminal;
  rl_initialize();
  // Otherwise readline makes one line with newlines in it of a pasted configuration.
  rl_variable_bind("enable-bracketed-paste", "off");
  rl_bind_keyseq("\\e[200~", &Impl::on_paste);
  rl_bind_keyseq("\\e[201~", &Impl::on_paste_end);
  rl_variable_bind("show-all-if-unmodified", "on");  // the second TAB lists the candidates
  Impl::bind_keys();
  rl_bind_key(kCtrlC, &Impl::on_ctrl_c);
  rl_bind_key(kCtrlZ, &Impl::on_ctrl_z);
  disarm(emacs_standard_keymap);
  rl_attempted_completion_function = &Impl::on_tab;
  rl_basic_word_break_characters = " \t|";
  rl_completer_word_break_characters = " \t|";
  rl_completer_quote_characters = "";
  ::using_history();
  ::stifle_history(kMaxHistory);
  ::read_history(impl_->settings.history_file.c_str());
}

// Keeps lines that other sessions have saved meanwhile. A missing history is not reported.
Editor::~Editor() {
  const char* file = impl_->settings.history_file.c_str();
  if (!impl_->added.empty()) {
    ::clear_history();
    ::read_history(file);
    for (const std::string& line : impl_->added) {
      forget_line(line);
      ::add_history(line.c_str());
    }
    const mode_t before = ::umask(0777 & ~kHistoryMode);
    ::write_history(file);
    ::umask(before);
  }
  Impl::active() = nullptr;
}

bool Editor::is_over() const { return impl_->over; }

bool Editor::is_typed_by_hand() const { return impl_->typing.is_by_hand(); }

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
