using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using SyncStorage.AwsModels;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Elb;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>Instances as the test says.</summary>
internal sealed class FakeInstances : IInstanceDirectory
{
    private readonly ConcurrentDictionary<string, IPAddress?> known = new(StringComparer.Ordinal);

    public void Run(string id, IPAddress address) => known[id] = address;

    public void Stop(string id) => known[id] = null;

    public void Terminate(string id) => known.TryRemove(id, out _);

    public IPAddress? AddressOf(string instanceId) => known.GetValueOrDefault(instanceId);

    public bool Exists(string instanceId) => known.ContainsKey(instanceId);
}

/// <summary>Security groups as the test says.</summary>
internal sealed class FakeGroups(params string[] ids) : ISecurityGroupDirectory
{
    private readonly List<Func<string, bool>> users = [];

    public bool Exists(string groupId) => ids.Contains(groupId, StringComparer.Ordinal);

    public string? NameOf(string groupId) => Exists(groupId) ? $"name of {groupId}" : null;

    public void RegisterUser(Func<string, bool> usesGroup) => users.Add(usesGroup);

    public bool InUse(string id) => users.Exists(uses => uses(id));
}

/// <summary>Self-signed certificates for <c>sync.localhost</c>.</summary>
internal sealed class FakeCertificates : ICertificateDirectory, IDisposable
{
    private readonly ConcurrentDictionary<string, X509Certificate2> known = new(StringComparer.Ordinal);
    private Func<string, bool> inUse = _ => false;

    public X509Certificate2 Add(string arn)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={arn[(arn.LastIndexOf('/') + 1)..]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("sync.localhost");
        request.CertificateExtensions.Add(names.Build());
        return known[arn] = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    public void Remove(string arn) => known.TryRemove(arn, out _);

    public SslStreamCertificateContext? Find(string arn) =>
        known.TryGetValue(arn, out var certificate) ? SslStreamCertificateContext.Create(certificate, [], offline: true) : null;

    public void RegisterUser(Func<string, bool> inUse) => this.inUse = inUse;

    public bool InUse(string arn) => inUse(arn);

    public void Dispose()
    {
        foreach (var certificate in known.Values) certificate.Dispose();
    }
}

internal static class Api
{
    /// <summary>Calls an operation as the listener would; <paramref name="json"/> are its members.</summary>
    public static async Task<JsonObject> CallAsync(this IAwsService service, string operation, string json)
    {
        var call = new ApiCall(service.Name, operation, JsonNode.Parse(json)!.AsObject(), new Caller("key", "arn:aws:iam::000000000000:user/local", null), "request", Stream.Null);
        var result = await service.Operations[operation](call, CancellationToken.None);
        if (ServiceModel.Load(service.Name).Operations[operation].Output is { } shape) CheckShape(shape, result.Output);
        else Assert.That(result.Output, Is.Empty);
        return result.Output;
    }

    /// <summary>What a handler answers must be in the model, or the listener could not write it.</summary>
    private static void CheckShape(Shape shape, JsonNode? value)
    {
        if (shape.Type == "structure")
        {
            foreach (var (name, member) in value!.AsObject())
            {
                Assert.That(shape.Members.Keys, Does.Contain(name), $"members of {shape.Name}");
                CheckShape(shape.Members[name].Shape, member);
            }
        }
        else if (shape.Type == "list")
        {
            foreach (var item in value!.AsArray()) CheckShape(shape.Element.Shape, item);
        }
        else
        {
            var kinds = shape.Type switch
            {
                "integer" or "long" or "double" or "float" => new[] { System.Text.Json.JsonValueKind.Number },
                "boolean" => [System.Text.Json.JsonValueKind.True, System.Text.Json.JsonValueKind.False],
                _ => [System.Text.Json.JsonValueKind.String],
            };
            Assert.That(kinds, Does.Contain(value?.GetValueKind()), $"the kind of a {shape.Name}");
        }
    }

    /// <summary>The code of the error that a call ends with.</summary>
    public static async Task<string?> ErrorOfAsync(this IAwsService service, string operation, string json)
    {
        try
        {
            await service.CallAsync(operation, json);
            return null;
        }
        catch (AwsException failure)
        {
            return failure.Code;
        }
    }
}
