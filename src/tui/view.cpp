#include "tui/view.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/decimal.hpp"

namespace janus::tui {
namespace {

/// A part of the screen.
struct Area {
    int x, y, width, height;
    int right() const { return x + width; }
    int bottom() const { return y + height; }
};

struct Lamp {
    std::string_view state;
    Style style;
};
constexpr auto lamps = std::to_array<Lamp>({
    {"ready",          Style::Good},
    {"reconciling",    Style::Warn},
    {"connecting",     Style::Warn},
    {"degraded",       Style::Warn},
    {"down",           Style::Bad },
    {"needs_operator", Style::Bad },
});

Style lamp_of(const v1::Account& account) {
    if (account.halted()) return Style::Bad;
    const auto lamp = std::ranges::find(lamps, account.state(), &Lamp::state);
    return lamp == lamps.end() ? Style::Bad : lamp->style;
}

std::string fixed(const std::string& decimal, int places) {
    const auto value = Decimal::parse(decimal);
    return value ? value->to_fixed(places) : decimal;
}

Style direction_of(const std::string& decimal) {
    const auto value = Decimal::parse(decimal);
    if (!value || value->is_zero()) return Style::Plain;
    return value->is_negative() ? Style::Down : Style::Up;
}

std::string age_text(double seconds) {
    if (seconds < 60) return fmt::format("{:.0f}s", seconds);
    return seconds < 3600 ? fmt::format("{:.0f}m", seconds / 60)
                          : fmt::format("{:.0f}h", seconds / 3600);
}

/// One column of a panel: title, width, alignment, and whether narrow screens leave it out (higher
/// goes first).
struct PanelColumn {
    std::string_view title;
    int width;
    bool right;
    int optional;
};

/// The columns that fit, and where they begin.
struct Layout {
    std::vector<int> starts;  ///< -1 for a column that is left out.
};

template <std::size_t Count>
Layout fit(const std::array<PanelColumn, Count>& columns, int width) {
    int level = 9;
    const auto needed = [&] {
        int sum = 0;
        for (const auto& column : columns)
            if (column.optional < level) sum += column.width + 1;
        return sum;
    };
    while (level > 1 && needed() > width) --level;
    Layout layout;
    int x = 0;
    for (const auto& column : columns) {
        const bool shown = column.optional < level;
        layout.starts.push_back(shown ? x : -1);
        if (shown) x += column.width + 1;
    }
    return layout;
}

/// Writes the cells of one row.
template <std::size_t Count>
void put_row(Frame& frame, const Area& area, int y, const std::array<PanelColumn, Count>& columns,
             const Layout& layout, const std::array<std::string, Count>& cells,
             const std::array<Style, Count>& styles) {
    for (std::size_t i = 0; i < Count; ++i) {
        if (layout.starts[i] < 0) continue;
        const int x = area.x + layout.starts[i];
        const int limit = std::min(columns[i].width, area.right() - x);
        if (limit <= 0) continue;
        if (columns[i].right)
            frame.put_right(x + columns[i].width, y, cells[i], styles[i], limit);
        else
            frame.put(x, y, cells[i], styles[i], limit);
    }
}

template <std::size_t Count>
void put_titles(Frame& frame, const Area& area, const std::array<PanelColumn, Count>& columns,
                const Layout& layout) {
    std::array<std::string, Count> cells;
    std::array<Style, Count> styles;
    for (std::size_t i = 0; i < Count; ++i) cells[i] = std::string(columns[i].title);
    styles.fill(Style::Dim);
    put_row(frame, area, area.y + 1, columns, layout, cells, styles);
}

constexpr auto position_columns = std::to_array<PanelColumn>({
    {"SYMBOL",       18, false, 0},
    {"QUANTITY",     10, true,  0},
    {"COST",         10, true,  4},
    {"PRICE",        10, true,  0},
    {"VALUE",        12, true,  1},
    {"UNREALIZED",   11, true,  3},
    {"CUR",          3,  false, 6},
    {"DERIVED FROM", 17, false, 2},
    {"ACCOUNTS",     40, false, 7},
});

std::string source_of(const v1::Valuation& value) {
    if (!value.has_price()) return "- " + value.missing();
    auto text = "~" + value.source() + " " + value.quality();
    return value.has_age_seconds() ? text + " " + age_text(value.age_seconds()) : text;
}

void draw_positions(Frame& frame, const Area& area, const client::Snapshot& snapshot) {
    frame.rule(area.x, area.y, area.width,
               "Positions (values marked ~ are derived from market data)");
    const auto layout = fit(position_columns, area.width);
    put_titles(frame, area, position_columns, layout);
    int y = area.y + 2;
    for (const auto& row : snapshot.portfolio.rows()) {
        if (y >= area.bottom()) break;
        const auto& value = row.valuation();
        std::string accounts;
        for (const auto& part : row.parts())
            (accounts += accounts.empty() ? "" : " ") += part.account();
        const bool live = value.quality() == "live";
        const auto price_style = live ? Style::Plain : Style::Dim;
        put_row<9>(
            frame, area, y++, position_columns, layout,
            {row.symbol(), row.quantity(), fixed(row.average_cost(), 2), fixed(value.price(), 2),
             value.has_market_value() ? "~" + fixed(value.market_value(), 2) : "",
             value.has_unrealized() ? "~" + fixed(value.unrealized(), 2) : "", row.currency(),
             source_of(value), accounts},
            {Style::Accent, Style::Plain, Style::Plain, price_style, price_style,
             live ? direction_of(value.unrealized()) : Style::Dim, Style::Dim,
             live ? Style::Dim : Style::Warn, Style::Dim});
    }
}

constexpr auto order_columns = std::to_array<PanelColumn>({
    {"ORDER",    6,  true,  0},
    {"ACCOUNT",  16, false, 3},
    {"SIDE",     10, false, 0},
    {"QUANTITY", 9,  true,  0},
    {"SYMBOL",   18, false, 0},
    {"TYPE",     13, false, 4},
    {"LIMIT",    9,  true,  2},
    {"STOP",     9,  true,  5},
    {"STATE",    14, false, 0},
    {"FILLED",   8,  true,  1},
    {"NOTE",     50, false, 6},
});

/// A trailing stop shows its distance until its broker shows where it stands.
std::string stop_text(const v1::Order& order) {
    if (order.has_stop_price()) return fixed(order.stop_price(), 2);
    if (order.has_trail_percent()) return "~" + order.trail_percent() + "%";
    return order.has_trail_amount() ? "~" + fixed(order.trail_amount(), 2) : "";
}

std::string note_text(const v1::Order& order) {
    std::string note = order.external() ? "external " : "";
    if (order.parent() != 0) note += fmt::format("exit of {} ", order.parent());
    if (order.has_wanted()) note += "modification unanswered ";
    return note + order.note();
}

void draw_orders(Frame& frame, const Area& area, const client::Snapshot& snapshot) {
    frame.rule(area.x, area.y, area.width,
               fmt::format("Open orders ({})", snapshot.open_orders.size()));
    const auto layout = fit(order_columns, area.width);
    put_titles(frame, area, order_columns, layout);
    int y = area.y + 2;
    for (const auto& order : snapshot.open_orders) {
        if (y >= area.bottom()) break;
        const auto state = order.state() == "UNKNOWN" ? Style::Bad : Style::Plain;
        std::array<Style, 11> styles;
        styles.fill(Style::Plain);
        styles[4] = Style::Accent;
        styles[8] = state;
        put_row<11>(frame, area, y++, order_columns, layout,
                    {std::to_string(order.id()), order.account(), order.side(), order.quantity(),
                     order.symbol(), order.type(), fixed(order.limit_price(), 2), stop_text(order),
                     order.state(), order.filled(), note_text(order)},
                    styles);
    }
}

constexpr auto watch_columns = std::to_array<PanelColumn>({
    {"SYMBOL",  14, false, 0},
    {"BID",     9,  true,  1},
    {"ASK",     9,  true,  1},
    {"LAST",    9,  true,  0},
    {"QUALITY", 9,  false, 2},
    {"AGE",     4,  true,  3},
});

void draw_watch(Frame& frame, const Area& area, const client::Snapshot& snapshot) {
    frame.rule(area.x, area.y, area.width, "Watch");
    const auto layout = fit(watch_columns, area.width);
    put_titles(frame, area, watch_columns, layout);
    int y = area.y + 2;
    for (const auto& [symbol, quote] : snapshot.quotes) {
        if (y >= area.bottom()) break;
        const auto style = quote.quality() == "live" ? Style::Plain : Style::Dim;
        const auto quality =
            quote.quality() == "none" && !quote.reason().empty() ? quote.reason() : quote.quality();
        put_row<6>(frame, area, y++, watch_columns, layout,
                   {symbol, fixed(quote.bid(), 2), fixed(quote.ask(), 2), fixed(quote.last(), 2),
                    quality, quote.has_age_seconds() ? age_text(quote.age_seconds()) : ""},
                   {Style::Accent, style, style, style,
                    quote.quality() == "live" ? Style::Good : Style::Warn, Style::Dim});
    }
}

Style log_style(const std::string& level) {
    if (level == "error") return Style::Bad;
    return level == "warning" ? Style::Warn : Style::Dim;
}

/// Command answers and log lines, the newest at the bottom.
void draw_log(Frame& frame, const Area& area, const client::Snapshot& snapshot,
              const ViewState& state) {
    frame.rule(area.x, area.y, area.width, "Messages and log");
    std::vector<Message> lines;
    for (const auto& line : snapshot.log)
        lines.push_back({line.at().substr(11, 8) + " " + line.text(), log_style(line.level())});
    // What the user asked for stands below the log, so that an answer is never pushed away by it.
    const auto room = static_cast<std::size_t>(std::max(0, area.height - 1));
    const auto answers = std::min(state.messages.size(), std::max<std::size_t>(room * 2 / 3, 1));
    const auto logged = std::min(lines.size(), room - std::min(room, answers));
    std::vector<Message> shown(lines.end() - static_cast<std::ptrdiff_t>(logged), lines.end());
    shown.insert(shown.end(), state.messages.end() - static_cast<std::ptrdiff_t>(answers),
                 state.messages.end());
    int y = area.y + 1;
    for (const auto& line : shown)
        if (y < area.bottom()) frame.put(area.x, y++, line.text, line.style, area.width);
}

void draw_accounts(Frame& frame, const client::Snapshot& snapshot) {
    int x = frame.put(0, 0, " JANUS ", Style::Title);
    if (!snapshot.connected) {
        frame.put(x + 1, 0, "not connected: " + snapshot.trouble, Style::Bad);
        return;
    }
    for (const auto& account : snapshot.accounts) {
        const auto style = lamp_of(account);
        x = frame.put(x + 1, 0, "●", style);
        x = frame.put(x, 0, (account.is_default() ? "*" : "") + account.name(), Style::Plain);
        const auto word = account.halted() ? std::string("HALTED") : account.state();
        if (style != Style::Good) x = frame.put(x + 1, 0, word, style);
        x += 1;
    }
}

void draw_totals(Frame& frame, const client::Snapshot& snapshot) {
    int x = 1;
    for (const auto& total : snapshot.portfolio.totals()) {
        const auto text = fmt::format(
            "{}: net {}  cash {}  positions ~{}  unrealized ~{}{}   ", total.currency(),
            fixed(total.net_liquidation(), 2), fixed(total.cash(), 2),
            fixed(total.market_value(), 2), fixed(total.unrealized(), 2),
            total.complete() ? "" : fmt::format("  incomplete ({})", total.missing_size()));
        x = frame.put(x, 1, text, total.complete() ? Style::Plain : Style::Warn);
    }
}

constexpr auto help_lines = std::to_array<std::string_view>({
    "Type a command and press Enter; Up and Down walk through the history.",
    "",
    "  buy AAPL 10            market order       buy AAPL 10 190.5      limit order",
    "  sell AAPL 10           sells what is held short F 5 12           an explicit short sale",
    "  sstop AAPL 10 180      stop order         cancel 7               by order id",
    "  account ib_main        new default        account NAME buy ...   on that account only",
    "  watch MSFT             adds to the list   unticks MSFT           takes it away",
    "  orders --all           every order        order 7                one with its history",
    "  harmony [--dry-run]    fill missing ids   symbols list           the registry",
    "  sync   health   halt   resume   help COMMAND",
    "",
    "  F2 positions  F3 orders  F4 watch  F5 messages: full screen and back     Esc: all panels",
    "  Ctrl-U clears the line; quit or Ctrl-C leaves, the server runs on.",
});

void draw_help(Frame& frame, const Area& area) {
    frame.rule(area.x, area.y, area.width, "Help");
    int y = area.y + 1;
    for (const auto line : help_lines)
        if (y < area.bottom()) frame.put(area.x + 1, y++, line, Style::Plain, area.width - 1);
}

Cursor draw_command_line(Frame& frame, const ViewState& state) {
    const int y = frame.height() - 1;
    const auto prompt = !state.question.empty() ? state.question + " [y/n] "
                                                : std::string(state.busy ? "… " : "> ");
    const auto style = state.question.empty() ? Style::Title : Style::Warn;
    int x = frame.put(0, y, prompt, style);
    frame.put(x, y, state.line.text(), Style::Input);
    x += columns_of(state.line.before_cursor());
    return {std::min(x, frame.width() - 1), y};
}

void draw_status(Frame& frame, const ViewState&) {
    const int y = frame.height() - 2;
    for (int x = 0; x < frame.width(); ++x) frame.put(x, y, "─", Style::Dim);
    frame.put_right(frame.width() - 1, y, " F1 help  F2-F5 panels  quit ", Style::Dim);
}

void draw_all(Frame& frame, const Area& body, const client::Snapshot& snapshot,
              const ViewState& state) {
    const int log_height = std::clamp(body.height / 4, 3, 12);
    const int orders_height = std::clamp(static_cast<int>(snapshot.open_orders.size()) + 2, 4,
                                         std::max(4, body.height / 4));
    const int top_height = std::max(0, body.height - log_height - orders_height);
    const bool wide = body.width >= 100;
    const int watch_width = wide ? std::min(60, body.width * 2 / 5) : 0;
    draw_positions(frame, {body.x, body.y, body.width - (wide ? watch_width + 1 : 0), top_height},
                   snapshot);
    if (wide)
        draw_watch(frame, {body.right() - watch_width, body.y, watch_width, top_height}, snapshot);
    draw_orders(frame, {body.x, body.y + top_height, body.width, orders_height}, snapshot);
    draw_log(frame, {body.x, body.y + top_height + orders_height, body.width, log_height}, snapshot,
             state);
}

}  // namespace

Cursor draw(Frame& frame, const client::Snapshot& snapshot, const ViewState& state) {
    const Area body{0, 2, frame.width(), std::max(0, frame.height() - 4)};
    draw_accounts(frame, snapshot);
    draw_totals(frame, snapshot);
    switch (state.panel) {
        case Panel::None:
            draw_all(frame, body, snapshot, state);
            break;
        case Panel::Positions:
            draw_positions(frame, body, snapshot);
            break;
        case Panel::Orders:
            draw_orders(frame, body, snapshot);
            break;
        case Panel::Watch:
            draw_watch(frame, body, snapshot);
            break;
        case Panel::Log:
            draw_log(frame, body, snapshot, state);
            break;
        case Panel::Help:
            draw_help(frame, body);
            break;
    }
    draw_status(frame, state);
    return draw_command_line(frame, state);
}

}  // namespace janus::tui
