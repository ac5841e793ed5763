using SyncStorage.Resilience;
using SyncStorage.Resilience.Fault;
using SyncStorage.Resilience.Kill;
using SyncStorage.Resilience.Loss;

return args switch
{
    [] => await LossTest.RunAsync(Arguments.Read([])),
    ["loss-test", .. var options] => await LossTest.RunAsync(Arguments.Read(options, "requests")),
    ["rotation-test", .. var options] => await LossTest.RotateAsync(Arguments.Read(options, "requests")),
    ["kill-matrix", .. var options] => await KillMatrix.RunAsync(Arguments.Read(options, KillMatrix.Options)),
    ["fault-matrix", .. var options] => await FaultMatrix.RunAsync(Arguments.Read(options, "filter")),
    _ => Arguments.Usage(),
};
