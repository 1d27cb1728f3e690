// Ticks: thousands a second, so each is read in place into a record that the caller keeps.
#include "gateway/ib/wire/decoders.hpp"

namespace janus::ib::wire {

void decode_tick_price(FieldReader& in, TickMessage& tick) {
    tick.kind = TickKind::Price;
    in.skip();  // Message version.
    tick.request = in.integer();
    tick.type = in.integer();
    tick.value = in.optional_rounded();
    tick.size = in.optional_rounded();
    in.skip();  // Attributes: may trade automatically, past limit, before the opening.
}

void decode_tick_size(FieldReader& in, TickMessage& tick) {
    tick.kind = TickKind::Size;
    in.skip();  // Message version.
    tick.request = in.integer();
    tick.type = in.integer();
    tick.value = in.optional_rounded();
}

void decode_tick_generic(FieldReader& in, TickMessage& tick) {
    tick.kind = TickKind::Generic;
    in.skip();  // Message version.
    tick.request = in.integer();
    tick.type = in.integer();
    tick.value = in.optional_rounded();
}

void decode_tick_string(FieldReader& in, TickMessage& tick) {
    tick.kind = TickKind::Text;
    in.skip();  // Message version.
    tick.request = in.integer();
    tick.type = in.integer();
    tick.text = in.text();
}

}  // namespace janus::ib::wire
