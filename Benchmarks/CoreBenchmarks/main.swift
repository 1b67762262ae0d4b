import Benchmark

// Every file beside this one holds one suite; scripts/bench.sh runs them.
Benchmark.main([
    messageBenchmarks, registrarBenchmarks, sessionBenchmarks, presenceBenchmarks, gatewayBenchmarks,
    overlayBenchmarks, simulatorBenchmarks,
])
