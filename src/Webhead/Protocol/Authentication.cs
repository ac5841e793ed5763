using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Decides whether a request is by the user that its path names, assigned to the virtual hostname that it came to.</summary>
internal static partial class Authentication
{
    // A client whose token ran out may still learn that nothing changed, for as long as the Python server lets it.
    private static readonly TimeSpan GraceForInfo = TimeSpan.FromHours(2);

    /// <summary>Why it is not; <see cref="Refusal.None"/> if it is.</summary>
    public static Refusal Check(HttpContext http, VirtualHost host, SyncRoute route, TimeProvider time)
    {
        if (http.Request.Headers.Authorization is not [{ Length: > 0 } value]) return Refusal.NoCredentials;
        if (!HawkHeader.TryParse(value, out var header)) return Refusal.MalformedHeader;
        if (!host.Tokens.TryVerify(header.Id, out var token)) return Refusal.UnknownToken;

        // The origin of the configuration is what clients have signed, whatever proxies did to the request on its way.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!HawkSignature.Verify(token.Key, new HawkRequest(http.Request.Method, target, host.Origin.Host, host.Origin.Port), header))
            return Refusal.BadSignature;

        var payload = token.Payload;
        if (payload.Uid != route.Uid) return Refusal.WrongUser;
        if (payload.Node != host.Node) return Refusal.WrongNode;
        if (!IsWellFormed(payload)) return Refusal.MalformedToken;
        return IsInTime(payload, route, time) ? Refusal.None : Refusal.Expired;
    }

    private static bool IsInTime(TokenPayload payload, SyncRoute route, TimeProvider time)
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var grace = route.Target == SyncTarget.InfoCollections ? GraceForInfo.TotalSeconds : 0;
        return payload.Expires + grace > now;
    }

    private static bool IsWellFormed(TokenPayload payload)
    {
        // With a hash of its own, the account must be there in the clear, with its key; alone, it is the hash.
        if (payload.HashedFxaUid is not null && (payload.FxaUid is null || payload.FxaKeyId is null)) return false;
        return IsAccountId(payload.FxaUid) && IsAccountId(payload.FxaKeyId) && IsAccountId(payload.HashedFxaUid)
            && IsAccountId(payload.HashedDeviceId) && IsAccountId(payload.DeviceId);
    }

    private static bool IsAccountId(string? id) => id is null || AccountId().IsMatch(id);

    [GeneratedRegex("^[A-Za-z0-9=_-]{1,64}\\z")]
    private static partial Regex AccountId();
}
