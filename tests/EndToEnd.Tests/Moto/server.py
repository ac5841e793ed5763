#!/usr/bin/env python3
"""moto's server on a port of 127.0.0.1, with what AWS documents and moto does not have: most of it is of ElastiCache.

Each gap is one function here, says what is missing, and steps back where moto has it by now. Its use is a line on standard output.
Usage: server.py PORT
"""
import sys

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.models import CacheCluster, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.elb.responses import ELBResponse
from moto.rds.responses import RDSResponse
from moto.server import main

MAX_ITEM_SIZE = "max_item_size"
groups = {}


class CacheParameterGroupNotFound(ElastiCacheException):
    code = "CacheParameterGroupNotFound"


class CacheParameterGroupAlreadyExists(ElastiCacheException):
    code = "CacheParameterGroupAlreadyExists"


def gap(answer, service=ElastiCacheResponse):
    """An operation that moto has not."""
    def tell(response):
        print(f"gap: {''.join(word.capitalize() for word in answer.__name__.split('_'))}", flush=True)
        return answer(response)

    if not hasattr(service, answer.__name__):
        setattr(service, answer.__name__, tell)


def property_of_clusters(value):
    """What AWS says of a cluster, and moto does not."""
    if not hasattr(CacheCluster, value.__name__):
        setattr(CacheCluster, value.__name__, property(value))


def group_of(response):
    name = response._get_param("CacheParameterGroupName")
    if name not in groups:
        raise CacheParameterGroupNotFound(f"CacheParameterGroup {name} not found.")
    return groups[name]


@gap
def create_cache_parameter_group(response):
    name = response._get_param("CacheParameterGroupName")
    if name in groups:
        raise CacheParameterGroupAlreadyExists(f"CacheParameterGroup {name} already exists.")
    arn = f"arn:aws:elasticache:{response.region}:{response.current_account}:parametergroup:{name}"
    groups[name] = {
        "CacheParameterGroupName": name, "CacheParameterGroupFamily": response._get_param("CacheParameterGroupFamily"), "Description": response._get_param("Description"),
        "ARN": arn, "parameters": {MAX_ITEM_SIZE: "1048576"},
    }
    response.elasticache_backend.add_tags_to_resource(arn, response._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": groups[name]})


@gap
def describe_cache_parameter_groups(response):
    return ActionResult({"CacheParameterGroups": [group_of(response)]})


@gap
def describe_cache_parameters(response):
    return ActionResult({"Parameters": [{"ParameterName": name, "ParameterValue": value} for name, value in group_of(response)["parameters"].items()]})


@gap
def modify_cache_parameter_group(response):
    group = group_of(response)
    for one in response._get_param("ParameterNameValues", []):
        group["parameters"][one["ParameterName"]] = one["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


@gap
def delete_cache_parameter_group(response):
    del groups[group_of(response)["CacheParameterGroupName"]]
    return EmptyResult()


@gap
def delete_cache_subnet_group(response):
    backend = response.elasticache_backend
    name = response._get_param("CacheSubnetGroupName")
    backend.describe_cache_subnet_groups(name)
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def describe_account_limits(response):
    limits = {"classic-load-balancers": "20", "classic-listeners": "100", "classic-registered-instances": "1000"}
    return ActionResult({"Limits": [{"Name": name, "Max": most} for name, most in limits.items()]})


gap(describe_account_limits, ELBResponse)


def describe_account_attributes(response):
    quotas = {"DBInstances": 40, "AllocatedStorage": 100000}
    return ActionResult({"AccountQuotas": [{"AccountQuotaName": name, "Used": 0, "Max": most} for name, most in quotas.items()]})


gap(describe_account_attributes, RDSResponse)


@property_of_clusters
def configuration_endpoint(cluster):
    return {"Address": f"{cluster.cache_cluster_id}.cfg.use1.cache.amazonaws.com", "Port": 11211}


@property_of_clusters
def cache_parameter_group(cluster):
    return {"CacheParameterGroupName": cluster.cache_parameter_group_name, "ParameterApplyStatus": "in-sync"}


@property_of_clusters
def security_groups(cluster):
    return [{"SecurityGroupId": group, "Status": "active"} for group in cluster.security_group_ids]


def delete_cache_cluster(backend, cache_cluster_id):
    """moto's is deleting for ever."""
    cluster = unpatched_delete(backend, cache_cluster_id)
    del backend.cache_clusters[cache_cluster_id]
    return cluster


def list_tags_for_resource(backend, arn):
    """moto's knows no ARN of parameter groups."""
    return backend.tagging_service.list_tags_for_resource(arn) if ":parametergroup:" in arn else unpatched_list(backend, arn)


unpatched_list, ElastiCacheBackend.list_tags_for_resource = ElastiCacheBackend.list_tags_for_resource, list_tags_for_resource
unpatched_delete, ElastiCacheBackend.delete_cache_cluster = ElastiCacheBackend.delete_cache_cluster, delete_cache_cluster

if __name__ == "__main__":
    main(["--host", "127.0.0.1", "--port", sys.argv[1]])
