using System.Net.Sockets;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>The open listeners of all load balancers.</summary>
internal sealed partial class ListenerSet(ICertificateDirectory certificates, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly List<(LoadBalancer Balancer, ListenerProxy Proxy)> open = [];
    private readonly List<Finishing> finishing = [];
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

    /// <summary>Closes all of a load balancer's listeners; requests in flight get the grace.</summary>
    public Task CloseAsync(LoadBalancer balancer, TimeSpan grace) => CloseAsync((owner, _) => owner == balancer, grace);

    /// <summary>Takes no connection on these ports from now on; requests in flight have the grace, and nobody waits for them: others may listen there meanwhile.</summary>
    public void Finish(LoadBalancer balancer, IReadOnlySet<int> ports, TimeSpan grace)
    {
        foreach (var proxy in Take((owner, proxy) => owner == balancer && ports.Contains(proxy.Listener.LoadBalancerPort)))
        {
            var deadline = new CancellationTokenSource(grace, time);
            var one = new Finishing(balancer, proxy, deadline, StopAsync(proxy, deadline.Token));
            lock (gate) finishing.Add(one);
            _ = ForgetAsync(one);
        }
    }

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
        var closing = Take(which);
        List<Finishing> last;
        lock (gate) last = finishing.FindAll(one => which(one.Balancer, one.Proxy));
        using var deadline = new CancellationTokenSource(grace, time);
        await using var hurry = deadline.Token.Register(() => last.ForEach(one => one.Deadline.Cancel()));
        await Task.WhenAll([.. closing.Select(proxy => StopAsync(proxy, deadline.Token)), .. last.Select(one => one.Done)]);
    }

    private List<ListenerProxy> Take(Func<LoadBalancer, ListenerProxy, bool> which)
    {
        lock (gate)
        {
            List<ListenerProxy> taken = [.. open.Where(entry => which(entry.Balancer, entry.Proxy)).Select(entry => entry.Proxy)];
            open.RemoveAll(entry => taken.Contains(entry.Proxy));
            return taken;
        }
    }

    private static async Task StopAsync(ListenerProxy proxy, CancellationToken cancellationToken)
    {
        await proxy.StopAsync(cancellationToken);
        await proxy.DisposeAsync();
    }

    private async Task ForgetAsync(Finishing one)
    {
        try
        {
            await one.Done;
        }
        finally
        {
            lock (gate) finishing.Remove(one);
        }
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
            while (true)
            {
                var wasClosing = IsClosing(record.LoadBalancerPort);
                try
                {
                    return await ListenerProxy.StartAsync(balancer, record, TlsOf(balancer, record), certificates, cancellationToken);
                }
                catch (IOException) when (wasClosing)
                {
                    // One that was taken away is about to leave the port.
                    await Task.Delay(Moment, time, cancellationToken);
                }
            }
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

    private bool IsClosing(int port)
    {
        lock (gate) return finishing.Exists(one => one.Proxy.Listener.LoadBalancerPort == port);
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

    /// <summary>A listener that takes no connections, and has requests in flight.</summary>
    private sealed record Finishing(LoadBalancer Balancer, ListenerProxy Proxy, CancellationTokenSource Deadline, Task Done);

    [LoggerMessage(Level = LogLevel.Error, Message = "The load balancer {Name} does not listen, and tries again: {Reason}")]
    private partial void LogNotRestored(string name, string reason);
}
