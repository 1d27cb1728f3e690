#include "sim/world/fault_world.hpp"

#include <algorithm>

#include "sim/world/truth.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 1;
constexpr Duration ready_max = 60s;
constexpr Duration equal_max = 120s;
constexpr Duration pause = 100ms;
constexpr std::size_t standing_steps_max = 20'000;
constexpr std::size_t length_size = 4;
const core::Caller caller{"scenario"};

Scenario scenario_of(const FaultWorldOptions& options) {
    auto scenario = world_scenario();
    scenario.walk_ticks_max = 0;
    scenario.walk_period = 1s;
    if (options.scenario) options.scenario(scenario);
    return scenario;
}

std::string text_of(gateway::Gate gate, const std::string& reason) {
    auto text = std::string(gateway::to_text(gate));
    if (!reason.empty()) text += ' ' + reason;
    return text;
}

std::size_t length_of(std::string_view frame) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < length_size; ++at)
        length = length << 8U | static_cast<unsigned char>(frame[at]);
    return length;
}

std::vector<std::string> fields_of(std::string_view payload) {
    std::vector<std::string> fields;
    while (!payload.empty()) {
        const auto end = std::min(payload.find('\0'), payload.size());
        fields.emplace_back(payload.substr(0, end));
        payload.remove_prefix(std::min(payload.size(), end + 1));
    }
    return fields;
}

void move_to(std::vector<std::string>& lines, std::vector<std::string> more) {
    std::ranges::move(more, std::back_inserter(lines));
}

/// Of Webull's faults the name alone says which of its servers has it.
std::string target_of(const std::string& name) {
    const auto rows = WebullServer::faults();
    const auto row = std::ranges::find(rows, name, &FaultRow::name);
    check(row != rows.end(), name.c_str(), __FILE__, __LINE__);
    return std::string(row->target);
}

}  // namespace

Quantity quantity_of(std::string_view text) {
    return {Decimal::parse(text).value()};
}

Price price_of(std::string_view text) {
    return {Decimal::parse(text).value()};
}

FaultWorld::FaultWorld(FaultWorldOptions options)
    : options_(std::move(options)),
      trace_(clock_, options_.sink),
      sabotage_{.wire = [this](std::vector<io::Effect>& effects) { note_wire(effects); },
                .settings = options_.settings,
                .ib = options_.ib,
                .webull = options_.webull},
      brokers_(scenario_of(options_), seed, 200, options_.webull_server),
      janus_(seed, clock_, trace_, sabotage_),
      network_(clock_, schedule_, random_, brokers_, trace_,
               [this](Line line, const io::Event& event) { janus_.on_io(line, event); }),
      watch_(options_.trouble, brokers_, janus_, verdict_) {}

// ---- time ----

std::optional<Instant> FaultWorld::next_time() const {
    std::optional<Instant> next;
    for (const auto& at : {schedule_.next(), janus_.deadline(), brokers_.deadline()})
        if (at && (!next || *at < *next)) next = at;
    return next;
}

bool FaultWorld::step(Instant end) {
    const auto next = next_time();
    if (!next || *next > end) {
        clock_.mono = std::max(clock_.mono, end);
        return false;
    }
    standing_steps_ = *next > clock_.mono ? 0 : standing_steps_ + 1;
    JANUS_CHECK(standing_steps_ < standing_steps_max);
    clock_.mono = std::max(clock_.mono, *next);
    if (const auto due = schedule_.next(); due && *due <= clock_.mono)
        schedule_.run_next();
    else if (const auto at = brokers_.deadline(); at && *at <= clock_.mono)
        brokers_.on_timeout(clock_.now());
    else
        janus_.on_timeout();
    watch_.on_wire();
    settle();
    return true;
}

void FaultWorld::settle() {
    for (bool moved = true; moved;) {
        brokers_.carry_events(clock_.now());
        moved = network_.carry_outputs();
        moved |= janus_.pump();
        for (const auto line : all_lines)
            for (const auto& effect : janus_.take_effects(line)) {
                network_.perform(line, effect);
                moved = true;
            }
    }
    watch_.on_feed();
    read_feed();
}

void FaultWorld::run(Duration span) {
    run_until({}, span);
}

bool FaultWorld::run_until(const std::function<bool()>& done, Duration most) {
    settle();
    const auto end = clock_.mono + most;
    while (!(done && done()))
        if (!step(end)) return done && done();
    return true;
}

bool FaultWorld::connect() {
    start();
    return run_until([this] { return all_ready(); }, ready_max);
}

void FaultWorld::start() {
    const bool again = janus_.lives() > 0;
    read_ = 0;
    alarms_.clear();
    gates_.clear();
    paths_.clear();
    watch_.on_start(janus_.journal().contents());
    janus_.start();
    if (again) watch_.on_started();
    settle();
}

void FaultWorld::kill() {
    network_.crash();
    janus_.crash();
}

void FaultWorld::restart(Duration span) {
    kill();
    run(span);
    start();
}

bool FaultWorld::all_ready() const {
    return janus_.running() && std::ranges::all_of(janus_.engine().accounts(), [](const auto& row) {
               return row.gate == gateway::Gate::Ready;
           });
}

// ---- faults ----

void FaultWorld::set_fault(const FaultOrder& order) {
    const auto set = order.target == "ib" ? brokers_.ib.set_fault(clock_.now(), order)
                                          : brokers_.webull.set_fault(clock_.now(), order);
    check(set.has_value(), set ? "" : set.error().message.c_str(), __FILE__, __LINE__);
    settle();
}

void FaultWorld::fault(const std::string& name, const Values& values) {
    set_fault({"ib", name, true, values});
}

void FaultWorld::fault_off(const std::string& name) {
    set_fault({"ib", name, false, {}});
}

void FaultWorld::webull_fault(const std::string& name, const Values& values) {
    set_fault({target_of(name), name, true, values});
}

void FaultWorld::webull_fault_off(const std::string& name) {
    set_fault({target_of(name), name, false, {}});
}

void FaultWorld::cut(Line line) {
    network_.cut_all(line);
    settle();
}

void FaultWorld::phase(MarketPhase phase) {
    brokers_.exchange.set_phase(clock_.now(), phase);
    settle();
}

void FaultWorld::market(const std::string& symbol, std::string_view bid, std::string_view ask,
                        std::string_view last) {
    const auto set = brokers_.exchange.set_market(clock_.now(), symbol, price_of(bid),
                                                  price_of(ask), price_of(last));
    check(set.has_value(), set ? "" : set.error().message.c_str(), __FILE__, __LINE__);
    settle();
}

// ---- clients ----

OrderIntent FaultWorld::intent(std::string_view symbol, std::string_view quantity,
                               std::string_view limit, Side side) {
    OrderIntent intent{.account = {"ib_main"},
                       .symbol = CanonicalSymbol::parse(symbol).value(),
                       .side = side,
                       .quantity = quantity_of(quantity)};
    if (limit.empty()) return intent;
    intent.type = OrderType::Limit;
    intent.limit_price = price_of(limit);
    return intent;
}

OrderIntent FaultWorld::webull_intent(std::string_view symbol, std::string_view quantity,
                                      std::string_view limit, Side side) {
    auto wanted = intent(symbol, quantity, limit, side);
    wanted.account = {"webull_personal"};
    return wanted;
}

Asked<Order> FaultWorld::place(OrderIntent intent) {
    auto call = std::make_shared<AskedCall<Order>>();
    if (intent.idempotency_key.empty()) intent.idempotency_key = fmt::format("key-{}", ++keys_);
    call->key = intent.idempotency_key;
    janus_.engine().place_order(clock_.now(), intent, caller,
                                [call](Result<Order> outcome) { call->answer = outcome; });
    settle();
    return call;
}

Asked<Order> FaultWorld::modify(const Asked<Order>& placed, const OrderChanges& changes) {
    auto call = std::make_shared<AskedCall<Order>>();
    janus_.engine().modify_order(clock_.now(), order(placed).order.id, changes, caller,
                                 [call](Result<Order> outcome) { call->answer = outcome; });
    settle();
    return call;
}

Asked<Order> FaultWorld::cancel(OrderId id) {
    auto call = std::make_shared<AskedCall<Order>>();
    janus_.engine().cancel_order(clock_.now(), id, caller,
                                 [call](Result<Order> outcome) { call->answer = outcome; });
    settle();
    return call;
}

Asked<Order> FaultWorld::cancel(const Asked<Order>& placed) {
    return cancel(order(placed).order.id);
}

Asked<std::vector<std::string>> FaultWorld::sync(const AccountName& account) {
    auto call = std::make_shared<AskedCall<std::vector<std::string>>>();
    janus_.engine().sync(clock_.now(), account, [call](Result<std::vector<std::string>> outcome) {
        call->answer = std::move(outcome);
    });
    settle();
    return call;
}

Asked<core::QuoteView> FaultWorld::subscribe(std::string_view symbol) {
    auto call = std::make_shared<AskedCall<core::QuoteView>>();
    janus_.engine().subscribe_ticks(
        clock_.now(), CanonicalSymbol::parse(symbol).value(), caller,
        [call](Result<core::QuoteView> outcome) { call->answer = std::move(outcome); });
    settle();
    return call;
}

Asked<void> FaultWorld::resume(const AccountName& account) {
    auto call = std::make_shared<AskedCall<void>>();
    janus_.engine().resume(clock_.now(), account, "looked at it", caller,
                           [call](Result<void> outcome) { call->answer = outcome; });
    run(pause);
    return call;
}

void FaultWorld::tell_stream(const std::string& payload) {
    webull_fault("send_event", {
                                   {"payload", payload}
    });
    run(pause);
}

void FaultWorld::tell_client(const std::string& fields) {
    fault("send_message", {
                              {"fields", fields}
    });
    run(pause);
}

ExchangeOrderId FaultWorld::order_elsewhere(std::string_view symbol, std::string_view quantity,
                                            std::string_view limit) {
    IbExternalOrder order{
        .account = "DU1000001", .symbol = std::string(symbol), .quantity = quantity_of(quantity)};
    if (!limit.empty()) {
        order.type = OrderType::Limit;
        order.limit_price = price_of(limit);
    }
    const auto id = brokers_.ib.external_order(clock_.now(), order).value();
    settle();
    return id;
}

ExchangeOrderId FaultWorld::order_in_app(std::string_view symbol, std::string_view quantity,
                                         std::string_view limit) {
    ExchangeOrder order;
    order.account = "WBSIM0000000001";
    order.symbol = symbol;
    order.quantity = quantity_of(quantity);
    if (!limit.empty()) {
        order.type = OrderType::Limit;
        order.limit_price = price_of(limit);
    }
    const auto id = brokers_.webull.external_order(clock_.now(), order).value();
    settle();
    return id;
}

// ---- what Janus believes ----

bool FaultWorld::is_taken(const Asked<Order>& placed) const {
    return std::ranges::count(janus_.engine().orders({}, true), placed->key,
                              &Order::idempotency_key) > 0;
}

core::OrderView FaultWorld::order(const Asked<Order>& placed) const {
    for (const auto& order : janus_.engine().orders({}, true))
        if (order.idempotency_key == placed->key) return janus_.engine().order(order.id).value();
    const bool refused = placed->answer && !*placed->answer;
    check(false, refused ? placed->answer->error().message.c_str() : "no such order", __FILE__,
          __LINE__);
    return {};
}

core::AccountView FaultWorld::account(std::string_view name) const {
    return janus_.engine().account({std::string(name)}).value();
}

std::string FaultWorld::gate(std::string_view name) const {
    const auto view = account(name);
    return text_of(view.gate, view.reason);
}

std::optional<core::PositionView> FaultWorld::position(std::string_view symbol,
                                                       std::string_view account) const {
    for (auto& view : janus_.engine().positions(clock_.now(), {std::string(account)}))
        if (view.symbol == symbol) return view;
    return std::nullopt;
}

core::QuoteView FaultWorld::quote(std::string_view symbol) const {
    return janus_.engine().quote(clock_.now(), CanonicalSymbol::parse(symbol).value());
}

std::uint64_t FaultWorld::counter(std::string_view name) const {
    for (const auto& [key, value] : janus_.engine().counters())
        if (key == name) return value;
    return 0;
}

std::string FaultWorld::health(std::string_view component) const {
    for (const auto& part : janus_.engine().health(clock_.now()))
        if (part.name == component)
            return part.detail.empty() ? part.state : part.state + ' ' + part.detail;
    return {};
}

std::size_t FaultWorld::alarms_with(std::string_view word) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        alarms_, [&](const std::string& text) { return text.contains(word); }));
}

std::vector<std::string> FaultWorld::gates_of(std::string_view name) const {
    const auto found = gates_.find(std::string(name));
    return found == gates_.end() ? std::vector<std::string>{} : found->second;
}

std::vector<OrderState> FaultWorld::path_of(const Asked<Order>& placed) const {
    const auto found = paths_.find(order(placed).order.id);
    return found == paths_.end() ? std::vector<OrderState>{} : found->second;
}

void FaultWorld::read_feed() {
    if (!janus_.running() || janus_.engine().last_sequence() == read_) return;
    for (const auto& event : janus_.engine().events_after(read_).value()) {
        read_ = event.sequence;
        if (const auto* alarm = std::get_if<core::Alarm>(&event.payload))
            alarms_.push_back(alarm->text);
        if (const auto* changed = std::get_if<core::AccountChanged>(&event.payload))
            gates_[changed->account.name.value].push_back(
                text_of(changed->account.gate, changed->account.reason));
        if (const auto* changed = std::get_if<core::OrderChanged>(&event.payload)) {
            auto& path = paths_[changed->order.id];
            if (path.empty() || path.back() != changed->order.state)
                path.push_back(changed->order.state);
        }
    }
}

// ---- the wire and the truth ----

void FaultWorld::note_wire(const std::vector<io::Effect>& effects) {
    for (const auto& effect : effects) {
        if (std::holds_alternative<io::Connect>(effect)) connects_.push_back(clock_.mono);
        if (std::holds_alternative<io::OpenStream>(effect)) subscriptions_.push_back(clock_.mono);
        if (const auto* send = std::get_if<io::Send>(&effect)) note_frames(send->bytes);
        if (const auto* call = std::get_if<io::HttpRequest>(&effect)) note_call(*call);
    }
}

void FaultWorld::note_call(const io::HttpRequest& request) {
    const auto path = request.target.substr(0, request.target.find('?'));
    const auto route = webull::find_route(request.method, path);
    asked_.push_back({clock_.mono, route ? webull::row_of(route->endpoint).name : "nowhere",
                      request.target, request.body, request.body_size_max, request.timeout});
}

std::vector<SentToWebull> FaultWorld::asked(std::string_view endpoint) const {
    std::vector<SentToWebull> found;
    for (const auto& one : asked_)
        if (one.endpoint == endpoint) found.push_back(one);
    return found;
}

void FaultWorld::forget_sent() {
    sent_.clear();
    asked_.clear();
    subscriptions_.clear();
}

void FaultWorld::note_frames(std::string bytes) {
    if (bytes.starts_with(std::string_view("API\0", length_size))) return;
    while (bytes.size() > length_size) {
        const auto size = length_of(bytes);
        sent_.push_back({clock_.mono, fields_of(bytes.substr(length_size, size))});
        bytes.erase(0, length_size + size);
    }
}

std::vector<SentToIb> FaultWorld::sent(std::string_view message) const {
    std::vector<SentToIb> found;
    for (const auto& one : sent_)
        if (one.id() == message) found.push_back(one);
    return found;
}

const ExchangeOrder* FaultWorld::truth_of(const Asked<Order>& placed) const {
    const auto reference = order(placed).order.client_order_id.value;
    for (const auto& [id, truth] : brokers_.exchange.orders())
        if (truth.reference == reference) return &truth;
    return nullptr;
}

std::size_t FaultWorld::received(std::string_view kind, const Asked<Order>& placed) const {
    const auto reference = order(placed).order.client_order_id.value;
    std::ptrdiff_t count = 0;
    for (const auto* ledger : {&brokers_.ib.ledger(), &brokers_.webull.ledger()})
        count += std::ranges::count_if(*ledger, [&](const LedgerEntry& entry) {
            return entry.kind == kind && entry.reference == reference;
        });
    return static_cast<std::size_t>(count);
}

// ---- the end ----

std::vector<std::string> FaultWorld::differences() {
    std::vector<std::string> lines;
    run(pause);  // What has just been switched on or off is on its way.
    run_until([this] { return all_ready(); }, ready_max);
    for (const auto& account : janus_.engine().accounts()) {
        if (account.gate != gateway::Gate::Ready)
            lines.push_back(account.name.value + " is " + text_of(account.gate, account.reason));
        sync(account.name);
    }
    const auto books = [this] {
        auto all = order_differences(janus_.engine(), brokers_.exchange, Whose::Everyones);
        move_to(all, execution_differences(janus_.engine(), brokers_.exchange, Whose::Everyones));
        move_to(all, position_differences(clock_.now(), janus_.engine(), brokers_.exchange));
        return all;
    };
    const auto end = clock_.mono + equal_max;
    while (clock_.mono < end && !books().empty()) run(1s);
    move_to(lines, books());
    watch_.on_end();
    for (const auto& violation : verdict_.violations()) lines.push_back(violation.what);
    return lines;
}

std::vector<std::string> FaultWorld::unhealed(const AccountName& account) {
    auto lines = differences();
    if (!lines.empty()) return lines;
    market("SPY", "585.00", "585.02", fmt::format("585.{:02}", ++keys_ % 100));
    run(pause);  // A fresh price, for accounts whose market orders need one.
    auto wanted = intent("SPY", "1");
    wanted.account = account;
    const auto fresh = place(wanted);
    // Its symbol may have to be looked up first.
    run_until([&] { return is_taken(fresh) || fresh->answer; }, 10s);
    const auto filled = [&] { return order(fresh).order.state == OrderState::Filled; };
    if (!is_taken(fresh))
        lines.push_back("a fresh order was refused: " +
                        (fresh->answer ? fresh->answer->error().message : "without a word"));
    else if (!run_until(filled, 10s))
        lines.push_back("a fresh order is " + std::string(to_text(order(fresh).order.state)));
    return lines;
}

}  // namespace janus::sim
