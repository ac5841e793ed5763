using static SyncStorage.LocalCloud.Tests.Wire.Doctored;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>Each way of being wrong that the validator must notice, at least once for each protocol that has it.</summary>
internal static class DoctoredTraffic
{
    private const string Elb = "elasticloadbalancing";

    private static readonly string NoSuchKey = Error("<Error><Code>NoSuchKey</Code><Message>x</Message><RequestId>1</RequestId></Error>");

    private static readonly Doctored[] Requests =
    [
        new("query: unknown operation", "sts", "GetCallerIdentity", 200, Sent("GetCallerIdentity", "GetNobody"), "there is no operation GetNobody"),
        new("json: unknown operation", "ssm", "PutParameter", 200, SentHeader("X-Amz-Target", "AmazonSSM.PutSurprise"), "there is no operation PutSurprise"),
        new("s3: unknown operation", "s3", "PUT /bucket/a", 200, Set("method", "PATCH"), "no operation fits PATCH"),
        new("ec2: another version", "ec2", "CreateTags", 200, Sent("2016-11-15", "2016-11-16"), "the Version is 2016-11-16"),
        new("query: another path", "iam", "CreateRole", 200, Set("path", "/iam"), "the path is /iam"),
        new("signature for another service", "sts", "GetCallerIdentity", 200, Set("scope", "sqs"), "the signature is for sqs"),
        new("rest: another path", "route53", "ChangeResourceRecordSetsRequest", 200, Set("path", "/2013-04-01/zone"), "no operation fits POST"),
        new("query: a parameter twice", Elb, "CreateLoadBalancer", 200, Sent("LoadBalancerName=", "LoadBalancerName=a&LoadBalancerName="), "sent twice"),
        new("query: content type", "rds", "CreateDBSubnetGroup", 200, SentHeader("Content-Type", "text/plain"), "the content type is 'text/plain'"),
        new("json: content type", "ssm", "PutParameter", 200, SentHeader("Content-Type", "application/json"), "the content type is 'application/json'"),

        new("query: unknown parameter", "sts", "GetCallerIdentity", 200, Sent("Action", "Surprise=1&Action"), "'Surprise'"),
        new("ec2: unknown parameter", "ec2", "CreateSecurityGroup", 200, Sent("GroupName=", "Surprise=1&GroupName="), "no member 'Surprise'"),
        new("json: unknown parameter", "ssm", "PutParameter", 200, Sent("\"Value\"", "\"Surprise\":1,\"Value\""), "unknown member Surprise"),
        new("s3: unknown parameter", "s3", "list-type=2", 200, call => call["path"] = $"{call["path"]}&surprise=1", "no parameter surprise"),
        new("s3: unknown header", "s3", "PUT /bucket/a", 200, SentHeader("x-amz-surprise", "1"), "no header x-amz-surprise"),
        new("s3: unknown element", "s3", "lifecycle Enabled", 200, Sent("<Rule>", "<Rule><Surprise/>"), "unknown element Surprise"),
        new("s3: another root", "s3", "lifecycle Enabled", 200, Sent("LifecycleConfiguration", "Lifecycle"), "not LifecycleConfiguration"),
        new("rest: unknown parameter", "route53", "GET hostedzonesbyname", 200, call => call["path"] = $"{call["path"]}&surprise=1", "unknown parameters ['surprise']"),
        new("rest: unknown element", "route53", "ChangeResourceRecordSetsRequest", 200, Sent("<Comment>", "<Surprise/><Comment>"), "in the order"),
        new("unknown parameter of what was not found", "ec2", "DescribeInstances i-00000000000000000", 400, Sent("Version=", "Surprise=1&Version="), "no member 'Surprise'"),

        new("query: without a required parameter", "iam", "CreateRole", 200, Sent("RoleName=sync2&", ""), "Missing required parameter in input: \"RoleName\""),
        new("ec2: without a required parameter", "ec2", "CreateSecurityGroup", 200, Sent("GroupDescription=web&", ""), "Missing required parameter"),
        new("json: without a required parameter", "ssm", "PutParameter", 200, Sent("\"Name\":\"/a\",", ""), "Missing required parameter in input: \"Name\""),
        new("json: without a required member within", "ssm", "PutParameter", 200, Sent("\"Key\":\"Cluster\",", ""), "Missing required parameter in Tags[0]: \"Key\""),
        new("s3: without a required element", "s3", "lifecycle Enabled", 200, Sent("<Status>Enabled</Status>", ""), "Missing required parameter"),

        new("rest: without a required element", "route53", "ChangeResourceRecordSetsRequest", 200, Sent("<Type>TXT</Type>", ""), "Missing required parameter"),
        new("rest: order of elements", "route53", "ChangeResourceRecordSetsRequest", 200, Sent("<TTL>300</TTL>", "").Then(Sent("<Name>", "<TTL>300</TTL><Name>")), "in the order"),

        new("query: type", Elb, "CreateLoadBalancer", 200, Sent("InstancePort=8000", "InstancePort=many"), "no integer: 'many'"),
        new("ec2: type", "ec2", "AuthorizeSecurityGroupIngress", 200, Sent("FromPort=8000", "FromPort=%2B8000"), "no integer: '+8000'"),
        new("json: type", "ssm", "PutParameter", 200, Sent("\"Name\":\"/a\"", "\"Name\":1"), "no string: int"),
        new("s3: type in the query", "s3", "max-keys", 200, call => call["path"] = ((string)call["path"]!).Replace("max-keys=7", "max-keys=few", StringComparison.Ordinal), "no integer: 'few'"),
        new("s3: type of a header", "s3", "GET /bucket/a", 200, SentHeader("If-Modified-Since", "2026-01-01T00:00:00Z"), "no timestamp in the form rfc822"),
        new("s3: type of an element", "s3", "lifecycle Enabled", 200, Sent("<Days>1</Days>", "<Days>one</Days>"), "no integer: 'one'"),

        new("ec2: enum", "ec2", "CreateSecurityGroup", 200, Sent("ResourceType=security-group", "ResourceType=security-troupe"), "none of"),
        new("json: enum", "ssm", "PutParameter", 200, Sent("SecureString", "SecretString"), "none of"),
        new("s3: enum of a header", "s3", "PUT /bucket/a", 200, SentHeader("x-amz-storage-class", "LUKEWARM"), "none of"),
        new("s3: enum of an element", "s3", "lifecycle Enabled", 200, Sent("Enabled", "Perhaps"), "none of"),
        new("rest: enum", "route53", "ChangeResourceRecordSetsRequest", 200, Sent("UPSERT", "INSERT"), "none of"),

        new("query: list without its word", Elb, "CreateLoadBalancer", 200, Sent("Subnets.member.1", "Subnets.1"), "a list of member"),
        new("query: list of another word", "rds", "CreateDBSubnetGroup", 200, Sent("SubnetIds.SubnetIdentifier.", "SubnetIds.member."), "a list of SubnetIdentifier"),
        new("query: list with a gap", "elasticache", "CreateCacheSubnetGroup", 200, Sent("SubnetIdentifier.2", "SubnetIdentifier.9"), "not numbered from 1"),
        new("ec2: list of Query's form", "ec2", "DescribeTags", 200, Sent("Filter.1.", "Filter.member.1."), "not numbered from 1"),
        new("ec2: list from 0", "ec2", "CreateTags", 200, Sent("ResourceId.1=", "ResourceId.0="), "not numbered from 1"),
        new("json: list", "ssm", "PutParameter", 200, Sent("\"Tags\":[{\"Key\":\"Cluster\",\"Value\":\"sync2\"}]", "\"Tags\":{\"Key\":\"Cluster\",\"Value\":\"sync2\"}"), "no list: dict"),
        new("s3: list", "s3", "PUT tagging", 200, Sent("<Tag>", "<member>").Then(Sent("</Tag>", "</member>")), "holds member instead of Tag"),
    ];

    private static readonly Doctored[] Answers =
    [
        new("query: without its wrapper", "sts", "GetCallerIdentity", 200, Answered("GetCallerIdentityResult", "Other"), "instead of ['GetCallerIdentityResult'"),
        new("iam: without its wrapper", "iam", "GetRole", 200, Answered("GetRoleResult", "Other"), "instead of ['GetRoleResult'"),
        new("query: another root", Elb, "DescribeLoadBalancers", 200, Answered("DescribeLoadBalancersResponse", "Other"), "the root is Other"),
        new("ec2: another root", "ec2", "DescribeVpcs", 200, Answered("DescribeVpcsResponse", "Other"), "the root is Other"),
        new("s3: another root", "s3", "list-type=2", 200, Answered("ListBucketResult", "ListBucket"), "not ListBucketResult"),
        new("rest: another root", "route53", "ChangeResourceRecordSetsRequest", 200, Answered("ChangeResourceRecordSetsResponse", "Other"), "the root is Other"),
        new("rest: another namespace", "route53", "ChangeResourceRecordSetsRequest", 200, Answered("2013-04-01", "2013-04-02"), "is not the service's"),
        new("query: another namespace", "rds", "DescribeDBSubnetGroups", 200, Answered("2014-10-31", "2014-10-30"), "the namespace is"),
        new("ec2: another namespace within", "ec2", "DescribeVpcs", 200, Answered("<vpcSet>", "<vpcSet xmlns='urn:other'>"), "in the namespace 'urn:other'"),
        new("s3: another namespace", "s3", "list-type=2", 200, Answered("2006-03-01", "2006-03-02"), "not ListBucketResult of"),
        new("query: without a request id", Elb, "DescribeLoadBalancers", 200, Answered("RequestId", "Other"), "RequestId is missing"),
        new("ec2: without a request id", "ec2", "DescribeVpcs", 200, Answered("requestId", "other"), "requestId is missing"),
        new("ec2: does not say that it succeeded", "ec2", "CreateTags", 200, Answered("<return>true</return>", ""), "does not say that it has succeeded"),

        new("query: unknown member", "sts", "GetCallerIdentity", 200, Answered("<Arn>", "<Surprise>x</Surprise><Arn>"), "unknown element Surprise"),
        new("iam: unknown member", "iam", "GetRole", 200, Answered("<Arn>", "<Surprise>x</Surprise><Arn>"), "unknown element Surprise"),
        new("ec2: unknown member", "ec2", "DescribeVpcs", 200, Answered("<vpcId>", "<surprise/><vpcId>"), "unknown element surprise"),
        new("json: unknown member", "ssm", "PutParameter", 200, Answered("\"Version\"", "\"Surprise\":1,\"Version\""), "unknown member Surprise"),
        new("s3: unknown member", "s3", "list-type=2", 200, Answered("<KeyCount>", "<Surprise/><KeyCount>"), "unknown element Surprise"),
        new("rest: unknown member", "route53", "ChangeResourceRecordSetsRequest", 200, Answered("<ChangeInfo>", "<Surprise/><ChangeInfo>"), "unknown element Surprise"),
        new("s3: unknown header", "s3", "GET /bucket/a", 200, AnsweredHeader("x-amz-surprise", "1"), "answers no header x-amz-surprise"),
        new("text where elements are", "iam", "GetRole", 200, Answered("<Role>", "<Role>text"), "holds the text 'text'"),

        new("iam: without a required member", "iam", "GetRole", 200, Answered("<RoleName>sync2</RoleName>", ""), "lacks RoleName"),
        new("query: without a required member", Elb, "DescribeLoadBalancers", 200, Answered("<LoadBalancerPort>", "<!--").Then(Answered("</LoadBalancerPort>", "-->")), "lacks LoadBalancerPort"),
        new("json: without a required member", "ssm", "ListTagsForResource", 200, Answered("\"Key\":\"Cluster\",", ""), "lacks Key"),
        new("rest: without a required member", "route53", "ChangeResourceRecordSetsRequest", 200, Answered("<Status>", "<!--").Then(Answered("</Status>", "-->")), "lacks Status"),
        new("s3: without a required member", "s3", "GET lifecycle", 200, Answered("<Status>Enabled</Status>", ""), "lacks Status"),

        new("query: type", "rds", "DescribeDBSnapshots", 200, Answered("<DBSnapshots />", "<DBSnapshots><DBSnapshot><Port>x</Port></DBSnapshot></DBSnapshots>"), "no integer: 'x'"),
        new("query: form of a timestamp", "iam", "GetRole", 200, Answered("<CreateDate>2", "<CreateDate>Sat, 2"), "no timestamp in the form iso8601"),
        new("ec2: type", "ec2", "DescribeVpcs", 200, Answered("<isDefault>true", "<isDefault>True"), "no boolean: 'True'"),
        new("json: type", "ssm", "PutParameter", 200, Answered("\"Version\":1", "\"Version\":\"1\""), "no long: str"),
        new("json: null", "ssm", "PutParameter", 200, Answered("\"Version\":1", "\"Version\":null"), "no long: NoneType"),
        new("s3: type", "s3", "list-type=2", 200, Answered("<KeyCount>1", "<KeyCount>one"), "no integer: 'one'"),
        new("s3: form of a header's timestamp", "s3", "GET /bucket/a", 200, AnsweredHeader("Last-Modified", "2026-01-01T00:00:00Z"), "no timestamp in the form rfc822"),

        new("ec2: enum", "ec2", "DescribeVpcs", 200, Answered("<state>available", "<state>there"), "'there', which is none of"),
        new("json: enum", "ssm", "PutParameter", 200, Answered("Standard", "Luxurious"), "'Luxurious', which is none of"),
        new("s3: enum", "s3", "GET lifecycle", 200, Answered("Enabled", "Perhaps"), "'Perhaps', which is none of"),
        new("s3: enum of a header", "s3", "GET /bucket/a", 200, AnsweredHeader("x-amz-server-side-encryption", "ROT13"), "'ROT13', which is none of"),

        new("query: list of another word", "rds", "DescribeDBSubnetGroups", 200, Answered("<Subnet>", "<member>").Then(Answered("</Subnet>", "</member>")), "holds member instead of Subnet"),
        new("iam: list of another word", "iam", "GetRole", 200, Answered("<member>", "<item>").Then(Answered("</member>", "</item>")), "holds item instead of member"),
        new("ec2: list of another word", "ec2", "DescribeVpcs", 200, Answered("<item>", "<member>").Then(Answered("</item>", "</member>")), "holds member instead of item"),
        new("json: list", "ssm", "ListTagsForResource", 200, Answered("[", "").Then(Answered("]", "")), "no list: dict"),
        new("s3: list with a word around", "s3", "list-type=2", 200, Answered("<Contents>", "<Contents><member>").Then(Answered("</Contents>", "</member></Contents>")), "unknown element member"),
        new("a structure twice", "iam", "GetRole", 200, Answered("<Path>", "<Path>/</Path><Path>"), "has 2 elements Path"),

        new("query: status", "iam", "GetRole", 200, Set("status", 201), "the status is 201"),
        new("rest: status", "route53", "ChangeResourceRecordSetsRequest", 200, Set("status", 202), "the status is 202"),
        new("s3: status", "s3", "DELETE /bucket/a", 204, Set("status", 200), "the status is 200"),
        new("s3: without a request id", "s3", "GET /bucket/a", 200, AnsweredHeader("x-amz-request-id", null), "x-amz-request-id is missing"),
        new("s3: without a body", "s3", "list-type=2", 200, Set("responseBody", ""), "the body is missing"),
        new("json: content type of the answer", "ssm", "PutParameter", 200, AnsweredHeader("Content-Type", "application/json"), "the content type is 'application/json'"),
    ];

    private static readonly Doctored[] Errors =
    [
        new("query: code that no one lists", "rds", "DescribeDBInstances", 404, Answered("DBInstanceNotFound", "DBInstanceLost"), "DBInstanceLost is none of"),
        new("iam: code that no one lists", "iam", "GetRole", 404, Answered("NoSuchEntity", "NoSuchRole"), "NoSuchRole is none of"),
        new("rest: code that no one lists", "route53", "GET ZNONE", 404, Answered("NoSuchHostedZone", "NoSuchZone"), "NoSuchZone is none of"),
        new("ec2: code that no one lists", "ec2", "DescribeInstances", 400, Answered("InvalidInstanceID.NotFound", "InvalidInstance.NotFound"), "InvalidInstance.NotFound is none of"),
        new("json: code that no one lists", "ssm", "GetParameter", 400, Answered("ParameterNotFound", "ParameterMissing"), "ParameterMissing is none of"),
        new("json: code of another operation", "ssm", "GetParameter", 400, Answered("ParameterNotFound", "ParameterAlreadyExists"), "ParameterAlreadyExists is none of"),
        new("json: code of another protocol", "ssm", "GetParameter", 400, Answered("ParameterNotFound", "AccessDenied"), "AccessDenied is none of"),
        new("s3: code that no one lists", "s3", "GET /bucket/nothing", 404, Answered("NoSuchKey", "NoSuchObject"), "NoSuchObject is none of"),
        new("query: status of an error", "iam", "GetRole", 404, Set("status", 400), "has the status 404, not 400"),
        new("query: error without its wrapper", "iam", "GetRole", 404, Answered("ErrorResponse", "Response"), "instead of ErrorResponse's"),
        new("query: error without a type", "iam", "GetRole", 404, Answered("<Type>Sender</Type>", ""), "instead of Error's"),
        new("query: error in another namespace", "iam", "GetRole", 404, Answered("2010-05-08", "2010-05-09"), "the namespace of the error"),
        new("ec2: error without its list", "ec2", "DescribeInstances", 400, Answered("<Errors>", "").Then(Answered("</Errors>", "")), "instead of Response's"),
        new("json: error without a message", "ssm", "GetParameter", 400, Answered("\"message\"", "\"text\""), "needs __type and message"),
        new("s3: error without a request id", "s3", "GET /bucket/nothing", 404, Answered("RequestId", "Other"), "instead of Error's"),
        new("s3: error in Query's form", "s3", "GET /bucket/nothing", 404, Answered("<Error>", "<ErrorResponse><Error>").Then(Answered("</Error>", "</Error></ErrorResponse>")), "instead of"),
        new("s3: HEAD with a body", "s3", "HEAD /bucket/nothing", 404, AnsweredWith(404, NoSuchKey), "HEAD was answered with a body"),
        new("s3: not modified without a condition", "s3", "GET /bucket/a", 200, AnsweredWith(304, ""), "nobody asked under a condition"),
    ];

    /// <summary>All of them, each with a name of its own.</summary>
    public static IReadOnlyList<Doctored> All { get; } = [.. Named("request", Requests), .. Named("answer", Answers), .. Named("error", Errors)];

    private static IEnumerable<Doctored> Named(string kind, IEnumerable<Doctored> cases) => cases.Select(one => one with { Name = $"{kind}, {one.Name}" });

    private static string Error(string xml) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?>{xml}";

    private static Action<T> Then<T>(this Action<T> first, Action<T> second) => first + second;
}
