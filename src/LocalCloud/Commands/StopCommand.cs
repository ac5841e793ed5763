using System.Globalization;
using System.Text;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Commands;

/// <summary><c>stop</c>: ends the LocalCloud of a state directory and waits until it has ended.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(string stateDirectory, bool keepProcesses, TimeProvider time)
    {
        var state = Path.GetFullPath(stateDirectory);
        if (EndpointFile.Read(state) is not { } endpoint || !Runs(endpoint))
        {
            await Console.Out.WriteLineAsync($"No LocalCloud runs on {state}.");
            return 0;
        }

        await AskAsync(state, endpoint, keepProcesses, time);
        var started = time.GetTimestamp();
        while (Runs(endpoint))
        {
            if (time.GetElapsedTime(started) > Patience)
                throw new StartException($"The LocalCloud on {state} (pid {endpoint.Pid}) has not ended within {Patience.TotalSeconds:0} s. Its log: {Path.Combine(state, "localcloud.log")}.");
            await Task.Delay(PollInterval, time, CancellationToken.None);
        }

        await Console.Out.WriteLineAsync($"The LocalCloud on {state} has ended.");
        return 0;
    }

    private static bool Runs(EndpointFile endpoint) => ProcStat.Read(endpoint.Pid) is { IsDead: false } stat && stat.StartTicks == endpoint.StartTicks;

    private static async Task AskAsync(string state, EndpointFile endpoint, bool keepProcesses, TimeProvider time)
    {
        var body = Encoding.UTF8.GetBytes(keepProcesses ? """{"keepProcesses": true}""" : """{"keepProcesses": false}""");
        using var request = SignedRequest(state, endpoint, body, time);
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.SendAsync(request);
            if (!response.IsSuccessStatusCode)
                throw new StartException($"LocalCloud refused to stop ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync()}");
        }
        catch (HttpRequestException exception)
        {
            throw new StartException($"The LocalCloud on {state} (pid {endpoint.Pid}) does not answer: {exception.Message}. End it with: kill {endpoint.Pid}", exception);
        }
    }

    private static HttpRequestMessage SignedRequest(string state, EndpointFile endpoint, byte[] body, TimeProvider time)
    {
        var cloud = new CloudContext(state, endpoint.Region, endpoint.AccountId, new Uri(endpoint.Endpoint), new TimeScale(0), time);
        var credential = new CredentialStore(cloud).Operator;
        var now = time.GetUtcNow().ToString(SigV4.TimeFormat, CultureInfo.InvariantCulture);
        var scope = new CredentialScope(now[..8], endpoint.Region, ControlEndpoint.SigningName);
        const string Path = ControlEndpoint.Prefix + "stop";
        KeyValuePair<string, string>[] headers = [new("host", cloud.Endpoint.Authority), new("x-amz-date", now)];
        var canonical = SigV4.CanonicalRequest("POST", Path, [], headers, SigV4.HexHash(body));
        var signature = SigV4.Sign(SigV4.SigningKey(credential.SecretAccessKey, scope), SigV4.StringToSign(now, scope, canonical));

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(cloud.Endpoint, Path)) { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-amz-date", now);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"{SigV4.Algorithm} Credential={credential.AccessKeyId}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
        return request;
    }
}
