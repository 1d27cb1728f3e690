#include "sim/world/network.hpp"

#include <algorithm>
#include <variant>

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece_max = 7;  ///< A split message has at most so many pieces.
constexpr int grpc_unavailable = 14;
constexpr Duration unaware_max = 15s;  ///< How long a broker keeps a connection that is gone.
constexpr Duration stall_max = 25s;

std::string lower(std::string text) {
    for (auto& letter : text)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
    return text;
}

std::map<std::string, std::string> map_of(const std::vector<io::Header>& headers) {
    std::map<std::string, std::string> map;
    for (const auto& [name, value] : headers) map[lower(name)] = value;
    return map;
}

HttpCall call_of(const io::HttpRequest& request) {
    HttpCall call{request.method, request.target, map_of(request.headers), request.body};
    call.headers.try_emplace("host",
                             fmt::format("{}:{}", request.endpoint.host, request.endpoint.port));
    return call;
}

/// Why the driver would not hand a reply on; empty when it would.
std::string spoilt_by(const HttpReply& reply, const io::HttpRequest& request) {
    if (reply.body.size() > request.body_size_max) return "reply is too long";
    for (const auto& [name, value] : reply.headers)
        if (lower(name) == "content-encoding" && value == "gzip") return "reply is not gzip";
    return {};
}

}  // namespace

std::string_view to_text(Line line) {
    switch (line) {
        case Line::Ib:
            return "ib";
        case Line::Webull:
            return "webull";
        case Line::WebullOther:
            return "webull_other";
    }
    return {};
}

void VirtualNetwork::perform(Line line, const io::Effect& effect) {
    std::visit([&](const auto& one) { perform_one(line, one); }, effect);
}

// ---- TCP ----

void VirtualNetwork::perform_one(Line line, const io::Connect& effect) {
    const auto number = ++last_number_;
    channels_[number] = Channel{.line = line, .id = effect.channel};
    auto& weather = weather_of(line);
    if (hits(weather.connect_refused)) {
        schedule_.at(when(line, {}), [this, number] { end_client(number, "connection refused"); });
        return;
    }
    if (hits(weather.connect_silent)) {
        schedule_.at(clock_.mono + effect.timeout,
                     [this, number] { end_client(number, "no connection in time"); });
        return;
    }
    const auto arrival = when(line, {});
    schedule_.at(arrival, [this, number] {
        auto& channel = channels_.at(number);
        if (!channel.client_open) return;
        channel.server_open = true;
        brokers_.ib.on_accept(clock_.now(), ConnectionId{number});
    });
    channels_[number].free_at = {arrival, when(line, arrival)};
    schedule_.at(channels_[number].free_at[ToClient], [this, number] {
        const auto& channel = channels_.at(number);
        if (channel.client_open) tell(channel.line, io::Connected{channel.id});
    });
}

void VirtualNetwork::perform_one(Line line, const io::Send& effect) {
    for (auto& [number, channel] : channels_)
        if (channel.line == line && channel.id == effect.channel && channel.client_open) {
            trace_.note_bytes(to_text(line), fmt::format("> {}", number), effect.bytes);
            return send(number, ToServer, effect.bytes);
        }
}

void VirtualNetwork::perform_one(Line line, const io::Close& effect) {
    for (auto& [number, channel] : channels_) {
        if (channel.line != line || channel.id != effect.channel || !channel.client_open) continue;
        channel.client_open = false;
        trace_.note(to_text(line), "closed {} by Janus", number);
        if (!channel.dead)
            schedule_.at(when(line, channel.free_at[ToServer]),
                         [this, closed = number] { end_server(closed); });
    }
}

void VirtualNetwork::send(std::uint64_t number, Way way, std::string bytes) {
    const auto& channel = channels_.at(number);
    if (channel.dead) return;
    const bool struck = strike(number, way, bytes);
    if (!bytes.empty()) {
        std::size_t pieces = 1;
        if (hits(weather_of(channel.line).split)) pieces = 1 + random_.below(piece_max);
        for (; pieces > 1 && bytes.size() > 1; --pieces) {
            const auto size = 1 + random_.below(bytes.size() - 1);
            post(number, way, bytes.substr(0, size));
            bytes.erase(0, size);
        }
        post(number, way, std::move(bytes));
    }
    if (struck) channels_.at(number).dead = true;
}

void VirtualNetwork::post(std::uint64_t number, Way way, std::string bytes) {
    auto& channel = channels_.at(number);
    channel.free_at[way] = when(channel.line, channel.free_at[way]);
    schedule_.at(channel.free_at[way],
                 [this, number, way, bytes = std::move(bytes)] { arrive(number, way, bytes); });
}

void VirtualNetwork::arrive(std::uint64_t number, Way way, const std::string& bytes) {
    const auto& channel = channels_.at(number);
    if (way == ToServer && channel.server_open)
        brokers_.ib.on_bytes(clock_.now(), ConnectionId{number}, bytes);
    if (way == ToClient && channel.client_open) tell(channel.line, io::Received{channel.id, bytes});
}

bool VirtualNetwork::strike(std::uint64_t number, Way way, std::string& bytes) {
    auto& channel = channels_.at(number);
    const auto weather = weather_of(channel.line);
    const auto name = to_text(channel.line);
    const auto soon = [&] { return when(channel.line, channel.free_at[way]) + 1ms; };
    if (hits(weather.stall)) {
        const auto until = clock_.mono + between(1s, stall_max);
        channel.free_at[ToServer] = std::max(channel.free_at[ToServer], until);
        channel.free_at[ToClient] = std::max(channel.free_at[ToClient], until);
        trace_.note(name, "{} stalls", number);
    }
    const bool cut = hits(weather.cut);
    const bool client_unaware = !cut && hits(weather.client_unaware);
    const bool server_unaware = !cut && !client_unaware && hits(weather.server_unaware);
    if (!cut && !client_unaware && !server_unaware) return false;
    bytes.resize(random_.below(bytes.size() + 1));
    trace_.note(name, "{} is cut after {} bytes, {}", number, bytes.size(),
                cut              ? "both sides see it"
                : client_unaware ? "Janus does not"
                                 : "the broker does not");
    if (!server_unaware) schedule_.at(soon(), [this, number] { end_server(number); });
    if (!client_unaware)
        schedule_.at(soon(), [this, number] { end_client(number, "connection reset by peer"); });
    if (server_unaware)
        schedule_.at(soon() + between(1s, unaware_max), [this, number] { end_server(number); });
    return true;
}

void VirtualNetwork::end_client(std::uint64_t number, const std::string& reason) {
    auto& channel = channels_.at(number);
    channel.dead = true;
    if (!std::exchange(channel.client_open, false)) return;
    trace_.note(to_text(channel.line), "closed {}: {}", number, reason);
    tell(channel.line, io::Closed{channel.id, reason});
}

void VirtualNetwork::end_server(std::uint64_t number) {
    auto& channel = channels_.at(number);
    channel.dead = true;
    if (std::exchange(channel.server_open, false))
        brokers_.ib.on_closed(clock_.now(), ConnectionId{number});
}

// ---- HTTP ----

void VirtualNetwork::perform_one(Line line, const io::HttpRequest& effect) {
    const auto number = ++last_number_;
    exchanges_[number] = {line, effect};
    trace_.note(to_text(line), "> {} {} {}", number, effect.method, effect.target);
    const auto weather = weather_of(line);
    schedule_.at(clock_.mono + effect.timeout,
                 [this, number] { fail(number, true, "no reply in time"); });
    if (hits(weather.connect_refused)) {
        schedule_.at(when(line, {}), [this, number] { fail(number, false, "connection refused"); });
        return;
    }
    if (hits(weather.request_lost)) {
        // Half of them end by a reset, the others by the timeout.
        if (random_.hits(1, 2))
            schedule_.at(when(line, {}),
                         [this, number] { fail(number, true, "connection reset by peer"); });
        return;
    }
    schedule_.at(when(line, {}), [this, number, call = call_of(effect)] {
        brokers_.webull.on_http(clock_.now(), HttpExchangeId{number}, call);
    });
}

void VirtualNetwork::fail(std::uint64_t number, bool sent, const std::string& reason) {
    const auto node = exchanges_.extract(number);
    if (node.empty()) return;
    const auto& [line, request] = node.mapped();
    trace_.note(to_text(line), "failed {} sent={}: {}", number, sent, reason);
    tell(line, io::HttpFailed{request.id, sent, reason});
}

void VirtualNetwork::answer(const HttpReply& reply) {
    const auto number = reply.id.value;
    const auto found = exchanges_.find(number);
    if (found == exchanges_.end()) return;
    const auto line = found->second.line;
    const bool lost = hits(weather_of(line).reply_lost);
    if (lost && random_.hits(1, 2)) return;
    if (lost || reply.drop) {
        schedule_.at(when(line, {}),
                     [this, number] { fail(number, true, "connection reset by peer"); });
        return;
    }
    schedule_.at(when(line, {}), [this, number, reply] { respond(number, reply); });
}

void VirtualNetwork::respond(std::uint64_t number, const HttpReply& reply) {
    const auto found = exchanges_.find(number);
    if (found == exchanges_.end()) return;
    if (const auto why = spoilt_by(reply, found->second.request); !why.empty())
        return fail(number, true, why);
    const auto [line, request] = std::move(exchanges_.extract(found).mapped());
    trace_.note_bytes(to_text(line), fmt::format("< {} status {}", number, reply.status),
                      reply.body);
    tell(line, io::HttpResponse{request.id, reply.status, reply.headers, reply.body});
}

// ---- streams ----

void VirtualNetwork::perform_one(Line line, const io::OpenStream& effect) {
    const auto number = ++last_number_;
    streams_[number] = Stream{.line = line, .id = effect.id};
    trace_.note(to_text(line), "> {} opens a stream", number);
    if (hits(weather_of(line).connect_refused)) {
        schedule_.at(when(line, {}),
                     [this, number] { end_stream(number, grpc_unavailable, "no connection"); });
        return;
    }
    schedule_.at(when(line, {}), [this, number, effect] {
        const auto found = streams_.find(number);
        if (found == streams_.end()) return;
        found->second.subscribed = true;
        brokers_.webull.on_subscribe(clock_.now(), StreamKey{number}, map_of(effect.metadata),
                                     effect.request);
    });
}

void VirtualNetwork::perform_one(Line line, const io::CloseStream& effect) {
    for (auto entry = streams_.begin(); entry != streams_.end(); ++entry) {
        const auto& [number, stream] = *entry;
        if (stream.line != line || stream.id != effect.id) continue;
        if (stream.subscribed)
            schedule_.at(when(line, {}), [this, closed = number] {
                brokers_.webull.on_stream_closed(clock_.now(), StreamKey{closed});
            });
        streams_.erase(entry);
        return;
    }
}

void VirtualNetwork::carry(const StreamOutput& output) {
    const auto number = output.key.value;
    const auto found = streams_.find(number);
    if (found == streams_.end()) return;
    auto& stream = found->second;
    const auto weather = weather_of(stream.line);
    if (hits(weather.stall)) stream.free_at = clock_.mono + between(1s, stall_max);
    stream.free_at = when(stream.line, stream.free_at);
    if (output.end) stream.subscribed = false;
    if (!output.end && hits(weather.cut)) {
        trace_.note(to_text(stream.line), "stream {} is cut", number);
        brokers_.webull.on_stream_closed(clock_.now(), output.key);
        schedule_.at(stream.free_at,
                     [this, number] { end_stream(number, grpc_unavailable, "connection lost"); });
        stream.subscribed = false;
        return;
    }
    schedule_.at(stream.free_at, [this, number, output] {
        if (output.end) return end_stream(number, output.status, output.text);
        const auto open = streams_.find(number);
        if (open == streams_.end()) return;
        const auto [line, id] = std::pair{open->second.line, open->second.id};
        trace_.note_bytes(to_text(line), fmt::format("< {} stream", number), output.message);
        tell(line, io::StreamMessage{id, output.message});
    });
}

void VirtualNetwork::end_stream(std::uint64_t number, int status, const std::string& text) {
    const auto node = streams_.extract(number);
    if (node.empty()) return;
    trace_.note(to_text(node.mapped().line), "stream {} ended status={}", number, status);
    tell(node.mapped().line, io::StreamEnded{node.mapped().id, status, text});
}

// ---- all ----

void VirtualNetwork::carry(IbOutput output) {
    const auto number = output.connection.value;
    if (!output.bytes.empty()) send(number, ToClient, std::move(output.bytes));
    if (!output.close) return;
    auto& channel = channels_.at(number);
    channel.server_open = false;
    if (!channel.dead)
        schedule_.at(when(channel.line, channel.free_at[ToClient]),
                     [this, number] { end_client(number, "closed by the broker"); });
}

bool VirtualNetwork::carry_outputs() {
    bool any = false;
    auto outputs = brokers_.ib.take_outputs();
    // Small writes mostly travel together.
    const bool together = random_.hits(3, 4);
    for (std::size_t at = 0; at < outputs.size(); ++at) {
        any = true;
        auto& output = outputs[at];
        while (together && !output.close && at + 1 < outputs.size() &&
               outputs[at + 1].connection == output.connection) {
            output.bytes += outputs[++at].bytes;
            output.close = outputs[at].close;
        }
        carry(std::move(output));
    }
    for (const auto& reply : brokers_.webull.take_replies()) {
        any = true;
        answer(reply);
    }
    for (const auto& output : brokers_.webull.take_stream_outputs()) {
        any = true;
        carry(output);
    }
    return any;
}

void VirtualNetwork::cut_all(Line line) {
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, channel] : channels_)
        if (channel.line == line && channel.client_open) numbers.push_back(number);
    for (const auto number : numbers) {
        end_server(number);
        schedule_.at(clock_.mono,
                     [this, number] { end_client(number, "connection reset by peer"); });
    }
    for (const auto& [number, stream] : streams_) {
        if (stream.line != line) continue;
        if (stream.subscribed) brokers_.webull.on_stream_closed(clock_.now(), StreamKey{number});
        schedule_.at(clock_.mono, [this, cut = number] {
            end_stream(cut, grpc_unavailable, "connection lost");
        });
    }
}

void VirtualNetwork::crash() {
    for (auto& [number, channel] : channels_) {
        if (!std::exchange(channel.client_open, false) || channel.dead) continue;
        schedule_.at(when(channel.line, channel.free_at[ToServer]),
                     [this, closed = number] { end_server(closed); });
    }
    for (const auto& [number, stream] : streams_)
        if (stream.subscribed) brokers_.webull.on_stream_closed(clock_.now(), StreamKey{number});
    streams_.clear();
    exchanges_.clear();
}

Instant VirtualNetwork::when(Line line, Instant not_before) {
    const auto& weather = weather_of(line);
    return std::max(not_before, clock_.mono + between(weather.delay_min, weather.delay_max));
}

Duration VirtualNetwork::between(Duration least, Duration most) {
    const auto span = static_cast<std::uint64_t>((most - least).count());
    return span == 0 ? least : least + Duration(static_cast<std::int64_t>(random_.below(span + 1)));
}

void VirtualNetwork::tell(Line line, const io::Event& event) {
    if (const auto* received = std::get_if<io::Received>(&event))
        trace_.note_bytes(to_text(line), "< tcp", received->bytes);
    deliver_(line, event);
}

}  // namespace janus::sim
