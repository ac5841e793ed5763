using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>Gives running instances another instance profile, or takes it away.</summary>
internal sealed class ProfileOperations(Ec2Store store, IInstanceProfiles profiles)
{
    private static readonly string[] FilterNames = ["instance-id", "state"];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("AssociateIamInstanceProfile", Associate);
        handlers.Add("DescribeIamInstanceProfileAssociations", Describe);
        handlers.Add("ReplaceIamInstanceProfileAssociation", Replace);
        handlers.Add("DisassociateIamInstanceProfile", Disassociate);
    }

    private JsonObject Associate(JsonObject input) => store.Change(state =>
    {
        var instance = InstanceQueries.Named(state, [input.Needed("InstanceId")])[0];
        if (instance.State is not (InstanceState.Running or InstanceState.Stopped)) throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());
        if (instance.Profile is not null)
            throw new AwsException("IncorrectState", $"There is an existing association for instance {instance.Id}");
        Set(instance, Wanted(input));
        return Answer(instance, "associating");
    });

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("AssociationIds");
        var missing = ids.Find(id => !state.Instances.Exists(instance => instance.ProfileAssociation == id));
        if (missing is not null) throw NotFound(missing);
        var candidates = state.Instances.Where(instance => instance is { Exists: true, ProfileAssociation: not null } && (ids.Count == 0 || ids.Contains(instance.ProfileAssociation)));
        var shown = new Filters(input).Knowing(FilterNames).Apply(
            candidates, (instance, name) => [name == "instance-id" ? instance.Id : "associated"], instance => state.TagsOf(instance.Id));
        var (page, next) = Paging.Cut(shown, input);
        return new JsonObject { ["IamInstanceProfileAssociations"] = page.ToArray(instance => Shape(instance, "associated")) }.WithNext(next);
    });

    private JsonObject Replace(JsonObject input) => store.Change(state =>
    {
        var instance = Associated(state, input);
        Set(instance, Wanted(input));
        return Answer(instance, "associating");
    });

    private JsonObject Disassociate(JsonObject input) => store.Change(state =>
    {
        var instance = Associated(state, input);
        var answer = Answer(instance, "disassociating");
        (instance.Profile, instance.ProfileArn, instance.ProfileId, instance.ProfileAssociation) = (null, null, null, null);
        return answer;
    });

    private ProfileFacts Wanted(JsonObject input) =>
        LaunchRequest.ProfileOf(input.Part("IamInstanceProfile"), profiles) ?? throw Ec2Errors.MissingParameter("IamInstanceProfile");

    private static void Set(InstanceRecord instance, ProfileFacts profile) =>
        (instance.Profile, instance.ProfileArn, instance.ProfileId, instance.ProfileAssociation) = (profile.Name, profile.Arn, profile.Id, Ids.New("iip-assoc"));

    private static InstanceRecord Associated(Ec2State state, JsonObject input)
    {
        var id = input.Needed("AssociationId");
        return state.Instances.Find(instance => instance.Exists && instance.ProfileAssociation == id) ?? throw NotFound(id);
    }

    private static AwsException NotFound(string id) => new("InvalidAssociationID.NotFound", $"An invalid association-id of '{id}' was given");

    private static JsonObject Answer(InstanceRecord instance, string state) => new() { ["IamInstanceProfileAssociation"] = Shape(instance, state) };

    private static JsonObject Shape(InstanceRecord instance, string state) => new()
    {
        ["AssociationId"] = instance.ProfileAssociation,
        ["InstanceId"] = instance.Id,
        ["IamInstanceProfile"] = new JsonObject { ["Arn"] = instance.ProfileArn, ["Id"] = instance.ProfileId },
        ["State"] = state,
    };
}
