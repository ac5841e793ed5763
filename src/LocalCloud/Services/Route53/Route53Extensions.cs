namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>Composition.</summary>
internal static class Route53Extensions
{
    /// <summary>Adds hosted zones and their name server. Needs the load balancers' names and addresses of its own.</summary>
    public static IServiceCollection AddRoute53(this IServiceCollection services) =>
        services.AddSingleton<Route53Service>().AddSingleton<IAwsService>(provider => provider.GetRequiredService<Route53Service>());
}
