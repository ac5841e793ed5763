using System.Net.Security;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What the load balancer needs of those who keep certificates. Safe for concurrent use.</summary>
internal interface ICertificateDirectory
{
    /// <summary>The certificate with its key and chain; null if there is none.</summary>
    /// <param name="arn">Its ARN.</param>
    SslStreamCertificateContext? Find(string arn);

    /// <summary>Who uses certificates says so: one that is in use can't be deleted.</summary>
    /// <param name="inUse">Whether an ARN is in use; takes no lock of its own.</param>
    void RegisterUser(Func<string, bool> inUse);
}
