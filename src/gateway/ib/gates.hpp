#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ib/output.hpp"
#include "gateway/ib/settings.hpp"

namespace janus::ib {

/// The accounts of one login: which IB code each of our names has, and how far each is usable.
/// Says every change of a gate once.
class Gates {
 public:
    Gates(const std::vector<IbAccount>& accounts, Output& output);

    const std::vector<AccountName>& names() const { return names_; }
    /// Binds names to codes of the accounts that the login manages. An account that is missing
    /// there gets NeedsOperator; the others go on. Tells which accounts the login has.
    void bind(const std::vector<std::string>& managed);
    /// Forgets what `bind` found; the connection is gone.
    void unbind();

    bool is_bound(const AccountName& name) const;
    bool any_bound() const;
    std::string_view code_of(const AccountName& name) const;
    std::optional<AccountName> find_name(std::string_view code) const;

    gateway::Gate gate_of(const AccountName& name) const;
    std::string_view reason_of(const AccountName& name) const;
    /// Of every account, also those that are not bound.
    void set_all(gateway::Gate gate, const std::string& reason);
    /// Of the accounts that the login manages.
    void set_bound(gateway::Gate gate, const std::string& reason);

 private:
    struct Row {
        AccountName name;
        std::string configured;
        std::string code;  ///< Empty while not bound.
        gateway::Gate gate{gateway::Gate::Down};
        std::string reason;
    };
    void set(Row& row, gateway::Gate gate, const std::string& reason);
    void tell(const std::vector<std::string>& managed);
    const Row* find_row(const AccountName& name) const;

    std::vector<Row> rows_;
    std::vector<AccountName> names_;
    Output& output_;
};

}  // namespace janus::ib
