using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Sts;

/// <summary>STS: who am I.</summary>
internal sealed class StsService(CloudContext cloud) : IAwsService
{
    public string Name => "sts";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations =>
        new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> { ["GetCallerIdentity"] = GetCallerIdentity };

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<ApiResult> GetCallerIdentity(ApiCall call, CancellationToken cancellationToken) => Task.FromResult<ApiResult>(new JsonObject
    {
        ["UserId"] = call.Caller.InstanceId is { } instance ? $"AROALOCALCLOUD0000000:{instance}" : "AIDALOCALCLOUD0000000",
        ["Account"] = cloud.AccountId,
        ["Arn"] = call.Caller.Arn,
    });
}

internal static class StsExtensions
{
    /// <summary>Adds STS.</summary>
    public static IServiceCollection AddSts(this IServiceCollection services) => services.AddSingleton<IAwsService, StsService>();
}
