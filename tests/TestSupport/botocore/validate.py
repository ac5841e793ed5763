#!/usr/bin/env python3
"""Judges recorded traffic by the service models that botocore carries.

    python3 validate.py RECORDING.jsonl...

What LocalCloud accepted must be a valid request; every answer must be what the official parser expects, with nothing
unknown in it. Prints one JSON object: {"botocore", "calls", "operations": {...}, "problems": [...]}.
Exit code 0: no problem; 1: problems; 3: this Python has no botocore.
"""
import base64
import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

try:
    import botocore
    import botocore.awsrequest
    import botocore.loaders
    import botocore.model
    import botocore.parsers
    import botocore.validate
except ImportError:
    print(json.dumps({"error": "no botocore"}))
    sys.exit(3)

from model_walk import (Problem, check_json, check_xml, local, params_from_json, params_from_query, params_from_xml, scalar)

SERVICES = {"ec2": "ec2", "elasticloadbalancing": "elb", "rds": "rds", "elasticache": "elasticache", "ssm": "ssm",
            "sts": "sts", "s3": "s3", "iam": "iam", "route53": "route53", "servicequotas": "service-quotas"}

# Errors that any operation may answer with: no model lists them.
COMMON_ERRORS = set("""
    AccessDenied AccessDeniedException AuthFailure ExpiredToken ExpiredTokenException IncompleteSignature
    IncompleteSignatureException InternalError InternalFailure InternalServerError InvalidAction InvalidClientTokenId
    InvalidParameterCombination InvalidParameterValue InvalidSignatureException MalformedInput MissingAction
    MissingAuthenticationToken MissingAuthenticationTokenException MissingParameter NotAuthorized RequestExpired
    RequestLimitExceeded SerializationException ServiceUnavailable SignatureDoesNotMatch SlowDown Throttling
    ThrottlingException UnknownOperationException UnrecognizedClientException ValidationError ValidationException
    RequestEntityTooLarge""".split())

# EC2 and S3 have hundreds of codes that their models don't list.
WITHOUT_ERROR_LISTS = ("ec2", "rest-xml")


class Validator:
    def __init__(self):
        self.loader = botocore.loaders.Loader(include_default_search_paths=True)
        self.models = {}
        self.problems = []
        self.operations = {}

    def model(self, service):
        if service not in self.models:
            self.models[service] = botocore.model.ServiceModel(
                self.loader.load_service_model(service, "service-2"), service_name=service)
        return self.models[service]

    def judge(self, call, where):
        service = SERVICES.get(call["scope"])
        if service is None or not call["requestComplete"] or not call["responseComplete"]:
            return
        model = self.model(service)
        request_body = base64.b64decode(call["requestBody"])
        accepted = call["status"] < 400
        try:
            operation, read = find(model, call, request_body)
        except Problem as problem:
            if accepted:
                self.problems.append(f"{where}: {service}: accepted, but {problem}")
            return
        name = f"{service}.{operation.name}"
        self.operations[name] = self.operations.get(name, 0) + 1
        if accepted:
            self.attempt(f"{where}: {name}: accepted an invalid request", lambda: check_request(operation, read))
        self.attempt(f"{where}: {name}: answered {call['status']} wrongly", lambda: check_response(model, operation, call))

    def attempt(self, what, check):
        try:
            check()
        except Problem as problem:
            self.problems.append(f"{what}: {problem}")
        except Exception as exception:  # botocore's parsers raise many kinds
            self.problems.append(f"{what}: {type(exception).__name__}: {exception}")


def find(model, call, body):
    """The operation of a request, and a function that reads its parameters."""
    protocol = model.metadata["protocol"]
    if protocol == "json":
        target = header(call, "x-amz-target")
        prefix, _, name = target.partition(".")
        if prefix != model.metadata["targetPrefix"]:
            raise Problem(f"X-Amz-Target is {target}")
        operation = operation_of(model, name)
        return operation, lambda: params_from_json(json.loads(body or b"{}"), operation.input_shape)
    if protocol in ("query", "ec2"):
        text = body.decode() or call["path"].partition("?")[2]
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        values = dict(pairs)
        if len(values) != len(pairs):
            raise Problem("a parameter was sent twice")
        operation = operation_of(model, values.pop("Action", None))
        if values.pop("Version", None) != model.api_version:
            raise Problem("the Version is not the model's")
        return operation, lambda: params_from_query(values, operation.input_shape, protocol)
    if model.service_name == "s3":
        operation = route(model, call)
        return operation, lambda: s3_params(operation, call, body)
    operation, labels = route_by_path(model, call)
    return operation, lambda: rest_params(operation, labels, call, body)


def operation_of(model, name):
    if name not in model.operation_names:
        raise Problem(f"there is no operation {name}")
    return model.operation_model(name)


def route(model, call):
    """The S3 operation: the one whose path and constants of the query fit best."""
    path, _, query = call["path"].partition("?")
    sent = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    parts = [part for part in path.lstrip("/").partition("/")[::2] if part]
    best, fit = None, -2
    for name in model.operation_names:
        operation = model.operation_model(name)
        template, _, constants = operation.http["requestUri"].partition("?")
        wanted = [part for part in template.lstrip("/").split("/") if part]
        if operation.http["method"] != call["method"] or len(wanted) != len(parts) or not all(part[0] == "{" for part in wanted):
            continue
        required = dict(urllib.parse.parse_qsl(constants, keep_blank_values=True))
        if any(key not in sent or (value and sent[key] != value) for key, value in required.items()):
            continue
        shape = operation.input_shape
        members = shape.members if shape else {}
        names = [members[member] for member in (shape.required_members if shape else [])]
        needed = [m for m in names if m.serialization.get("location") in ("querystring", "header")]
        if any(not present(m, call, sent) for m in needed):
            continue
        # Two operations have deprecated namesakes at the same place.
        score = 10 * len(required) + 2 * len(needed) - operation.deprecated
        if score > fit:
            best, fit = operation, score
    if best is None:
        raise Problem(f"no operation fits {call['method']} {path}")
    return best


def route_by_path(model, call):
    """The operation of a REST service other than S3, with what stands in the path: method and path say which."""
    sent = call["path"].partition("?")[0].strip("/").split("/")
    for name in model.operation_names:
        operation = model.operation_model(name)
        pattern = operation.http["requestUri"].partition("?")[0].strip("/").split("/")
        if operation.http["method"] != call["method"] or len(pattern) != len(sent):
            continue
        if all(part[0] == "{" or part == text for part, text in zip(pattern, sent)):
            return operation, {part.strip("{}"): urllib.parse.unquote(text) for part, text in zip(pattern, sent) if part[0] == "{"}
    raise Problem(f"no operation fits {call['method']} {call['path']}")


def rest_params(operation, labels, call, body):
    sent = dict(urllib.parse.parse_qsl(call["path"].partition("?")[2], keep_blank_values=True))
    shape = operation.input_shape
    members = shape.members if shape else {}
    unknown = set(sent) - {m.serialization.get("name") for m in members.values() if m.serialization.get("location") == "querystring"}
    if unknown:
        raise Problem(f"the query has unknown parameters {sorted(unknown)}")
    params = {}
    for name, member in members.items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        text = {"uri": labels.get(wire), "querystring": sent.get(wire), "header": header(call, wire)}.get(location) if location else None
        if text is not None:
            params[name] = scalar(text, member, name)
    root_name = shape.serialization.get("name") if shape else None
    if not root_name:
        if body:
            raise Problem("a body was sent, and the operation has none")
        return params
    root = ElementTree.fromstring(body)
    namespace = shape.serialization.get("xmlNamespace", {}).get("uri", "")
    if root.tag != f"{{{namespace}}}{root_name}":
        raise Problem(f"the body's root is {root.tag}")
    in_order(root, shape, root_name)
    return params | params_from_xml(root, shape)


def in_order(element, shape, path):
    """The schemas of XML services are sequences: an element at the wrong place is refused."""
    if shape.type_name == "list":
        for child in element:
            in_order(child, shape.member, path)
    if shape.type_name != "structure":
        return
    order = [m.serialization.get("name", name) for name, m in shape.members.items()]
    found = [local(child) for child in element]
    if [name for name in order if name in found] != found:
        raise Problem(f"{path} has its elements in the order {found}, which is not the model's")
    for child in element:
        for name, member in shape.members.items():
            if member.serialization.get("name", name) == local(child):
                in_order(child, member, f"{path}.{name}")


def present(member, call, sent):
    name = member.serialization["name"]
    return name in sent if member.serialization["location"] == "querystring" else header(call, name) is not None


def header(call, name):
    for key, value in call["requestHeaders"].items():
        if key.lower() == name.lower():
            return value
    return None


def s3_params(operation, call, body):
    path, _, query = call["path"].partition("?")
    sent = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    parts = [urllib.parse.unquote(part) for part in path.lstrip("/").partition("/")[::2]]
    shape, params = operation.input_shape, {}
    for name, member in (shape.members if shape else {}).items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        text = None
        if location == "uri":
            text = parts[0] if wire == "Bucket" else parts[1]
        elif location == "querystring":
            text = sent.get(wire)
        elif location == "header":
            text = header(call, wire)
        elif location == "headers":
            entries = {k[len(wire):]: v for k, v in call["requestHeaders"].items() if k.lower().startswith(wire.lower())}
            if entries:
                params[name] = entries
        if text is not None:
            params[name] = params_from_xml_text(text, member)
    payload = shape.serialization.get("payload") if shape else None
    if payload and shape.members[payload].type_name == "structure" and body:
        params[payload] = params_from_xml(ElementTree.fromstring(decoded(call, body)), shape.members[payload])
    return params


def params_from_xml_text(text, member):
    return text.split(",") if member.type_name == "list" else scalar(text, member, member.name)


def decoded(call, body):
    """The body without the frames of a streamed upload."""
    if not (header(call, "x-amz-content-sha256") or "").startswith("STREAMING-"):
        return body
    result = b""
    while body:
        line, _, body = body.partition(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            return result
        result, body = result + body[:size], body[size + 2:]
    return result


def check_request(operation, read):
    params = read()
    if operation.input_shape is None:
        if params:
            raise Problem(f"the operation has no parameters, but {sorted(params)} were sent")
        return
    report = botocore.validate.ParamValidator().validate(params, operation.input_shape)
    if report.has_errors():
        raise Problem(report.generate_report())


def check_response(model, operation, call):
    protocol = model.metadata["protocol"]
    body = base64.b64decode(call["responseBody"])
    headers = botocore.awsrequest.HeadersDict()
    for key, value in call["responseHeaders"].items():
        headers[key] = value
    parser = botocore.parsers.create_parser(protocol)
    if operation.has_streaming_output and call["status"] < 300:
        body = b""  # an object's content, which the parser would hand through as a stream
    parsed = parser.parse({"status_code": call["status"], "headers": headers, "body": body}, operation.output_shape)
    if call["status"] >= 400:
        check_error(model, operation, call, parsed, protocol)
    elif call["status"] >= 300:
        if call["status"] != 304:
            raise Problem("a redirection")
    elif protocol == "json":
        check_json(json.loads(body), operation.output_shape, operation.name)
    else:
        check_xml(operation, protocol, body, model)


def check_error(model, operation, call, parsed, protocol):
    code = parsed["Error"]["Code"]
    if not code:
        raise Problem("an error without a code")
    if call["method"] == "HEAD":
        return
    if not parsed["Error"].get("Message") and protocol != "json":
        raise Problem(f"the error {code} has no message")
    if not parsed["ResponseMetadata"].get("RequestId") and protocol != "rest-xml":
        raise Problem(f"the error {code} has no request id")
    if protocol in WITHOUT_ERROR_LISTS or not operation.error_shapes:
        return
    known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in operation.error_shapes}
    if code not in known | COMMON_ERRORS:
        raise Problem(f"the error {code} is none of {operation.name}'s: {sorted(known)}")


def main(paths):
    validator, calls = Validator(), 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith("\n"):
                    break  # still being written
                calls += 1
                validator.judge(json.loads(line), f"{path}:{number}")
    print(json.dumps({"botocore": botocore.__version__, "calls": calls, "operations": dict(sorted(validator.operations.items())),
                      "problems": validator.problems}, indent=1))
    return 1 if validator.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
