// SPDX-License-Identifier: Apache-2.0
#include "lib/nft/session.h"

#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>

#include "lib/os/fd.h"

namespace tandem::nft {
namespace {

struct FreeContext {
  void operator()(nft_ctx* context) const { nft_ctx_free(context); }
};
using Context = std::unique_ptr<nft_ctx, FreeContext>;

// The reason is in the first line: "Error: Could not process rule: File exists\ncreate table …".
std::string first_error(const char* output) {
  constexpr std::string_view kPrefix = "Error: ";
  std::string_view text = output == nullptr ? std::string_view() : output;
  text = text.substr(0, text.find('\n'));
  if (text.starts_with(kPrefix)) {
    text.remove_prefix(kPrefix.size());
  }
  return text.empty() ? "it gives no reason" : std::string(text);
}

class LibnftablesSession final : public Session {
 public:
  explicit LibnftablesSession(Context context) : context_(std::move(context)) {}

  base::Result<> run(const std::string& commands) override {
    if (nft_run_cmd_from_buffer(context_.get(), commands.c_str()) == 0) {
      return {};
    }
    return base::fail("{}", first_error(nft_ctx_get_error_buffer(context_.get())));
  }

 private:
  Context context_;
};

}  // namespace

base::Result<std::unique_ptr<Session>> Session::open() {
  // nft_ctx_new() ends the process if it cannot open such a socket.
  const os::FileDescriptor probe(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (!probe.is_open()) {
    return base::fail_errno(errno, "cannot open a netfilter socket");
  }
  Context context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!context || nft_ctx_buffer_output(context.get()) != 0 || nft_ctx_buffer_error(context.get()) != 0) {
    return base::fail("cannot make a context of libnftables");
  }
  return std::make_unique<LibnftablesSession>(std::move(context));
}

}  // namespace tandem::nft
