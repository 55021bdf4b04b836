// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/drop.h"

namespace tandem::vrrpd::packet {

namespace {

constexpr std::array<DropInfo, kDropCount> kInfos{{
    {"ipHeader", "IPv4 header is damaged"},
    {"destination", "destination is not the VRRP group"},
    {"ttl", "TTL or hop limit is not 255"},
    {"tooShort", "packet is shorter than 8 bytes"},
    {"version", "VRRP version is not the configured one"},
    {"type", "packet type is not ADVERTISEMENT"},
    {"length", "length does not match the address count"},
    {"checksum", "checksum is wrong"},
    {"authType", "authentication type is not 0"},
    {"unknownVrid", "virtual router is not configured"},
    {"addressCountZero", "address count is 0"},
    {"intervalZero", "advertisement interval is 0"},
    {"firstAddress", "first IPv6 address is not link-local"},
    {"ownSource", "source address is our own"},
    {"intervalMismatch", "advertisement interval differs from ours"},
    {"addressList", "address list differs from ours"},
}};

}  // namespace

const DropInfo& info(Drop drop) { return kInfos[static_cast<std::size_t>(drop)]; }

}  // namespace tandem::vrrpd::packet
