// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/shown.h"

#include "lib/log/printable.h"

namespace tandem::ipc {
namespace {

void make_printable(Welcome& welcome) {
  welcome.hostname = log::printable(welcome.hostname);
  if (welcome.motd) {
    welcome.motd = log::printable_lines(*welcome.motd);
  }
}
void make_printable(Output& output) { output.text = log::printable_lines(output.text); }
void make_printable(Done& done) {
  done.error = log::printable_lines(done.error);
  done.hostname = log::printable(done.hostname);
}
void make_printable(Completions& completions) {
  for (std::string& value : completions.values) {
    value = log::printable(value);
  }
}
void make_printable(LogLine& line) { line.text = log::printable(line.text); }

}  // namespace

Reply shown(Reply reply) {
  std::visit([](auto& body) { make_printable(body); }, reply.body);
  return reply;
}

}  // namespace tandem::ipc
