#include "gateway/ib/wire/error_codes.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace janus::ib::wire {
namespace {

using C = CodeClass;
using O = OrderReaction;
using S = SystemReaction;

/// The system codes of the protocol reference, with what they do to a session.
TEST(IbErrorCodes, EverySystemCodeOfTheReferenceIsListed) {
    struct Case {
        int code;
        C code_class;
        S reaction;
    };
    const std::vector<Case> cases{
        {1100, C::Connection,    S::UpstreamLost    },
        {1101, C::Connection,    S::UpstreamDataLost},
        {1102, C::Connection,    S::UpstreamBack    },
        {1300, C::Connection,    S::Reconnect       },
        {2100, C::DegradedData,  S::Say             },
        {2101, C::RequestFailed, S::Say             },
        {2102, C::OrderWarning,  S::Say             },
        {2103, C::DegradedData,  S::Farm            },
        {2105, C::DegradedData,  S::Farm            },
        {2157, C::DegradedData,  S::Farm            },
        {2104, C::Information,   S::Farm            },
        {2106, C::Information,   S::Farm            },
        {2158, C::Information,   S::Farm            },
        {2107, C::Information,   S::Farm            },
        {2108, C::Information,   S::Farm            },
        {2109, C::OrderWarning,  S::Say             },
        {2110, C::Connection,    S::UpstreamLost    },
        {2119, C::Information,   S::Farm            },
        {2137, C::OrderWarning,  S::Say             },
        {2148, C::OrderWarning,  S::Say             },
        {2150, C::OrderWarning,  S::Say             },
        {2161, C::OrderWarning,  S::Say             },
        {2152, C::Information,   S::Say             },
        {2168, C::OrderWarning,  S::Say             },
        {2169, C::OrderWarning,  S::Say             },
        {2174, C::OrderWarning,  S::Say             },
        {2176, C::OrderWarning,  S::Say             },
        {100,  C::Connection,    S::SlowDown        },
        {326,  C::Connection,    S::ClientIdBusy    },
        {502,  C::Fatal,         S::Say             },
        {504,  C::Fatal,         S::Say             },
        {507,  C::Fatal,         S::Say             },
    };
    for (const auto& example : cases) {
        EXPECT_EQ(find_code_class(example.code), example.code_class) << example.code;
        EXPECT_EQ(system_reaction_of(example.code), example.reaction) << example.code;
    }
}

TEST(IbErrorCodes, EveryRequestCodeOfTheReferenceIsListed) {
    for (const int code :
         {101,   102,   385,   386,   162,   165,   166,   200,   300,   310,   365,   366,
          309,   316,   317,   320,   321,   322,   323,   354,   357,   503,   506,   420,
          430,   10089, 10090, 10091, 10092, 10167, 10168, 10186, 10182, 10185, 10187, 10189,
          10190, 10197, 10225, 10276, 10277, 10278, 10284, 10285, 10299, 10314, 10339})
        EXPECT_TRUE(find_code_class(code)) << code;
    for (const int code : {300, 310, 365, 366, 10185})
        EXPECT_EQ(find_code_class(code), C::Information) << code;
    for (const int code : {101, 200, 321, 354, 10168, 10186, 10225})
        EXPECT_TRUE(find_quote_reaction(code) != nullptr && find_quote_reaction(code)->ends)
            << code;
    EXPECT_EQ(find_quote_reaction(10167)->quality, DataQuality::Delayed);
    EXPECT_FALSE(find_quote_reaction(10197)->ends);
    EXPECT_EQ(find_quote_reaction(300), nullptr);
}

TEST(IbErrorCodes, EveryOrderCodeOfTheReferenceHasItsReaction) {
    for (const int code :
         {103, 106,   107,   132,   133,   134,   109,   163,   382,   383,   110,   111,
          113, 10052, 116,   387,   421,   140,   141,   143,   147,   303,   311,   334,
          336, 337,   343,   391,   152,   154,   158,   159,   361,   364,   403,   160,
          434, 167,   168,   200,   201,   203,   460,   312,   315,   356,   360,   330,
          333, 435,   436,   355,   388,   10250, 392,   400,   439,   443,   413,   426,
          478, 10005, 10015, 10006, 10020, 10255, 10149, 10241, 10252, 10318, 10268, 10270})
        EXPECT_EQ(order_reaction_of(code), O::Reject) << code;
    for (const int code : {104, 105, 328, 329, 422, 10326, 2102})
        EXPECT_EQ(order_reaction_of(code), O::ModifyRefuse) << code;
    for (const int code : {135, 136, 161, 10147, 10148})
        EXPECT_EQ(order_reaction_of(code), O::CancelRefuse) << code;
    for (const int code : {131, 399, 404, 411, 2109, 2137, 2168, 2169, 10311, 10349})
        EXPECT_EQ(order_reaction_of(code), O::Notice) << code;
    EXPECT_EQ(order_reaction_of(202), O::Cancelled);
}

TEST(IbErrorCodes, AnUnlistedCodeDecidesNothing) {
    for (const int code : {0, 99, 108, 204, 1103, 2099, 2200, 10300, 19'999}) {
        EXPECT_FALSE(find_code_class(code)) << code;
        EXPECT_EQ(order_reaction_of(code), O::Ask) << code;
        EXPECT_EQ(system_reaction_of(code), S::Say) << code;
        EXPECT_EQ(find_quote_reaction(code), nullptr) << code;
    }
}

TEST(IbErrorCodes, ClassesHaveTheirWords) {
    EXPECT_EQ(to_text(C::OrderRejected), "order rejected");
    EXPECT_EQ(to_text(C::Fatal), "fatal");
}

}  // namespace
}  // namespace janus::ib::wire
