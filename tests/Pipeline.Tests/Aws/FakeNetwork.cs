using System.Net;
using System.Net.Http;
using System.Text;
using Amazon.Runtime;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>AWS, as a list of answers; keeps what was asked.</summary>
internal sealed class FakeNetwork(params (HttpStatusCode Status, string Body)[] answers) : Amazon.Runtime.HttpClientFactory
{
    private int next;

    public List<HttpRequestMessage> Requests { get; } = [];

    /// <summary>Their bodies.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>What each call throws instead of an answer.</summary>
    public Exception? Failure { get; init; }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    // The last answer goes on.
    private (HttpStatusCode Status, string Body) Next() => answers[Math.Min(next++, answers.Length - 1)];

    private sealed class Handler(FakeNetwork network) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            network.Requests.Add(request);
            network.Bodies.Add(request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "");
            if (network.Failure is { } failure)
                throw failure;
            var (status, body) = network.Next();
            return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/xml"), RequestMessage = request };
        }
    }
}
