using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2;

/// <summary>Tags of existing resources.</summary>
internal sealed class TagOperations(Ec2Store store)
{
    private static readonly Dictionary<string, string> NoTags = [];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateTags", Create);
        handlers.Add("DeleteTags", Delete);
        handlers.Add("DescribeTags", Describe);
    }

    private JsonObject Create(JsonObject input) => store.Change(state =>
    {
        var tags = TagRules.Read(input);
        if (tags.Count == 0) throw Ec2Errors.MissingParameter("Tag");
        foreach (var id in Existing(state, input)) state.SetTags(id, tags);
        return new JsonObject();
    });

    private JsonObject Delete(JsonObject input) => store.Change(state =>
    {
        foreach (var id in Existing(state, input))
        {
            if (!state.Tags.TryGetValue(id, out var tags)) continue;
            var named = input.Parts("Tags");
            if (named.Count == 0) tags.Clear();
            foreach (var tag in named)
            {
                // A value that is given must be the tag's; an absent one deletes whatever it is.
                if (tags.TryGetValue(tag.Needed("Key"), out var value) && (tag.Text("Value") ?? value) == value) tags.Remove(tag.Needed("Key"));
            }
        }

        return new JsonObject();
    });

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var filters = new Filters(input).Knowing("key", "value", "resource-id", "resource-type");
        var rows = from resource in state.Tags
                   let type = state.ResourceType(resource.Key)
                   where type is not null
                   from tag in resource.Value
                   select (Id: resource.Key, Type: type, tag.Key, tag.Value);
        var matching = filters.Apply(rows, (row, name) => name switch
        {
            "key" => [row.Key],
            "value" => [row.Value],
            "resource-id" => [row.Id],
            "resource-type" => [row.Type],
            _ => null,
        }, row => state.Tags.GetValueOrDefault(row.Id) is { } tags ? tags : NoTags);
        var (page, next) = Paging.Cut(matching, input);
        return new JsonObject
        {
            ["Tags"] = page.ToArray(row => new JsonObject
            {
                ["Key"] = row.Key,
                ["Value"] = row.Value,
                ["ResourceId"] = row.Id,
                ["ResourceType"] = row.Type,
            }),
        }.WithNext(next);
    });

    private static IReadOnlyList<string> Existing(Ec2State state, JsonObject input)
    {
        var ids = input.Texts("Resources");
        if (ids.Count == 0) throw Ec2Errors.MissingParameter("ResourceId");
        foreach (var id in ids)
        {
            if (state.ResourceType(id) is null) throw TagRules.NotFound(id);
        }

        return ids;
    }
}
