using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>Certificates of listeners, and the policies on TLS.</summary>
internal sealed partial class ElbService
{
    private JsonObject SetCertificate(JsonObject input)
    {
        var balancer = Find(input);
        var listener = ListenerOf(balancer, input);
        if (!listener.IsTls) throw ElbErrors.InvalidConfiguration($"The listener on port {listener.LoadBalancerPort} has protocol {listener.Protocol}: it takes no certificate");
        var changed = listener with { CertificateId = input.Required("SSLCertificateId") };
        CheckCertificates([changed]);
        balancer.Record.Listeners[balancer.Record.Listeners.IndexOf(listener)] = changed;
        listeners.UseTls(balancer, changed.LoadBalancerPort);
        Save();
        return [];
    }

    private JsonObject CreatePolicy(JsonObject input)
    {
        var record = Find(input).Record;
        var (name, type) = (input.Required("PolicyName"), input.Required("PolicyTypeName"));

        // The other types, cookies' stickiness and back-end keys among them, this cloud does not have.
        if (type != TlsPolicies.TypeName) throw ElbErrors.PolicyTypeNotFound(type);
        var attributes = input.Structures("PolicyAttributes").ToLookup(attribute => attribute.Text("AttributeName") ?? "", attribute => attribute.Text("AttributeValue") ?? "");
        if (attributes.Count != 1 || attributes[TlsPolicies.Reference].SingleOrDefault() is not { } reference)
            throw ElbErrors.InvalidConfiguration($"LocalCloud takes policies on TLS that name one of AWS's by {TlsPolicies.Reference} alone");
        if (!TlsPolicies.Exists(reference)) throw ElbErrors.InvalidConfiguration($"{TlsPolicies.Reference} '{reference}' is none of {string.Join(", ", TlsPolicies.Names)}");
        if (!record.TlsPolicies.TryAdd(name, reference)) throw ElbErrors.DuplicatePolicyName(name, record.Name);
        Save();
        return [];
    }

    private JsonObject DeletePolicy(JsonObject input)
    {
        var record = Find(input).Record;
        var name = input.Required("PolicyName");
        if (record.TlsPolicyOfPort.ContainsValue(name)) throw ElbErrors.InvalidConfiguration($"The policy {name} is in use by a listener");
        record.TlsPolicies.Remove(name);
        Save();
        return [];
    }

    private JsonObject DescribePolicies(JsonObject input)
    {
        // Without a load balancer AWS shows its own.
        IReadOnlyDictionary<string, string> known = input.Text("LoadBalancerName") is { } balancer
            ? Find(balancer).Record.TlsPolicies
            : TlsPolicies.Names.ToDictionary(name => name);
        var names = input.Texts("PolicyNames") is { Count: > 0 } asked ? asked : known.Keys;
        return new JsonObject
        {
            ["PolicyDescriptions"] = names.Select(name => ElbShapes.Describe(name, known.GetValueOrDefault(name) ?? throw ElbErrors.PolicyNotFound(name))).ToJson(),
        };
    }

    private JsonObject SetPoliciesOfListener(JsonObject input)
    {
        var balancer = Find(input);
        var record = balancer.Record;
        var listener = ListenerOf(balancer, input);
        var names = input.Texts("PolicyNames");
        if (names.Find(name => !record.TlsPolicies.ContainsKey(name)) is { } unknown) throw ElbErrors.PolicyNotFound(unknown);
        if (names.Count > 0 && !listener.IsTls) throw ElbErrors.InvalidConfiguration($"The listener on port {listener.LoadBalancerPort} has protocol {listener.Protocol}: it takes no policy on TLS");
        if (names.Count > 1) throw ElbErrors.InvalidConfiguration("A listener takes one policy on TLS");
        if (names is [var only]) record.TlsPolicyOfPort[listener.LoadBalancerPort] = only;
        else record.TlsPolicyOfPort.Remove(listener.LoadBalancerPort);
        listeners.UseTls(balancer, listener.LoadBalancerPort);
        Save();
        return [];
    }

    private void CheckCertificates(IEnumerable<ListenerRecord> asked)
    {
        foreach (var listener in asked)
        {
            if (listener.CertificateId is { } certificate && certificates.Find(certificate) is null) throw ElbErrors.CertificateNotFound(certificate);
        }
    }

    /// <summary>A listener with TLS begins with AWS's default policy.</summary>
    private static void UseDefaultPolicy(LoadBalancerRecord record, IEnumerable<ListenerRecord> added)
    {
        foreach (var listener in added.Where(listener => listener.IsTls))
        {
            record.TlsPolicies[TlsPolicies.Default] = TlsPolicies.Default;
            record.TlsPolicyOfPort[listener.LoadBalancerPort] = TlsPolicies.Default;
        }
    }

    private static ListenerRecord ListenerOf(LoadBalancer balancer, JsonObject input)
    {
        var port = input.Number("LoadBalancerPort") ?? 0;
        return balancer.Record.Listeners.Find(listener => listener.LoadBalancerPort == port) ?? throw ElbErrors.ListenerNotFound(port);
    }
}
