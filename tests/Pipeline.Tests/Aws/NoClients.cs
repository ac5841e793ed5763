using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.EC2;
using Amazon.ElastiCache;
using Amazon.ElasticLoadBalancing;
using Amazon.IdentityManagement;
using Amazon.RDS;
using Amazon.Route53;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.ServiceQuotas;
using Amazon.SimpleSystemsManagement;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>An AWS without a service: a fake has those that its tests need.</summary>
internal abstract class NoClients : IClients
{
    public virtual IAmazonEC2 Ec2 => throw new NotSupportedException();

    public virtual IAmazonElasticLoadBalancing LoadBalancing => throw new NotSupportedException();

    public virtual IAmazonRDS Rds => throw new NotSupportedException();

    public virtual IAmazonElastiCache ElastiCache => throw new NotSupportedException();

    public virtual IAmazonIdentityManagementService Iam => throw new NotSupportedException();

    public virtual IAmazonServiceQuotas Quotas => throw new NotSupportedException();

    public virtual IAmazonRoute53 Route53 => throw new NotSupportedException();

    public virtual IAmazonSimpleSystemsManagement Ssm => throw new NotSupportedException();

    public virtual IAmazonS3 S3 => throw new NotSupportedException();

    public virtual IAmazonCloudWatch CloudWatch => throw new NotSupportedException();

    public virtual IAmazonCloudWatchLogs Logs => throw new NotSupportedException();

    public virtual IAmazonSecurityTokenService Sts => throw new NotSupportedException();
}
