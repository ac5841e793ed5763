#!/usr/bin/env python3
"""Writes official/AWSSDK.*.txt: the members that the official packages have, for the operations in use.

The facts are the official service models (of the botocore package, the newest that is installed) and the rules by which version 4 of
the SDK is generated from the same models. src/StandIns/generate.py does not read these lists, and this script reads nothing of what
that one writes: tests compare the two, and each with what product code uses.

    python3 src/StandIns/official.py

The rules, as the official packages show them:
  - a request is named for its operation, a response too; the members of a result stand on the response itself;
  - scalars are nullable value types, times are DateTime?, lists are List<T>, maps Dictionary<K, V>, blobs MemoryStream;
  - an enumeration is a class of constants; in lists and maps enumerations are plain strings;
  - CloudWatch Logs' times, which the model has as milliseconds, are DateTime? in the types of POINTS_IN_TIME and long? elsewhere;
  - names are the model's, with the first letter in upper case; nothing is said about the nullability of references.
"""
import json
import pathlib
import re

import botocore
import botocore.loaders

import generate

HERE = pathlib.Path(__file__).parent
# What the packages call otherwise than the models, as their documentation shows.
RENAMED = {"iam": {"Policy": "ManagedPolicy", "AttachedPolicy": "AttachedPolicyType"}}
POINTS_IN_TIME = {"logs": ("InputLogEvent", "OutputLogEvent", "LogGroup", "LogStream", "GetLogEventsRequest")}
# What botocore calls otherwise than src/AwsModels.
FOLDERS = {"servicequotas": "service-quotas"}
SCALARS = {"string": "string", "integer": "int?", "long": "long?", "boolean": "bool?", "double": "double?", "float": "float?",
           "timestamp": "DateTime?", "blob": "MemoryStream", "character": "string"}
CANCELLATION = "CancellationToken cancellationToken = default"


def upper(name):
    return name[0].upper() + name[1:]


class Package:
    def __init__(self, model, renamed, points_in_time, operations, namespace, prefix):
        self.points_in_time = points_in_time
        self.shapes, self.all, self.renamed = model["shapes"], model["operations"], renamed
        self.operations, self.namespace, self.prefix = sorted(operations), namespace, prefix

    def type(self, name, inside=False):
        shape = self.shapes[name]
        if "enum" in shape:
            return "string" if inside else upper(name)
        if shape["type"] == "list":
            return f"List<{self.type(shape['member']['shape'], True)}>"
        if shape["type"] == "map":
            return f"Dictionary<{self.type(shape['key']['shape'], True)}, {self.type(shape['value']['shape'], True)}>"
        if shape["type"] == "structure":
            return self.renamed.get(name, upper(name))
        return SCALARS[shape["type"]].rstrip("?" if inside else "")

    def structure(self, name, shape):
        yield f"class {self.namespace}.Model.{name}"
        yield f"    {name}()"
        for member, target in sorted(shape.get("members", {}).items(), key=lambda pair: upper(pair[0])):
            kind = "DateTime?" if target["shape"] == "Timestamp" and name in self.points_in_time else self.type(target["shape"])
            yield f"    {kind} {upper(member)} {{ get; set; }}"

    def enumeration(self, name, values):
        yield f"class {self.namespace}.{name}"
        yield f"    {name}(string value)"
        for value in values:
            yield f"    static readonly {name} {''.join(upper(part) for part in re.split('[^A-Za-z0-9_]+', value) if part)}"
        yield f"    static {name} FindValue(string value)"
        yield f"    static implicit operator {name}(string value)"

    def calls(self):
        for name in self.operations:
            yield f"    Task<{name}Response> {name}Async({name}Request request, {CANCELLATION})"

    def client(self):
        p = self.prefix
        yield f"interface {self.namespace}.I{p}"
        yield from self.calls()
        yield f"class {self.namespace}.{p}Client"
        for parameters in ("", "RegionEndpoint region", f"{p}Config config", "AWSCredentials credentials",
                           "AWSCredentials credentials, RegionEndpoint region", f"AWSCredentials credentials, {p}Config clientConfig"):
            yield f"    {p}Client({parameters})"
        yield from self.calls()
        yield f"class {self.namespace}.{p}Config"
        yield f"    {p}Config()"
        yield f"class {self.namespace}.{p}Exception"
        yield (f"    {p}Exception(string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, "
               "HttpStatusCode statusCode)")

    def reached(self):
        """Shapes below the operations, requests and results themselves left out."""
        found, waiting = set(), [self.all[name][side]["shape"] for name in self.operations for side in ("input", "output") if side in self.all[name]]
        top = set(waiting)
        while waiting:
            shape = self.shapes[waiting.pop()]
            targets = [member["shape"] for member in shape.get("members", {}).values()]
            targets += [shape[key]["shape"] for key in ("member", "key", "value") if key in shape]
            waiting += [target for target in targets if target not in found]
            found |= set(targets)
        return found, top

    def lines(self):
        yield from self.client()
        for name in self.operations:
            operation = self.all[name]
            yield from self.structure(name + "Request", self.shapes[operation["input"]["shape"]] if "input" in operation else {})
            yield from self.structure(name + "Response", self.shapes[operation["output"]["shape"]] if "output" in operation else {})
        for name in sorted(self.reached()[0]):
            shape = self.shapes[name]
            if "enum" in shape:
                yield from self.enumeration(upper(name), shape["enum"])
            elif shape["type"] == "structure":
                yield from self.structure(self.renamed.get(name, upper(name)), shape)


def main():
    loader = botocore.loaders.Loader()
    for service, (package, namespace, prefix) in generate.SERVICES.items():
        operations = json.loads((HERE.parent / "AwsModels" / "models" / f"{service}.json").read_text())["operations"]
        model = loader.load_service_model(FOLDERS.get(service, service), "service-2")
        lines = Package(model, RENAMED.get(service, {}), POINTS_IN_TIME.get(service, ()), operations, namespace, prefix).lines()
        (HERE / "official" / f"{package}.txt").write_text(
            f"# What {package} 4 has, of the operations in use. Written by src/StandIns/official.py (botocore {botocore.__version__}): don't edit.\n"
            "# Nothing is said about the nullability of references.\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
