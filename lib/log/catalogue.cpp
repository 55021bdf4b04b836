// SPDX-License-Identifier: Apache-2.0
#include "lib/log/catalogue.h"

#include <algorithm>

namespace tandem::log {
namespace {

// The list of all entries. One thread adds entries before main() begins. The pointer is initialised at compile time,
// before the first entry.
constinit const CatalogueEntry* first = nullptr;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

CatalogueEntry::CatalogueEntry(const Message& message) : message_(message), next_(first) { first = this; }

std::vector<const Message*> catalogue() {
  std::vector<const Message*> all;
  for (const CatalogueEntry* entry = first; entry != nullptr; entry = entry->next()) {
    all.push_back(&entry->message());
  }
  std::ranges::sort(all, {}, [](const Message* message) { return std::string_view(message->id); });
  return all;
}

const Message* find_message(std::string_view id) {
  for (const CatalogueEntry* entry = first; entry != nullptr; entry = entry->next()) {
    if (std::ranges::equal(std::string_view(entry->message().id), id, {}, lower, lower)) {
      return &entry->message();
    }
  }
  return nullptr;
}

std::string shown_text(const Message& message) {
  const std::string_view text = message.text;
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if ((text[i] == '{' || text[i] == '}') && doubled) {
      shown += text[i++];
    } else if (text[i] == '{') {
      shown += shown.ends_with("...") ? "" : "...";  // adjacent values are one part of the sentence
      i = text.find('}', i);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

}  // namespace tandem::log
