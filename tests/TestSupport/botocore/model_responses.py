"""Judges answers by botocore's shapes, and by its parsers."""
import base64
import json
import xml.etree.ElementTree as ElementTree

import botocore.awsrequest
import botocore.parsers

from model_errors import check_error, code_of, namespaces_of
from model_json import check_json
from model_requests import S3_NAMESPACE, header, located, media_type
from model_scalars import Problem
from model_xml import local, namespace_of, one_namespace, xml_structure

# The headers that S3 gives with every answer.
S3_HEADERS = {"x-amz-request-id", "x-amz-id-2"}

# What S3 calls the root of an answer; the model knows it only where the answer is one member.
S3_ROOTS = {"ListBuckets": "ListAllMyBucketsResult", "ListObjects": "ListBucketResult", "ListObjectsV2": "ListBucketResult",
            "ListObjectVersions": "ListVersionsResult", "GetBucketTagging": "Tagging", "GetObjectTagging": "Tagging",
            "GetBucketVersioning": "VersioningConfiguration", "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
            "DeleteObjects": "DeleteResult", "CreateMultipartUpload": "InitiateMultipartUploadResult",
            "CompleteMultipartUpload": "CompleteMultipartUploadResult", "ListParts": "ListPartsResult",
            "ListMultipartUploads": "ListMultipartUploadsResult", "GetBucketLocation": "LocationConstraint"}

parsers = {}  # by protocol


def check_response(model, operation, call):
    protocol, status = model.metadata["protocol"], call["status"]
    body = base64.b64decode(call["responseBody"])
    streams = operation.has_streaming_output and status < 300
    if status >= 400:
        check_error(model, operation, call, body)
    elif status == 304:
        if header(call["requestHeaders"], "If-None-Match") is None and header(call["requestHeaders"], "If-Modified-Since") is None:
            raise Problem("not modified, though nobody asked under a condition")
    elif model.service_name == "s3":
        check_s3(operation, call, None if streams else body)
    elif protocol == "rest-xml":
        check_rest_answer(operation, call, body, model)
    elif status != 200:
        raise Problem(f"the status is {status}, not 200")
    elif protocol == "json":
        check_json_answer(operation, call, body, model.metadata["jsonVersion"])
    else:
        check_xml_answer(operation, protocol, call, body, model)
    parsed = parse(protocol, operation, call, b"" if streams else body)
    if status >= 400 and call["method"] != "HEAD" and parsed["Error"]["Code"] != code_of(model, body):
        raise Problem(f"botocore reads the error {parsed['Error']['Code']!r} there")


def parse(protocol, operation, call, body):
    """What botocore's own parser makes of it."""
    headers = botocore.awsrequest.HeadersDict()
    for key, value in call["responseHeaders"].items():
        headers[key] = value
    if protocol not in parsers:
        parsers[protocol] = botocore.parsers.create_parser(protocol)
    return parsers[protocol].parse({"status_code": call["status"], "headers": headers, "body": body}, operation.output_shape)


def check_json_answer(operation, call, body, version):
    media_type(call["responseHeaders"], f"application/x-amz-json-{version}")
    if operation.output_shape is None:
        if body not in (b"", b"{}"):
            raise Problem("the operation answers nothing, but there is a body")
        return
    check_json(json.loads(body), operation.output_shape, operation.name, required=True)


def check_xml_answer(operation, protocol, call, body, model):
    media_type(call["responseHeaders"], "text/xml")
    shape, root = operation.output_shape, ElementTree.fromstring(body)
    if local(root) != f"{operation.name}Response":
        raise Problem(f"the root is {local(root)}")
    namespace = namespace_of(root)
    if namespace.rstrip("/") != model.metadata["xmlNamespace"].rstrip("/"):
        raise Problem(f"the namespace is {namespace!r}")
    one_namespace(root)
    if protocol == "ec2":
        if not root.findtext(f"{{{namespace}}}requestId"):
            raise Problem("requestId is missing")
        if shape is None and root.findtext(f"{{{namespace}}}return") != "true":
            raise Problem("the operation answers nothing, but does not say that it has succeeded")
        skip = {"requestId"} | (set() if shape else {"return"})
        xml_structure(root, shape, operation.name, protocol, skip, required=True)
        return
    if not root.findtext(f"{{{namespace}}}ResponseMetadata/{{{namespace}}}RequestId"):
        raise Problem("ResponseMetadata/RequestId is missing")
    wrapper = shape.serialization.get("resultWrapper") if shape else None
    expected = sorted(["ResponseMetadata"] + ([wrapper] if wrapper else []))
    names = sorted(local(child) for child in root)
    if names != expected:
        raise Problem(f"the root holds {names} instead of {expected}")
    if wrapper:
        xml_structure(next(child for child in root if local(child) == wrapper), shape, operation.name, protocol, required=True)


def check_rest_answer(operation, call, body, model):
    """A service of REST and XML other than S3: one document, whose root is named for the operation."""
    wanted = operation.http.get("responseCode", 200)
    if call["status"] != wanted:
        raise Problem(f"the status is {call['status']}, not {wanted}")
    media_type(call["responseHeaders"], "text/xml", "application/xml")
    root, shape = ElementTree.fromstring(body), operation.output_shape
    if local(root) != f"{operation.name}Response":
        raise Problem(f"the root is {local(root)}")
    if namespace_of(root).rstrip("/") not in namespaces_of(model):
        raise Problem(f"the namespace of {root.tag} is not the service's")
    one_namespace(root)
    xml_structure(root, shape, operation.name, "rest-xml", required=True)
    for name, member in (shape.members if shape else {}).items():
        if member.serialization.get("location") != "header":
            continue
        text = header(call["responseHeaders"], member.serialization.get("name", name))
        if text is not None:
            located(text, member, f"the header of {name}", "rfc822")
        elif name in shape.required_members:
            raise Problem(f"{operation.name} lacks {name}")


# --- S3 ---------------------------------------------------------------------------------------------------------------

def check_s3(operation, call, body):
    """Status, headers and document. The body is None where it is an object's content."""
    shape = operation.output_shape
    statuses = {operation.http.get("responseCode", 200)} | ({206} if header(call["requestHeaders"], "Range") else set())
    if call["status"] not in statuses:
        raise Problem(f"the status is {call['status']}, not {statuses}")
    check_s3_headers(operation, shape, call["responseHeaders"])
    if body is None:
        return
    payload = shape.serialization.get("payload") if shape else None
    target = shape.members[payload] if payload else shape
    if payload and target.type_name != "structure":
        return  # a text of any form
    documented = target and (payload or operation.name in S3_ROOTS)
    if not body:
        if documented and call["method"] != "HEAD":
            raise Problem("the body is missing")
        return
    if not documented:
        raise Problem("there is a body, though the answer is in the headers alone")
    media_type(call["responseHeaders"], "application/xml", "text/xml")
    root = ElementTree.fromstring(body)
    wanted = S3_ROOTS.get(operation.name) or target.serialization.get("name", payload)
    if local(root) != wanted or namespace_of(root) != S3_NAMESPACE:
        raise Problem(f"the root is {root.tag}, not {wanted} of {S3_NAMESPACE}")
    one_namespace(root)
    if operation.name != "GetBucketLocation":  # its one member is the root itself
        xml_structure(root, target, wanted, "rest-xml", required=True)
    elif root.text:
        located(root.text, target.members["LocationConstraint"], wanted, "iso8601")


def check_s3_headers(operation, shape, headers):
    known, prefixes = set(S3_HEADERS), ()
    for name, member in (shape.members if shape else {}).items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if location == "headers":
            prefixes += (wire.lower(),)
        if location != "header":
            continue
        known.add(wire.lower())
        text = header(headers, wire)
        if text is not None:
            located(text, member, f"the header {wire}", "rfc822")
        elif name in shape.required_members:
            raise Problem(f"the header {wire} is missing")
    for key in (key.lower() for key in headers):
        if key.startswith("x-amz-") and key not in known and not key.startswith(prefixes):
            raise Problem(f"{operation.name} answers no header {key}")
    missing = sorted(S3_HEADERS - {key.lower() for key in headers})
    if missing:
        raise Problem(f"the header {missing[0]} is missing")
