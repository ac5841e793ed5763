using System.Globalization;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>Conditional requests.</summary>
internal static class Conditions
{
    /// <summary>Checks a read against <c>If-Match</c>, <c>If-None-Match</c> and their companions with times.</summary>
    /// <param name="input">The request.</param>
    /// <param name="prefix">Empty, or <c>CopySource</c> for the source of a copy, where nothing is "not modified".</param>
    /// <param name="version">What is there.</param>
    public static void CheckRead(JsonObject input, string prefix, ObjectVersion version)
    {
        var notModified = prefix.Length == 0 ? S3Errors.NotModified : null;
        if (input.Text(prefix + "IfMatch") is { } match)
        {
            if (!Matches(match, version)) throw S3Errors.PreconditionFailed("If-Match");
        }
        else if (Time(input, prefix + "IfUnmodifiedSince") is { } unmodified && Seconds(version.LastModified) > unmodified)
        {
            throw S3Errors.PreconditionFailed("If-Unmodified-Since");
        }

        if (input.Text(prefix + "IfNoneMatch") is { } noneMatch)
        {
            if (Matches(noneMatch, version)) throw notModified ?? S3Errors.PreconditionFailed("If-None-Match");
        }
        else if (Time(input, prefix + "IfModifiedSince") is { } modified && Seconds(version.LastModified) <= modified)
        {
            throw notModified ?? S3Errors.PreconditionFailed("If-Modified-Since");
        }
    }

    /// <summary>Checks a write against what is there now.</summary>
    /// <param name="input">The request.</param>
    /// <param name="current">What is there.</param>
    /// <param name="deletedMeanwhile">Whether the object was deleted after the request began.</param>
    public static void CheckWrite(JsonObject input, ObjectVersion? current, bool deletedMeanwhile)
    {
        if (input.Text("IfNoneMatch") is { } noneMatch)
        {
            if (noneMatch != "*") throw new AwsException("NotImplemented", "A header you provided implies functionality that is not implemented: If-None-Match takes * only.", 501);
            if (current is not null) throw S3Errors.PreconditionFailed("If-None-Match");
            if (deletedMeanwhile) throw S3Errors.ConditionalConflict;
        }

        if (input.Text("IfMatch") is { } match)
        {
            if (deletedMeanwhile) throw S3Errors.ConditionalConflict;
            if (current is null) throw S3Errors.NoSuchKey;
            if (!Matches(match, current)) throw S3Errors.PreconditionFailed("If-Match");
        }
    }

    private static bool Matches(string condition, ObjectVersion version) =>
        condition.Split(',').Select(part => part.Trim()).Any(part => part == "*" || part.Trim('"') == version.ETag.Trim('"'));

    private static DateTimeOffset? Time(JsonObject input, string name) =>
        input.Text(name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    // HTTP's dates have no fractions.
    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
