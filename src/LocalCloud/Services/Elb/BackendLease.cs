using System.Net;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>One request's hold on the instance that serves it.</summary>
internal sealed class BackendLease(Backend backend, IPAddress address) : IDisposable
{
    public Backend Backend => backend;

    public IPAddress Address => address;

    public void Dispose() => backend.Leave();
}
