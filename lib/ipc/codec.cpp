// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/codec.h"

#include "lib/ipc/grammar_codec.h"
#include "lib/ipc/request_sizes.h"

namespace tandem::ipc {
namespace {

template <class Message>
void put_all(const std::vector<std::string>& values, Message* field) {
  for (const std::string& value : values) {
    field->Add(std::string(value));
  }
}

template <class Field>
std::vector<std::string> get_all(const Field& field) {
  return {field.begin(), field.end()};
}

void put(const Hello& body, proto::Request& to) {
  to.mutable_hello()->set_protocol_version(body.protocol_version);
  to.mutable_hello()->set_client(body.client);
}
void put(const Execute& body, proto::Request& to) {
  to.mutable_execute()->set_mode(body.mode);
  to.mutable_execute()->set_line(body.line);
  to.mutable_execute()->set_columns(body.columns);
  put_all(body.context, to.mutable_execute()->mutable_context());
}
void put(const Load& body, proto::Request& to) {
  to.mutable_load()->set_name(body.name);
  to.mutable_load()->set_text(body.text);
  to.mutable_load()->set_check_only(body.check_only);
  to.mutable_load()->set_lenient(body.lenient);
  to.mutable_load()->set_separate(body.separate);
}
void put(const LeaveConfiguration& body, proto::Request& to) {
  to.mutable_leave_configuration()->set_discard(body.discard);
}
void put(const Complete& body, proto::Request& to) { to.mutable_complete()->set_source(body.source); }

void put(const Welcome& body, proto::Reply& to) {
  proto::Welcome& welcome = *to.mutable_welcome();
  welcome.set_daemon(body.daemon);
  welcome.set_version(body.version);
  welcome.set_hostname(body.hostname);
  welcome.set_may_configure(body.may_configure);
  if (body.motd) {
    welcome.set_motd(*body.motd);
  }
  to_proto(body.grammar, *welcome.mutable_grammar());
  for (const Highlight& highlight : body.highlights) {
    proto::Highlight& painted = *welcome.add_highlights();
    painted.set_word(highlight.word);
    painted.set_tone(static_cast<proto::Highlight::Tone>(highlight.tone));
  }
}
void put(const Output& body, proto::Reply& to) { to.mutable_output()->set_text(body.text); }
void put(const Done& body, proto::Reply& to) {
  proto::Done& done = *to.mutable_done();
  done.set_ok(body.ok);
  done.set_error(body.error);
  done.set_hostname(body.hostname);
  put_all(body.context, done.mutable_context());
  done.set_candidate(body.candidate);
  done.set_uncommitted(body.uncommitted);
}
void put(const Completions& body, proto::Reply& to) {
  put_all(body.values, to.mutable_completions()->mutable_values());
}
void put(const LogLine& body, proto::Reply& to) { to.mutable_log_line()->set_text(body.text); }

template <class Proto, class Message>
std::string encode_as(const Message& message) {
  Proto to;
  to.set_id(message.id);
  std::visit([&to](const auto& body) { put(body, to); }, message.body);
  return to.SerializeAsString();
}

template <class Proto>
base::Result<Proto> parse(std::string_view bytes) {
  Proto from;
  if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::fail("not a message ({} bytes)", bytes.size());
  }
  return from;
}

base::Result<Welcome> get_welcome(const proto::Welcome& from) {
  auto grammar = TANDEM_TRY(from_proto(from.grammar()));
  Welcome welcome{from.daemon(),
                  from.version(),
                  from.hostname(),
                  from.may_configure(),
                  std::move(grammar),
                  {},
                  from.has_motd() ? std::optional(from.motd()) : std::nullopt};
  for (const proto::Highlight& highlight : from.highlights()) {
    if (!proto::Highlight::Tone_IsValid(highlight.tone())) {
      return base::fail("unknown tone ({})", static_cast<int>(highlight.tone()));
    }
    welcome.highlights.push_back({highlight.word(), static_cast<Tone>(highlight.tone())});
  }
  return welcome;
}

Done get_done(const proto::Done& from) {
  return {.ok = from.ok(),
          .error = from.error(),
          .hostname = from.hostname(),
          .context = get_all(from.context()),
          .candidate = from.candidate(),
          .uncommitted = from.uncommitted()};
}

}  // namespace

std::string encode(const Request& request) { return encode_as<proto::Request>(request); }

std::string encode(const Reply& reply) { return encode_as<proto::Reply>(reply); }

base::Result<Request> decode_request(std::string_view bytes) {
  TANDEM_TRY(check_request_sizes(bytes));
  const auto from = TANDEM_TRY(parse<proto::Request>(bytes));
  Request request{from.id(), {}};
  switch (from.body_case()) {
    case proto::Request::kHello:
      request.body = Hello{from.hello().protocol_version(), from.hello().client()};
      return request;
    case proto::Request::kExecute:
      request.body = Execute{from.execute().mode(), from.execute().line(), get_all(from.execute().context()),
                             from.execute().columns()};
      return request;
    case proto::Request::kLoad:
      request.body = Load{.name = from.load().name(),
                          .text = from.load().text(),
                          .check_only = from.load().check_only(),
                          .lenient = from.load().lenient(),
                          .separate = from.load().separate()};
      return request;
    case proto::Request::kLeaveConfiguration:
      request.body = LeaveConfiguration{from.leave_configuration().discard()};
      return request;
    case proto::Request::kComplete:
      request.body = Complete{from.complete().source()};
      return request;
    case proto::Request::BODY_NOT_SET:
      break;
  }
  return base::fail("request without a known body");
}

base::Result<Reply> decode_reply(std::string_view bytes) {
  const auto from = TANDEM_TRY(parse<proto::Reply>(bytes));
  Reply reply{from.id(), {}};
  switch (from.body_case()) {
    case proto::Reply::kWelcome: {
      reply.body = TANDEM_TRY(get_welcome(from.welcome()));
      return reply;
    }
    case proto::Reply::kOutput:
      reply.body = Output{from.output().text()};
      return reply;
    case proto::Reply::kDone:
      reply.body = get_done(from.done());
      return reply;
    case proto::Reply::kCompletions:
      reply.body = Completions{get_all(from.completions().values())};
      return reply;
    case proto::Reply::kLogLine:
      reply.body = LogLine{from.log_line().text()};
      return reply;
    case proto::Reply::BODY_NOT_SET:
      break;
  }
  return base::fail("reply without a known body");
}

}  // namespace tandem::ipc
