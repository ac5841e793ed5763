using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.CloudWatch;
using SyncStorage.LocalCloud.Services.Ec2;
using SyncStorage.LocalCloud.Services.ElastiCache;
using SyncStorage.LocalCloud.Services.Elb;
using SyncStorage.LocalCloud.Services.Iam;
using SyncStorage.LocalCloud.Services.Logs;
using SyncStorage.LocalCloud.Services.Rds;
using SyncStorage.LocalCloud.Services.Route53;
using SyncStorage.LocalCloud.Services.S3;
using SyncStorage.LocalCloud.Services.ServiceQuotas;
using SyncStorage.LocalCloud.Services.Ssm;
using SyncStorage.LocalCloud.Services.Ssm.Commands;
using SyncStorage.LocalCloud.Services.Sts;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Where LocalCloud is put together.</summary>
internal static class Composition
{
    public static WebApplication Build(CloudContext cloud, RunOptions options, Socket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = cloud.StateDirectory });
        builder.Logging.AddProvider(new LogFile(cloud.StateDirectory, cloud.Time))
            .AddFilter("Microsoft", LogLevel.Warning).SetMinimumLevel(LogLevel.Information);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Listen(socket.LocalEndPoint!);
        });

        // The port was bound before, so that the endpoint was known to the services.
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        AddCore(builder.Services, cloud, options);
        AddServices(builder.Services);
        return builder.Build();
    }

    private static void AddCore(IServiceCollection services, CloudContext cloud, RunOptions options)
    {
        services.AddSingleton(cloud).AddSingleton(cloud.Time).AddSingleton(cloud.Scale);
        services.AddSingleton<CredentialStore>().AddSingleton<ICredentialStore>(provider => provider.GetRequiredService<CredentialStore>());
        services.AddSingleton<IAddressPool, AddressPool>();
        services.AddSingleton<Authenticator>().AddSingleton<Authorizer>().AddSingleton<FaultInjector>().AddSingleton<CallFaults>().AddSingleton<ServiceRegistry>();
        services.AddSingleton<Dispatcher>().AddSingleton<ControlEndpoint>().AddSingleton<Shutdown>();
        if (options.RecordFile is { } file) services.AddSingleton(new Recorder(Path.GetFullPath(file)));
        services.AddProcessHost();
    }

    /// <summary>They start in this order and end in the reverse: nobody's dependency goes before it does.</summary>
    private static void AddServices(IServiceCollection services) =>
        services.AddSts().AddServiceQuotas().AddIam().AddS3().AddSsmParameters().AddLogs().AddRds().AddElastiCache().AddEc2().AddSsmCommands().AddLoadBalancing().AddRoute53().AddCloudWatch();
}
