// What clients ask, in both forms. The text layouts are those of server version 200.
#include <algorithm>
#include <array>

#include "sim/ib/layouts.hpp"

namespace janus::sim::ib {
namespace {

/// Legs as requests for prices have them: four fields, and only for a combination.
void describe_short_legs(Form& form) {
    if (form.peek({2, 3}) != "BAG") return;
    form.rows({2, 20}, [](Form& leg) { describe_fields(leg, "i1 i2 t3 t4"); });
}

void describe_market_data_rest(Form& form) {
    describe_short_legs(form);
    if (form.presence({2, 17})) {
        form.integer({2, 17, 1});
        form.number({2, 17, 2});
        form.number({2, 17, 3});
    }
    describe_fields(form, "t3 b4 b5");
    form.options({6});
}

void describe_history_rest(Form& form) {
    describe_short_legs(form);
    form.flag({9});
    form.options({10});
}

constexpr auto requests = std::to_array<LayoutRow>({
    {1,   {"=11 i1 q2", describe_market_data_rest}                                               },
    {2,   {"=2 i1"}                                                                              },
    {3,   {"", describe_place_order}                                                             },
    {4,   {"i1 t2.1 t2.2 i2.3"}                                                                  },
    {5,   {"=1"}                                                                                 },
    {6,   {"=2 b1 t2"}                                                                           },
    {7,
     {"=3 i1 i2.1 t2.2 t2.3 t2.4 t2.5 t2.6 t2.7 i2.8", [](Form& form) { form.integers({2, 9}); }}},
    {8,   {"=1 i1"}                                                                              },
    {9,   {"=8 i1 q2 b2.18 t2.13 t2.14 t2.16"}                                                   },
    {10,  {"=5 i1 q2 i3 b4", [](Form& form) { form.options({5}); }}                              },
    {11,  {"=1 i1 b2"}                                                                           },
    {14,  {"=1 i1"}                                                                              },
    {15,  {"=1 b1"}                                                                              },
    {16,  {"=1"}                                                                                 },
    {17,  {"=1"}                                                                                 },
    {20,  {"i1 q2 b2.18 t3 t4 t5 b6 t7 i8", describe_history_rest}                               },
    {25,  {"=1 i1"}                                                                              },
    {49,  {"=1"}                                                                                 },
    {50,  {"=3 i1 q2 i3 t4 b5", [](Form& form) { form.options({6}); }}                           },
    {51,  {"=1 i1"}                                                                              },
    {58,  {"t1.2 i1.3"}                                                                          },
    {59,  {"=1 i1"}                                                                              },
    {61,  {"=1"}                                                                                 },
    {62,  {"=1 i1 t2 t3"}                                                                        },
    {63,  {"=1 i1"}                                                                              },
    {64,  {"=1"}                                                                                 },
    {71,  {"=2 i1 t2"}                                                                           },
    {74,  {"=1 i1 t2 t3"}                                                                        },
    {75,  {"=1 i1"}                                                                              },
    {76,  {"=1 i1 t2 t3 b4"}                                                                     },
    {77,  {"=1 i1"}                                                                              },
    {78,  {"i1 t2 t3 t4 i5"}                                                                     },
    {81,  {"i1 t2"}                                                                              },
    {83,  {"i1 t2"}                                                                              },
    {87,  {"i1 q2 b2.18 b3 t4 i5"}                                                               },
    {90,  {"i1"}                                                                                 },
    {91,  {"i1"}                                                                                 },
    {92,  {"i1 t2 t3"}                                                                           },
    {93,  {"i1"}                                                                                 },
    {94,  {"i1 t2 t3 i4"}                                                                        },
    {95,  {"i1"}                                                                                 },
    {96,  {"i1 q2 b2.18 t3 t4 i5 t6 b7 b8", [](Form& form) { form.options({9}); }}               },
    {97,  {"i1 q2 t3 i4 b5"}                                                                     },
    {98,  {"i1"}                                                                                 },
    {99,  {"b1"}                                                                                 },
    {105, {""}                                                                                   },
});
static_assert(std::ranges::is_sorted(requests, {}, &LayoutRow::id));

}  // namespace

const Layout* find_request_layout(std::int64_t id) {
    const auto* row = std::ranges::lower_bound(requests, id, {}, &LayoutRow::id);
    return row != requests.end() && row->id == id ? &row->layout : nullptr;
}

}  // namespace janus::sim::ib
