#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace janus::sim::ib {

/// The numbers that lead to a field, from the outermost message inwards: `{3, 9}` is field 9 of the
/// message in field 3.
using Path = std::initializer_list<int>;

/// One protobuf message as a tree: fields by number, in the order of the wire. A message inside it
/// is read when somebody asks for it.
/// Source: protobuf encoding guide, wire types 0, 1, 2 and 5.
class ProtoMessage {
 public:
    /// Errors: `Malformed` for bytes that are no message.
    static Result<ProtoMessage> parse(std::string_view bytes);
    std::string bytes() const;

    void add_integer(int field, std::uint64_t value);
    void add_double(int field, double value);
    void add_text(int field, std::string_view value);
    void add_message(int field, ProtoMessage message);
    /// The message in a field, made when there is none.
    ProtoMessage& message_at(int field);

    struct Field {
        enum class Kind { Integer, Fixed64, Fixed32, Bytes, Message };
        int number{0};
        Kind kind{Kind::Integer};
        std::uint64_t value{0};
        std::string bytes;
        std::shared_ptr<ProtoMessage> inner;
    };
    const std::vector<Field>& fields() const { return fields_; }
    /// The last of a number, as proto3 says; null when it is not set.
    const Field* find(int number) const;

 private:
    std::vector<Field> fields_;
};

/// The message in a field that was read as bytes; null when it is none.
std::shared_ptr<ProtoMessage> message_in(const ProtoMessage::Field& field);
double double_in(const ProtoMessage::Field& field);

}  // namespace janus::sim::ib
