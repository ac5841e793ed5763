using Amazon;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Roles;

/// <summary>Names of resources as policies write them.</summary>
/// <param name="Region">E.g. <c>eu-west-1</c>.</param>
/// <param name="AccountId">Twelve digits.</param>
public sealed record Arns(string Region, string AccountId)
{
    /// <summary>Those of an account.</summary>
    public static Arns Of(AwsTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new Arns(target.Region, target.AccountId);
    }

    /// <summary><c>aws</c>, or that of China or the US government.</summary>
    public string Partition => RegionEndpoint.GetBySystemName(Region).PartitionName;

    /// <summary>A resource of this account in this region, e.g. <c>Regional("rds", "db:sync2-*")</c>.</summary>
    public string Regional(string service, string resource) => $"arn:{Partition}:{service}:{Region}:{AccountId}:{resource}";

    /// <summary>A resource of this region that is no single account's: an image, a snapshot, a public parameter.</summary>
    public string Public(string service, string resource) => $"arn:{Partition}:{service}:{Region}::{resource}";

    /// <summary>A resource of IAM, which has no regions.</summary>
    public string Iam(string resource) => $"arn:{Partition}:iam::{AccountId}:{resource}";

    /// <summary>A resource of a service without regions, whose names no two accounts share.</summary>
    public string Global(string service, string resource) => $"arn:{Partition}:{service}:::{resource}";

    /// <summary>A bucket, or objects in it.</summary>
    public string S3(string resource) => $"arn:{Partition}:s3:::{resource}";
}
