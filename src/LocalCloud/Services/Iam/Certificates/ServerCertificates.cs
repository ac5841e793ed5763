using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Elb;

namespace SyncStorage.LocalCloud.Services.Iam.Certificates;

/// <summary>IAM's server certificates, which load balancers show their clients.</summary>
internal sealed class ServerCertificates : ICertificateDirectory, IDisposable
{
    private const int Most = 20;

    /// <summary>How long AWS takes until load balancers know a new one.</summary>
    private static readonly TimeSpan UnknownToOthers = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly CloudContext cloud;
    private readonly StateFile<CertificateState> file;
    private readonly CertificateState state;
    private readonly List<Func<string, bool>> users = [];
    private readonly ConcurrentDictionary<string, Loaded> loaded = new(StringComparer.Ordinal);

    public ServerCertificates(CloudContext cloud)
    {
        this.cloud = cloud;
        file = new StateFile<CertificateState>(cloud.StateDirectory, "iam-certificates");
        state = file.Load();
        Operations = new Dictionary<string, Func<JsonObject, JsonObject>>(StringComparer.Ordinal)
        {
            ["UploadServerCertificate"] = Upload,
            ["GetServerCertificate"] = Get,
            ["ListServerCertificates"] = List,
            ["DeleteServerCertificate"] = Delete,
            ["TagServerCertificate"] = Tag,
            ["UntagServerCertificate"] = Untag,
            ["ListServerCertificateTags"] = ListTags,
        };
    }

    /// <summary>The operations on them.</summary>
    public IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> Operations { get; }

    /// <summary>A certificate's ARN, for what is asked about it before it is looked up; as its request says where there is none yet.</summary>
    public string Arn(string name, string? path = null)
    {
        lock (gate) return ArnOf(Known(name)?.Path ?? path ?? "/", name);
    }

    public SslStreamCertificateContext? Find(string arn)
    {
        lock (gate)
        {
            if (state.Certificates.Find(record => ArnOf(record) == arn) is not { } record) return null;
            if (cloud.Time.GetUtcNow() - record.UploadedAt < cloud.Scale.Of(UnknownToOthers)) return null;
            return loaded.GetOrAdd(arn, static (_, record) => new Loaded(record), record).Context;
        }
    }

    public void RegisterUser(Func<string, bool> inUse) => users.Add(inUse);

    public void Dispose()
    {
        foreach (var one in loaded.Values) one.Dispose();
        loaded.Clear();
    }

    private JsonObject Upload(JsonObject input)
    {
        var (body, key, chain) = (input.Required("CertificateBody"), input.Required("PrivateKey"), input.Text("CertificateChain"));
        using var certificate = CertificateRules.WithKey(body, key);
        CertificateRules.Chain(chain);
        var record = new CertificateRecord
        {
            Name = input.Required("ServerCertificateName"),
            Path = IamRules.Path(input),
            Id = IamRules.NewId("ASCA"),
            UploadedAt = cloud.Time.GetUtcNow(),
            Expires = certificate.NotAfter.ToUniversalTime(),
            Body = body,
            Chain = chain,
            PrivateKey = key,
        };
        IamRules.Tag(record.Tags, input);
        lock (gate)
        {
            if (Known(record.Name) is not null) throw IamErrors.Exists("The Server Certificate", record.Name);
            if (state.Certificates.Count >= Most) throw IamErrors.Limit($"Cannot exceed quota for ServerCertificatesPerAccount: {Most}");
            state.Certificates.Add(record);
            file.Save(state);
        }

        return new JsonObject { ["ServerCertificateMetadata"] = Metadata(record), ["Tags"] = record.Tags.ToTags() };
    }

    private JsonObject Get(JsonObject input)
    {
        var record = Existing(input);
        var shape = new JsonObject { ["ServerCertificateMetadata"] = Metadata(record), ["CertificateBody"] = record.Body, ["Tags"] = record.Tags.ToTags() };
        if (record.Chain is { } chain) shape["CertificateChain"] = chain;
        return new JsonObject { ["ServerCertificate"] = shape };
    }

    private JsonObject List(JsonObject input)
    {
        lock (gate)
            return IamService.Page(
                input, "ServerCertificateMetadataList", state.Certificates.Where(record => record.Path.StartsWith(input.Text("PathPrefix") ?? "/", StringComparison.Ordinal)), record => record.Name, Metadata);
    }

    private JsonObject Delete(JsonObject input)
    {
        var record = Existing(input);
        var arn = ArnOf(record);
        if (users.Exists(uses => uses(arn))) throw IamErrors.Conflict($"Certificate: {record.Id} is currently in use by a load balancer.");
        lock (gate)
        {
            state.Certificates.Remove(record);
            file.Save(state);

            // Handshakes that are under way go on with it: it ends when nothing refers to it any more.
            loaded.TryRemove(arn, out _);
        }

        return [];
    }

    private JsonObject Tag(JsonObject input) => Changed(input, tags => IamRules.Tag(tags, input));

    private JsonObject Untag(JsonObject input) => Changed(input, tags => IamService.Untag(tags, input));

    private JsonObject ListTags(JsonObject input)
    {
        var record = Existing(input);
        return new JsonObject { ["Tags"] = record.Tags.ToTags(), ["IsTruncated"] = false };
    }

    private JsonObject Changed(JsonObject input, Action<Dictionary<string, string>> change)
    {
        var record = Existing(input);
        lock (gate)
        {
            change(record.Tags);
            file.Save(state);
        }

        return [];
    }

    private CertificateRecord Existing(JsonObject input)
    {
        var name = input.Required("ServerCertificateName");
        lock (gate) return Known(name) ?? throw IamErrors.NotFound($"The Server Certificate with name {name} cannot be found.");
    }

    private CertificateRecord? Known(string name) => state.Certificates.Find(record => record.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private JsonObject Metadata(CertificateRecord record) => new()
    {
        ["Path"] = record.Path,
        ["ServerCertificateName"] = record.Name,
        ["ServerCertificateId"] = record.Id,
        ["Arn"] = ArnOf(record),
        ["UploadDate"] = record.UploadedAt.ToTimestamp(),
        ["Expiration"] = record.Expires.ToTimestamp(),
    };

    private string ArnOf(CertificateRecord record) => ArnOf(record.Path, record.Name);

    private string ArnOf(string path, string name) => $"arn:aws:iam::{cloud.AccountId}:server-certificate{path}{name}";

    /// <summary>A certificate as TLS uses it, with what has to be let go of afterwards.</summary>
    private sealed class Loaded : IDisposable
    {
        private readonly X509Certificate2 certificate;
        private readonly X509Certificate2Collection chain;

        public Loaded(CertificateRecord record)
        {
            certificate = CertificateRules.WithKey(record.Body, record.PrivateKey);
            chain = CertificateRules.Chain(record.Chain);
            Context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        public SslStreamCertificateContext Context { get; }

        public void Dispose()
        {
            certificate.Dispose();
            foreach (var one in chain) one.Dispose();
        }
    }
}
