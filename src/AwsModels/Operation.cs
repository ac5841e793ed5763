using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>One operation of a service.</summary>
public sealed class Operation
{
    private readonly string? input;
    private readonly string? output;

    internal Operation(ServiceModel service, string name, JsonObject node)
    {
        Service = service;
        Name = name;
        HttpMethod = (string)node["http"]!["method"]!;
        RequestUri = (string)node["http"]!["requestUri"]!;
        ResponseCode = (int?)node["http"]!["responseCode"] ?? 200;
        input = (string?)node["input"]?["shape"];
        output = (string?)node["output"]?["shape"];
        ResultWrapper = (string?)node["output"]?["resultWrapper"];
        InputLocationName = (string?)node["input"]?["locationName"];
        InputNamespace = (string?)node["input"]?["xmlNamespace"]?["uri"];
        Errors = [.. (node["errors"]?.AsArray() ?? []).Select(error => (string)error!)];
    }

    /// <summary>The service that the operation belongs to.</summary>
    public ServiceModel Service { get; }

    /// <summary>As in <c>Action=DescribeLoadBalancers</c>.</summary>
    public string Name { get; }

    /// <summary>The HTTP method, e.g. <c>POST</c>.</summary>
    public string HttpMethod { get; }

    /// <summary>The URI template, e.g. <c>/{Bucket}/{Key+}?tagging</c>.</summary>
    public string RequestUri { get; }

    /// <summary>The HTTP status of success.</summary>
    public int ResponseCode { get; }

    /// <summary>The shape of the request, or null if it has none.</summary>
    public Shape? Input => input is { } name ? Service.Shape(name) : null;

    /// <summary>The shape of the response, or null if it has none.</summary>
    public Shape? Output => output is { } name ? Service.Shape(name) : null;

    /// <summary>The element around a Query response's members, or null.</summary>
    public string? ResultWrapper { get; }

    /// <summary>The root element of a request's XML body, if the operation names one.</summary>
    public string? InputLocationName { get; }

    /// <summary>The namespace of that element, if the operation names one.</summary>
    public string? InputNamespace { get; }

    /// <summary>The names of the error shapes.</summary>
    public IReadOnlyList<string> Errors { get; }
}
