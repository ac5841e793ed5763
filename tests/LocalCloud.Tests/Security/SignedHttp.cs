using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Security;

namespace SyncStorage.LocalCloud.Tests.Security;

/// <summary>Signs requests as no SDK would: with whatever a test wants to be wrong.</summary>
internal sealed class SignedHttp(LocalCloudFixture cloud) : IDisposable
{
    private readonly HttpClient http = new();

    public string? AccessKeyId { get; init; }

    public string? Secret { get; init; }

    public string Region { get; init; } = "us-east-1";

    public TimeSpan ClockOffset { get; init; }

    /// <summary>Sends a request, and gives its status and body.</summary>
    public async Task<(int Status, string Body)> SendAsync(
        string service, string body, string? path = null, string? sentBody = null, HttpMethod? method = null, Action<HttpRequestMessage>? change = null,
        IReadOnlyDictionary<string, string>? headers = null)
    {
        var known = cloud.Services.GetRequiredService<CredentialStore>().Operator;
        var now = (cloud.Options.Time.GetUtcNow() + ClockOffset).ToString(SigV4.TimeFormat, CultureInfo.InvariantCulture);
        var scope = new CredentialScope(now[..8], Region, service);
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = cloud.Endpoint.Authority, ["x-amz-date"] = now };
        foreach (var (name, value) in headers ?? new Dictionary<string, string>()) signed[name] = value;
        var hash = signed.GetValueOrDefault("x-amz-content-sha256") ?? SigV4.HexHash(Encoding.UTF8.GetBytes(body));
        var verb = method ?? HttpMethod.Post;
        var canonical = SigV4.CanonicalRequest(verb.Method, path ?? "/", [], signed, hash);
        var signature = SigV4.Sign(SigV4.SigningKey(Secret ?? known.SecretAccessKey, scope), SigV4.StringToSign(now, scope, canonical));

        using var request = new HttpRequestMessage(verb, new Uri(cloud.Endpoint, path ?? "/")) { Content = new StringContent(sentBody ?? body) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        foreach (var (name, value) in signed.Where(header => header.Key != "host")) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"{SigV4.Algorithm} Credential={AccessKeyId ?? known.AccessKeyId}/{scope}, SignedHeaders={string.Join(';', signed.Keys)}, Signature={signature}");
        change?.Invoke(request);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();
}
