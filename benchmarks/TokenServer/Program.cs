using SyncStorage.TokenServerLoad;

// The token server as it is published, with a MariaDB that keeps what it acknowledged, under wrk.
return await new Benchmark(BenchmarkOptions.Read(args)).RunAsync();
