namespace SyncStorage.LocalCloud.Wire;

/// <summary>What each service answers to a request that does not fit its model.</summary>
internal static class WireErrors
{
    public static AwsException UnknownOperation(ServiceModel model, string name) => model.Protocol switch
    {
        "json" => new("UnknownOperationException", $"The operation {name} is not known."),
        "s3" => new("MethodNotAllowed", "The specified method is not allowed against this resource.", 405),
        "ec2" => new("InvalidAction", $"The action {name} is not valid for this web service."),
        _ => new("InvalidAction", $"Could not find operation {name} for version {model.ApiVersion}"),
    };

    /// <summary>The operation is one of AWS, but LocalCloud does not have it.</summary>
    public static AwsException NotImplemented(Operation operation) => operation.Service.Protocol switch
    {
        "s3" => new("NotImplemented", $"LocalCloud has no {operation.Name}.", 501),
        _ => UnknownOperation(operation.Service, operation.Name),
    };

    public static AwsException UnknownParameter(ServiceModel model, string path) => model.Protocol switch
    {
        "json" => new("SerializationException", $"The member {path} is not known."),
        "rest-xml" => new("InvalidInput", $"Invalid XML: the element {path} is not known."),
        "ec2" => new("UnknownParameter", $"The parameter {path} is not recognized"),
        "s3" => MalformedXml,
        _ => new("MalformedInput", $"Unexpected parameter {path}"),
    };

    public static AwsException Missing(ServiceModel model, string path) => model.Protocol switch
    {
        "ec2" => new("MissingParameter", $"The request must contain the parameter {path}"),
        "s3" => MalformedXml,
        "query" when model.Name is not ("elb" or "iam" or "cloudwatch") => new("MissingParameter", $"The request must contain the parameter {path}."),
        _ => Constraint(model, path, null, "Member must not be null"),
    };

    public static AwsException WrongType(ServiceModel model, string path, string? value, string type) => model.Protocol switch
    {
        "json" => new("SerializationException", $"The member {path} is not of the type {type}."),
        "rest-xml" => new("InvalidInput", $"Invalid value '{value}' for {path}: it must be of the type {type}."),
        "ec2" => new("InvalidParameterValue", $"Invalid value '{value}' for {path}. It must be of the type {type}."),
        "s3" => new("InvalidArgument", $"The value of {path} is not of the type {type}."),
        _ => new("MalformedInput", $"Invalid value '{value}' for {path}: it must be of the type {type}."),
    };

    /// <summary>A value outside what the model allows, e.g. <c>Member must have length less than or equal to 50</c>.</summary>
    public static AwsException Constraint(ServiceModel model, string path, string? value, string constraint) => model.Protocol switch
    {
        "ec2" => new("InvalidParameterValue", $"Value ({value}) for parameter {path} is invalid. {constraint}"),
        "s3" => new("InvalidArgument", $"{path}: {constraint}"),
        "query" when model.Name is not ("elb" or "iam" or "cloudwatch") => new("InvalidParameterValue", $"The parameter {path} is not valid: {constraint}"),
        var protocol => new(protocol switch { "json" => "ValidationException", "rest-xml" => "InvalidInput", _ => "ValidationError" },
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{CamelCase(path)}' failed to satisfy constraint: {constraint}"),
    };

    public static AwsException MalformedXml =>
        new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    private static string CamelCase(string path) => string.Join('.', path.Split('.')
        .Select(part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
