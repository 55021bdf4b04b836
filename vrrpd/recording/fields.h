// SPDX-License-Identifier: Apache-2.0
// Which fields the values of a recording have, written once for both directions: `describe(archive, value)` calls
// `archive(key, field)` for each, and the archive writes or reads it. Private to this folder.
#pragma once

#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

template <class Archive, class Config>
void describe_config(Archive& archive, Config& config) {
  archive("family", config.family);
  archive("vrid", config.vrid);
  archive("version", config.version);
  archive("priority", config.priority);
  archive("interval", config.advertisement_interval);
  archive("preempt", config.preempt);
  archive("delay", config.preempt_delay);
  archive("checksum", config.checksum);
  archive("shutdown", config.shutdown);
  archive("addresses", config.addresses);
  archive("version2", config.also_version_2);
}

template <class Archive, class Status>
void describe_status(Archive& archive, Status& status) {
  archive("present", status.present);
  archive("other-vrf", status.other_vrf);
  archive("up", status.up);
  archive("ready", status.device_ready);
  archive("primary", status.primary);
  archive("own", status.addresses);
}

template <class Archive, class Memory>
void describe_memory(Archive& archive, Memory& memory) {
  archive("state", memory.state);
  archive("stopping", memory.stopping);
  archive("source", memory.source);
  archive("set", memory.backup.set_at);
  archive("released", memory.backup.released);
  archive("learned", memory.backup.learned_interval);
  archive("hold", memory.backup.hold_since);
  archive("passed", memory.backup.not_followed);
  archive("next", memory.master_timer.next_advertisement);
  archive("since", memory.master_timer.immediate_since);
  archive("sent", memory.master_timer.immediate_sent);
  archive("master", memory.master);
  archive("form", memory.heard_form);
  archive("version3", memory.version_3_peer);
  // Recordings of older versions end here.
  archive.added("again", memory.master_timer.announce_again);
  archive.added("quiet", memory.master_timer.quiet_until);
  archive.added("other-form", memory.other_form);
  archive.added("held", memory.startup.holds);
  archive.added("port-heard", memory.startup.heard);
}

// At the end of a line: recordings of older versions do not have them.
template <class Archive, class Config>
void describe_startup_delay(Archive& archive, Config& config) {
  archive.added("startup-delay", config.startup_delay);
}
template <class Archive, class Status>
void describe_counts_from(Archive& archive, Status& status) {
  archive.added("counts-from", status.counts_from);
}

template <class Archive, class Heard>
void describe_heard(Archive& archive, Heard& heard) {
  archive("version", heard.fields.version);
  archive("vrid", heard.fields.vrid);
  archive("priority", heard.fields.priority);
  archive("interval", heard.fields.interval);
  archive("form", heard.fields.checksum);
  archive("from", heard.source);
  archive("addresses", heard.addresses);
}

template <class Archive, class Rejected>
void describe_rejected(Archive& archive, Rejected& rejected) {
  archive("reason", rejected.reason);
  archive("from", rejected.source);
}

}  // namespace tandem::vrrpd::recording
