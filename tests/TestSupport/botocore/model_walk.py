"""Walks requests and responses along botocore's shapes."""
import datetime
import xml.etree.ElementTree as ElementTree


class Problem(Exception):
    """What is wrong with a request or a response."""


def scalar(text, shape, path):
    """A value of the shape's type from its text."""
    kind = shape.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "boolean":
            if text.lower() not in ("true", "false"):
                raise ValueError(text)
            return text.lower() == "true"
        if kind == "timestamp":
            return timestamp(text)
    except ValueError:
        raise Problem(f"{path} is no {kind}: {text!r}") from None
    if kind == "blob":
        return text.encode()
    if kind != "string":
        raise Problem(f"{path} is a {kind}, but a text stands there")
    enum = getattr(shape, "enum", None)
    if enum and text not in enum and text != "":
        raise Problem(f"{path} is {text!r}, which is none of {enum}")
    return text


def timestamp(text):
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S GMT"):
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc)
        except ValueError:
            continue
    return datetime.datetime.fromtimestamp(float(text), datetime.timezone.utc)


# --- requests ---------------------------------------------------------------------------------------------------------

def params_from_query(values, shape, protocol):
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
    if sorted(tree, key=int) != [str(number) for number in range(1, len(tree) + 1)]:
        raise Problem(f"{path} is not numbered from 1: {sorted(tree)}")
    return [value_from_tree(tree[number], shape.member, protocol, f"{path}[{number}]") for number in sorted(tree, key=int)]


def params_from_json(value, shape):
    """JSON's own types are what the parameter validator wants, but for timestamps."""
    check_json(value, shape, shape.name)
    return with_times(value, shape)


def with_times(value, shape):
    if shape.type_name == "structure":
        return {name: with_times(child, shape.members[name]) for name, child in value.items() if child is not None}
    if shape.type_name == "list":
        return [with_times(child, shape.member) for child in value]
    if shape.type_name == "map":
        return {key: with_times(child, shape.value) for key, child in value.items()}
    return timestamp(str(value)) if shape.type_name == "timestamp" else value


def params_from_xml(element, shape):
    return xml_value(element, shape, local(element), "rest-xml", collect=True)


# --- responses --------------------------------------------------------------------------------------------------------

JSON_TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "blob": str, "integer": int, "long": int,
              "boolean": bool, "float": (int, float), "double": (int, float), "timestamp": (int, float)}


def check_json(value, shape, path):
    if shape is None:
        return
    expected = JSON_TYPES[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean"):
        raise Problem(f"{path} is no {shape.type_name}: {type(value).__name__}")
    if shape.type_name == "structure":
        for name, child in value.items():
            if name not in shape.members:
                raise Problem(f"{path} has an unknown member {name}")
            if child is not None:
                check_json(child, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for child in value:
            check_json(child, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for key, child in value.items():
            check_json(child, shape.value, f"{path}.{key}")
    elif shape.type_name == "string":
        scalar(value, shape, path)


def local(element):
    return element.tag.rpartition("}")[2]


def check_xml(operation, protocol, body, model):
    shape = operation.output_shape
    if protocol == "rest-xml" and model.service_name == "s3":
        check_s3(shape, body)
        return
    root = ElementTree.fromstring(body)
    if protocol == "rest-xml":
        check_rest(operation, root, model)
        return
    if local(root) != f"{operation.name}Response":
        raise Problem(f"the root is {local(root)}")
    namespace = root.tag.partition("}")[0].lstrip("{")
    if namespace.rstrip("/") != model.metadata["xmlNamespace"].rstrip("/"):
        raise Problem(f"the namespace is {namespace!r}")
    if protocol == "ec2":
        if root.findtext(f"{{{namespace}}}requestId") is None:
            raise Problem("requestId is missing")
        skip = {"requestId"} | (set() if shape else {"return"})
        xml_structure(root, shape, operation.name, protocol, skip)
        return
    if root.findtext(f"{{{namespace}}}ResponseMetadata/{{{namespace}}}RequestId") is None:
        raise Problem("ResponseMetadata/RequestId is missing")
    wrapper = shape.serialization.get("resultWrapper") if shape else None
    expected = {"ResponseMetadata"} | ({wrapper} if wrapper else set())
    names = {local(child) for child in root}
    if names != expected:
        raise Problem(f"the root holds {sorted(names)} instead of {sorted(expected)}")
    if wrapper:
        xml_structure(next(child for child in root if local(child) == wrapper), shape, operation.name, protocol, set())


def check_rest(operation, root, model):
    if local(root) != f"{operation.name}Response":
        raise Problem(f"the root is {local(root)}")
    namespaces = {shape.serialization["xmlNamespace"]["uri"] for name in model.operation_names
                  if (shape := model.operation_model(name).input_shape) and "xmlNamespace" in shape.serialization}
    if root.tag.partition("}")[0].lstrip("{") not in namespaces:
        raise Problem(f"the namespace of {root.tag} is not the service's")
    found = xml_structure(root, operation.output_shape, operation.name, "rest-xml", set())
    in_header = {name for name, member in operation.output_shape.members.items() if member.serialization.get("location") == "header"}
    missing = set(operation.output_shape.required_members) - set(found) - in_header
    if missing:
        raise Problem(f"{operation.name} lacks {sorted(missing)}")


def check_s3(shape, body):
    if shape is None or not body:
        return
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name != "structure":
        return  # an object's content
    root = ElementTree.fromstring(body)
    if local(root) == "LocationConstraint":
        return
    target = shape.members[payload] if payload else shape
    xml_structure(root, target, local(root), "rest-xml", set())


def xml_structure(element, shape, path, protocol, skip, collect=False):
    known = {}
    for name, member in (shape.members if shape else {}).items():
        if "location" in member.serialization and member.serialization["location"] != "statusCode":
            continue
        if member.type_name == "list" and is_flattened(member, protocol):
            wire = member.serialization.get("name") or member.member.serialization.get("name", name)
        else:
            wire = member.serialization.get("name", name)
        known[wire] = (name, member)
    result, repeated = {}, {}
    for child in element:
        wire = local(child)
        if wire in skip:
            continue
        if wire not in known:
            raise Problem(f"{path} has an unknown element {wire}")
        repeated.setdefault(wire, []).append(child)
    for wire, children in repeated.items():
        name, member = known[wire]
        if member.type_name == "list" and is_flattened(member, protocol):
            result[name] = [xml_value(child, member.member, f"{path}.{name}", protocol, collect) for child in children]
        elif len(children) > 1:
            raise Problem(f"{path} has {len(children)} elements {wire}")
        else:
            result[name] = xml_value(children[0], member, f"{path}.{name}", protocol, collect)
    return result


def is_flattened(member, protocol):
    return protocol != "ec2" and bool(member.serialization.get("flattened"))


def xml_value(element, shape, path, protocol, collect=False):
    if shape.type_name == "structure":
        return xml_structure(element, shape, path, protocol, set(), collect)
    if shape.type_name == "list":
        expected = shape.member.serialization.get("name", "item" if protocol == "ec2" else "member")
        for child in element:
            if local(child) != expected:
                raise Problem(f"the list {path} holds {local(child)} instead of {expected}")
        return [xml_value(child, shape.member, f"{path}[]", protocol, collect) for child in element]
    if len(element):
        raise Problem(f"{path} is a {shape.type_name}, but has elements")
    return scalar(element.text or "", shape, path)
