// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.Route53.Model;

public partial class ChangeResourceRecordSetsRequest : AmazonWebServiceRequest
{
    public string HostedZoneId { get; set; }
    public ChangeBatch ChangeBatch { get; set; }
}

public partial class ChangeResourceRecordSetsResponse : AmazonWebServiceResponse
{
    public ChangeInfo ChangeInfo { get; set; }
}

public partial class CreateHostedZoneRequest : AmazonWebServiceRequest
{
    public string Name { get; set; }
    public VPC VPC { get; set; }
    public string CallerReference { get; set; }
    public HostedZoneConfig HostedZoneConfig { get; set; }
    public string DelegationSetId { get; set; }
}

public partial class CreateHostedZoneResponse : AmazonWebServiceResponse
{
    public HostedZone HostedZone { get; set; }
    public ChangeInfo ChangeInfo { get; set; }
    public DelegationSet DelegationSet { get; set; }
    public VPC VPC { get; set; }
    public string Location { get; set; }
}

public partial class DeleteHostedZoneRequest : AmazonWebServiceRequest
{
    public string Id { get; set; }
}

public partial class DeleteHostedZoneResponse : AmazonWebServiceResponse
{
    public ChangeInfo ChangeInfo { get; set; }
}

public partial class GetChangeRequest : AmazonWebServiceRequest
{
    public string Id { get; set; }
}

public partial class GetChangeResponse : AmazonWebServiceResponse
{
    public ChangeInfo ChangeInfo { get; set; }
}

public partial class GetHostedZoneRequest : AmazonWebServiceRequest
{
    public string Id { get; set; }
}

public partial class GetHostedZoneResponse : AmazonWebServiceResponse
{
    public HostedZone HostedZone { get; set; }
    public DelegationSet DelegationSet { get; set; }
    public List<VPC> VPCs { get; set; }
}

public partial class ListHostedZonesRequest : AmazonWebServiceRequest
{
    public string Marker { get; set; }
    public string MaxItems { get; set; }
    public string DelegationSetId { get; set; }
    public HostedZoneType HostedZoneType { get; set; }
}

public partial class ListHostedZonesResponse : AmazonWebServiceResponse
{
    public List<HostedZone> HostedZones { get; set; }
    public string Marker { get; set; }
    public bool? IsTruncated { get; set; }
    public string NextMarker { get; set; }
    public string MaxItems { get; set; }
}

public partial class ListHostedZonesByNameRequest : AmazonWebServiceRequest
{
    public string DNSName { get; set; }
    public string HostedZoneId { get; set; }
    public string MaxItems { get; set; }
}

public partial class ListHostedZonesByNameResponse : AmazonWebServiceResponse
{
    public List<HostedZone> HostedZones { get; set; }
    public string DNSName { get; set; }
    public string HostedZoneId { get; set; }
    public bool? IsTruncated { get; set; }
    public string NextDNSName { get; set; }
    public string NextHostedZoneId { get; set; }
    public string MaxItems { get; set; }
}

public partial class ListResourceRecordSetsRequest : AmazonWebServiceRequest
{
    public string HostedZoneId { get; set; }
    public string StartRecordName { get; set; }
    public RRType StartRecordType { get; set; }
    public string StartRecordIdentifier { get; set; }
    public string MaxItems { get; set; }
}

public partial class ListResourceRecordSetsResponse : AmazonWebServiceResponse
{
    public List<ResourceRecordSet> ResourceRecordSets { get; set; }
    public bool? IsTruncated { get; set; }
    public string NextRecordName { get; set; }
    public RRType NextRecordType { get; set; }
    public string NextRecordIdentifier { get; set; }
    public string MaxItems { get; set; }
}

public partial class AliasTarget
{
    public string HostedZoneId { get; set; }
    public string DNSName { get; set; }
    public bool? EvaluateTargetHealth { get; set; }
}

public partial class Change
{
    public ChangeAction Action { get; set; }
    public ResourceRecordSet ResourceRecordSet { get; set; }
}

public partial class ChangeBatch
{
    public string Comment { get; set; }
    public List<Change> Changes { get; set; }
}

public partial class ChangeInfo
{
    public string Id { get; set; }
    public ChangeStatus Status { get; set; }
    public DateTime? SubmittedAt { get; set; }
    public string Comment { get; set; }
}

public partial class CidrRoutingConfig
{
    public string CollectionId { get; set; }
    public string LocationName { get; set; }
}

public partial class Coordinates
{
    public string Latitude { get; set; }
    public string Longitude { get; set; }
}

public partial class DelegationSet
{
    public string Id { get; set; }
    public string CallerReference { get; set; }
    public List<string> NameServers { get; set; }
}

public partial class GeoLocation
{
    public string ContinentCode { get; set; }
    public string CountryCode { get; set; }
    public string SubdivisionCode { get; set; }
}

public partial class GeoProximityLocation
{
    public string AWSRegion { get; set; }
    public string LocalZoneGroup { get; set; }
    public Coordinates Coordinates { get; set; }
    public int? Bias { get; set; }
}

public partial class HostedZone
{
    public string Id { get; set; }
    public string Name { get; set; }
    public string CallerReference { get; set; }
    public HostedZoneConfig Config { get; set; }
    public long? ResourceRecordSetCount { get; set; }
    public LinkedService LinkedService { get; set; }
    public HostedZoneFeatures Features { get; set; }
}

public partial class HostedZoneConfig
{
    public string Comment { get; set; }
    public bool? PrivateZone { get; set; }
}

public partial class HostedZoneFailureReasons
{
    public string AcceleratedRecovery { get; set; }
}

public partial class HostedZoneFeatures
{
    public AcceleratedRecoveryStatus AcceleratedRecoveryStatus { get; set; }
    public HostedZoneFailureReasons FailureReasons { get; set; }
}

public partial class LinkedService
{
    public string ServicePrincipal { get; set; }
    public string Description { get; set; }
}

public partial class ResourceRecord
{
    public string Value { get; set; }
}

public partial class ResourceRecordSet
{
    public string Name { get; set; }
    public RRType Type { get; set; }
    public string SetIdentifier { get; set; }
    public long? Weight { get; set; }
    public ResourceRecordSetRegion Region { get; set; }
    public GeoLocation GeoLocation { get; set; }
    public ResourceRecordSetFailover Failover { get; set; }
    public bool? MultiValueAnswer { get; set; }
    public long? TTL { get; set; }
    public List<ResourceRecord> ResourceRecords { get; set; }
    public AliasTarget AliasTarget { get; set; }
    public string HealthCheckId { get; set; }
    public string TrafficPolicyInstanceId { get; set; }
    public CidrRoutingConfig CidrRoutingConfig { get; set; }
    public GeoProximityLocation GeoProximityLocation { get; set; }
}

public partial class VPC
{
    public VPCRegion VPCRegion { get; set; }
    public string VPCId { get; set; }
}
