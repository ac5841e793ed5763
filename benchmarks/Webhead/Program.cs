using SyncStorage.WebheadLoad;

// The webhead as it is published, beside bare endpoints that do the same database work, under the same load.
if (args is ["bare", var address, var port])
{
    await BareEndpoints.RunAsync(address, port);
    return 0;
}

return await new Benchmark(BenchmarkOptions.Read(args)).RunAsync();
