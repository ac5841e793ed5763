using System.Collections;
using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Writes any request of a Query service: the values from the typed object, the wire's names from the model.</summary>
internal sealed class QueryMarshaller(QueryService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var operation = service.Model.Operations[input.GetType().Name[..^"Request".Length]];
        var request = new DefaultRequest(input, service.ClientName);
        request.Parameters.Add("Action", operation.Name);
        request.Parameters.Add("Version", service.Model.ApiVersion);
        if (operation.Input is { } shape) WriteStructure(request, "", input, shape);
        return request;
    }

    private static void WriteStructure(IRequest request, string prefix, object value, Shape shape)
    {
        foreach (var (member, property) in TypedMembers.Of(value.GetType(), shape))
            if (property.GetValue(value) is { } part) WriteMember(request, prefix + (member.LocationName ?? member.Name), part, member);
    }

    private static void WriteMember(IRequest request, string key, object value, Member member)
    {
        switch (value)
        {
            case string or bool or int or long or double or float or DateTime or ConstantClass:
                request.Parameters.Add(key, Scalar(value));
                break;
            case IEnumerable list:
                var element = member.Shape.Element;
                var prefix = member.Flattened ? key : $"{key}.{element.LocationName ?? "member"}";
                var index = 0;
                foreach (var item in list) WriteMember(request, $"{prefix}.{++index}", item, element);
                break;
            default:
                WriteStructure(request, key + ".", value, member.Shape);
                break;
        }
    }

    /// <summary>A single value as text.</summary>
    internal static string Scalar(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime moment => moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ConstantClass constant => constant.Value,
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };
}
