// What happens to the gateway, and what becomes of it.
#include "stage.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "commands.hpp"
#include "event_text.hpp"

namespace janus::transcript {
namespace {

/// A list such as `ib_main:DU1000001,second:DU1000002`.
std::vector<ib::IbAccount> accounts_of(std::string_view text) {
    std::vector<ib::IbAccount> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto one = text.substr(0, comma);
        const auto colon = one.find(':');
        out.push_back({{std::string(one.substr(0, colon))}, std::string(one.substr(colon + 1))});
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return out;
}

std::int64_t number_of(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string frame_of(const Fields& fields) {
    std::string payload;
    for (const auto& field : fields) (payload += field) += '\0';
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>((size >> shift) & 0xFFU);
    return out + payload;
}

std::string joined(const Fields& fields) {
    return fmt::format("{}", fmt::join(fields, "|"));
}

}  // namespace

Stage::Stage(const Layouts& layouts, const Script& script, int version)
    : layouts_(layouts), script_(script), version_(version) {
    heard_.variables["version"] = std::to_string(version);
    heard_.variables["accounts"] = account_codes();
    heard_.variables["next"] = "41";
    heard_.variables["unset"] = "1.7976931348623157E308";
    for (std::uint64_t order = 1; order <= 9; ++order)
        heard_.variables[fmt::format("ref{}", order)] = reference_of(order);
    open_gateway();
}

ib::IbSettings Stage::settings() const {
    ib::IbSettings out;
    out.client_id = 7;
    out.accounts = accounts_of("ib_main:DU1000001");
    for (const auto& [name, value] : script_.settings) {
        if (name == "accounts") out.accounts = accounts_of(value);
        if (name == "client") out.client_id = number_of(value);
        if (name == "rate") out.messages_per_second = static_cast<std::size_t>(number_of(value));
    }
    return out;
}

AccountName Stage::first_account() const {
    return settings().accounts.front().name;
}

std::string Stage::account_codes() const {
    std::string out;
    for (const auto& account : settings().accounts)
        out += (out.empty() ? "" : ",") + (account.code.empty() ? "DU1000001" : account.code);
    return out;
}

void Stage::open_gateway() {
    random_ = std::make_unique<Random>(7);
    gateway_ = std::make_unique<ib::IbGateway>(settings(), *random_);
    gates_.clear();
    open_ = accepted_ = started_ = false;
}

// ---- inputs ----

Result<void> Stage::perform(const Input& input) {
    struct Row {
        std::string_view word;
        Result<void> (Stage::*perform)(const Input&);
    };
    static constexpr auto rows = std::to_array<Row>({
        {"do",      &Stage::on_do    },
        {"<",       &Stage::on_broker},
        {"short",   &Stage::on_broker},
        {"surplus", &Stage::on_broker},
        {"raw",     &Stage::on_broker},
        {"bytes",   &Stage::on_broker},
        {"wait",    &Stage::on_wait  },
        {"cut",     &Stage::on_cut   },
        {"accept",  &Stage::on_accept},
        {"ready",   &Stage::on_ready },
        {"answer",  &Stage::on_answer},
        {"idle",    &Stage::on_idle  },
        {"drop",    &Stage::on_drop  },
    });
    const auto row = std::ranges::find(rows, input.line.words.front(), &Row::word);
    if (row == rows.end())
        return fail(ErrorCode::Malformed, "'{}' is not understood", input.line.words.front());
    if (row->word != "answer") unanswered_.clear();
    return (this->*row->perform)(input);
}

Result<Line> Stage::filled_in(const Line& line) const {
    Line out = line;
    for (auto& word : out.words) {
        auto value = substituted(word, heard_.variables);
        if (!value) return std::unexpected(value.error());
        word = std::move(*value);
    }
    for (auto& [name, text] : out.values) {
        auto value = substituted(text, heard_.variables);
        if (!value) return std::unexpected(value.error());
        text = std::move(*value);
    }
    return out;
}

Result<std::optional<std::string>> Stage::bytes_of(const Input& input) const {
    const auto kind = input.line.words.front();
    const bool broker = kind == "<" || kind == "short" || kind == "surplus";
    if (!broker && kind != "raw" && kind != "bytes") return std::nullopt;
    if (input.line.words.size() < 2) return fail(ErrorCode::Malformed, "'{}' of what", kind);
    auto line = filled_in(input.line);
    if (!line) return std::unexpected(line.error());
    line->words.erase(line->words.begin());
    if (kind == "bytes") return line->words.front();
    if (kind == "raw") {
        auto payload = line->words.front();
        std::ranges::replace(payload, '|', '\0');
        auto out = frame_of({payload});
        return out;
    }
    auto fields = layouts_.build(*line, version_, heard_.variables);
    if (!fields) return std::unexpected(fields.error());
    if (kind == "short") fields->pop_back();
    if (kind == "surplus") fields->emplace_back("more");
    return frame_of(*fields);
}

Result<void> Stage::on_broker(const Input& input) {
    const auto bytes = bytes_of(input);
    if (!bytes) return std::unexpected(bytes.error());
    if (!open_) return fail(ErrorCode::Malformed, "the broker has no connection to speak on");
    const auto& whole = bytes->value();
    if (whole.size() > 4 && input.line.words.front() != "bytes")
        ++ids_fed_[whole.substr(4, whole.find('\0', 4) - 4)];
    if (!cutter_) {
        feed(whole);
        return {};
    }
    for (const auto& piece : cutter_(whole)) feed(piece);
    return {};
}

void Stage::feed(const std::string& bytes) {
    gateway_->on_io(now_, io::Received{channel_, bytes});
    take();
}

Result<void> Stage::on_wait(const Input& input) {
    if (input.line.words.size() < 2) return fail(ErrorCode::Malformed, "wait for what");
    const auto& what = input.line.words[1];
    if (what == "connect") {
        if (wait_for_connect(std::chrono::seconds(60))) return {};
        return fail(ErrorCode::Invalid, "no attempt to connect within 60 s");
    }
    const auto span = parse_span(what);
    if (!span) return std::unexpected(span.error());
    wait(*span);
    return {};
}

Result<void> Stage::on_cut(const Input& input) {
    cut(input.line.words.size() > 1 ? input.line.words[1] : "reset by peer");
    return {};
}

void Stage::cut(const std::string& reason) {
    if (!open_) return;
    open_ = false;
    gateway_->on_io(now_, io::Closed{channel_, reason});
    take();
}

Result<void> Stage::on_accept(const Input&) {
    if (!open_ || accepted_) return fail(ErrorCode::Malformed, "nobody asks to be accepted");
    accepted_ = true;
    gateway_->on_io(now_, io::Connected{channel_});
    take();
    return {};
}

Result<void> Stage::on_ready(const Input& input) {
    holdings_.assign(input.line.words.begin() + 1, input.line.words.end());
    if (!started_) command(gateway::Start{});
    auto ok = recover();
    holdings_.clear();
    heard_.sent.clear();
    heard_.said.clear();
    return ok;
}

/// All that is open, or only the requests that are named; the others stay open.
Result<void> Stage::on_answer(const Input& input) {
    if (input.line.words.size() == 1) return answer_all();
    const std::span names(input.line.words.begin() + 1, input.line.words.end());
    auto open = std::exchange(unanswered_, {});
    for (auto& request : open) {
        const bool named = std::ranges::find(names, request.words.front()) != names.end();
        if (!named)
            unanswered_.push_back(std::move(request));
        else if (auto ok = answer(request); !ok)
            return ok;
    }
    return {};
}

/// Time passes and the broker gives a sign of life every five seconds, of no other meaning.
Result<void> Stage::on_idle(const Input& input) {
    const auto span = parse_span(input.line.words.size() > 1 ? input.line.words[1] : "");
    if (!span) return std::unexpected(span.error());
    const auto end = now_.mono + *span;
    while (now_.mono < end) {
        wait(std::min<Duration>(std::chrono::seconds(5), end - now_.mono));
        if (!open_ || now_.mono >= end) continue;
        if (auto ok = reply(Line{{"CURRENT_TIME"}, {}}, heard_.variables); !ok) return ok;
    }
    return {};
}

Result<void> Stage::on_drop(const Input&) {
    return drop();
}

Result<void> Stage::drop() {
    audit_.on_process_ended();
    open_gateway();
    gateway_->restore_number(audit_.highest_number());
    command(gateway::Start{});
    return {};
}

// ---- what comes out ----

void Stage::take() {
    for (const auto& effect : gateway_->take_effects()) take_effect(effect);
    for (const auto& event : gateway_->take_events()) {
        audit_.on_event(event);
        if (const auto* change = std::get_if<gateway::GateChanged>(&event))
            gates_[change->account.value] = change->gate;
        say(text_of(event));
    }
    std::vector<Tick> ticks;
    gateway_->take_ticks(ticks);
    for (const auto& tick : ticks) say(text_of(tick));
}

void Stage::say(std::string text) {
    if (!text.empty()) heard_.said.push_back(std::move(text));
}

void Stage::take_effect(const io::Effect& effect) {
    if (const auto* connect = std::get_if<io::Connect>(&effect)) {
        channel_ = connect->channel;
        open_ = true;
        accepted_ = false;
        ++connects_;
        note_sent(Line{{"CONNECT"}, {}}, "CONNECT");
    } else if (std::holds_alternative<io::Close>(effect)) {
        open_ = false;
        note_sent(Line{{"CLOSE"}, {}}, "CLOSE");
    } else if (const auto* send = std::get_if<io::Send>(&effect)) {
        take_bytes(send->bytes);
    }
}

void Stage::take_bytes(std::string_view bytes) {
    if (bytes.starts_with(std::string_view("API\0", 4))) {
        const auto offer = std::string(bytes.substr(8));
        return note_sent(
            Line{
                {"HELLO", offer},
                {}
        },
            "HELLO " + in_quotes(offer));
    }
    while (bytes.size() >= 4) {
        std::size_t size = 0;
        for (const char byte : bytes.substr(0, 4))
            size = size << 8U | static_cast<unsigned char>(byte);
        Fields fields;
        for (auto rest = bytes.substr(4, size); !rest.empty();) {
            const auto end = std::min(rest.find('\0'), rest.size());
            fields.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        bytes.remove_prefix(std::min(4 + size, bytes.size()));
        auto line = layouts_.read(fields, version_);
        if (!line) {
            if (!heard_.problem) heard_.problem = line.error().message + ": " + joined(fields);
            continue;
        }
        audit_.on_sent(*line);
        auto text = line->words.front() + " " + joined(fields);
        note_sent(std::move(*line), std::move(text));
    }
}

void Stage::note_sent(Line line, std::string text) {
    unanswered_.push_back(line);
    heard_.sent.push_back({std::move(line), std::move(text)});
}

// ---- time ----

void Stage::move_to(Instant at) {
    now_.utc = now_.utc + (at - now_.mono);
    now_.mono = at;
}

/// Stops at every deadline on the way.
void Stage::wait(Duration span) {
    const auto end = now_.mono + span;
    for (int steps = 0; steps < 100'000; ++steps) {
        const auto due = gateway_->deadline();
        if (!due || *due > end) break;
        move_to(std::max(*due, now_.mono));
        gateway_->on_timeout(now_);
        take();
    }
    move_to(end);
    gateway_->on_timeout(now_);
    take();
}

bool Stage::wait_for_connect(Duration span) {
    const auto end = now_.mono + span;
    const int before = connects_;
    while (connects_ == before) {
        const auto due = gateway_->deadline();
        if (!due || *due > end) return false;
        move_to(std::max(*due, now_.mono));
        gateway_->on_timeout(now_);
        take();
    }
    return true;
}

}  // namespace janus::transcript
