"""Walks XML along botocore's shapes."""
from model_scalars import Problem, scalar


def local(element):
    return element.tag.rpartition("}")[2]


def namespace_of(element):
    return element.tag.partition("}")[0].lstrip("{") if "}" in element.tag else ""


def one_namespace(root):
    for element in root.iter():
        if namespace_of(element) != namespace_of(root):
            raise Problem(f"{local(element)} is in the namespace {namespace_of(element)!r}, its root in {namespace_of(root)!r}")


def xml_structure(element, shape, path, protocol, skip=(), required=False):
    """The members of a structure by their names. Those that stand in headers are not looked for here."""
    no_text(element, path)
    known = {wire_name(name, member, protocol): (name, member)
             for name, member in (shape.members if shape else {}).items() if member.serialization.get("location") in (None, "statusCode")}
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
        if member.type_name in ("list", "map") and is_flattened(member, protocol):
            result[name] = flattened(children, member, f"{path}.{name}", protocol, required)
        elif len(children) > 1:
            raise Problem(f"{path} has {len(children)} elements {wire}")
        else:
            result[name] = xml_value(children[0], member, f"{path}.{name}", protocol, required)
    if required and shape:
        # Flattened, a list or map without entries is not there at all; attributes are no elements.
        missing = [name for name, member in known.values() if name in shape.required_members and name not in result
                   and not is_flattened(member, protocol) and not member.serialization.get("xmlAttribute")]
        if missing:
            raise Problem(f"{path} lacks {', '.join(missing)}")
    return result


def wire_name(name, member, protocol):
    if member.type_name == "list" and is_flattened(member, protocol):
        return member.serialization.get("name") or member.member.serialization.get("name", name)
    return member.serialization.get("name", name)


def is_flattened(member, protocol):
    return protocol != "ec2" and bool(member.serialization.get("flattened"))


def flattened(children, member, path, protocol, required):
    if member.type_name == "list":
        return [xml_value(child, member.member, f"{path}[]", protocol, required) for child in children]
    return dict(entry(child, member, path, protocol, required) for child in children)


def entry(element, shape, path, protocol, required):
    key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    if sorted(local(child) for child in element) != sorted((key, value)):
        raise Problem(f"an entry of the map {path} holds {[local(child) for child in element]} instead of {key} and {value}")
    found = {local(child): child for child in element}
    return (xml_value(found[key], shape.key, f"{path}'s key", protocol, required),
            xml_value(found[value], shape.value, f"{path}'s value", protocol, required))


def xml_value(element, shape, path, protocol, required=False):
    if shape.type_name == "structure":
        return xml_structure(element, shape, path, protocol, required=required)
    if shape.type_name in ("list", "map"):
        no_text(element, path)
        wanted = shape.member.serialization.get("name", "item" if protocol == "ec2" else "member") if shape.type_name == "list" else "entry"
        for child in element:
            if local(child) != wanted:
                raise Problem(f"the {shape.type_name} {path} holds {local(child)} instead of {wanted}")
        if shape.type_name == "map":
            return dict(entry(child, shape, path, protocol, required) for child in element)
        return [xml_value(child, shape.member, f"{path}[]", protocol, required) for child in element]
    if len(element):
        raise Problem(f"{path} is a {shape.type_name}, but has elements")
    return scalar(element.text or "", shape, path)


def no_text(element, path):
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            raise Problem(f"{path} holds the text {text.strip()!r}")
