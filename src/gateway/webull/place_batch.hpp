#pragma once

#include <cstddef>
#include <vector>

#include "gateway/webull/rest_client.hpp"

/// Several places of one account in one request. Source: reference 5.2.
namespace janus::webull {

/// The most orders in one batch.
inline constexpr std::size_t batch_size_max = 50;

/// Which of the places that wait behind one go with it: those of its account, in their order, up to
/// one that has to go alone. What has waited too long is left.
/// Precondition: `first` has a part for batches.
std::vector<std::size_t> find_companions(Instant now, const Request& first,
                                         const std::vector<const Request*>& behind);

/// One request of several places, each with a part for batches.
Request batch_of(const std::vector<Request>& places);

/// What the answer to a batch says of each order in it, as if the order had gone alone. An order
/// without exactly one row that can be read, or with one that contradicts itself, has no known
/// outcome; what is said of the whole is said of each.
std::vector<Answer> answers_of_batch(const std::vector<Ticket>& members, const Answer& whole);

/// Whether all of it was refused for no reason that passes: this customer has no batches, or this
/// host does not know them.
bool refuses_batches(const Answer& whole);

}  // namespace janus::webull
