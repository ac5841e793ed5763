using System.Net.Sockets;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>The open listeners of all load balancers.</summary>
internal sealed partial class ListenerSet(ICertificateDirectory certificates, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<(LoadBalancer Balancer, ListenerProxy Proxy)> open = [];
    private readonly List<Task> retries = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Opens all of them, or none.</summary>
    /// <exception cref="AwsException"><c>InvalidConfigurationRequest</c>: this machine does not give the port.</exception>
    public async Task OpenAsync(LoadBalancer balancer, IEnumerable<ListenerRecord> records, CancellationToken cancellationToken)
    {
        List<ListenerProxy> opened = [];
        try
        {
            foreach (var record in records) opened.Add(await OpenAsync(balancer, record, cancellationToken));
        }
        catch
        {
            foreach (var proxy in opened) await proxy.DisposeAsync();
            throw;
        }

        lock (gate) open.AddRange(opened.Select(proxy => (balancer, proxy)));
    }

    /// <summary>Opens a load balancer's listeners again after a restart; one whose port is taken is tried until it is free.</summary>
    public async Task RestoreAsync(LoadBalancer balancer, CancellationToken cancellationToken)
    {
        foreach (var record in balancer.Record.Listeners.ToList())
        {
            if (!await TryRestoreAsync(balancer, record, cancellationToken)) retries.Add(RetryAsync(balancer, record.LoadBalancerPort));
        }
    }

    /// <summary>The idle timeout of new connections follows the load balancer's attribute.</summary>
    public void UseIdleTimeout(LoadBalancer balancer)
    {
        lock (gate)
        {
            foreach (var (owner, proxy) in open)
            {
                if (owner == balancer) proxy.UseIdleTimeout(balancer.Record.Attributes.IdleTimeoutSeconds);
            }
        }
    }

    /// <summary>Handshakes on a port follow the load balancer's certificate and policy.</summary>
    public void UseTls(LoadBalancer balancer, int port)
    {
        if (TlsOf(balancer, balancer.Record.Listeners.Find(listener => listener.LoadBalancerPort == port)) is not { } tls) return;
        lock (gate)
        {
            foreach (var (owner, proxy) in open)
            {
                if (owner == balancer && proxy.Listener.LoadBalancerPort == port) proxy.UseTls(tls);
            }
        }
    }

    /// <summary>Closes a load balancer's listeners, or those on <paramref name="ports"/>; requests in flight get the grace.</summary>
    public Task CloseAsync(LoadBalancer balancer, TimeSpan grace, IReadOnlySet<int>? ports = null) =>
        CloseAsync((owner, proxy) => owner == balancer && (ports?.Contains(proxy.Listener.LoadBalancerPort) ?? true), grace);

    /// <summary>Closes every listener.</summary>
    public async Task CloseAllAsync(TimeSpan grace)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(retries);
        await CloseAsync((_, _) => true, grace);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAllAsync(TimeSpan.Zero);
        stopping.Dispose();
    }

    private async Task CloseAsync(Func<LoadBalancer, ListenerProxy, bool> which, TimeSpan grace)
    {
        List<ListenerProxy> closing;
        lock (gate)
        {
            closing = [.. open.Where(entry => which(entry.Balancer, entry.Proxy)).Select(entry => entry.Proxy)];
            open.RemoveAll(entry => closing.Contains(entry.Proxy));
        }

        using var deadline = new CancellationTokenSource(grace, time);
        await Task.WhenAll(closing.Select(async proxy =>
        {
            await proxy.StopAsync(deadline.Token);
            await proxy.DisposeAsync();
        }));
    }

    private static ListenerTls? TlsOf(LoadBalancer balancer, ListenerRecord? record)
    {
        if (record is not { IsTls: true, CertificateId: { } certificate }) return null;
        var policy = balancer.Record.TlsPolicyOfPort.GetValueOrDefault(record.LoadBalancerPort);
        return new ListenerTls(certificate, TlsPolicies.ProtocolsOf(policy is null ? TlsPolicies.Default : balancer.Record.TlsPolicies[policy]));
    }

    private async Task<ListenerProxy> OpenAsync(LoadBalancer balancer, ListenerRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await ListenerProxy.StartAsync(balancer, record, TlsOf(balancer, record), certificates, cancellationToken);
        }
        catch (IOException)
        {
            throw ElbErrors.InvalidConfiguration(
                $"Port {record.LoadBalancerPort} is in use on this machine: no load balancer can listen on 127.0.0.1:{record.LoadBalancerPort}.");
        }
        catch (SocketException failure)
        {
            throw ElbErrors.InvalidConfiguration(
                $"Port {record.LoadBalancerPort} can't be opened on this machine ({failure.SocketErrorCode}): ports below 1024 may need root.");
        }
    }

    private async Task<bool> TryRestoreAsync(LoadBalancer balancer, ListenerRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(balancer, [record], cancellationToken);
            return true;
        }
        catch (AwsException failure)
        {
            LogNotRestored(balancer.Record.Name, failure.Message);
            return false;
        }
    }

    private async Task RetryAsync(LoadBalancer balancer, int port)
    {
        try
        {
            do
            {
                await Task.Delay(RetryAfter, time, stopping.Token);
            }
            while (balancer.Record.Listeners.Find(listener => listener.LoadBalancerPort == port) is { } wanted && !await TryRestoreAsync(balancer, wanted, stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // LocalCloud ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The load balancer {Name} does not listen, and tries again: {Reason}")]
    private partial void LogNotRestored(string name, string reason);
}
