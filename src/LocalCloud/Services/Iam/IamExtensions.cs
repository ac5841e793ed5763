namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Composition.</summary>
internal static class IamExtensions
{
    /// <summary>Adds IAM, and what it is to other services.</summary>
    public static IServiceCollection AddIam(this IServiceCollection services) => services
        .AddSingleton<IamService>()
        .AddSingleton<IInstanceProfiles>(provider => provider.GetRequiredService<IamService>())
        .AddSingleton<IAwsService>(provider => provider.GetRequiredService<IamService>());
}
