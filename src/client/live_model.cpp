#include "client/live_model.hpp"

#include <chrono>

namespace janus::client {
namespace {

constexpr int retry_seconds = 1;

}  // namespace

LiveModel::LiveModel(Client& client, std::function<void()> on_change)
    : client_(client), on_change_(std::move(on_change)) {
    threads_.emplace_back([this] { refresh_loop(); });
    threads_.emplace_back([this] { follow_quotes(); });
    threads_.emplace_back([this] { follow_events(); });
    threads_.emplace_back([this] { follow_log(); });
}

LiveModel::~LiveModel() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    client_.stop();
}

Snapshot LiveModel::snapshot() const {
    std::lock_guard lock(mutex_);
    return snapshot_;
}

bool LiveModel::pause(int seconds) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, std::chrono::seconds(seconds), [this] { return stopping_; });
}

void LiveModel::follow_quotes() {
    do {
        static_cast<void>(client_.stream<v1::WatchQuotesRequest, v1::QuoteList>(
            &Client::Stub::WatchQuotes, v1::WatchQuotesRequest{},
            [this](const v1::QuoteList& list) {
                update([&list](Snapshot& snapshot) {
                    for (const auto& quote : list.quotes()) snapshot.quotes[quote.symbol()] = quote;
                });
                return true;
            }));
    } while (pause(retry_seconds));
}

void LiveModel::follow_events() {
    do {
        static_cast<void>(client_.stream<v1::WatchEventsRequest, v1::EventList>(
            &Client::Stub::WatchEvents, v1::WatchEventsRequest{}, [this](const v1::EventList&) {
                {
                    std::lock_guard lock(mutex_);
                    dirty_ = true;
                }
                wake_.notify_all();
                return true;
            }));
    } while (pause(retry_seconds));
}

void LiveModel::follow_log() {
    v1::WatchLogRequest request;
    request.set_follow(true);
    do {
        update([](Snapshot& snapshot) { snapshot.log.clear(); });
        static_cast<void>(client_.stream<v1::WatchLogRequest, v1::LogLines>(
            &Client::Stub::WatchLog, request, [this](const v1::LogLines& lines) {
                update([&lines](Snapshot& snapshot) {
                    for (const auto& line : lines.lines()) snapshot.log.push_back(line);
                    while (snapshot.log.size() > Snapshot::log_lines_max) snapshot.log.pop_front();
                });
                return true;
            }));
    } while (pause(retry_seconds));
}

void LiveModel::refresh() {
    const auto accounts = client_.call(&Client::Stub::ListAccounts, v1::ListAccountsRequest{});
    if (!accounts) {
        update([&](Snapshot& snapshot) {
            snapshot.connected = false;
            snapshot.trouble = accounts.error().message;
        });
        return;
    }
    v1::ListOrdersRequest open;
    open.set_account("all");
    const auto portfolio = client_.call(&Client::Stub::GetPortfolio, v1::GetPortfolioRequest{});
    const auto orders = client_.call(&Client::Stub::ListOrders, open);
    const auto quotes = client_.call(&Client::Stub::GetQuotes, v1::GetQuotesRequest{});
    update([&](Snapshot& snapshot) {
        snapshot.connected = true;
        snapshot.trouble.clear();
        snapshot.accounts.assign(accounts->accounts().begin(), accounts->accounts().end());
        if (portfolio) snapshot.portfolio = *portfolio;
        if (orders) snapshot.open_orders.assign(orders->orders().begin(), orders->orders().end());
        if (!quotes) return;
        snapshot.quotes.clear();
        for (const auto& quote : quotes->quotes()) snapshot.quotes[quote.symbol()] = quote;
    });
}

void LiveModel::refresh_loop() {
    for (;;) {
        refresh();
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_ || dirty_; });
        if (stopping_) return;
        dirty_ = false;
    }
}

}  // namespace janus::client
