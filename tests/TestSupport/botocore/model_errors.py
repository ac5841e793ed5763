"""Judges errors: their form by protocol, their code and status by the model, or by what AWS documents where the model has no list."""
import json
import xml.etree.ElementTree as ElementTree

from model_scalars import Problem
from model_xml import local, namespace_of, one_namespace

# Errors that any operation may answer with: no model lists them.
COMMON = {
    "query": """AccessDenied ExpiredToken IncompleteSignature InternalFailure InvalidAction InvalidClientTokenId InvalidParameterCombination
        InvalidParameterValue InvalidQueryParameter MalformedInput MalformedQueryString MissingAction MissingAuthenticationToken MissingParameter
        NotAuthorized OptInRequired RequestEntityTooLarge RequestExpired ServiceUnavailable SignatureDoesNotMatch Throttling ValidationError""",
    "json": """AccessDeniedException ExpiredTokenException IncompleteSignatureException InternalFailure InternalServerError InvalidSignatureException
        MissingAuthenticationTokenException RequestEntityTooLarge SerializationException ServiceUnavailableException ThrottlingException
        UnknownOperationException UnrecognizedClientException ValidationException""",
    "ec2": """AuthFailure Blocked CannotDelete DependencyViolation DryRunOperation IdempotentParameterMismatch IncompleteSignature IncorrectInstanceState IncorrectState
        InsufficientAddressCapacity InsufficientInstanceCapacity InstanceLimitExceeded InternalError InternalFailure InvalidAMIAttributeItemValue
        InvalidAMIID.Malformed InvalidAMIID.NotFound InvalidAMIID.Unavailable InvalidAMIName.Duplicate InvalidAMIName.Malformed InvalidAction
        InvalidAssociationID.NotFound InvalidBlockDeviceMapping InvalidClientTokenId InvalidGroup.Duplicate InvalidGroup.InUse InvalidGroup.NotFound
        InvalidGroup.Reserved InvalidGroupId.Malformed InvalidIamInstanceProfileArn.Malformed InvalidID InvalidInstanceAttributeValue
        InvalidInstanceID InvalidInstanceID.Malformed InvalidInstanceID.NotFound InvalidInstanceType InvalidKey.Format InvalidKeyPair.Duplicate
        InvalidKeyPair.Format InvalidKeyPair.NotFound InvalidNetworkInterfaceID.NotFound InvalidNextToken InvalidPaginationToken InvalidParameter
        InvalidParameterCombination InvalidParameterValue InvalidPermission.Duplicate InvalidPermission.Malformed InvalidPermission.NotFound
        InvalidSecurityGroupRuleId.Malformed InvalidSecurityGroupRuleId.NotFound InvalidSnapshot.InUse InvalidSnapshot.NotFound InvalidSubnetID.NotFound
        InvalidTagKey.Malformed InvalidUserID.Malformed InvalidVolume.NotFound InvalidVpcID.NotFound InvalidZone.NotFound MalformedQueryString
        MissingAction MissingAuthenticationToken MissingParameter NetworkInterfaceLimitExceeded OperationNotPermitted OptInRequired RequestExpired
        RequestLimitExceeded ResourceLimitExceeded RulesPerSecurityGroupLimitExceeded SecurityGroupLimitExceeded SecurityGroupsPerInstanceLimitExceeded
        ServiceUnavailable SnapshotLimitExceeded TagLimitExceeded Unavailable UnauthorizedOperation UnknownParameter Unsupported UnsupportedOperation
        UnsupportedProtocol ValidationError VcpuLimitExceeded VolumeLimitExceeded RequestEntityTooLarge""",
    "s3": """AccessDenied AuthorizationHeaderMalformed AuthorizationQueryParametersError BadDigest BadRequest BucketAlreadyExists BucketAlreadyOwnedByYou
        BucketNotEmpty ConditionalRequestConflict EntityTooLarge EntityTooSmall ExpiredToken IllegalLocationConstraintException
        IllegalVersioningConfigurationException IncompleteBody InternalError InvalidAccessKeyId InvalidArgument InvalidBucketName InvalidDigest
        InvalidObjectState InvalidPart InvalidPartOrder InvalidRange InvalidRequest InvalidTag InvalidToken KeyTooLongError MalformedXML
        MaxMessageLengthExceeded MetadataTooLarge MethodNotAllowed MissingContentLength MissingRequestBodyError MissingSecurityHeader NoSuchBucket
        NoSuchBucketPolicy NoSuchKey NoSuchLifecycleConfiguration NoSuchPublicAccessBlockConfiguration NoSuchTagSet NoSuchUpload NoSuchVersion
        NotImplemented OperationAborted OwnershipControlsNotFoundError PreconditionFailed RequestEntityTooLarge RequestTimeTooSkewed RequestTimeout
        ServerSideEncryptionConfigurationNotFoundError ServiceUnavailable SignatureDoesNotMatch SlowDown TooManyBuckets XAmzContentSHA256Mismatch""",
}
COMMON = {form: frozenset(codes.split()) for form, codes in COMMON.items()}

# They say that the request itself, or its signature, is wrong: only what is answered so may be no valid request.
OF_THE_FORM = frozenset("""
    AccessDenied AuthFailure AuthorizationHeaderMalformed AuthorizationQueryParametersError BadDigest EntityTooLarge ExpiredToken ExpiredTokenException
    IncompleteBody IncompleteSignature IncompleteSignatureException InvalidAccessKeyId InvalidAction InvalidArgument InvalidBucketName
    InvalidClientTokenId InvalidDigest InvalidParameterCombination InvalidParameterValue InvalidRequest InvalidSignatureException InvalidToken
    KeyTooLongError MalformedInput MalformedQueryString MalformedXML MethodNotAllowed MissingAction MissingAuthenticationToken
    MissingAuthenticationTokenException MissingParameter NotImplemented RequestEntityTooLarge RequestExpired RequestTimeTooSkewed
    SerializationException SignatureDoesNotMatch UnknownOperationException UnknownParameter UnrecognizedClientException ValidationError
    ValidationException XAmzContentSHA256Mismatch""".split())


def form_of(model):
    """The form of a service's errors: the protocol's, but S3 has its own; other services of REST and XML have Query's."""
    return {"rest-xml": "s3" if model.service_name == "s3" else "query"}.get(model.metadata["protocol"], model.metadata["protocol"])


def check_error(model, operation, call, body):
    form, status = form_of(model), call["status"]
    if call["method"] == "HEAD":
        if body:
            raise Problem("HEAD was answered with a body")
        return
    code = code_of(model, body)
    listed = {shape.metadata.get("error", {}).get("code", shape.name): shape for shape in operation.error_shapes}
    if code not in listed and code not in COMMON[form]:
        raise Problem(f"the error {code} is none of {operation.name}'s: {sorted(listed)}")
    wanted = listed[code].metadata.get("error", {}).get("httpStatusCode") if code in listed else None
    if wanted and wanted != status:
        raise Problem(f"the error {code} has the status {wanted}, not {status}")


def namespaces_of(model):
    """Those of a service's documents: the model has one, or, for REST, one at each document that is sent."""
    if "xmlNamespace" in model.metadata:
        return {model.metadata["xmlNamespace"].rstrip("/")}
    shapes = [model.operation_model(name).input_shape for name in model.operation_names]
    return {shape.serialization["xmlNamespace"]["uri"].rstrip("/") for shape in shapes if shape and "xmlNamespace" in shape.serialization}


def code_of(model, body):
    """An error's code; a Problem if its form is not the service's."""
    form = form_of(model)
    if form == "json":
        error = json.loads(body)
        if not error.get("__type") or not error.get("message"):
            raise Problem(f"an error needs __type and message, and has {sorted(error)}")
        return error["__type"].rpartition("#")[2]
    root = ElementTree.fromstring(body)
    one_namespace(root)
    if form == "query":
        if namespace_of(root).rstrip("/") not in namespaces_of(model):
            raise Problem(f"the namespace of the error is {namespace_of(root)!r}")
        error = parts(root, "ErrorResponse", {"Error", "RequestId"})["Error"]
        if parts(error, "Error", {"Type", "Code", "Message"})["Type"].text not in ("Sender", "Receiver"):
            raise Problem("the error's type is neither Sender nor Receiver")
    elif form == "ec2":
        error = parts(parts(root, "Response", {"Errors", "RequestID"})["Errors"], "Errors", {"Error"})["Error"]
        parts(error, "Error", {"Code", "Message"})
    else:
        error = root
        parts(root, "Error", {"Code", "Message", "RequestId"}, more=True)
    return next(child.text for child in error if local(child) == "Code")


def parts(element, name, wanted, more=False):
    found = {local(child): child for child in element}
    if local(element) != name or not (wanted <= set(found) if more else wanted == set(found)):
        raise Problem(f"an error's {local(element)} holds {sorted(found)} instead of {name}'s {sorted(wanted)}")
    empty = [part for part in wanted if not len(found[part]) and not (found[part].text or "").strip()]
    if empty:
        raise Problem(f"an error's {empty[0]} is empty")
    return found
