using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>Start, stop, reboot, terminate. A call for several changes all of them or none.</summary>
internal sealed class InstanceOperations(Ec2Store store, Lifecycle lifecycle, IInstanceRuntime runtime)
{
    public void AddTo(Handlers handlers)
    {
        handlers.Add("StartInstances", Start);
        handlers.Add("StopInstances", Stop);
        handlers.Add("RebootInstances", Reboot);
        handlers.Add("TerminateInstances", Terminate);
    }

    private JsonObject Start(JsonObject input) => Transition(input, "StartingInstances", instance => instance.State switch
    {
        InstanceState.Stopped => () => lifecycle.Start(instance, store.Now),
        InstanceState.Pending or InstanceState.Running => Nothing,
        _ => throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name()),
    });

    private JsonObject Stop(JsonObject input) => Transition(input, "StoppingInstances", instance => instance.State switch
    {
        InstanceState.Running or InstanceState.Pending when instance.DisableApiStop => throw new AwsException(
            "OperationNotPermitted", $"The instance '{instance.Id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again."),
        InstanceState.Running or InstanceState.Pending => () => lifecycle.Stop(instance, store.Now),
        InstanceState.Stopping or InstanceState.Stopped => Nothing,
        _ => throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name()),
    });

    private JsonObject Terminate(JsonObject input) => Transition(input, "TerminatingInstances", instance => instance.DisableApiTermination && instance.Exists
        ? throw new AwsException(
            "OperationNotPermitted", $"The instance '{instance.Id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.")
        : () => lifecycle.Terminate(instance, store.Now));

    private JsonObject Reboot(JsonObject input) => store.Change(state =>
    {
        var instances = InstanceQueries.Named(state, Ids(input));
        foreach (var instance in instances)
        {
            if (instance.State is not (InstanceState.Running or InstanceState.Pending)) throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());
        }

        foreach (var instance in instances.Where(instance => instance.State == InstanceState.Running)) runtime.Reboot(instance);
        return new JsonObject();
    });

    private JsonObject Transition(JsonObject input, string list, Func<InstanceRecord, Action> plan) => store.Change(state =>
    {
        // Plan all first: an instance that can't go fails the call before any went.
        var planned = InstanceQueries.Named(state, Ids(input)).ConvertAll(instance => (Instance: instance, Before: instance.State, Act: plan(instance)));
        foreach (var (_, _, act) in planned) act();
        return new JsonObject
        {
            [list] = planned.ToArray(change => new JsonObject
            {
                ["InstanceId"] = change.Instance.Id,
                ["PreviousState"] = InstanceView.State(change.Before),
                ["CurrentState"] = InstanceView.State(change.Instance.State),
            }),
        };
    });

    private static IReadOnlyList<string> Ids(JsonObject input) =>
        input.Texts("InstanceIds") is { Count: > 0 } ids ? ids : throw Ec2Errors.MissingParameter("InstanceId");

    private static void Nothing()
    {
    }
}
