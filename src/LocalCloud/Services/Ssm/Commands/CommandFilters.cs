using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>Filters of lists of commands; unlike EC2's, a key and one value each.</summary>
internal sealed class CommandFilters
{
    private readonly List<(string Key, string Value)> filters = [];

    public CommandFilters(JsonObject input)
    {
        foreach (var filter in input.Parts("Filters"))
        {
            var key = filter.Needed("key");
            if (key is not ("InvokedAfter" or "InvokedBefore" or "Status" or "DocumentName")) throw CommandErrors.InvalidFilterKey(key);
            filters.Add((key, filter.Needed("value")));
        }
    }

    public bool Match(DateTimeOffset requested, InvocationStatus status) => filters.TrueForAll(filter => filter.Key switch
    {
        "Status" => filter.Value == status.ToString(),
        "DocumentName" => filter.Value == CommandRequest.Document,
        "InvokedAfter" => requested >= Time(filter.Value),
        _ => requested <= Time(filter.Value),
    });

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw CommandErrors.Validation($"'{text}' is no timestamp.");
}
