using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Decides whether a request is by the user that its path names, assigned to the virtual hostname that it came to.</summary>
internal static partial class Authentication
{
    // A client whose token ran out may still learn that nothing changed, for as long as the Python server lets it.
    private static readonly TimeSpan GraceForInfo = TimeSpan.FromHours(2);

    /// <summary>Whether it is.</summary>
    public static bool IsGenuine(HttpContext http, VirtualHost host, SyncRoute route, TimeProvider time)
    {
        if (http.Request.Headers.Authorization is not [{ } value]
            || !HawkHeader.TryParse(value, out var header)
            || !Tokens.TryVerify(header.Id, host.Secrets, out var credentials))
        {
            return false;
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new HawkRequest(http.Request.Method, target, host.Origin.Host, host.Origin.Port);
        return Hawk.Verify(credentials.Key, request, header)
            && credentials.Payload.Uid == route.Uid
            && credentials.Payload.Node == host.Node
            && IsWellFormed(credentials.Payload)
            && IsInTime(credentials.Payload, route, time);
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
        string?[] ids = [payload.FxaUid, payload.FxaKeyId, payload.HashedFxaUid, payload.HashedDeviceId, payload.DeviceId];
        return ids.All(id => id is null || AccountId().IsMatch(id));
    }

    [GeneratedRegex("^[A-Za-z0-9=_-]{1,64}\\z")]
    private static partial Regex AccountId();
}
