using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>The cluster's own token server: a fleet behind a load balancer of its own, with a database on a dbnode.</summary>
public sealed record TokenServerSettings
{
    /// <summary>The name that Firefox asks for tokens, e.g. <c>token.example.com</c>; no virtual hostname has it.</summary>
    [RegularExpression("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", ErrorMessage = "a DNS name in lower case"), StringLength(253)]
    public required string Hostname { get; init; }

    /// <summary>Desired capacity, 1 to 20. Default 2.</summary>
    [Range(1, 20)]
    public int Count { get; init; } = 2;

    /// <summary>Default <c>t3.small</c>.</summary>
    public string InstanceType { get; init; } = "t3.small";

    /// <summary>The port that a token server listens on. Default 80 (the unit gives the right to bind it).</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 80;

    /// <summary>The instance profile, which is used as it is; null to have <c>&lt;cluster&gt;-tokenserver</c> made.</summary>
    public string? InstanceProfile { get; init; }

    /// <summary>Its load balancer's listener.</summary>
    public TokenServerListenerSettings LoadBalancer { get; init; } = new();

    /// <summary>The dbnode that has its database; null for the first. Where the database is, users' assignments are: it does not move by itself.</summary>
    [RegularExpression("[a-z][a-z0-9]{0,15}", ErrorMessage = "the name of a dbnode")]
    public string? Dbnode { get; init; }

    /// <summary>Its database there. Default <c>tokenserver</c>.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,63}", ErrorMessage = "lower-case letters, digits and underscores, a letter first, at most 64")]
    public string Database { get; init; } = "tokenserver";

    /// <summary>How many users may be assigned to one virtual hostname, at least 1. Default 25000.</summary>
    [Range(1, int.MaxValue)]
    public int UsersPerHost { get; init; } = 25_000;

    /// <summary>Who knows the users.</summary>
    public AccountsSettings Accounts { get; init; } = new();

    /// <summary>How long a token is good, 1 to 3600 s. Default 3600.</summary>
    [Range(1, 3600)]
    public int TokenSeconds { get; init; } = 3600;

    /// <summary>Whether users come in that were never seen. Default true.</summary>
    public bool NewUsers { get; init; } = true;

    /// <summary>How long what a user has left on a node is kept, in seconds. Default 86400.</summary>
    [Range(0, 31_536_000)]
    public int PurgeGraceSeconds { get; init; } = 86_400;

    /// <summary>
    /// The name of an environment variable with an access token of a test account, for the smoke test to get a token with and store an item; null for a smoke
    /// test that stops before it: nobody but the accounts server can make one.
    /// </summary>
    [RegularExpression("[A-Za-z_][A-Za-z0-9_]*", ErrorMessage = "the name of an environment variable")]
    public string? SmokeTokenEnvironment { get; init; }
}

/// <summary>How clients reach the token server. Health check, draining and idle timeout are those of <see cref="LoadBalancerSettings"/>.</summary>
public sealed record TokenServerListenerSettings
{
    /// <summary>The port that clients use: of HTTPS if <see cref="Https"/> is there, of plain HTTP if not. Default 80.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 80;

    /// <summary>HTTPS; null for plain HTTP. Nothing redirects to it.</summary>
    public TokenServerHttpsSettings? Https { get; init; }
}

/// <summary>HTTPS at the token server's load balancer.</summary>
public sealed record TokenServerHttpsSettings
{
    /// <summary>The ARN of the certificate, in ACM (in the same region) or IAM; null on LocalCloud, for one that is made.</summary>
    [RegularExpression("arn:aws[a-z-]*:(acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+|iam::[0-9]{12}:server-certificate/[!-~]+)", ErrorMessage = "the ARN of a certificate in ACM or IAM")]
    public string? CertificateArn { get; init; }

    /// <summary>Which of AWS's predefined policies says what protocols and ciphers a client may use. Default <c>ELBSecurityPolicy-TLS-1-2-2017-01</c>.</summary>
    [RegularExpression("ELBSecurityPolicy-[A-Za-z0-9-]+", ErrorMessage = "the name of one of AWS's policies, like ELBSecurityPolicy-TLS-1-2-2017-01")]
    public string Policy { get; init; } = "ELBSecurityPolicy-TLS-1-2-2017-01";
}

/// <summary>The accounts server whose users the cluster has.</summary>
public sealed record AccountsSettings
{
    /// <summary>The base of its OAuth API; <c>/v1/jwks</c> and <c>/v1/verify</c> are below it. Default Mozilla's.</summary>
    public Uri Url { get; init; } = new("https://oauth.accounts.firefox.com");

    /// <summary>What is added to a user's id for the database. It never changes once there are users. Default <c>api.accounts.firefox.com</c>.</summary>
    [RegularExpression("[a-z0-9.-]{1,128}", ErrorMessage = "a domain in lower case")]
    public string EmailDomain { get; init; } = "api.accounts.firefox.com";

    /// <summary>How long one request waits for the accounts server, 1 to 60 s. Default 10.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 10;
}
