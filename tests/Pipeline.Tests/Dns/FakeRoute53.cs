using System.Net;
using Amazon.EC2;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.Route53;
using Amazon.Route53.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Dns;

/// <summary>One account's hosted zones in memory, and a load balancer.</summary>
internal sealed class FakeRoute53 : NoClients
{
    public const string BalancerZone = "Z35SXDOTRQ7X7K";

    private readonly List<string> calls = [];
    private int changes;

    public FakeRoute53()
    {
        Route53 = (IAmazonRoute53)FakeFleetCloud.Calls.To(typeof(IAmazonRoute53), Answer);
        Ec2 = (IAmazonEC2)FakeFleetCloud.Calls.To(typeof(IAmazonEC2), _ => new Amazon.EC2.Model.DescribeInstancesResponse { Reservations = [new Amazon.EC2.Model.Reservation { Instances = Instances }] });
        LoadBalancing = (IAmazonElasticLoadBalancing)FakeFleetCloud.Calls.To(typeof(IAmazonElasticLoadBalancing), Describe);
    }

    public override IAmazonRoute53 Route53 { get; }

    public override IAmazonElasticLoadBalancing LoadBalancing { get; }

    public override IAmazonEC2 Ec2 { get; }

    /// <summary>The instances of the cluster.</summary>
    public List<Amazon.EC2.Model.Instance> Instances { get; } = [];

    /// <summary>Those that are behind the load balancer.</summary>
    public List<string> Registered { get; } = [];

    /// <summary>The load balancer's name; null for none.</summary>
    public string? Balancer { get; set; } = "sync2-lb-1234567890.us-east-1.elb.amazonaws.com";

    public List<HostedZone> Zones { get; } = [new HostedZone { Id = "/hostedzone/ZLOCALHOST", Name = "localhost.", Config = new HostedZoneConfig() }];

    public List<ResourceRecordSet> Records { get; } = [];

    /// <summary>How many looks a change stays pending.</summary>
    public int PendingFor { get; set; }

    /// <summary>The answer of the first change is lost, and the SDK sends it again.</summary>
    public bool LosesFirstAnswer { get; set; }

    /// <summary>How many records a page has.</summary>
    public int PageSize { get; set; } = 300;

    public IReadOnlyList<string> Calls => calls;

    public List<ChangeBatch> Batches { get; } = [];

    public IEnumerable<string> Texts => Records.Select(set => $"{set.Name.TrimEnd('.')} {set.Type} {set.AliasTarget?.DNSName ?? string.Join(',', set.ResourceRecords.Select(record => record.Value))}").Order(StringComparer.Ordinal);

    public void Add(string name, RRType type, string value, string? setIdentifier = null) =>
        Records.Add(new ResourceRecordSet { Name = name + ".", Type = type, TTL = 60, SetIdentifier = setIdentifier, ResourceRecords = [new ResourceRecord { Value = value }] });

    private object Describe(object request) => request switch
    {
        DescribeLoadBalancersRequest when Balancer is null => throw new AmazonElasticLoadBalancingException("", null!, ErrorType.Sender, "LoadBalancerNotFound", "r", HttpStatusCode.BadRequest),
        DescribeLoadBalancersRequest => new DescribeLoadBalancersResponse
        {
            LoadBalancerDescriptions = [new LoadBalancerDescription { LoadBalancerName = "sync2-lb", DNSName = Balancer, CanonicalHostedZoneNameID = BalancerZone, Instances = Registered.ConvertAll(id => new Instance { InstanceId = id }) }],
        },
        DescribeLoadBalancerAttributesRequest => new DescribeLoadBalancerAttributesResponse(),
        DescribeTagsRequest => new DescribeTagsResponse(),
        _ => throw new NotSupportedException(request.GetType().Name),
    };

    private object Answer(object request)
    {
        calls.Add(request.GetType().Name[..^"Request".Length]);
        return request switch
        {
            ListHostedZonesByNameRequest list => new ListHostedZonesByNameResponse { HostedZones = Zones.FindAll(zone => string.CompareOrdinal(zone.Name, list.DNSName) >= 0) is { Count: > 0 } found ? found : null },
            GetHostedZoneRequest get => new GetHostedZoneResponse { HostedZone = Zones.Find(zone => zone.Id == $"/hostedzone/{get.Id}") ?? throw Error("NoSuchHostedZone", HttpStatusCode.NotFound) },
            CreateHostedZoneRequest create => Create(create),
            DeleteHostedZoneRequest delete => Delete(delete),
            ListResourceRecordSetsRequest list => List(list),
            ChangeResourceRecordSetsRequest change => Change(change),
            GetChangeRequest => new GetChangeResponse { ChangeInfo = new ChangeInfo { Id = "/change/C1", Status = PendingFor-- > 0 ? ChangeStatus.PENDING : ChangeStatus.INSYNC } },
            _ => throw new NotSupportedException(request.GetType().Name),
        };
    }

    private CreateHostedZoneResponse Create(CreateHostedZoneRequest create)
    {
        Zones.Add(new HostedZone { Id = $"/hostedzone/ZMADE{Zones.Count}", Name = create.Name + ".", Config = create.HostedZoneConfig });
        return new CreateHostedZoneResponse { HostedZone = Zones[^1] };
    }

    private DeleteHostedZoneResponse Delete(DeleteHostedZoneRequest delete)
    {
        if (Records.Count > 0) throw Error("HostedZoneNotEmpty", HttpStatusCode.BadRequest);
        Zones.RemoveAll(zone => zone.Id == $"/hostedzone/{delete.Id}");
        return new DeleteHostedZoneResponse();
    }

    private ListResourceRecordSetsResponse List(ListResourceRecordSetsRequest list)
    {
        static string Key(string name) => string.Join('.', name.TrimEnd('.').Split('.').Reverse()) + ".";
        var from = list.StartRecordName is { } name ? Key(name) : "";
        var rest = Records.OrderBy(set => Key(set.Name), StringComparer.Ordinal).ThenBy(set => set.Type.Value, StringComparer.Ordinal)
            .Where(set => string.CompareOrdinal(Key(set.Name), from) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(set.Type.Value, list.StartRecordType?.Value ?? "") >= 0))).ToList();
        return new ListResourceRecordSetsResponse
        {
            ResourceRecordSets = rest.Count == 0 ? null : [.. rest.Take(PageSize)],
            IsTruncated = rest.Count > PageSize,
            NextRecordName = rest.ElementAtOrDefault(PageSize)?.Name,
            NextRecordType = rest.ElementAtOrDefault(PageSize)?.Type,
        };
    }

    private ChangeResourceRecordSetsResponse Change(ChangeResourceRecordSetsRequest request)
    {
        Apply(request);
        if (changes++ == 0 && LosesFirstAnswer) Apply(request);
        return new ChangeResourceRecordSetsResponse { ChangeInfo = new ChangeInfo { Id = $"/change/C{changes}", Status = ChangeStatus.PENDING } };
    }

    private void Apply(ChangeResourceRecordSetsRequest request)
    {
        Batches.Add(request.ChangeBatch);
        var after = Records.ToList();
        foreach (var change in request.ChangeBatch.Changes)
        {
            bool Same(ResourceRecordSet set) => set.Name.TrimEnd('.') == change.ResourceRecordSet.Name.TrimEnd('.') && set.Type == change.ResourceRecordSet.Type && set.SetIdentifier == change.ResourceRecordSet.SetIdentifier;
            if (change.Action == ChangeAction.DELETE && after.RemoveAll(Same) == 0) throw Error("InvalidChangeBatch", HttpStatusCode.BadRequest);
            if (change.Action != ChangeAction.UPSERT) continue;
            after.RemoveAll(Same);
            after.Add(change.ResourceRecordSet);
        }

        // A CNAME stands alone, and so does a record without a routing policy.
        if (after.GroupBy(set => set.Name.TrimEnd('.')).Any(group => group.Count() > 1 && group.Any(set => set.Type == RRType.CNAME))) throw Error("InvalidChangeBatch", HttpStatusCode.BadRequest);
        if (after.GroupBy(set => (set.Name.TrimEnd('.'), set.Type.Value)).Any(group => group.Count() > 1 && group.Any(set => set.SetIdentifier is null))) throw Error("InvalidChangeBatch", HttpStatusCode.BadRequest);
        Records.Clear();
        Records.AddRange(after);
    }

    private static AmazonRoute53Exception Error(string code, HttpStatusCode status) => new(code, null!, ErrorType.Sender, code, "r", status);
}
