using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>What IAM accepts.</summary>
internal static class IamRules
{
    private const int MostTags = 50;

    /// <summary>All inline policies of a role together, without white space.</summary>
    private const int MostInlineCharacters = 10_240;

    private const int MostManagedCharacters = 6_144;
    private const int MostTrustCharacters = 2_048;

    /// <summary>The path of something new.</summary>
    public static string Path(JsonObject input)
    {
        var path = input.Text("Path") ?? "/";
        return path.StartsWith('/') && path.EndsWith('/')
            ? path
            : throw IamErrors.Validation("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.");
    }

    /// <summary>The trust policy of a request.</summary>
    public static string Trust(string document)
    {
        Check(document, PolicyDocument.ParseTrust);
        if (Size(document) > MostTrustCharacters) throw IamErrors.Limit($"Cannot exceed quota for ACLSizePerRole: {MostTrustCharacters}");
        return document;
    }

    /// <summary>A policy of the account's own.</summary>
    public static string Managed(string document)
    {
        Check(document, PolicyDocument.Parse);
        if (Size(document) > MostManagedCharacters) throw IamErrors.Limit($"Cannot exceed quota for PolicySize: {MostManagedCharacters}");
        return document;
    }

    /// <summary>An inline policy, beside the others of its role.</summary>
    public static string Inline(RoleRecord role, string name, string document)
    {
        Check(document, PolicyDocument.Parse);
        if (Size(document) + role.Policies.Where(policy => policy.Key != name).Sum(policy => Size(policy.Value)) > MostInlineCharacters)
            throw IamErrors.Limit($"Maximum policy size of {MostInlineCharacters} bytes exceeded for role {role.Name}");
        return document;
    }

    /// <summary>Adds or overwrites tags.</summary>
    public static void Tag(Dictionary<string, string> tags, JsonObject input)
    {
        var added = input.Tags("Tags");
        if (added.Select(tag => tag.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() < added.Count)
            throw IamErrors.Invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        if (added.Any(tag => tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))) throw IamErrors.Invalid("One or more tag keys begin with aws:, which is reserved.");
        if (tags.Keys.Concat(added.Select(tag => tag.Key)).Distinct().Count() > MostTags) throw IamErrors.Limit($"The number of tags has reached the maximum limit of {MostTags}.");
        foreach (var (key, value) in added) tags[key] = value;
    }

    /// <summary>An identifier as IAM's are.</summary>
    /// <param name="prefix">E.g. <c>AROA</c>.</param>
    public static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17);

    private static void Check(string document, Func<string, PolicyDocument> parse)
    {
        try
        {
            parse(document);
        }
        catch (FormatException exception)
        {
            throw IamErrors.Malformed(exception.Message);
        }
    }

    // As IAM counts: white space is free.
    private static int Size(string document)
    {
        var text = new StringBuilder(document.Length);
        foreach (var character in document.Where(character => !char.IsWhiteSpace(character))) text.Append(character);
        return text.Length;
    }
}
