"""Values as they stand on the wire, read by botocore's shapes, without the tolerance that SDKs have."""
import base64
import binascii
import datetime
import re


class Problem(Exception):
    """What is wrong with a request or a response."""


INTEGER = re.compile(r"-?\d{1,19}")
FLOAT = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
ISO8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
BITS = {"integer": 31, "long": 63}


def scalar(text, shape, path, times="iso8601"):
    """A value of the shape's type from its text; `times` is how timestamps are written here, unless the shape says otherwise."""
    kind = shape.type_name
    if kind in BITS:
        return integer(text, kind, path)
    if kind in ("float", "double"):
        if not FLOAT.fullmatch(text):
            raise Problem(f"{path} is no {kind}: {text!r}")
        return float(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise Problem(f"{path} is no boolean: {text!r}")
        return text == "true"
    if kind == "timestamp":
        return timestamp(text, shape.serialization.get("timestampFormat", times), path)
    if kind == "blob":
        return blob(text, path)
    if kind != "string":
        raise Problem(f"{path} is a {kind}, but a text stands there")
    enum = getattr(shape, "enum", None)
    if enum and text not in enum:
        raise Problem(f"{path} is {text!r}, which is none of {enum}")
    return text


def integer(text, kind, path):
    if not INTEGER.fullmatch(text) or not -(1 << BITS[kind]) <= int(text) < (1 << BITS[kind]):
        raise Problem(f"{path} is no {kind}: {text!r}")
    return int(text)


def timestamp(text, form, path):
    try:
        if form == "iso8601" and ISO8601.fullmatch(text):
            return datetime.datetime.strptime(text[:19] + "Z", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
        if form == "rfc822":
            return datetime.datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)
        if form == "unixTimestamp" and FLOAT.fullmatch(text):
            return datetime.datetime.fromtimestamp(float(text), datetime.timezone.utc)
    except ValueError:
        pass
    raise Problem(f"{path} is no timestamp in the form {form}: {text!r}")


def blob(text, path):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(f"{path} is no base64") from None
