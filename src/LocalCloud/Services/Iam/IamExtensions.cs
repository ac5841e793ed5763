using SyncStorage.LocalCloud.Services.Elb;
using SyncStorage.LocalCloud.Services.Iam.Certificates;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Composition.</summary>
internal static class IamExtensions
{
    /// <summary>Adds IAM, and what it is to other services.</summary>
    public static IServiceCollection AddIam(this IServiceCollection services) => services
        .AddSingleton<ServerCertificates>()
        .AddSingleton<ICertificateDirectory>(provider => provider.GetRequiredService<ServerCertificates>())
        .AddSingleton<IamService>()
        .AddSingleton<IInstanceProfiles>(provider => provider.GetRequiredService<IamService>())
        .AddSingleton<IAwsService>(provider => provider.GetRequiredService<IamService>());
}
