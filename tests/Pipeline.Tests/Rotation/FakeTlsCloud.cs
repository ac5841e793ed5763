using System.Net;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;
using AttachedTag = Amazon.ElasticLoadBalancing.Model.Tag;

namespace SyncStorage.Pipeline.Tests.Rotation;

/// <summary>Server certificates, and a load balancer that shows one of them, in memory; a caller can be killed at any of its changes.</summary>
internal sealed class FakeTlsCloud : NoClients
{
    private readonly Dictionary<string, (ServerCertificateMetadata Metadata, string Body)> certificates = [];
    private readonly Listener listener = new() { Protocol = "HTTPS", LoadBalancerPort = 8443, InstanceProtocol = "HTTP", InstancePort = 8000 };

    public FakeTlsCloud()
    {
        Ec2 = (IAmazonEC2)FakeFleetCloud.Calls.To(typeof(IAmazonEC2), Answer);
        Iam = (IAmazonIdentityManagementService)FakeFleetCloud.Calls.To(typeof(IAmazonIdentityManagementService), Answer);
        LoadBalancing = (IAmazonElasticLoadBalancing)FakeFleetCloud.Calls.To(typeof(IAmazonElasticLoadBalancing), Answer);
    }

    public override IAmazonEC2 Ec2 { get; }

    public override IAmazonElasticLoadBalancing LoadBalancing { get; }

    public override IAmazonIdentityManagementService Iam { get; }

    /// <summary>The names of all certificates.</summary>
    public IEnumerable<string> Names => certificates.Keys;

    /// <summary>What clients are shown: its ARN, and the certificate as PEM, where it is one of these.</summary>
    public (string Arn, string? Pem) Shown => (listener.SSLCertificateId, certificates.Values.FirstOrDefault(one => one.Metadata.Arn == listener.SSLCertificateId).Body);

    /// <summary>The changes so far.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Called before and after each change; may throw.</summary>
    public Action<string> Around { get; set; } = _ => { };

    private void Upload(string name, string path, string body, DateTime expiration) => certificates.Add(name, (
        new ServerCertificateMetadata { ServerCertificateName = name, Path = path, Arn = $"arn:aws:iam::111111111111:server-certificate{path}{name}", Expiration = expiration }, body));

    private object Answer(object request)
    {
        var name = request.GetType().Name;
        if (name.StartsWith("Describe", StringComparison.Ordinal) || name.StartsWith("Get", StringComparison.Ordinal) || name.StartsWith("List", StringComparison.Ordinal)) return Carry(request);
        Changes.Add(name);
        Around($"before {Changes.Count}");
        var answer = Carry(request);
        Around($"after {Changes.Count}");
        return answer;
    }

    private object Carry(object request)
    {
        switch (request)
        {
            case DescribeVpcsRequest:
                return new DescribeVpcsResponse { Vpcs = [new Vpc { VpcId = "vpc-1" }] };
            case DescribeSubnetsRequest:
                return new DescribeSubnetsResponse { Subnets = [.. new[] { "a", "b" }.Select(zone => new Subnet { SubnetId = $"subnet-{zone}", AvailabilityZone = zone, DefaultForAz = true })] };
            case DescribeSecurityGroupsRequest:
                return new DescribeSecurityGroupsResponse { SecurityGroups = [new SecurityGroup { GroupName = TestSettings.Names.LoadBalancerGroup, GroupId = "sg-1" }] };
            case DescribeLoadBalancersRequest:
                return new DescribeLoadBalancersResponse { LoadBalancerDescriptions = [Description()] };
            case DescribeLoadBalancerAttributesRequest:
                return new DescribeLoadBalancerAttributesResponse { LoadBalancerAttributes = new LoadBalancerAttributes() };
            case Amazon.ElasticLoadBalancing.Model.DescribeTagsRequest:
                return new Amazon.ElasticLoadBalancing.Model.DescribeTagsResponse
                {
                    TagDescriptions = [new Amazon.ElasticLoadBalancing.Model.TagDescription { Tags = [new AttachedTag { Key = "Product", Value = "syncstorage" }, new AttachedTag { Key = "Cluster", Value = TestSettings.Names.Cluster }] }],
                };
            case SetLoadBalancerListenerSSLCertificateRequest set:
                listener.SSLCertificateId = set.SSLCertificateId;
                return new SetLoadBalancerListenerSSLCertificateResponse();
            case ListServerCertificatesRequest list:
                return new ListServerCertificatesResponse { ServerCertificateMetadataList = [.. certificates.Values.Select(one => one.Metadata).Where(one => one.Path == list.PathPrefix)] };
            case GetServerCertificateRequest get:
                var (metadata, body) = certificates[get.ServerCertificateName];
                return new GetServerCertificateResponse { ServerCertificate = new ServerCertificate { ServerCertificateMetadata = metadata, CertificateBody = body } };
            case UploadServerCertificateRequest upload:
                if (certificates.ContainsKey(upload.ServerCertificateName)) throw new AmazonIdentityManagementServiceException("there", null!, ErrorType.Sender, "EntityAlreadyExists", "r", HttpStatusCode.Conflict);
                using (var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(upload.CertificateBody))
                    Upload(upload.ServerCertificateName, upload.Path, upload.CertificateBody, certificate.NotAfter.ToUniversalTime());
                return new UploadServerCertificateResponse();
            case DeleteServerCertificateRequest delete:
                if (certificates[delete.ServerCertificateName].Metadata.Arn == listener.SSLCertificateId) throw new InvalidOperationException($"{delete.ServerCertificateName} is shown still.");
                certificates.Remove(delete.ServerCertificateName);
                return new DeleteServerCertificateResponse();
            default:
                // What else of the load balancer is put in order is not this test's business.
                return Activator.CreateInstance(Type.GetType(request.GetType().AssemblyQualifiedName!.Replace("Request,", "Response,", StringComparison.Ordinal))!)!;
        }
    }

    private LoadBalancerDescription Description() => new()
    {
        LoadBalancerName = TestSettings.Names.LoadBalancer,
        DNSName = "lb.example.com",
        ListenerDescriptions = [new ListenerDescription { Listener = listener }],
        HealthCheck = new HealthCheck(),
        SecurityGroups = ["sg-1"],
        Subnets = ["subnet-a", "subnet-b"],
    };
}
