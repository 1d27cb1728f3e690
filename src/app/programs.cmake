# janusd, janus and janus-sim.
find_package(spdlog REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(prometheus-cpp CONFIG REQUIRED)

add_executable(janusd janusd.cpp server.cpp brokers.cpp broker_tokens.cpp logger.cpp notify.cpp pages.cpp
               state_dir.cpp token_writer.cpp)
target_compile_definitions(janusd PRIVATE JANUS_VERSION="${PROJECT_VERSION}")
target_link_libraries(janusd PRIVATE janus_options janus_api janus_config janus_core janus_ib janus_webull janus_net
                      janus_store CLI11::CLI11 spdlog::spdlog Boost::json prometheus-cpp::core)

add_executable(janus janus.cpp)
target_link_libraries(janus PRIVATE janus_options janus_cli janus_tui)

add_executable(janus-sim janus_sim.cpp)
target_link_libraries(janus-sim PRIVATE janus_sim_app)
