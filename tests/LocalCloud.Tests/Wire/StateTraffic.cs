using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken.Model;
using Amazon.ServiceQuotas;
using Amazon.ServiceQuotas.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>As <see cref="WideTraffic"/>: calls of the services that keep identities, objects and parameters.</summary>
internal static class StateTraffic
{
    public static async Task IdentitiesAsync(LocalCloudFixture cloud)
    {
        await cloud.Sts().GetCallerIdentityAsync(new GetCallerIdentityRequest());
        var iam = cloud.Iam();
        await cloud.MakeProfileAsync("profile");
        await iam.CreateRoleAsync(new CreateRoleRequest
        {
            RoleName = "sync2",
            AssumeRolePolicyDocument = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}""",
            Tags = [new Amazon.IdentityManagement.Model.Tag { Key = "Cluster", Value = "sync2" }],
        });
        await iam.GetRoleAsync(new GetRoleRequest { RoleName = "sync2" });
        await iam.ListInstanceProfilesAsync(new ListInstanceProfilesRequest());
        await Assert.CatchAsync<AmazonIdentityManagementServiceException>(() => iam.GetRoleAsync(new GetRoleRequest { RoleName = "other" }));
        await Assert.CatchAsync<AmazonIdentityManagementServiceException>(() => iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = "profile" }));
    }

    public static async Task StorageAsync(LocalCloudFixture cloud)
    {
        const string Bucket = "bucket";
        var s3 = cloud.S3();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket });
        await s3.PutBucketTaggingAsync(new PutBucketTaggingRequest { BucketName = Bucket, TagSet = [new Amazon.S3.Model.Tag { Key = "Cluster", Value = "sync2" }] });
        await s3.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest
        {
            BucketName = Bucket,
            Configuration = new LifecycleConfiguration
            {
                Rules =
                [
                    new LifecycleRule
                    {
                        Id = "expire",
                        Status = LifecycleRuleStatus.Enabled,
                        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "a/" } },
                        Expiration = new LifecycleRuleExpiration { Days = 1 },
                    },
                ],
            },
        });
        await s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = Bucket });
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "a/b", ContentBody = "x" });
        await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "a/b" });
        await Assert.CatchAsync(() => s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "nothing" }));
        await Assert.CatchAsync(() => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Bucket, Key = "nothing" }));
        await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 7 });
        await s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = "a/b" });
    }

    public static async Task ParametersAsync(LocalCloudFixture cloud)
    {
        var ssm = cloud.Ssm();
        await Assert.CatchAsync(() => ssm.GetParameterAsync(new GetParameterRequest { Name = "/nothing" }));
        await ssm.PutParameterAsync(new PutParameterRequest
        {
            Name = "/a",
            Value = "x",
            Type = Amazon.SimpleSystemsManagement.ParameterType.SecureString,
            Tags = [new Amazon.SimpleSystemsManagement.Model.Tag { Key = "Cluster", Value = "sync2" }],
        });
        var quotas = cloud.Own(new AmazonServiceQuotasClient(cloud.Credentials, cloud.Configure(new AmazonServiceQuotasConfig())));
        await quotas.GetServiceQuotaAsync(new GetServiceQuotaRequest { ServiceCode = "ec2", QuotaCode = "L-1216C47A" });
        await ssm.ListTagsForResourceAsync(new Amazon.SimpleSystemsManagement.Model.ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = "/a" });
    }
}
