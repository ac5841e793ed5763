using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>Operations by name, as <see cref="IAwsService.Operations"/> wants them.</summary>
internal sealed class Handlers : Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>
{
    public Handlers()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Adds one that answers at once. A dry run ends before it.</summary>
    public void Add(string operation, Func<JsonObject, JsonObject> handler) => Add(operation, (call, _) =>
    {
        if (call.Input.Flag("DryRun") == true) throw Ec2Errors.DryRun();
        return Task.FromResult<ApiResult>(handler(call.Input));
    });

    /// <summary>Adds one that looks at <c>DryRun</c> itself, after its checks.</summary>
    public void AddChecked(string operation, Func<JsonObject, JsonObject> handler) =>
        Add(operation, (call, _) => Task.FromResult<ApiResult>(handler(call.Input)));
}
