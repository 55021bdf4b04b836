// SPDX-License-Identifier: Apache-2.0
#include "lib/config/applier.h"

namespace tandem::config {

const std::string& Configuration::text() const {
  if (!text_) {
    text_ = commands_->print(tree_.data());
  }
  return *text_;
}

std::string to_string(const Objection& objection) {
  return objection.object.empty() ? objection.message : objection.object + ": " + objection.message;
}

}  // namespace tandem::config
