#!/usr/bin/env python3
"""Judges recorded traffic by the service models that botocore carries.

    python3 validate.py RECORDING.jsonl...

Requests: operation, parameters, required members, types, enums, the forms of lists, headers. Only what is refused for its form may be
invalid. Answers: status, wrapper, namespace, headers, members, required ones, types, enums, the forms of lists and maps; errors: form,
code, status. Prints one JSON object: {"botocore", "calls", "unjudged", "operations": {...}, "problems": [...]}.
Exit code 0: no problem; 1: problems; 3: this Python has no botocore.
"""
import base64
import json
import sys
import urllib.parse

try:
    import botocore
    import botocore.loaders
    import botocore.model
    import botocore.validate
except ImportError:
    print(json.dumps({"error": "no botocore"}))
    sys.exit(3)

from model_errors import OF_THE_FORM, code_of
from model_requests import header, json_params, query_params, s3_params
from model_responses import check_response
from model_rest import path_labels, rest_params
from model_scalars import Problem

# By the name in the signature.
SERVICES = {"ec2": "ec2", "elasticloadbalancing": "elb", "rds": "rds", "elasticache": "elasticache", "ssm": "ssm",
            "sts": "sts", "s3": "s3", "iam": "iam", "route53": "route53", "servicequotas": "service-quotas",
            "monitoring": "cloudwatch", "logs": "logs"}


class Validator:
    def __init__(self):
        self.loader = botocore.loaders.Loader(include_default_search_paths=True)
        self.models = {}
        self.problems = []
        self.operations = {}
        self.unjudged = 0

    def model(self, service):
        if service not in self.models:
            model = self.loader.load_service_model(service, "service-2")
            # CloudWatch's model names CBOR first; who is recorded here speaks what it spoke before, and goes on to accept.
            if "query" in model["metadata"].get("protocols", []):
                model["metadata"]["protocol"] = "query"
            self.models[service] = botocore.model.ServiceModel(model, service_name=service)
        return self.models[service]

    def judge(self, call, where):
        service = SERVICES.get(call["scope"])
        if service is None:
            if call["status"] < 400:
                self.problems.append(f"{where}: answered {call['status']}, though the signature is for {call['scope']}")
            return
        # What botocore sent by another protocol than this, CBOR or JSON, it has read itself.
        if service == "cloudwatch" and any(header(call["requestHeaders"], name) is not None for name in ("smithy-protocol", "x-amz-target")):
            self.unjudged += 1
            return
        # A client that went away may have sent a part only.
        if not call["responseComplete"] and not call["responseBody"]:
            self.unjudged += 1
            return
        model = self.model(service)
        body = base64.b64decode(call["requestBody"])
        try:
            operation, read = find(model, call, body)
        except Problem as problem:
            if not refused_for_its_form(model, call):
                self.problems.append(f"{where}: {service}: answered {call['status']}, but {problem}")
            return
        name = f"{service}.{operation.name}"
        self.operations[name] = self.operations.get(name, 0) + 1
        # Of what is too long, the recording has the beginning; only the content of an object may be so long.
        readable = call["requestComplete"] or operation.has_streaming_input
        if readable and not refused_for_its_form(model, call):
            self.attempt(f"{where}: {name}: an invalid request, answered {call['status']}", lambda: check_request(operation, read))
        if call["responseComplete"]:
            self.attempt(f"{where}: {name}: answered {call['status']} wrongly", lambda: check_response(model, operation, call))
        self.unjudged += not (readable and call["responseComplete"])

    def attempt(self, what, check):
        try:
            check()
        except Problem as problem:
            self.problems.append(f"{what}: {problem}")
        except Exception as exception:  # botocore's parsers raise many kinds
            self.problems.append(f"{what}: {type(exception).__name__}: {exception}")


def refused_for_its_form(model, call):
    if call["status"] < 400:
        return False
    if call["method"] == "HEAD":
        return call["status"] in (400, 403, 405)
    try:
        return code_of(model, base64.b64decode(call["responseBody"])) in OF_THE_FORM
    except Exception:  # the answer's own judgement says it
        return False


def find(model, call, body):
    """The operation of a request, and a function that reads its parameters."""
    protocol = model.metadata["protocol"]
    if model.service_name == "s3":
        operation = route(model, call)
        return operation, lambda: s3_params(operation, call, body)
    if protocol == "rest-xml":
        operation = route_by_path(model, call)
        return operation, lambda: rest_params(operation, call, body)
    path, _, query = call["path"].partition("?")
    if path != "/":
        raise Problem(f"the path is {path}")
    if protocol == "json":
        target = header(call["requestHeaders"], "x-amz-target") or ""
        prefix, _, name = target.partition(".")
        if prefix != model.metadata["targetPrefix"] or call["method"] != "POST":
            raise Problem(f"it is {call['method']}, and X-Amz-Target is {target!r}")
        operation = operation_of(model, name)
        return operation, lambda: json_params(call, body, operation.input_shape, model.metadata["jsonVersion"])
    pairs = urllib.parse.parse_qsl(body.decode() or query, keep_blank_values=True, strict_parsing=True)
    values = {name: value for name, value in pairs if not name.startswith("X-Amz-")}
    if len(dict(pairs)) != len(pairs):
        raise Problem("a parameter was sent twice")
    operation = operation_of(model, values.pop("Action", None))
    version = values.pop("Version", None)
    if version != model.api_version:
        raise Problem(f"the Version is {version}, not the model's")
    return operation, lambda: query_params(call, values, operation.input_shape, protocol)


def operation_of(model, name):
    if name not in model.operation_names:
        raise Problem(f"there is no operation {name}")
    return model.operation_model(name)


def route_by_path(model, call):
    """The operation of a REST service other than S3: method and path say which."""
    for name in model.operation_names:
        if path_labels(model.operation_model(name), call) is not None:
            return model.operation_model(name)
    raise Problem(f"no operation fits {call['method']} {call['path']}")


routes = []  # of S3, whose paths don't tell its operations apart


def route(model, call):
    """The S3 operation: the one whose path and constants of the query fit best."""
    path, _, query = call["path"].partition("?")
    sent = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    parts = [part for part in path.lstrip("/").partition("/")[::2] if part]
    if not routes:
        routes.extend(Route(model.operation_model(name)) for name in model.operation_names)
    scores = [(one.score(call, sent, len(parts)), one.operation) for one in routes]
    best, operation = max(scores, key=lambda pair: pair[0])
    if best == -2:
        raise Problem(f"no operation fits {call['method']} {path}")
    return operation


class Route:
    def __init__(self, operation):
        self.operation = operation
        template, _, constants = operation.http["requestUri"].partition("?")
        wanted = [part for part in template.lstrip("/").split("/") if part]
        self.depth = len(wanted) if all(part[0] == "{" for part in wanted) else -1
        self.constants = dict(urllib.parse.parse_qsl(constants, keep_blank_values=True))
        shape = operation.input_shape
        members = [shape.members[name] for name in shape.required_members] if shape else []
        self.needed = [member.serialization for member in members if member.serialization.get("location") in ("querystring", "header")]

    def score(self, call, sent, depth):
        """How well a request fits: -2 not at all."""
        if self.operation.http["method"] != call["method"] or self.depth != depth:
            return -2
        if any(key not in sent or (value and sent[key] != value) for key, value in self.constants.items()):
            return -2
        for wire in self.needed:
            if wire["name"] not in sent if wire["location"] == "querystring" else header(call["requestHeaders"], wire["name"]) is None:
                return -2
        # Two operations have deprecated namesakes at the same place.
        return 10 * len(self.constants) + 2 * len(self.needed) - self.operation.deprecated


def check_request(operation, read):
    params = read()
    if operation.input_shape is None:
        if params:
            raise Problem(f"the operation has no parameters, but {sorted(params)} were sent")
        return
    report = botocore.validate.ParamValidator().validate(params, operation.input_shape)
    if report.has_errors():
        raise Problem(report.generate_report())


def main(paths):
    validator, calls = Validator(), 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith("\n"):
                    break  # still being written
                calls += 1
                validator.judge(json.loads(line), f"{path}:{number}")
    print(json.dumps({"botocore": botocore.__version__, "calls": calls, "unjudged": validator.unjudged,
                      "operations": dict(sorted(validator.operations.items())), "problems": validator.problems}, indent=1))
    return 1 if validator.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
