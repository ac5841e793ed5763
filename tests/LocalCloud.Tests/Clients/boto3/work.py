#!/usr/bin/env python3
"""What people do with boto3, done to LocalCloud: create, wait, read, change, delete.

Prints what AWS would have answered, as JSON; what LocalCloud has at the end is the test's to look at.

    work.py ENDPOINT PORT_OF_THE_LOAD_BALANCER
"""
import concurrent.futures
import json
import pathlib
import sys
import tempfile
import time
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, PORT = sys.argv[1], int(sys.argv[2])
OFTEN = {"Delay": 1, "MaxAttempts": 60}
SERVER = """#!/bin/sh
echo "hello from $(hostname)"
mkdir -p "$DESTDIR/srv" "$DESTDIR/etc/systemd/system"
echo boto3 served this > "$DESTDIR/srv/index.html"
token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/api/token")
address=$(curl -s -H "X-aws-ec2-metadata-token: $token" "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/local-ipv4")
cat > "$DESTDIR/etc/systemd/system/site.service" <<UNIT
[Service]
ExecStart=/usr/bin/env python3 -m http.server --bind $address --directory $DESTDIR/srv 8000
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now site.service
"""


class Account:
    """Sessions are not for several threads: each kind of work has its own."""

    def __init__(self):
        self.session = boto3.Session()

    def client(self, service):
        config = Config(signature_version="s3v4" if service == "s3" else None, s3={"addressing_style": "path"}, retries={"max_attempts": 2})
        return self.session.client(service, endpoint_url=ENDPOINT, config=config)

    def resource(self, service):
        return self.session.resource(service, endpoint_url=ENDPOINT)


def refusal(call, **arguments):
    """The code with which a call is refused."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


def sts(account):
    caller = account.client("sts").get_caller_identity()
    return {"account": caller["Account"], "arn": caller["Arn"]}


def s3(account):
    client = account.client("s3")
    client.create_bucket(Bucket="boto3-bucket")
    client.get_waiter("bucket_exists").wait(Bucket="boto3-bucket")
    client.put_bucket_tagging(Bucket="boto3-bucket", Tagging={"TagSet": tags(Client="boto3")})
    client.put_object(Bucket="boto3-bucket", Key="lock", Body=b"first", IfNoneMatch="*")

    # botocore holds the body back until it is told to go on: it is refused before, and goes on with the next request.
    refused = [refusal(client.put_object, Bucket="boto3-bucket", Key="lock", Body=b"x" * 3_000_000, IfNoneMatch="*") for _ in range(3)]
    missing = [refusal(client.put_object, Bucket="no-such-bucket", Key="a", Body=b"x" * 3_000_000) for _ in range(3)]

    with tempfile.TemporaryDirectory() as folder:
        large = pathlib.Path(folder, "large")
        large.write_bytes(bytes(range(256)) * 4096 * 11)
        parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=3)
        client.upload_file(str(large), "boto3-bucket", "many/parts", Config=parts, ExtraArgs={"Metadata": {"made": "here"}})
        client.download_file("boto3-bucket", "many/parts", f"{folder}/back")
        same = large.read_bytes() == pathlib.Path(folder, "back").read_bytes()

    client.copy_object(Bucket="boto3-bucket", Key="many/copy", CopySource={"Bucket": "boto3-bucket", "Key": "many/parts"})
    url = client.generate_presigned_url("get_object", Params={"Bucket": "boto3-bucket", "Key": "lock"})
    client.put_object(Bucket="boto3-bucket", Key="lock", Body=b"second", IfMatch=client.head_object(Bucket="boto3-bucket", Key="lock")["ETag"])
    with urllib.request.urlopen(url) as answer:
        presigned = answer.read().decode()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="boto3-bucket", PaginationConfig={"PageSize": 2})
    listed = [item["Key"] for page in pages for item in page["Contents"]]
    deleted = client.delete_objects(Bucket="boto3-bucket", Delete={"Objects": [{"Key": "many/parts"}, {"Key": "many/copy"}]})["Deleted"]
    client.create_bucket(Bucket="boto3-emptied")
    client.delete_bucket(Bucket="boto3-emptied")
    client.get_waiter("bucket_not_exists").wait(Bucket="boto3-emptied")
    return {"refused": refused, "missing": missing, "same": same, "read": presigned, "listed": listed, "deleted": len(deleted)}


def ssm(account):
    client = account.client("ssm")
    client.put_parameter(Name="/boto3/secret", Value="one", Type="SecureString", Tags=tags(Client="boto3"))
    client.put_parameter(Name="/boto3/plain", Value="two", Type="String")
    taken = refusal(client.put_parameter, Name="/boto3/secret", Value="three", Type="SecureString")
    version = client.put_parameter(Name="/boto3/secret", Value="three", Type="SecureString", Overwrite=True)["Version"]
    pages = client.get_paginator("get_parameters_by_path").paginate(Path="/boto3", WithDecryption=True)
    values = {item["Name"]: item["Value"] for page in pages for item in page["Parameters"]}
    client.delete_parameter(Name="/boto3/plain")
    gone = refusal(client.get_parameter, Name="/boto3/plain")
    return {"taken": taken, "version": version, "values": values, "gone": gone}


def iam(account):
    client = account.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]}
    for name in ("boto3-role", "boto3-gone"):
        client.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Path="/boto3/", Tags=tags(Client="boto3"))
        client.get_waiter("role_exists").wait(RoleName=name)
    client.put_role_policy(RoleName="boto3-role", PolicyName="work", PolicyDocument=json.dumps(allow))
    client.create_instance_profile(InstanceProfileName="boto3-role", Path="/boto3/")
    client.get_waiter("instance_profile_exists").wait(InstanceProfileName="boto3-role")
    client.add_role_to_instance_profile(InstanceProfileName="boto3-role", RoleName="boto3-role")
    roles = [role["RoleName"] for page in client.get_paginator("list_roles").paginate(PathPrefix="/boto3/") for role in page["Roles"]]
    document = client.get_role_policy(RoleName="boto3-role", PolicyName="work")["PolicyDocument"]
    client.update_role(RoleName="boto3-role", Description="changed", MaxSessionDuration=7200)
    client.delete_role(RoleName="boto3-gone")
    return {"roles": roles, "action": document["Statement"][0]["Action"], "gone": refusal(client.get_role, RoleName="boto3-gone")}


def ec2(account):
    """Instances behind a load balancer, a command on one of them, and an image of it."""
    answers = iam(account)
    client, commands = account.client("ec2"), account.client("ssm")
    image = commands.get_parameter(Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")["Parameter"]["Value"]
    group = client.create_security_group(GroupName="boto3-web", Description="web")["GroupId"]
    client.get_waiter("security_group_exists").wait(GroupIds=[group])
    rule = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8000, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}]}
    client.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    twice = refusal(client.authorize_security_group_ingress, GroupId=group, IpPermissions=[rule])
    unready = refusal(client.run_instances, ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", IamInstanceProfile={"Name": "boto3-nobody"})

    instances = account.resource("ec2").create_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=2, MaxCount=2, SecurityGroupIds=[group], UserData=SERVER,
        IamInstanceProfile={"Name": "boto3-role"}, TagSpecifications=[{"ResourceType": "instance", "Tags": tags(Client="boto3")}])
    ids = [instance.id for instance in instances]
    client.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=OFTEN)
    client.get_waiter("instance_status_ok").wait(InstanceIds=ids, WaiterConfig=OFTEN)
    balanced = elb(account, group, ids)
    command = run_command(commands, ids[0])
    client.create_tags(Resources=ids[:1], Tags=tags(Changed="yes", Client="nobody"))
    client.delete_tags(Resources=ids[:1], Tags=[{"Key": "Client"}])
    filters = [{"Name": "tag:Changed", "Values": ["y*"]}, {"Name": "instance-state-name", "Values": ["running"]}]
    found = [instance["InstanceId"] for page in client.get_paginator("describe_instances").paginate(Filters=filters)
             for reservation in page["Reservations"] for instance in reservation["Instances"]]
    console = client.get_console_output(InstanceId=ids[1])["Output"]
    client.modify_instance_attribute(InstanceId=ids[1], DisableApiTermination={"Value": True})
    protected = refusal(client.terminate_instances, InstanceIds=ids)
    client.modify_instance_attribute(InstanceId=ids[1], DisableApiTermination={"Value": False})

    client.stop_instances(InstanceIds=ids[:1])
    client.get_waiter("instance_stopped").wait(InstanceIds=ids[:1], WaiterConfig=OFTEN)
    client.modify_instance_attribute(InstanceId=ids[0], InstanceType={"Value": "t3.small"})
    kept = client.create_image(InstanceId=ids[0], Name="boto3-image", TagSpecifications=[{"ResourceType": kind, "Tags": tags(Client="boto3")} for kind in ("image", "snapshot")])["ImageId"]
    client.get_waiter("image_available").wait(ImageIds=[kept], WaiterConfig=OFTEN)
    sizes = sorted(instance.instance_type for instance in account.resource("ec2").instances.filter(InstanceIds=ids))
    client.terminate_instances(InstanceIds=ids)
    client.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=OFTEN)
    return {"iam": answers, "elb": balanced, "command": command, "ec2": {
        "twice": twice, "unready": unready, "found": found == ids[:1], "console": console, "protected": protected, "sizes": sizes}}


def elb(account, group, ids):
    client = account.client("elb")
    client.create_load_balancer(
        LoadBalancerName="boto3-lb", SecurityGroups=[group], AvailabilityZones=["us-east-1a", "us-east-1b"],
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": PORT, "InstanceProtocol": "HTTP", "InstancePort": 8000}], Tags=tags(Client="boto3"))
    client.configure_health_check(LoadBalancerName="boto3-lb", HealthCheck={
        "Target": "HTTP:8000/index.html", "Interval": 5, "Timeout": 2, "UnhealthyThreshold": 2, "HealthyThreshold": 2})
    client.register_instances_with_load_balancer(LoadBalancerName="boto3-lb", Instances=[{"InstanceId": one} for one in ids])
    client.get_waiter("instance_in_service").wait(LoadBalancerName="boto3-lb", WaiterConfig=OFTEN)
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/index.html") as answer:
        served = answer.read().decode()
    client.modify_load_balancer_attributes(LoadBalancerName="boto3-lb", LoadBalancerAttributes={
        "ConnectionDraining": {"Enabled": True, "Timeout": 7}, "ConnectionSettings": {"IdleTimeout": 30}})
    client.deregister_instances_from_load_balancer(LoadBalancerName="boto3-lb", Instances=[{"InstanceId": ids[0]}])
    client.get_waiter("instance_deregistered").wait(LoadBalancerName="boto3-lb", Instances=[{"InstanceId": ids[0]}], WaiterConfig=OFTEN)
    left = client.describe_load_balancers(LoadBalancerNames=["boto3-lb"])["LoadBalancerDescriptions"][0]
    nobody = refusal(client.describe_load_balancer_attributes, LoadBalancerName="boto3-nobody")
    return {"served": served, "left": [one["InstanceId"] for one in left["Instances"]] == ids[1:], "scheme": left["Scheme"], "nobody": nobody}


def run_command(client, instance):
    while not client.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [instance]}])["InstanceInformationList"]:
        time.sleep(0.2)
    sent = client.send_command(InstanceIds=[instance], DocumentName="AWS-RunShellScript", Parameters={"commands": ["cat $DESTDIR/srv/index.html"]})
    client.get_waiter("command_executed").wait(CommandId=sent["Command"]["CommandId"], InstanceId=instance, WaiterConfig=OFTEN)
    return client.get_command_invocation(CommandId=sent["Command"]["CommandId"], InstanceId=instance)["StandardOutputContent"]


def rds(account):
    client, subnets = account.client("rds"), account.client("ec2").describe_subnets()["Subnets"]
    client.create_db_subnet_group(DBSubnetGroupName="boto3-db", DBSubnetGroupDescription="db", SubnetIds=[subnet["SubnetId"] for subnet in subnets])
    client.create_db_instance(
        DBInstanceIdentifier="boto3-db", Engine="mysql", EngineVersion="8.4", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
        MasterUsername="admin", MasterUserPassword="a-password-of-boto", DBSubnetGroupName="boto3-db", Tags=tags(Client="boto3"))
    client.get_waiter("db_instance_available").wait(DBInstanceIdentifier="boto3-db", WaiterConfig=OFTEN)
    database = client.describe_db_instances(DBInstanceIdentifier="boto3-db")["DBInstances"][0]
    client.modify_db_instance(DBInstanceIdentifier="boto3-db", BackupRetentionPeriod=3, ApplyImmediately=True)
    changed = client.describe_db_instances(Filters=[{"Name": "db-instance-id", "Values": ["boto3-db"]}])["DBInstances"][0]
    client.add_tags_to_resource(ResourceName=database["DBInstanceArn"], Tags=tags(Changed="yes"))
    listed = {tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(ResourceName=database["DBInstanceArn"])["TagList"]}
    client.delete_db_instance(DBInstanceIdentifier="boto3-db", FinalDBSnapshotIdentifier="boto3-final")
    client.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="boto3-db", WaiterConfig=OFTEN)
    client.get_waiter("db_snapshot_available").wait(DBSnapshotIdentifier="boto3-final", WaiterConfig=OFTEN)
    gone = refusal(client.describe_db_instances, DBInstanceIdentifier="boto3-db")
    client.delete_db_subnet_group(DBSubnetGroupName="boto3-db")
    return {"version": database["EngineVersion"], "port": database["Endpoint"]["Port"], "retention": changed["BackupRetentionPeriod"], "tags": listed, "gone": gone}


def elasticache(account):
    client = account.client("elasticache")
    client.create_cache_parameter_group(CacheParameterGroupName="boto3-params", CacheParameterGroupFamily="memcached1.6", Description="large")
    client.modify_cache_parameter_group(CacheParameterGroupName="boto3-params", ParameterNameValues=[{"ParameterName": "max_item_size", "ParameterValue": "2097152"}])
    client.create_cache_cluster(
        CacheClusterId="boto3-cache", Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=1, CacheParameterGroupName="boto3-params", Tags=tags(Client="boto3"))
    client.get_waiter("cache_cluster_available").wait(CacheClusterId="boto3-cache", WaiterConfig=OFTEN)
    client.modify_cache_cluster(CacheClusterId="boto3-cache", NumCacheNodes=2, ApplyImmediately=True)
    client.get_waiter("cache_cluster_available").wait(CacheClusterId="boto3-cache", WaiterConfig=OFTEN)
    cluster = client.describe_cache_clusters(CacheClusterId="boto3-cache", ShowCacheNodeInfo=True)["CacheClusters"][0]
    client.delete_cache_cluster(CacheClusterId="boto3-cache")
    client.get_waiter("cache_cluster_deleted").wait(CacheClusterId="boto3-cache", WaiterConfig=OFTEN)
    pages = client.get_paginator("describe_cache_parameters").paginate(CacheParameterGroupName="boto3-params", Source="user")
    changed = {item["ParameterName"]: item["ParameterValue"] for page in pages for item in page["Parameters"]}
    gone = refusal(client.describe_cache_clusters, CacheClusterId="boto3-cache")
    return {"nodes": [node["CacheNodeId"] for node in cluster["CacheNodes"]], "port": cluster["ConfigurationEndpoint"]["Port"], "parameters": changed, "gone": gone}


def main():
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = {work.__name__: pool.submit(work, Account()) for work in (sts, s3, ssm, ec2, rds, elasticache)}
        answers = {name: future.result() for name, future in running.items()}
    answers.update(answers.pop("ec2"))
    print(json.dumps(answers, indent=1))


main()
