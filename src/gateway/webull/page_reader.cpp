#include "gateway/webull/page_reader.hpp"

namespace janus::webull {

std::vector<wire::Parameter> PageReader::cursor() const {
    if (!key_.empty())
        return {
            {"pagination_key", key_}
        };
    if (!last_client_order_id_.empty())
        return {
            {"last_client_order_id", last_client_order_id_}
        };
    return {};
}

bool PageReader::more(const wire::Page& page, const std::string& last_id, bool something_new) {
    ++pages_;
    if (page.rows.empty()) return false;
    if (!something_new) {
        ++repeats_;
        return false;
    }
    if (!page.next_key.empty() && page.next_key != key_) {
        key_ = page.next_key;
        return true;
    }
    key_.clear();
    // G4 names its next page; without a name this was the last one.
    if (generation_ == wire::Generation::G4 || page.rows.size() < page_size_min) return false;
    const bool moved = !last_id.empty() && last_id != last_client_order_id_;
    last_client_order_id_ = last_id;
    return moved;
}

Result<bool> PageReader::take_orders(const wire::Json& body) {
    const auto page = wire::decode_page(body);
    if (!page) return std::unexpected(page.error());
    bool something_new = false;
    std::string last_id;
    for (const auto* json : page->rows) {
        auto group = wire::decode_order_group(*json);
        if (!group) return std::unexpected(group.error());
        for (auto& row : group->orders) {
            const auto id = row.order_id.empty() ? row.client_order_id : row.order_id;
            if (!seen_.insert(id).second) continue;
            something_new = true;
            orders_.push_back(std::move(row));
        }
        last_id = group->client_order_id;
    }
    if (pages_ >= pages_max) return fail(ErrorCode::Malformed, "list does not end");
    return more(*page, last_id, something_new);
}

Result<bool> PageReader::take_positions(const wire::Json& body, const AccountName& account,
                                        Utc at) {
    const auto page = wire::decode_page(body);
    if (!page) return std::unexpected(page.error());
    for (const auto* json : page->rows) {
        auto position = wire::decode_position(*json, account, at);
        if (!position) return std::unexpected(position.error());
        positions_.push_back(std::move(*position));
    }
    // Positions have no cursor but a named one; a bare list is the whole.
    const bool named = !page->next_key.empty() && page->next_key != key_ && !page->rows.empty();
    key_ = named ? page->next_key : "";
    if (++pages_ > pages_max) return fail(ErrorCode::Malformed, "list does not end");
    return named;
}

}  // namespace janus::webull
