using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.ServiceQuotas;

/// <summary>Service Quotas: tells the account's quotas.</summary>
internal sealed class ServiceQuotasService(CloudContext cloud) : IAwsService
{
    public string Name => "servicequotas";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations =>
        new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> { ["GetServiceQuota"] = (call, _) => Task.FromResult(GetServiceQuota(call)) };

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    private ApiResult GetServiceQuota(ApiCall call)
    {
        var (service, code) = (call.Input.Text("ServiceCode"), call.Input.Text("QuotaCode"));
        var quota = AccountQuotas.All.FirstOrDefault(one => one.Service == service && one.Code == code)
            ?? throw new AwsException("NoSuchResourceException", $"The quota {code} of the service {service} does not exist.");
        return new JsonObject
        {
            ["Quota"] = new JsonObject
            {
                ["ServiceCode"] = quota.Service,
                ["QuotaArn"] = $"arn:aws:servicequotas:{cloud.Region}:{cloud.AccountId}:{quota.Service}/{quota.Code}",
                ["QuotaCode"] = quota.Code,
                ["QuotaName"] = quota.Name,
                ["Value"] = (double)quota.Value,
                ["Unit"] = "None",
                ["Adjustable"] = true,
                ["GlobalQuota"] = false,
                ["QuotaAppliedAtLevel"] = "ACCOUNT",
            },
        };
    }
}

internal static class ServiceQuotasExtensions
{
    /// <summary>Adds Service Quotas.</summary>
    public static IServiceCollection AddServiceQuotas(this IServiceCollection services) => services.AddSingleton<IAwsService, ServiceQuotasService>();
}
