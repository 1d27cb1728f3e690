#include "gateway/webull/outbox.hpp"

namespace janus::webull {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}  // namespace

void Outbox::hide(const std::string& hidden, std::string shown) {
    if (!hidden.empty()) hidden_[hidden] = std::move(shown);
}

std::string Outbox::scrubbed(std::string text) const {
    for (const auto& [hidden, shown] : hidden_) replace_all(text, hidden, shown);
    return text;
}

void Outbox::tell(gateway::Event event) {
    std::visit(
        [this]<typename Told>(Told& told) {
            if constexpr (requires { told.reason; }) told.reason = scrubbed(std::move(told.reason));
            if constexpr (requires { told.evidence; })
                told.evidence = scrubbed(std::move(told.evidence));
            if constexpr (requires { told.text; }) told.text = scrubbed(std::move(told.text));
        },
        event);
    events_.push_back(std::move(event));
}

}  // namespace janus::webull
