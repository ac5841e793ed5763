"""Reads requests as botocore's shapes say, strictly: the parameters that the client meant, or a Problem."""
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree

from model_json import check_json, with_times
from model_scalars import Problem, scalar
from model_xml import local, namespace_of, xml_value

# What S3's requests may have beside the model's members: signature, checksums of chunks, what SDKs tell of themselves.
S3_HEADERS = {"x-amz-date", "x-amz-api-version", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-user-agent", "x-amz-te"}
S3_QUERY = {"x-id"}
S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def header(headers, name):
    for key, value in headers.items():
        if key.lower() == name.lower():
            return value
    return None


def json_params(call, body, shape, version):
    media_type(call["requestHeaders"], f"application/x-amz-json-{version}")
    value = json.loads(body or b"{}")
    if shape is None:
        return value
    check_json(value, shape, shape.name)
    return with_times(value, shape)


def media_type(headers, *wanted):
    found = (header(headers, "Content-Type") or "").partition(";")[0].strip().lower()
    if found not in wanted:
        raise Problem(f"the content type is {found!r}, not {' or '.join(wanted)}")


# --- Query and EC2 ----------------------------------------------------------------------------------------------------

def query_params(call, values, shape, protocol):
    if call["method"] == "POST":
        media_type(call["requestHeaders"], "application/x-www-form-urlencoded")
    tree = {}
    for name, value in values.items():
        node = tree
        for part in name.split("."):
            node = node.setdefault(part, {})
        node[""] = value
    if shape is None:
        return dict(values)
    return structure_from_tree(tree, shape, protocol, shape.name)


def structure_from_tree(tree, shape, protocol, path):
    wire = {query_name(name, member, protocol): (name, member) for name, member in shape.members.items()}
    result = {}
    for part, child in tree.items():
        if part == "" or part not in wire:
            raise Problem(f"{path} has no member {part!r}")
        name, member = wire[part]
        result[name] = value_from_tree(child, member, protocol, f"{path}.{name}")
    return result


def query_name(name, member, protocol):
    if protocol == "ec2":
        if "queryName" in member.serialization:
            return member.serialization["queryName"]
        wire = member.serialization.get("name", name)
        return wire[0].upper() + wire[1:]
    if member.type_name == "list" and member.serialization.get("flattened"):
        return member.member.serialization.get("name") or member.serialization.get("name", name)
    return member.serialization.get("name", name)


def value_from_tree(tree, shape, protocol, path):
    if shape.type_name == "structure":
        return structure_from_tree(tree, shape, protocol, path)
    if shape.type_name != "list":
        if set(tree) != {""}:
            raise Problem(f"{path} is a {shape.type_name}, but has parts")
        return scalar(tree[""], shape, path)
    if tree == {"": ""}:
        return []
    if protocol != "ec2" and not shape.serialization.get("flattened"):
        wrapper = shape.member.serialization.get("name", "member")
        if set(tree) != {wrapper}:
            raise Problem(f"{path} is a list of {wrapper}, but has {sorted(tree)}")
        tree = tree[wrapper]
    if set(tree) != {str(number) for number in range(1, len(tree) + 1)}:
        raise Problem(f"{path} is not numbered from 1: {sorted(tree)}")
    return [value_from_tree(tree[number], shape.member, protocol, f"{path}[{number}]") for number in sorted(tree, key=int)]


# --- S3 ---------------------------------------------------------------------------------------------------------------

def s3_params(operation, call, body):
    path, _, query = call["path"].partition("?")
    sent = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    parts = [urllib.parse.unquote(part) for part in path.lstrip("/").partition("/")[::2]]
    shape = operation.input_shape
    members = shape.members if shape else {}
    s3_nothing_unknown(operation, members, call["requestHeaders"], sent)
    params = {}
    for name, member in members.items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if location == "uri":
            params[name] = parts[0] if wire == "Bucket" else parts[1]
        elif location == "querystring" and wire in sent:
            params[name] = located(sent[wire], member, name, "iso8601")
        elif location == "header" and header(call["requestHeaders"], wire) is not None:
            params[name] = located(header(call["requestHeaders"], wire), member, name, "rfc822")
        elif location == "headers":
            entries = {key[len(wire):]: value for key, value in call["requestHeaders"].items() if key.lower().startswith(wire.lower())}
            params.update({name: entries} if entries else {})
    payload = shape.serialization.get("payload") if shape else None
    if payload and shape.members[payload].type_name == "structure" and body:
        params[payload] = s3_document(decoded(call, body), payload, shape.members[payload])
    return params


def s3_document(body, name, shape):
    root = ElementTree.fromstring(body)
    wanted = shape.serialization.get("name", name)
    if local(root) != wanted or namespace_of(root) not in (S3_NAMESPACE, ""):
        raise Problem(f"the root of the body is {root.tag}, not {wanted} of {S3_NAMESPACE}")
    return xml_value(root, shape, wanted, "rest-xml")


def located(text, member, path, times):
    if member.type_name == "list":
        return [scalar(item.strip(), member.member, path, times) for item in text.split(",")]
    return scalar(text, member, path, times)


def s3_nothing_unknown(operation, members, headers, sent):
    names = {location: {member.serialization.get("name", name).lower() for name, member in members.items() if member.serialization.get("location") == location}
             for location in ("header", "headers", "querystring")}
    # Where a checksum may be sent, its header is no member.
    prefixes = (*names["headers"], *(["x-amz-checksum-"] if operation.http_checksum else []))
    for key in (key.lower() for key in headers):
        if key.startswith("x-amz-") and key not in names["header"] | S3_HEADERS and not key.startswith(prefixes):
            raise Problem(f"{operation.name} has no header {key}")
    constants = dict(urllib.parse.parse_qsl(operation.http["requestUri"].partition("?")[2], keep_blank_values=True))
    for key in sent:
        if key not in constants and key not in S3_QUERY and key.lower() not in names["querystring"] and not key.startswith("X-Amz-"):
            raise Problem(f"{operation.name} has no parameter {key}")


def decoded(call, body):
    """The body without the frames of a streamed upload."""
    if not (header(call["requestHeaders"], "x-amz-content-sha256") or "").startswith("STREAMING-"):
        return body
    result = b""
    while body:
        line, _, body = body.partition(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            return result
        result, body = result + body[:size], body[size + 2:]
    return result
