# janus-sim: the simulated brokers behind real sockets. Its parts are a library, so that they have
# tests of their own.
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(tomlplusplus REQUIRED)

add_library(janus_sim_app STATIC scenario_file.cpp sim_certificates.cpp sim_control.cpp sim_host.cpp sim_options.cpp
            sim_state.cpp sim_world.cpp)
target_link_libraries(janus_sim_app PUBLIC janus_options janus_sim janus_net CLI11::CLI11 OpenSSL::Crypto
                      tomlplusplus::tomlplusplus)

add_executable(janus-sim janus_sim.cpp)
target_link_libraries(janus-sim PRIVATE janus_sim_app)

if(JANUS_TESTS)
  janus_test(sim_app_test scenario_file_test.cpp sim_certificates_test.cpp sim_control_test.cpp
             sim_host_test.cpp DEPS janus_sim_app)
endif()
