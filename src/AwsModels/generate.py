#!/usr/bin/env python3
"""Writes models/<service>.json: the shapes of the AWS operations in use, names and types only.

The facts come from the service models that the botocore package carries. Run it again with a newer botocore, or
after adding an operation to OPERATIONS:

    python3 src/AwsModels/generate.py
"""
import json
import pathlib

import botocore
import botocore.loaders

OPERATIONS = {
    "ec2": """RunInstances DescribeInstances DescribeInstanceStatus TerminateInstances StopInstances StartInstances
        RebootInstances GetConsoleOutput ModifyInstanceAttribute DescribeInstanceAttribute DescribeInstanceTypes
        DescribeInstanceTypeOfferings CreateImage DescribeImages DeregisterImage
        CreateSnapshot DescribeSnapshots DeleteSnapshot CreateVolume AttachVolume DeleteVolume DescribeVolumes CreateTags DeleteTags DescribeTags CreateSecurityGroup
        DescribeSecurityGroups DescribeSecurityGroupRules DeleteSecurityGroup AuthorizeSecurityGroupIngress
        RevokeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress
        UpdateSecurityGroupRuleDescriptionsIngress UpdateSecurityGroupRuleDescriptionsEgress DescribeVpcs DescribeSubnets DescribeNetworkInterfaces
        DescribeAvailabilityZones DescribeRegions CreateKeyPair ImportKeyPair DescribeKeyPairs DeleteKeyPair
        DescribeImageAttribute ModifyImageAttribute AssociateIamInstanceProfile
        DescribeIamInstanceProfileAssociations DisassociateIamInstanceProfile ReplaceIamInstanceProfileAssociation""",
    "iam": """CreateRole GetRole ListRoles UpdateRole UpdateAssumeRolePolicy DeleteRole TagRole UntagRole ListRoleTags
        PutRolePolicy GetRolePolicy ListRolePolicies DeleteRolePolicy AttachRolePolicy DetachRolePolicy
        ListAttachedRolePolicies PutRolePermissionsBoundary DeleteRolePermissionsBoundary CreateInstanceProfile
        GetInstanceProfile DeleteInstanceProfile ListInstanceProfiles ListInstanceProfilesForRole
        AddRoleToInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile
        ListInstanceProfileTags CreatePolicy GetPolicy GetPolicyVersion ListPolicies ListPolicyVersions DeletePolicy
        SimulatePrincipalPolicy UploadServerCertificate GetServerCertificate ListServerCertificates
        DeleteServerCertificate TagServerCertificate UntagServerCertificate ListServerCertificateTags""",
    "elb": """CreateLoadBalancer DescribeLoadBalancers DeleteLoadBalancer ConfigureHealthCheck
        ModifyLoadBalancerAttributes DescribeLoadBalancerAttributes RegisterInstancesWithLoadBalancer
        DeregisterInstancesFromLoadBalancer DescribeInstanceHealth AddTags RemoveTags DescribeTags
        CreateLoadBalancerListeners DeleteLoadBalancerListeners ApplySecurityGroupsToLoadBalancer
        AttachLoadBalancerToSubnets DetachLoadBalancerFromSubnets EnableAvailabilityZonesForLoadBalancer
        DisableAvailabilityZonesForLoadBalancer SetLoadBalancerListenerSSLCertificate
        CreateLoadBalancerPolicy DeleteLoadBalancerPolicy DescribeLoadBalancerPolicies
        SetLoadBalancerPoliciesOfListener DescribeAccountLimits""",
    "rds": """CreateDBInstance DescribeDBInstances ModifyDBInstance DeleteDBInstance RebootDBInstance
        CreateDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup DeleteDBSubnetGroup CreateDBSnapshot
        DescribeDBSnapshots DeleteDBSnapshot AddTagsToResource RemoveTagsFromResource ListTagsForResource
        DescribeAccountAttributes DescribeOrderableDBInstanceOptions""",
    "elasticache": """CreateCacheCluster DescribeCacheClusters ModifyCacheCluster DeleteCacheCluster RebootCacheCluster
        CreateCacheSubnetGroup DescribeCacheSubnetGroups ModifyCacheSubnetGroup DeleteCacheSubnetGroup
        CreateCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters ModifyCacheParameterGroup
        DeleteCacheParameterGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource""",
    "ssm": """PutParameter GetParameter GetParameters GetParametersByPath DeleteParameter DeleteParameters
        DescribeParameters AddTagsToResource RemoveTagsFromResource ListTagsForResource SendCommand
        ListCommandInvocations ListCommands GetCommandInvocation CancelCommand DescribeInstanceInformation""",
    "cloudwatch": """PutMetricData GetMetricData GetMetricStatistics ListMetrics PutMetricAlarm DescribeAlarms DeleteAlarms
        SetAlarmState PutDashboard GetDashboard DeleteDashboards ListDashboards TagResource UntagResource ListTagsForResource""",
    "logs": """CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy CreateLogStream
        DescribeLogStreams PutLogEvents GetLogEvents FilterLogEvents TagResource UntagResource ListTagsForResource""",
    "servicequotas": "GetServiceQuota",
    "route53": """CreateHostedZone GetHostedZone ListHostedZones ListHostedZonesByName DeleteHostedZone
        ChangeResourceRecordSets ListResourceRecordSets GetChange""",
    "sts": "GetCallerIdentity",
    "s3": """CreateBucket HeadBucket DeleteBucket ListBuckets GetBucketLocation PutPublicAccessBlock
        GetPublicAccessBlock PutBucketEncryption GetBucketEncryption PutBucketLifecycleConfiguration
        GetBucketLifecycleConfiguration PutBucketTagging GetBucketTagging PutBucketVersioning GetBucketVersioning
        PutObject GetObject HeadObject DeleteObject DeleteObjects ListObjectsV2 ListObjects ListObjectVersions CopyObject
        CreateMultipartUpload UploadPart CompleteMultipartUpload AbortMultipartUpload ListParts""",
}

# Of the protocols that a service accepts, the one that is spoken with it, where that is not the model's first.
PROTOCOLS = {"cloudwatch": "query"}
# What botocore calls otherwise.
FOLDERS = {"servicequotas": "service-quotas"}

OPERATION_KEYS = ("http", "input", "output", "errors", "alias")
MEMBER_KEYS = ("shape", "location", "locationName", "queryName", "flattened", "xmlAttribute", "xmlNamespace",
               "streaming", "idempotencyToken", "timestampFormat")
SHAPE_KEYS = ("type", "required", "enum", "min", "max", "pattern", "payload", "flattened", "locationName",
              "xmlNamespace", "timestampFormat", "error", "exception", "sensitive", "wrapper")
METADATA_KEYS = ("apiVersion", "endpointPrefix", "protocol", "serviceId", "signingName", "targetPrefix",
                 "jsonVersion", "xmlNamespace")


def only(source, keys):
    return {key: source[key] for key in keys if key in source}


def reference(source):
    return only(source, MEMBER_KEYS)


def slim_operation(operation):
    slim = {"http": only(operation["http"], ("method", "requestUri", "responseCode"))}
    for key in ("input", "output"):
        if key in operation:
            slim[key] = only(operation[key], ("shape", "resultWrapper", "locationName", "xmlNamespace"))
    if operation.get("errors"):
        slim["errors"] = [error["shape"] for error in operation["errors"]]
    return slim


def slim_shape(shape):
    slim = only(shape, SHAPE_KEYS)
    if "members" in shape:
        slim["members"] = {name: reference(member) for name, member in shape["members"].items()}
    for key in ("member", "key", "value"):
        if key in shape:
            slim[key] = reference(shape[key])
    return slim


def neighbours(shape):
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for key in ("member", "key", "value"):
        if key in shape:
            yield shape[key]["shape"]


def slim_model(model, names, protocol):
    if protocol and protocol not in model["metadata"].get("protocols", [model["metadata"]["protocol"]]):
        raise SystemExit(f"{model['metadata']['serviceId']} does not accept {protocol}")
    metadata = only(model["metadata"], METADATA_KEYS)
    if protocol:
        metadata["protocol"] = protocol
    operations = {name: slim_operation(model["operations"][name]) for name in sorted(names)}
    pending = [operation[key]["shape"] for operation in operations.values() for key in ("input", "output")
               if key in operation]
    pending += [error for operation in operations.values() for error in operation.get("errors", [])]
    shapes = {}
    while pending:
        name = pending.pop()
        if name not in shapes:
            shapes[name] = slim_shape(model["shapes"][name])
            pending.extend(neighbours(model["shapes"][name]))
    return {"metadata": metadata, "operations": operations,
            "shapes": dict(sorted(shapes.items()))}


def main():
    loader = botocore.loaders.Loader(include_default_search_paths=True)
    folder = pathlib.Path(__file__).parent / "models"
    folder.mkdir(exist_ok=True)
    for service, names in OPERATIONS.items():
        model = loader.load_service_model(FOLDERS.get(service, service), "service-2")
        slim = slim_model(model, names.split(), PROTOCOLS.get(service))
        (folder / f"{service}.json").write_text(json.dumps(slim, separators=(",", ":"), indent=1) + "\n")
        print(f"{service}: {len(slim['operations'])} operations, {len(slim['shapes'])} shapes "
              f"(botocore {botocore.__version__})")


if __name__ == "__main__":
    main()
