#!/usr/bin/env python3
"""Writes the typed classes of the AWS stand-ins from src/AwsModels/models: requests, responses, shapes, clients.

Run it again after src/AwsModels/generate.py. The names follow the official SDK's rules: a result's members stand on the
response class, requests and responses are named for their operation, scalars are nullable, enumerations are constants, and plain
strings in lists. official.py says the same by itself, and tests compare the two.

    python3 src/StandIns/generate.py
"""
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).parent
SERVICES = {
    "elb": ("AWSSDK.ElasticLoadBalancing", "Amazon.ElasticLoadBalancing", "AmazonElasticLoadBalancing"),
    "rds": ("AWSSDK.RDS", "Amazon.RDS", "AmazonRDS"),
    "elasticache": ("AWSSDK.ElastiCache", "Amazon.ElastiCache", "AmazonElastiCache"),
    "route53": ("AWSSDK.Route53", "Amazon.Route53", "AmazonRoute53"),
    "iam": ("AWSSDK.IdentityManagement", "Amazon.IdentityManagement", "AmazonIdentityManagementService"),
    "cloudwatch": ("AWSSDK.CloudWatch", "Amazon.CloudWatch", "AmazonCloudWatch"),
    "logs": ("AWSSDK.CloudWatchLogs", "Amazon.CloudWatchLogs", "AmazonCloudWatchLogs"),
    "servicequotas": ("AWSSDK.ServiceQuotas", "Amazon.ServiceQuotas", "AmazonServiceQuotas"),
}
# The official SDK calls some shapes otherwise than the model does.
RENAMED = {"iam": {"Policy": "ManagedPolicy", "AttachedPolicy": "AttachedPolicyType"}}
# ... and gives some numbers, milliseconds since 1970, as points in time.
POINTS_IN_TIME = {"logs": {"InputLogEvent", "OutputLogEvent", "LogGroup", "LogStream", "GetLogEventsRequest"}}
SCALARS = {"string": "string", "integer": "int?", "long": "long?", "boolean": "bool?", "double": "double?",
           "float": "float?", "timestamp": "DateTime?"}
HEADER = "// Written by src/StandIns/generate.py: don't edit.\n// As the official classes, these say nothing about the nullability of references.\n#nullable disable\n"


def pascal(name):
    return name[0].upper() + name[1:]


def constant(value):
    return "".join(pascal(part) for part in re.split(r"[^A-Za-z0-9_]+", value) if part)


class Service:
    def __init__(self, model, renamed, points_in_time):
        self.model = model
        self.renamed = renamed
        self.points_in_time = points_in_time
        self.shapes = model["shapes"]
        self.operations = model["operations"]
        self.own = {}      # shape name -> class name, for shapes that are a request or a response
        self.errors = {name for operation in self.operations.values() for name in operation.get("errors", [])}
        for name, operation in self.operations.items():
            self.own[operation["input"]["shape"]] = name + "Request"

    def type_of(self, name):
        shape = self.shapes[name]
        kind = shape["type"]
        if "enum" in shape:
            return pascal(name)
        if kind == "list":
            return f"List<{self.element(shape['member']['shape'])}>"
        if kind == "map":
            return f"Dictionary<{self.element(shape['key']['shape'])}, {self.element(shape['value']['shape'])}>"
        if kind == "structure":
            return self.class_name(name)
        return SCALARS[kind]

    def element(self, name):
        return "string" if "enum" in self.shapes[name] else self.type_of(name).rstrip("?")

    def class_name(self, name):
        return self.renamed.get(name, pascal(name))

    def properties(self, shape_name, shape):
        return [f"    public {self.property_type(shape_name, member['shape'])} {pascal(name)} {{ get; set; }}"
                for name, member in shape.get("members", {}).items()]

    def property_type(self, owner, name):
        return "DateTime?" if name == "Timestamp" and owner in self.points_in_time else self.type_of(name)

    def cls(self, name, shape, base=""):
        return "\n".join([f"public partial class {name}{base}", "{", "\n".join(self.properties(name, shape)), "}", ""])

    def classes(self):
        used = set()
        for name, operation in sorted(self.operations.items()):
            request = operation["input"]["shape"]
            yield self.cls(name + "Request", self.shapes[request], " : AmazonWebServiceRequest")
            used.add(request)
            output = self.shapes[operation["output"]["shape"]] if "output" in operation else {}
            yield self.cls(name + "Response", output, " : AmazonWebServiceResponse")
        outputs = {operation["output"]["shape"] for operation in self.operations.values() if "output" in operation}
        nested = {member["shape"] for shape in self.shapes.values() for member in
                  [*shape.get("members", {}).values(), *(shape[key] for key in ("member",) if key in shape)]}
        for name, shape in self.shapes.items():
            if shape["type"] == "structure" and name not in used | self.errors and (name not in outputs or name in nested):
                yield self.cls(self.class_name(name), shape)

    def constants(self):
        for name, shape in self.shapes.items():
            if "enum" in shape:
                name = pascal(name)
                lines = [f"public sealed class {name}(string value) : ConstantClass(value)", "{"]
                lines += [f'    public static readonly {name} {constant(value)} = new("{value}");' for value in shape["enum"]]
                lines += ["", f"    public static {name} FindValue(string value) => FindValue<{name}>(value);", "",
                          f"    public static implicit operator {name}(string value) => FindValue(value);", "}", ""]
                yield "\n".join(lines)


def client(service, operations, prefix):
    calls = [f"    Task<{name}Response> {name}Async({name}Request request, CancellationToken cancellationToken = default);"
             for name in sorted(operations)]
    bodies = [f"    public virtual Task<{name}Response> {name}Async({name}Request request, CancellationToken cancellationToken = default) =>\n"
              f"        CallAsync<{name}Response>(request, cancellationToken);\n" for name in sorted(operations)]
    constructors = [("", ": base(Service, new {0}Config())"), ("{0}Config config", ": base(Service, config)"),
                    ("RegionEndpoint region", ": base(Service, new {0}Config {{ RegionEndpoint = region }})"),
                    ("AWSCredentials credentials", ": base(Service, credentials, new {0}Config())"),
                    ("AWSCredentials credentials, RegionEndpoint region", ": base(Service, credentials, new {0}Config {{ RegionEndpoint = region }})"),
                    ("AWSCredentials credentials, {0}Config clientConfig", ": base(Service, credentials, clientConfig)")]
    made = [f"    public {prefix}Client({parameters.format(prefix)}) {base.format(prefix)}\n    {{\n    }}\n" for parameters, base in constructors]
    return "\n".join([
        f"public interface I{prefix} : IAmazonService, IDisposable", "{", "\n".join(calls), "}", "",
        f"public class {prefix}Config() : QueryClientConfig({prefix}Client.Service.Model);", "",
        f"public class {prefix}Exception(",
        "    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)",
        "    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);", "",
        f"public partial class {prefix}Client : QueryClient, I{prefix}", "{",
        f'    internal static readonly QueryService Service = new("{service}", "{prefix}", (message, inner, type, code, requestId, status) =>',
        f"        new {prefix}Exception(message, inner, type, code, requestId, status));", "",
        "\n".join(made), "\n".join(bodies),
        f"    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new {prefix}Config();\n",
        "    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>",
        f"        new {prefix}Client(awsCredentials, ({prefix}Config)clientConfig);",
        "}", ""])


def main():
    for name, (project, namespace, prefix) in SERVICES.items():
        service = Service(json.loads((ROOT.parent / "AwsModels" / "models" / f"{name}.json").read_text()), RENAMED.get(name, {}),
                          POINTS_IN_TIME.get(name, set()))
        folder = ROOT / project
        constants = "\n".join(service.constants())
        (folder / "Client.g.cs").write_text(
            HEADER + "using System.Net;\nusing Amazon;\nusing Amazon.Runtime;\n" + f"using {namespace}.Model;\n"
            + "using SyncStorage.StandIns.Query;\n\n" + f"namespace {namespace};\n\n"
            + client(name, service.operations, prefix) + ("\n" + constants if constants else ""))
        (folder / "Model.g.cs").write_text(
            HEADER + f"using Amazon.Runtime;\n\nnamespace {namespace}.Model;\n\n" + "\n".join(service.classes()))


if __name__ == "__main__":
    main()
