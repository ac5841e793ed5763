"""Walks JSON along botocore's shapes."""
from model_scalars import Problem, blob, scalar, timestamp

TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "blob": str, "integer": int, "long": int,
         "boolean": bool, "float": (int, float), "double": (int, float), "timestamp": (int, float)}


def check_json(value, shape, path, required=False):
    """Every member is known and of its type; with `required`, those that must be there are."""
    expected = TYPES[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean"):
        raise Problem(f"{path} is no {shape.type_name}: {type(value).__name__}")
    if shape.type_name == "structure":
        for name, child in value.items():
            if name not in shape.members:
                raise Problem(f"{path} has an unknown member {name}")
            check_json(child, shape.members[name], f"{path}.{name}", required)
        missing = [name for name in shape.required_members if name not in value] if required else []
        if missing:
            raise Problem(f"{path} lacks {', '.join(missing)}")
    elif shape.type_name == "list":
        for child in value:
            check_json(child, shape.member, f"{path}[]", required)
    elif shape.type_name == "map":
        for key, child in value.items():
            scalar(key, shape.key, f"{path}'s key")
            check_json(child, shape.value, f"{path}.{key}", required)
    elif shape.type_name in ("string", "integer", "long"):
        scalar(str(value), shape, path)
    elif shape.type_name == "blob":
        blob(value, path)


def with_times(value, shape):
    """The same with dates for timestamps: the rest of JSON's own types is what the parameter validator wants."""
    if shape.type_name == "structure":
        return {name: with_times(child, shape.members[name]) for name, child in value.items()}
    if shape.type_name == "list":
        return [with_times(child, shape.member) for child in value]
    if shape.type_name == "map":
        return {key: with_times(child, shape.value) for key, child in value.items()}
    return timestamp(str(value), "unixTimestamp", shape.name) if shape.type_name == "timestamp" else value
