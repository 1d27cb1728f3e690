// What the gateway tells, in both forms. The text layouts are those of server version 200.
#include <algorithm>
#include <array>

#include "sim/ib/layouts.hpp"

namespace janus::sim::ib {
namespace {

void describe_tick_by_tick(Form& form) {
    form.integer({1});
    const auto type = form.integer({2});
    // The flags between, of past limits and the like, are never said here.
    if (type == "1" || type == "2")
        describe_fields(form, "i3.1 n3.3 d3.4 =0 t3.5 t3.6");
    else if (type == "3")
        describe_fields(form, "i4.1 n4.3 n4.4 d4.5 d4.6 =0");
    else
        describe_fields(form, "i5.1 n5.2");
}

void describe_bars(Form& form) {
    form.rows({2}, [](Form& bar) { describe_fields(bar, "t1 n2 n3 n4 n5 d6 d7 i8"); });
}

/// Ticks of the past: what stands before each price differs by kind.
void describe_midpoints(Form& form) {
    form.rows({2}, [](Form& tick) { describe_fields(tick, "i1 =0 n2 d3"); });
    form.flag({3});
}
void describe_past_quotes(Form& form) {
    form.rows({2}, [](Form& tick) { describe_fields(tick, "i1 =0 n3 n4 d5 d6"); });
    form.flag({3});
}
void describe_past_trades(Form& form) {
    form.rows({2}, [](Form& tick) { describe_fields(tick, "i1 =0 n3 d4 t5 t6"); });
    form.flag({3});
}

void describe_samples(Form& form) {
    form.rows({2}, [](Form& row) {
        describe_fields(row, "i1.1 t1.2 t1.3 t1.9 t1.10");
        row.texts({2});
        describe_fields(row, "t1.15 t1.16");
    });
}

void describe_expirations(Form& form) {
    form.texts({6});
    form.numbers({7});
}

void describe_smart_rows(Form& form) {
    form.rows({2}, [](Form& row) { describe_fields(row, "i1 t2 t3"); });
}

void describe_increments(Form& form) {
    form.rows({2}, [](Form& row) { describe_fields(row, "n1 n2"); });
}

constexpr std::string_view portfolio =
    "=8 i1.1 t1.2 t1.3 t1.4 n1.5 t1.6 n1.7 t1.9 t1.10 t1.11 t1.12 d2 n3 n4 n5 n6 n7 t8";
constexpr std::string_view execution =
    "i1 i3.1 c2 t3.2 t3.3 t3.4 t3.5 t3.6 d3.7 n3.8 i3.9 i3.10 b3.11 d3.12 n3.13 t3.14 t3.15 n3.16 "
    "t3.17 i3.18 b3.19 t3.20";

constexpr auto replies = std::to_array<LayoutRow>({
    {1,   {"=6 i1 i2 n3 d4 i5"}                         },
    {2,   {"=6 i1 i2 d3"}                               },
    {3,   {"i1 t2 d3 d4 n5 i6 i7 n8 i9 t10 n11"}        },
    {4,   {"i1 i3 t4 t5 i2"}                            },
    {5,   {"", describe_open_order}                     },
    {6,   {"=2 t1 t2 t3 t4"}                            },
    {7,   {portfolio}                                   },
    {8,   {"=1 t1"}                                     },
    {9,   {"=1 i1"}                                     },
    {10,  {"", describe_contract_data}                  },
    {11,  {execution}                                   },
    {12,  {"=1 i1 i2.1 i2.2 i2.3 n2.4 d2.5"}            },
    {13,  {"=1 i1 i2.1 t2.6 i2.2 i2.3 n2.4 d2.5 b2.7"}  },
    {15,  {"=1 t1"}                                     },
    {17,  {"i1", describe_bars}                         },
    {18,  {"", describe_bond_contract_data}             },
    {21,  {"i1 i2 i3 n4 n5 n6 n7 n8 n9 n10 n11"}        },
    {45,  {"=6 i1 i2 n3"}                               },
    {46,  {"=6 i1 i2 t3"}                               },
    {49,  {"=1 i1"}                                     },
    {50,  {"=3 i1 i2 n3 n4 n5 n6 d7 d8 i9"}             },
    {52,  {"=1 i1"}                                     },
    {53,  {"=1"}                                        },
    {54,  {"=1 t1"}                                     },
    {55,  {"=1 i1"}                                     },
    {57,  {"=1 i1"}                                     },
    {58,  {"=1 i1 i2"}                                  },
    {59,  {"=1 t1 n2 t3 n4 n5 t6"}                      },
    {61,  {"=3 t1 c2 d3 n4"}                            },
    {62,  {"=1"}                                        },
    {63,  {"=1 i1 t2 t3 t4 t5"}                         },
    {64,  {"=1 i1"}                                     },
    {71,  {"=1 i1 t2 c3 d4 n5 t6"}                      },
    {72,  {"=1 i1"}                                     },
    {73,  {"=1 i1 t2 t3 t4 t5 t6"}                      },
    {74,  {"=1 i1"}                                     },
    {75,  {"i1 t2 i3 t4 t5", describe_expirations}      },
    {76,  {"i1"}                                        },
    {79,  {"i1", describe_samples}                      },
    {81,  {"i1 d2 t3 i4"}                               },
    {82,  {"i1", describe_smart_rows}                   },
    {88,  {"i1 t2"}                                     },
    {90,  {"i1 i2.8 t2.1 n2.2 n2.5 n2.3 n2.4 d2.7 d2.6"}},
    {91,  {"i1 i2 t3"}                                  },
    {92,  {"i1 i2 t3"}                                  },
    {93,  {"i1", describe_increments}                   },
    {94,  {"i1 n2 n3 n4"}                               },
    {95,  {"i1 d2 n3 n4 n5 n6"}                         },
    {96,  {"i1", describe_midpoints}                    },
    {97,  {"i1", describe_past_quotes}                  },
    {98,  {"i1", describe_past_trades}                  },
    {99,  {"", describe_tick_by_tick}                   },
    {100, {"i1 i2 i3"}                                  },
    {101, {"", describe_completed_order}                },
    {102, {""}                                          },
    {108, {"i1 t2 t3"}                                  },
    {109, {"i1"}                                        },
});
static_assert(std::ranges::is_sorted(replies, {}, &LayoutRow::id));

}  // namespace

const Layout* find_reply_layout(std::int64_t id) {
    const auto* row = std::ranges::lower_bound(replies, id, {}, &LayoutRow::id);
    return row != replies.end() && row->id == id ? &row->layout : nullptr;
}

}  // namespace janus::sim::ib
