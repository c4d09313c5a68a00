"""Holds rules of Microsoft Sentinel and Defender XDR against the models of Microsoft's own SDKs.

    python3 microsoft_judge.py WHEELS

WHEELS is the folder of two packages as they are published: the SDKs of the ARM resource and of Microsoft Graph. They are
read in place: unpacked, the second is 30,000 files.

Standard input has a document a line, {"id": 0, "kind": "arm" | "graph", "body": {...}}. Standard output gets a line for
each that is not accepted, {"id": 0, "message": "..."}, and at the end {"judged": 1}.

A resource is walked along the types of the SDK's model: properties that it does not know, required ones that are missing,
types, values of enumerations and lengths of time are told. A body for Graph is read and written again by the SDK: what is
lost or changed on the way, or kept as a property that the model does not know, is told, and what the vendor's page says
must be there and is not.
"""

import datetime
import enum
import importlib
import json
import pathlib
import sys
import types
import typing

import isodate
from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter


def package(wheels, name, *modules):
    """Makes modules of a wheel importable one by one, without what their packages would import."""
    (wheel,) = wheels.glob(f"{name}-*.whl")
    for module in modules:
        stub = types.ModuleType(module)
        stub.__path__ = [f"{wheel}/{module.replace('.', '/')}"]
        sys.modules[module] = stub


def arm(wheels):
    root = "azure.mgmt.securityinsight"
    package(wheels, "azure_mgmt_securityinsight", "azure.mgmt", root)
    models = importlib.import_module(f"{root}.models._models")
    enums = importlib.import_module(f"{root}.models._enums")
    names = types.SimpleNamespace(**{**vars(models), **vars(enums)})
    scope = {**vars(models), "_models": names}
    Model = models._Model

    def fields(cls):
        found = {}
        for base in reversed(cls.__mro__):
            hints = typing.get_type_hints(base, scope) if issubclass(base, Model) else {}
            for attribute, field in vars(base).items():
                name = getattr(field, "_rest_name_input", None)
                if attribute in hints and hasattr(field, "_visibility"):
                    found[name or attribute] = (hints[attribute], field)
        return found

    def check(value, hint, path):
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Union:
            options = [one for one in arguments if one is not type(None)]
            known = [one for one in options if isinstance(one, type) and issubclass(one, enum.Enum)]
            if known:
                allowed = [member.value for one in known for member in one]
                return [] if value in allowed else [f"{path}: {value!r} is none of {', '.join(allowed)}"]
            return [] if value is None and len(options) < len(arguments) else check(value, options[0], path)
        if origin is typing.Literal:
            return [] if value in [getattr(one, "value", one) for one in arguments] else [f"{path}: {value!r}"]
        if origin is list:
            if not isinstance(value, list):
                return [f"{path} is no list"]
            return [said for at, one in enumerate(value) for said in check(one, arguments[0], f"{path}/{at}")]
        if origin is dict:
            if not isinstance(value, dict):
                return [f"{path} is no object"]
            return [said for key, one in value.items() for said in check(one, arguments[1], f"{path}/{key}")]
        if isinstance(hint, type) and issubclass(hint, Model):
            return model(value, hint, path)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            allowed = [member.value for member in hint]
            return [] if value in allowed else [f"{path}: {value!r} is none of {', '.join(allowed)}"]
        if hint is datetime.timedelta:
            try:
                isodate.parse_duration(value)
                return []
            except (TypeError, ValueError):
                return [f"{path}: {value!r} is no length of time"]
        exact = {str: str, int: int, bool: bool}.get(hint)
        if exact is None:
            raise TypeError(f"{path}: a type that this script does not know: {hint}")
        return [] if type(value) is exact else [f"{path}: {value!r} is no {exact.__name__}"]

    def model(value, cls, path):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        known = fields(cls)
        if not known:
            raise TypeError(f"{path}: {cls.__name__} has no properties")
        said = [f"{path}/{key} is not known" for key in value if key not in known]
        for key, (hint, _) in known.items():
            optional = typing.get_origin(hint) is typing.Union and type(None) in typing.get_args(hint)
            if key in value:
                said += check(value[key], hint, f"{path}/{key}")
            elif not optional and key not in SERVER:
                said.append(f"{path}/{key} is required")
        return said

    return lambda body: model({"kind": body["kind"], "properties": body["properties"]}, models.ScheduledAlertRule, "")


# What the service fills in, or what stands in the template around the model.
SERVER = {"id", "name", "type", "systemData", "lastModifiedUtc"}


# What must be there to create a rule, which the SDK does not know:
# learn.microsoft.com/graph/api/security-rulesroot-post-detectionrules.
REQUIRED = ["id", "displayName", "queryCondition", "schedule", "status"]


def graph(wheels):
    root = "msgraph_beta.generated.models"
    package(wheels, "msgraph_beta_sdk", "msgraph_beta", "msgraph_beta.generated", root, f"{root}.security")
    rule = importlib.import_module(f"{root}.security.detection_rule").DetectionRule
    # The base of all resources imports every one of them, to tell which it is.
    importlib.import_module(f"{root}.entity").Entity.get_field_deserializers = lambda self: {
        "id": lambda node: setattr(self, "id", node.get_str_value())
    }

    def unknown(value, path):
        if isinstance(value, list):
            return [said for at, one in enumerate(value) for said in unknown(one, f"{path}/{at}")]
        if not hasattr(value, "get_field_deserializers"):
            return []
        said = [f"{path}/{key} is not known" for key in value.additional_data or {}]
        if type(value).__name__ == "AlertCustomDetails":
            said = []
        store = getattr(value, "backing_store", None)
        inner = [key for key, _ in store.enumerate_()] if store else []
        for key in inner:
            if key != "additional_data":
                said += unknown(store.get(key), f"{path}/{key}")
        return said

    def differences(one, other, path):
        if isinstance(one, dict) and isinstance(other, dict):
            said = [f"{path}/{key} is lost" for key in one if key not in other]
            said += [f"{path}/{key} is new" for key in other if key not in one and key != "@odata.type"]
            return said + [d for key in one if key in other for d in differences(one[key], other[key], f"{path}/{key}")]
        if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            return [d for at, pair in enumerate(zip(one, other)) for d in differences(*pair, f"{path}/{at}")]
        if path.endswith("/schedule/frequency"):
            # The SDK writes a length of time as Python does.
            other = isodate.duration_isoformat(isodate.parse_duration(one)) if other else other
        return [] if one == other else [f"{path}: {one!r} becomes {other!r}"]

    def judge(body):
        read = JsonParseNode(body).get_object_value(rule)
        writer = JsonSerializationWriter()
        writer.write_object_value(None, read)
        written = json.loads(writer.get_serialized_content())
        missing = [f"/{key} is required" for key in REQUIRED if not body.get(key)]
        return missing + unknown(read, "") + differences(body, written, "")

    return judge


def main():
    wheels = pathlib.Path(sys.argv[1])
    judges = {"arm": arm(wheels), "graph": graph(wheels)}
    judged = 0
    for line in sys.stdin:
        document = json.loads(line)
        try:
            said = judges[document["kind"]](document["body"])
        except Exception as error:  # An SDK may refuse in any way.
            said = [f"{type(error).__name__}: {error}"]
        if said:
            print(json.dumps({"id": document["id"], "message": "\n".join(said[:10])}))
        judged += 1
    print(json.dumps({"judged": judged}))


main()
