using Amazon.ElasticLoadBalancing.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Network;

/// <summary>Changes a load balancer's listeners.</summary>
public sealed class LoadBalancerListeners(IClients clients)
{
    private const string PolicyType = "SSLNegotiationPolicyType";
    private const string Reference = "Reference-Security-Policy";

    /// <summary>Adds those that are missing and removes those that are too much.</summary>
    /// <param name="desired">As wanted.</param>
    /// <param name="observed">As found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReplaceAsync(DesiredLoadBalancer desired, ObservedLoadBalancer observed, CancellationToken cancellationToken)
    {
        var there = (observed.Description.ListenerDescriptions ?? []).Select(item => item.Listener).ToList();
        var missing = desired.Listeners.Where(wanted => !there.Exists(one => LoadBalancerPlan.TextOf(one) == $"{wanted}")).ToList();
        var wanted = desired.Listeners.Select(one => $"{one}").ToHashSet();
        var extra = there.Where(one => !wanted.Contains(LoadBalancerPlan.TextOf(one))).Select(one => one.LoadBalancerPort!.Value).ToHashSet();

        // A port has one listener. Where the new one has another, the old one serves until it is there.
        var inTheWay = there.FindAll(one => extra.Contains(one.LoadBalancerPort!.Value) && missing.Exists(other => other.Port == one.LoadBalancerPort));
        await DeleteAsync(desired.Name, inTheWay.Select(one => one.LoadBalancerPort!.Value), cancellationToken);
        try
        {
            await CreateAsync(desired.Name, [.. missing.Select(ToElb)], cancellationToken);
        }
        catch (AmazonServiceException)
        {
            // Refused: what served there goes on.
            await CreateAsync(desired.Name, inTheWay, cancellationToken);
            throw;
        }

        await DeleteAsync(desired.Name, extra.Except(inTheWay.Select(one => one.LoadBalancerPort!.Value)), cancellationToken);
    }

    /// <summary>Shows clients another certificate from now on; no connection is cut.</summary>
    public async Task SetCertificateAsync(DesiredLoadBalancer desired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        foreach (var listener in desired.Listeners.Where(listener => listener.CertificateArn is not null))
        {
            await clients.LoadBalancing.SetLoadBalancerListenerSSLCertificateAsync(
                new SetLoadBalancerListenerSSLCertificateRequest { LoadBalancerName = desired.Name, LoadBalancerPort = listener.Port, SSLCertificateId = listener.CertificateArn },
                cancellationToken);
        }
    }

    /// <summary>Has the listener with TLS go by the wanted policy; makes the load balancer's own that refers to it first.</summary>
    public async Task SetPolicyAsync(DesiredLoadBalancer desired, ObservedLoadBalancer? observed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        foreach (var listener in desired.Listeners.Where(listener => listener.TlsPolicy is not null))
        {
            if (observed?.Description.Policies?.OtherPolicies?.Contains(listener.PolicyName!) != true) await CreatePolicyAsync(desired.Name, listener, cancellationToken);
            await clients.LoadBalancing.SetLoadBalancerPoliciesOfListenerAsync(
                new SetLoadBalancerPoliciesOfListenerRequest { LoadBalancerName = desired.Name, LoadBalancerPort = listener.Port, PolicyNames = [listener.PolicyName!] },
                cancellationToken);
        }
    }

    internal static Listener ToElb(DesiredListener listener) => new()
    {
        Protocol = listener.Protocol,
        LoadBalancerPort = listener.Port,
        InstanceProtocol = listener.InstanceProtocol,
        InstancePort = listener.InstancePort,
        SSLCertificateId = listener.CertificateArn,
    };

    private async Task CreatePolicyAsync(string balancer, DesiredListener listener, CancellationToken cancellationToken)
    {
        try
        {
            await clients.LoadBalancing.CreateLoadBalancerPolicyAsync(
                new CreateLoadBalancerPolicyRequest
                {
                    LoadBalancerName = balancer,
                    PolicyName = listener.PolicyName,
                    PolicyTypeName = PolicyType,
                    PolicyAttributes = [new PolicyAttribute { AttributeName = Reference, AttributeValue = listener.TlsPolicy }],
                },
                cancellationToken);
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode == "DuplicatePolicyName")
        {
            // Made by an attempt whose answer was lost: its name says what it refers to.
        }
    }

    private Task CreateAsync(string balancer, List<Listener> listeners, CancellationToken cancellationToken) => listeners.Count == 0
        ? Task.CompletedTask
        : clients.LoadBalancing.CreateLoadBalancerListenersAsync(new CreateLoadBalancerListenersRequest { LoadBalancerName = balancer, Listeners = listeners }, cancellationToken);

    private Task DeleteAsync(string balancer, IEnumerable<int> ports, CancellationToken cancellationToken)
    {
        List<int> all = [.. ports.Order()];
        return all.Count == 0
            ? Task.CompletedTask
            : clients.LoadBalancing.DeleteLoadBalancerListenersAsync(new DeleteLoadBalancerListenersRequest { LoadBalancerName = balancer, LoadBalancerPorts = all }, cancellationToken);
    }
}
