"""Reads requests of services of REST and XML other than S3, as botocore's shapes say."""
import urllib.parse
import xml.etree.ElementTree as ElementTree

from model_requests import header, located
from model_scalars import Problem
from model_xml import local, xml_value


def path_labels(operation, call):
    """What stands in the path's places, if it is the operation's path; None if not."""
    sent = call["path"].partition("?")[0].strip("/").split("/")
    pattern = operation.http["requestUri"].partition("?")[0].strip("/").split("/")
    if operation.http["method"] != call["method"] or len(pattern) != len(sent):
        return None
    if not all(part[0] == "{" or part == text for part, text in zip(pattern, sent)):
        return None
    return {part.strip("{}"): urllib.parse.unquote(text) for part, text in zip(pattern, sent) if part[0] == "{"}


def rest_params(operation, call, body):
    labels = path_labels(operation, call)
    sent = dict(urllib.parse.parse_qsl(call["path"].partition("?")[2], keep_blank_values=True))
    shape = operation.input_shape
    members = shape.members if shape else {}
    unknown = set(sent) - {member.serialization.get("name") for member in members.values() if member.serialization.get("location") == "querystring"}
    if unknown:
        raise Problem(f"the query has unknown parameters {sorted(unknown)}")
    params = {}
    for name, member in members.items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        text = {"uri": labels.get(wire), "querystring": sent.get(wire), "header": header(call["requestHeaders"], wire)}.get(location) if location else None
        if text is not None:
            params[name] = located(text, member, name, "rfc822" if location == "header" else "iso8601")
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
    return params | xml_value(root, shape, root_name, "rest-xml")


def in_order(element, shape, path):
    """The schemas of XML services are sequences: an element at the wrong place is refused."""
    if shape.type_name == "list":
        for child in element:
            in_order(child, shape.member, path)
    if shape.type_name != "structure":
        return
    order = [member.serialization.get("name", name) for name, member in shape.members.items()]
    found = [local(child) for child in element]
    if [name for name in order if name in found] != found:
        raise Problem(f"{path} has its elements in the order {found}, which is not the model's")
    for child in element:
        for name, member in shape.members.items():
            if member.serialization.get("name", name) == local(child):
                in_order(child, member, f"{path}.{name}")
