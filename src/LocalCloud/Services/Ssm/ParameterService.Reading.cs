using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Ssm;

internal sealed partial class ParameterService
{
    private const int DefaultPage = 10;

    /// <inheritdoc/>
    public string? ValueOf(string name)
    {
        try
        {
            lock (gate) return Read(name, decrypt: false)?.Text("Value");
        }
        catch (AwsException missing) when (missing.Code == "ParameterVersionNotFound")
        {
            return null;
        }
    }

    private ApiResult GetParameter(ApiCall call)
    {
        var name = call.Input.Text("Name")!;
        return new JsonObject { ["Parameter"] = Read(name, call.Input.Flag("WithDecryption") == true) ?? throw NotFound(name) };
    }

    private ApiResult GetParameters(ApiCall call)
    {
        var names = call.Input.Texts("Names");
        if (names.Distinct().Count() != names.Count) throw Invalid("Each name may be asked for once.");
        var (found, invalid) = (new List<JsonObject>(), new List<string>());
        foreach (var name in names)
        {
            try
            {
                if (Read(name, call.Input.Flag("WithDecryption") == true) is { } parameter) found.Add(parameter);
                else invalid.Add(name);
            }
            catch (AwsException exception) when (exception.Code == "ParameterVersionNotFound")
            {
                invalid.Add(name);
            }
        }

        return new JsonObject { ["Parameters"] = found.ToJson(), ["InvalidParameters"] = invalid.ToJson() };
    }

    private ApiResult GetParametersByPath(ApiCall call)
    {
        var path = ParameterNames.Parse(call.Input.Text("Path")!).Name;
        if (!path.StartsWith('/')) throw Invalid($"The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive): {path}");
        var filter = ParameterFilter.Of(call.Input);
        var recursive = call.Input.Flag("Recursive") == true;
        var decrypt = call.Input.Flag("WithDecryption") == true;
        var matching = state.Parameters.Values.Where(parameter => ParameterFilter.IsBelow(parameter.Name, path, recursive) && filter(parameter));
        return Page(call.Input, matching, parameter => Described(parameter, parameter.Current, null, decrypt));
    }

    private ApiResult DescribeParameters(ApiCall call)
    {
        var filter = ParameterFilter.Of(call.Input);
        return Page(call.Input, state.Parameters.Values.Where(filter), Metadata);
    }

    private static JsonObject Page(JsonObject input, IEnumerable<ParameterState> matching, Func<ParameterState, JsonObject> describe)
    {
        var after = input.Text("NextToken") is { } token ? FromToken(token) : "";
        var most = input.Number("MaxResults") ?? DefaultPage;
        var page = matching.Where(parameter => string.CompareOrdinal(parameter.Name, after) > 0).Take(most + 1).ToList();
        var output = new JsonObject { ["Parameters"] = page.Take(most).Select(describe).ToJson() };
        if (page.Count > most) output["NextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(page[most - 1].Name));
        return output;
    }

    private static string FromToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new AwsException("InvalidNextToken", "The specified token isn't valid.");
        }
    }

    private JsonObject? Read(string text, bool decrypt)
    {
        var (name, selector) = ParameterNames.Parse(text);
        if (publicParameters.Find(name) is { } published) return published;
        if (!state.Parameters.TryGetValue(name, out var parameter)) return null;
        return Described(parameter, selector is null ? parameter.Current : Select(parameter, selector), selector, decrypt);
    }

    private static ParameterVersion Select(ParameterState parameter, string selector) =>
        long.TryParse(selector.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && parameter.Versions.Find(version => version.Version == number) is { } found
            ? found
            : throw new AwsException("ParameterVersionNotFound",
                $"Systems Manager could not find version {selector[1..]} of {parameter.Name}. Verify the version and try again.");

    private JsonObject Described(ParameterState parameter, ParameterVersion version, string? selector, bool decrypt)
    {
        var described = new JsonObject
        {
            ["Name"] = parameter.Name,
            ["Type"] = parameter.Type,
            ["Value"] = parameter.IsSecure && decrypt ? secrets.Open(parameter.Name, version.Stored) : version.Stored,
            ["Version"] = version.Version,
            ["LastModifiedDate"] = version.Modified.ToTimestamp(),
            ["ARN"] = ParameterNames.Arn(cloud, parameter.Name),
            ["DataType"] = parameter.DataType,
        };
        if (selector is not null) described["Selector"] = selector;
        return described;
    }

    private JsonObject Metadata(ParameterState parameter)
    {
        var metadata = new JsonObject
        {
            ["Name"] = parameter.Name,
            ["ARN"] = ParameterNames.Arn(cloud, parameter.Name),
            ["Type"] = parameter.Type,
            ["LastModifiedDate"] = parameter.Current.Modified.ToTimestamp(),
            ["LastModifiedUser"] = parameter.Current.User,
            ["Version"] = parameter.Current.Version,
            ["Tier"] = parameter.Tier,
            ["Policies"] = new JsonArray(),
            ["DataType"] = parameter.DataType,
        };
        if (parameter.KeyId is { } key) metadata["KeyId"] = key;
        if (parameter.Description is { } description) metadata["Description"] = description;
        if (parameter.AllowedPattern is { } pattern) metadata["AllowedPattern"] = pattern;
        return metadata;
    }
}
