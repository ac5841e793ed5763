using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Protocol;

/// <summary>An answer that is no token.</summary>
/// <param name="Http">The HTTP status.</param>
/// <param name="Status">What clients tell errors by.</param>
/// <param name="Location">Where in the request the error is.</param>
/// <param name="Name">What of it.</param>
/// <param name="Description">In words.</param>
internal sealed record TokenError(int Http, string Status, string Location, string Name, string Description)
{
    private const string Error = "error";
    private const string InBody = "body";

    /// <summary>Nobody says who they are.</summary>
    public static TokenError Unauthorized { get; } = new(401, Error, InBody, "", "Unauthorized");

    /// <summary>Somebody says who they are in a way that is not known here.</summary>
    public static TokenError UnsupportedScheme { get; } = new(401, Error, InBody, "", "Unsupported");

    public static TokenError MissingKeyId { get; } = new(401, "invalid-key-id", "header", "X-KeyID", "Missing X-KeyID header");

    public static TokenError InvalidKeyId { get; } = new(401, "invalid-credentials", "header", "X-KeyID", "Invalid X-KeyID header");

    public static TokenError MalformedClientState { get; } = new(400, Error, "header", "X-Client-State", "Invalid client state value");

    public static TokenError ClientStateMismatch { get; } =
        new(401, "invalid-client-state", "header", "X-Client-State", "The X-Client-State and X-KeyID headers differ");

    public static TokenError InvalidCredentials { get; } = new(401, "invalid-credentials", InBody, "", "Unauthorized");

    public static TokenError UnsupportedApplication { get; } = new(404, Error, "url", "application", "Unsupported application");

    public static TokenError UnsupportedVersion { get; } = new(404, Error, "url", "version", "Unsupported application version");

    public static TokenError NotFound { get; } = new(404, Error, "url", "", "Not found");

    public static TokenError MethodNotAllowed { get; } = new(405, Error, "url", "", "Method not allowed");

    /// <summary>Something that this service needs does not answer.</summary>
    public static TokenError Unavailable { get; } = new(503, Error, InBody, "", "Resource is not available");

    public static TokenError Failed { get; } = new(500, "internal-error", "internal", "", "Server error");

    private static TokenError NewUsersDisabled { get; } = new(403, "new-users-disabled", InBody, "", "New users are disabled");

    private static TokenError InvalidKeysChangedAt { get; } = new(401, "invalid-keysChangedAt", InBody, "", "Unauthorized");

    private static TokenError InvalidClientState { get; } = new(401, "invalid-client-state", InBody, "", "Unacceptable client-state value");

    private static TokenError InvalidGeneration { get; } = new(401, "invalid-generation", InBody, "", "Unauthorized");

    /// <summary>The body.</summary>
    public byte[] Body { get; } = JsonSerializer.SerializeToUtf8Bytes(
        new TokenErrorBody(Status, [new TokenErrorEntry(Location, Name, Description)]), TokenErrorJson.Default.TokenErrorBody);

    /// <summary>The answer to a user who gets no token.</summary>
    public static TokenError Of(UserRefusal refusal) => refusal switch
    {
        UserRefusal.NewUsersDisabled => NewUsersDisabled,
        UserRefusal.InvalidKeysChangedAt => InvalidKeysChangedAt,
        UserRefusal.InvalidClientState => InvalidClientState,
        UserRefusal.InvalidGeneration => InvalidGeneration,
        UserRefusal.RetiredWithoutNode => Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
    };
}

/// <summary>The body of an error.</summary>
internal sealed record TokenErrorBody(
    [property: JsonPropertyName("status")] string Status, [property: JsonPropertyName("errors")] IReadOnlyList<TokenErrorEntry> Errors);

/// <summary>One of a body's errors.</summary>
internal sealed record TokenErrorEntry(
    [property: JsonPropertyName("location")] string Location, [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description);

[JsonSerializable(typeof(TokenErrorBody))]
internal sealed partial class TokenErrorJson : JsonSerializerContext;
