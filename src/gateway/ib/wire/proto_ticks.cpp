// Ticks of the protobuf generation: in place, without allocation.
#include "gateway/ib/wire/proto_decoders.hpp"

namespace janus::ib::wire::proto {
namespace {

constexpr auto price_fields = layout_of<5>({
    integer<&TickMessage::request>(1),
    integer<&TickMessage::type>(2),
    binary<&TickMessage::value>(3),
    rounded<&TickMessage::size>(4),
});
constexpr auto size_fields = layout_of<3>({
    integer<&TickMessage::request>(1),
    integer<&TickMessage::type>(2),
    rounded<&TickMessage::value>(3),
});
constexpr auto generic_fields = layout_of<3>({
    integer<&TickMessage::request>(1),
    integer<&TickMessage::type>(2),
    binary<&TickMessage::value>(3),
});
constexpr auto text_fields = layout_of<3>({
    integer<&TickMessage::request>(1),
    integer<&TickMessage::type>(2),
    text<&TickMessage::text>(3),
});

}  // namespace

void tick_price(ProtoReader& in, TickMessage& tick) {
    tick.kind = TickKind::Price;
    read_fields(in, tick, price_fields);
}

void tick_size(ProtoReader& in, TickMessage& tick) {
    tick.kind = TickKind::Size;
    read_fields(in, tick, size_fields);
}

void tick_generic(ProtoReader& in, TickMessage& tick) {
    tick.kind = TickKind::Generic;
    read_fields(in, tick, generic_fields);
}

void tick_string(ProtoReader& in, TickMessage& tick) {
    tick.kind = TickKind::Text;
    read_fields(in, tick, text_fields);
}

}  // namespace janus::ib::wire::proto
