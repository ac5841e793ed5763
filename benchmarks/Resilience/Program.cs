using SyncStorage.Resilience;
using SyncStorage.Resilience.Loss;

return args switch
{
    [] => await LossTest.RunAsync(Arguments.Read([])),
    ["loss-test", .. var options] => await LossTest.RunAsync(Arguments.Read(options, "requests")),
    _ => Arguments.Usage(),
};
