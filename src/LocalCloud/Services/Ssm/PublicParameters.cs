using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>The parameters that AWS publishes: the newest base images.</summary>
internal sealed class PublicParameters(CloudContext cloud, IBaseImages images)
{
    private const string Prefix = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";

    /// <summary>A public parameter as <c>GetParameter</c> gives it, or null if there is none of that name.</summary>
    public JsonObject? Find(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name[Prefix.Length..] is not ("x86_64" or "arm64")) return null;
        return new JsonObject
        {
            ["Name"] = name,
            ["Type"] = "String",
            ["Value"] = images.ImageId(name[Prefix.Length..]),
            ["Version"] = 1,
            ["LastModifiedDate"] = DateTimeOffset.UnixEpoch.ToTimestamp(),
            ["ARN"] = $"arn:aws:ssm:{cloud.Region}::parameter{name}",
            ["DataType"] = "text",
        };
    }
}

internal static class ParameterExtensions
{
    /// <summary>Adds SSM's parameters.</summary>
    public static IServiceCollection AddSsmParameters(this IServiceCollection services) =>
        services.AddSingleton<PublicParameters>().AddSingleton<ParameterService>()
            .AddSingleton<IImageParameters>(provider => provider.GetRequiredService<ParameterService>())
            .AddSingleton<IAwsService>(provider => provider.GetRequiredService<ParameterService>());
}
