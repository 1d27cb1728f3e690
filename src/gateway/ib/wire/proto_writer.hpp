#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"

namespace janus::ib::wire {

/// Writes the fields of one protobuf message (proto3, explicit presence: what is not written is not
/// set). Messages inside it are opened and closed.
/// Source: protobuf encoding guide; wire types 0, 1 and 2.
class ProtoWriter {
 public:
    void integer(int field, std::int64_t value);
    void flag(int field, bool value) { integer(field, value ? 1 : 0); }
    void text(int field, std::string_view value);
    /// As a 64-bit binary number, nearest to the decimal.
    void binary(int field, Decimal value);
    void open(int field);
    void close();

    std::size_t depth() const { return open_.size(); }
    const std::string& bytes() const { return bytes_; }

 private:
    void tag(int field, unsigned wire_type);

    std::string bytes_;
    std::vector<std::size_t> open_;  ///< Where the content of each open message begins.
};

}  // namespace janus::ib::wire
