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

namespace SyncStorage.Pipeline.Aws;

/// <summary>The AWS clients of one environment, made on first use; all go through one factory and one call recorder.</summary>
public interface IClients
{
    /// <summary>Instances, images, security groups.</summary>
    IAmazonEC2 Ec2 { get; }

    /// <summary>Classic load balancers.</summary>
    IAmazonElasticLoadBalancing LoadBalancing { get; }

    /// <summary>MySQL databases.</summary>
    IAmazonRDS Rds { get; }

    /// <summary>Memcached clusters.</summary>
    IAmazonElastiCache ElastiCache { get; }

    /// <summary>Roles and instance profiles.</summary>
    IAmazonIdentityManagementService Iam { get; }

    /// <summary>The account's quotas, as far as the services don't tell them.</summary>
    IAmazonServiceQuotas Quotas { get; }

    /// <summary>Hosted zones and their records.</summary>
    IAmazonRoute53 Route53 { get; }

    /// <summary>Parameters and remote commands.</summary>
    IAmazonSimpleSystemsManagement Ssm { get; }

    /// <summary>The cluster's bucket.</summary>
    IAmazonS3 S3 { get; }

    /// <summary>Figures, alarms, dashboards.</summary>
    IAmazonCloudWatch CloudWatch { get; }

    /// <summary>Logs.</summary>
    IAmazonCloudWatchLogs Logs { get; }

    /// <summary>Who we are.</summary>
    IAmazonSecurityTokenService Sts { get; }
}
