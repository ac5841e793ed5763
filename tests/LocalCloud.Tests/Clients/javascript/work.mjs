// What people do with the AWS SDK for JavaScript, done to LocalCloud: create, wait, read, change, delete.
//
// Prints what AWS would have answered, as JSON; what LocalCloud has at the end is the test's to look at.
//
//     node work.mjs ENDPOINT PORT_OF_THE_LOAD_BALANCER

import { EC2, waitUntilImageAvailable, waitUntilInstanceRunning, waitUntilInstanceStopped, waitUntilInstanceTerminated } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancing, waitUntilAnyInstanceInService, waitUntilInstanceDeregistered } from "@aws-sdk/client-elastic-load-balancing";
import { ElastiCache, paginateDescribeCacheParameters, waitUntilCacheClusterAvailable, waitUntilCacheClusterDeleted } from "@aws-sdk/client-elasticache";
import { IAM, paginateListRoles, waitUntilInstanceProfileExists, waitUntilRoleExists } from "@aws-sdk/client-iam";
import { RDS, waitUntilDBInstanceAvailable, waitUntilDBInstanceDeleted, waitUntilDBSnapshotAvailable } from "@aws-sdk/client-rds";
import { S3, paginateListObjectsV2, waitUntilBucketExists, waitUntilBucketNotExists } from "@aws-sdk/client-s3";
import { SSM, paginateGetParametersByPath, waitUntilCommandExecuted } from "@aws-sdk/client-ssm";
import { STS } from "@aws-sdk/client-sts";

const [endpoint, port] = process.argv.slice(2);
const region = process.env.AWS_REGION;
const every = client => ({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 });
const tags = values => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
const make = (Client, more) => new Client({ endpoint, region, maxAttempts: 2, ...more });
const server = `#!/bin/sh
echo "hello from $(hostname)"
mkdir -p "$DESTDIR/srv" "$DESTDIR/etc/systemd/system"
echo js served this > "$DESTDIR/srv/index.html"
token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/api/token")
address=$(curl -s -H "X-aws-ec2-metadata-token: $token" "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/local-ipv4")
cat > "$DESTDIR/etc/systemd/system/site.service" <<UNIT
[Service]
ExecStart=/usr/bin/env python3 -m http.server --bind $address --directory $DESTDIR/srv 8000
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now site.service
`;

/** The code with which a call is refused. */
async function refusal(call) {
    try {
        await call;
    } catch (error) {
        return error.Code ?? error.name;
    }

    return null;
}

async function collect(pages, take) {
    const all = [];
    for await (const page of pages) all.push(...take(page));
    return all;
}

async function sts() {
    const caller = await make(STS).getCallerIdentity({});
    return { account: caller.Account, arn: caller.Arn };
}

async function s3() {
    const client = make(S3, { forcePathStyle: true });
    const Bucket = "js-bucket";
    await client.createBucket({ Bucket });
    await waitUntilBucketExists(every(client), { Bucket });
    await client.putBucketTagging({ Bucket, Tagging: { TagSet: tags({ Client: "js" }) } });
    await client.putObject({ Bucket, Key: "lock", Body: "first", IfNoneMatch: "*" });

    // From 2 MiB on this SDK holds the body back until it is told to go on: it is refused before, and goes on with the next request.
    const body = Buffer.alloc(3_000_000);
    const refused = [], missing = [];
    for (let i = 0; i < 3; i++) refused.push(await refusal(client.putObject({ Bucket, Key: "lock", Body: body, IfNoneMatch: "*" })));
    for (let i = 0; i < 3; i++) missing.push(await refusal(client.putObject({ Bucket: "no-such-bucket", Key: "a", Body: body })));

    const large = Buffer.alloc(11 << 20, "many bytes ");
    const Key = "many/parts", size = 5 << 20;
    const { UploadId } = await client.createMultipartUpload({ Bucket, Key });
    const Parts = await Promise.all([1, 2, 3].map(async PartNumber => {
        const Body = large.subarray((PartNumber - 1) * size, PartNumber * size);
        return { PartNumber, ETag: (await client.uploadPart({ Bucket, Key, UploadId, PartNumber, Body })).ETag };
    }));
    await client.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
    const back = Buffer.from(await (await client.getObject({ Bucket, Key })).Body.transformToByteArray());

    await client.copyObject({ Bucket, Key: "many/copy", CopySource: `${Bucket}/${Key}` });
    const { ETag } = await client.headObject({ Bucket, Key: "lock" });
    await client.putObject({ Bucket, Key: "lock", Body: "second", IfMatch: ETag });
    const read = await (await client.getObject({ Bucket, Key: "lock" })).Body.transformToString();
    const listed = await collect(paginateListObjectsV2({ client, pageSize: 2 }, { Bucket }), page => page.Contents.map(item => item.Key));
    const { Deleted } = await client.deleteObjects({ Bucket, Delete: { Objects: [{ Key }, { Key: "many/copy" }] } });
    await client.createBucket({ Bucket: "js-emptied" });
    await client.deleteBucket({ Bucket: "js-emptied" });
    await waitUntilBucketNotExists(every(client), { Bucket: "js-emptied" });
    return { refused, missing, same: back.equals(large), read, listed, deleted: Deleted.length };
}

async function ssm() {
    const client = make(SSM);
    await client.putParameter({ Name: "/js/secret", Value: "one", Type: "SecureString", Tags: tags({ Client: "js" }) });
    await client.putParameter({ Name: "/js/plain", Value: "two", Type: "String" });
    const taken = await refusal(client.putParameter({ Name: "/js/secret", Value: "three", Type: "SecureString" }));
    const { Version } = await client.putParameter({ Name: "/js/secret", Value: "three", Type: "SecureString", Overwrite: true });
    const found = await collect(paginateGetParametersByPath({ client }, { Path: "/js", WithDecryption: true }), page => page.Parameters);
    await client.deleteParameter({ Name: "/js/plain" });
    const gone = await refusal(client.getParameter({ Name: "/js/plain" }));
    return { taken, version: Version, values: Object.fromEntries(found.map(one => [one.Name, one.Value])), gone };
}

async function iam() {
    const client = make(IAM);
    const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
    const trust = document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } });
    for (const RoleName of ["js-role", "js-gone"]) {
        await client.createRole({ RoleName, AssumeRolePolicyDocument: trust, Path: "/js/", Tags: tags({ Client: "js" }) });
        await waitUntilRoleExists(every(client), { RoleName });
    }

    const name = { RoleName: "js-role", PolicyName: "work" };
    await client.putRolePolicy({ ...name, PolicyDocument: document({ Effect: "Allow", Action: "ssm:*", Resource: "*" }) });
    await client.createInstanceProfile({ InstanceProfileName: "js-role", Path: "/js/" });
    await waitUntilInstanceProfileExists(every(client), { InstanceProfileName: "js-role" });
    await client.addRoleToInstanceProfile({ InstanceProfileName: "js-role", RoleName: "js-role" });
    const roles = await collect(paginateListRoles({ client }, { PathPrefix: "/js/" }), page => page.Roles.map(role => role.RoleName));
    const policy = JSON.parse(decodeURIComponent((await client.getRolePolicy(name)).PolicyDocument));
    await client.updateRole({ RoleName: "js-role", Description: "changed", MaxSessionDuration: 7200 });
    await client.deleteRole({ RoleName: "js-gone" });
    return { roles, action: policy.Statement[0].Action, gone: await refusal(client.getRole({ RoleName: "js-gone" })) };
}

/** Instances behind a load balancer, a command on one of them, and an image of it. */
async function ec2() {
    const identity = await iam();
    const client = make(EC2), commands = make(SSM);
    const parameter = await commands.getParameter({ Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" });
    const ImageId = parameter.Parameter.Value;
    const { GroupId } = await client.createSecurityGroup({ GroupName: "js-web", Description: "web" });
    const rule = { IpProtocol: "tcp", FromPort: 8000, ToPort: 8000, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "inside" }] };
    await client.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [rule] });
    const twice = await refusal(client.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [rule] }));
    const launch = { ImageId, InstanceType: "t3.micro", MinCount: 2, MaxCount: 2, UserData: Buffer.from(server).toString("base64") };
    const unready = await refusal(client.runInstances({ ...launch, IamInstanceProfile: { Name: "js-nobody" } }));

    const { Instances } = await client.runInstances({
        ...launch, SecurityGroupIds: [GroupId], IamInstanceProfile: { Name: "js-role" },
        TagSpecifications: [{ ResourceType: "instance", Tags: tags({ Client: "js" }) }],
    });
    const InstanceIds = Instances.map(instance => instance.InstanceId), [first, second] = InstanceIds;
    await waitUntilInstanceRunning(every(client), { InstanceIds });
    const balanced = await elb(GroupId, InstanceIds);
    const command = await runCommand(commands, first);
    await client.createTags({ Resources: [first], Tags: tags({ Changed: "yes", Client: "nobody" }) });
    await client.deleteTags({ Resources: [first], Tags: [{ Key: "Client" }] });
    const found = await client.describeInstances({ Filters: [{ Name: "tag:Changed", Values: ["y*"] }, { Name: "instance-state-name", Values: ["running"] }, { Name: "instance-id", Values: InstanceIds }] });
    const console = Buffer.from((await client.getConsoleOutput({ InstanceId: second })).Output, "base64").toString();
    await client.modifyInstanceAttribute({ InstanceId: second, DisableApiTermination: { Value: true } });
    const kept = await refusal(client.terminateInstances({ InstanceIds }));
    await client.modifyInstanceAttribute({ InstanceId: second, DisableApiTermination: { Value: false } });

    await client.stopInstances({ InstanceIds: [first] });
    await waitUntilInstanceStopped(every(client), { InstanceIds: [first] });
    await client.modifyInstanceAttribute({ InstanceId: first, InstanceType: { Value: "t3.small" } });
    const image = await client.createImage({ InstanceId: first, Name: "js-image", TagSpecifications: ["image", "snapshot"].map(ResourceType => ({ ResourceType, Tags: tags({ Client: "js" }) })) });
    await waitUntilImageAvailable(every(client), { ImageIds: [image.ImageId] });
    const sizes = (await client.describeInstances({ InstanceIds })).Reservations.flatMap(one => one.Instances).map(one => one.InstanceType).sort();
    await client.terminateInstances({ InstanceIds });
    await waitUntilInstanceTerminated(every(client), { InstanceIds });
    return {
        iam: identity, elb: balanced, command,
        ec2: { twice, unready, found: found.Reservations.flatMap(one => one.Instances).map(one => one.InstanceId).join() === first, console, protected: kept, sizes },
    };
}

async function elb(group, ids) {
    const client = make(ElasticLoadBalancing);
    const LoadBalancerName = "js-lb";
    await client.createLoadBalancer({
        LoadBalancerName, SecurityGroups: [group], AvailabilityZones: ["us-east-1a", "us-east-1b"],
        Listeners: [{ Protocol: "HTTP", LoadBalancerPort: Number(port), InstanceProtocol: "HTTP", InstancePort: 8000 }], Tags: tags({ Client: "js" }),
    });
    await client.configureHealthCheck({ LoadBalancerName, HealthCheck: { Target: "HTTP:8000/index.html", Interval: 5, Timeout: 2, UnhealthyThreshold: 2, HealthyThreshold: 2 } });
    await client.registerInstancesWithLoadBalancer({ LoadBalancerName, Instances: ids.map(InstanceId => ({ InstanceId })) });
    await waitUntilAnyInstanceInService(every(client), { LoadBalancerName });
    const served = await (await fetch(`http://127.0.0.1:${port}/index.html`)).text();
    await client.modifyLoadBalancerAttributes({
        LoadBalancerName, LoadBalancerAttributes: { ConnectionDraining: { Enabled: true, Timeout: 7 }, ConnectionSettings: { IdleTimeout: 30 } },
    });
    const leaving = { LoadBalancerName, Instances: [{ InstanceId: ids[0] }] };
    await client.deregisterInstancesFromLoadBalancer(leaving);
    await waitUntilInstanceDeregistered(every(client), leaving);
    const [left] = (await client.describeLoadBalancers({ LoadBalancerNames: [LoadBalancerName] })).LoadBalancerDescriptions;
    const nobody = await refusal(client.describeLoadBalancerAttributes({ LoadBalancerName: "js-nobody" }));
    return { served, left: left.Instances.map(one => one.InstanceId).join() === ids[1], scheme: left.Scheme, nobody };
}

async function runCommand(client, InstanceId) {
    const filter = { Filters: [{ Key: "InstanceIds", Values: [InstanceId] }] };
    while (!(await client.describeInstanceInformation(filter)).InstanceInformationList?.length) await new Promise(resolve => setTimeout(resolve, 200));
    const { Command } = await client.sendCommand({ InstanceIds: [InstanceId], DocumentName: "AWS-RunShellScript", Parameters: { commands: ["cat $DESTDIR/srv/index.html"] } });
    await waitUntilCommandExecuted(every(client), { CommandId: Command.CommandId, InstanceId });
    return (await client.getCommandInvocation({ CommandId: Command.CommandId, InstanceId })).StandardOutputContent;
}

async function rds() {
    const client = make(RDS);
    const { Subnets } = await make(EC2).describeSubnets({});
    const DBInstanceIdentifier = "js-db", DBSubnetGroupName = "js-db";
    await client.createDBSubnetGroup({ DBSubnetGroupName, DBSubnetGroupDescription: "db", SubnetIds: Subnets.map(subnet => subnet.SubnetId) });
    await client.createDBInstance({
        DBInstanceIdentifier, DBSubnetGroupName, Engine: "mysql", EngineVersion: "8.4", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20,
        MasterUsername: "admin", MasterUserPassword: "a-password-of-js", Tags: tags({ Client: "js" }),
    });
    await waitUntilDBInstanceAvailable(every(client), { DBInstanceIdentifier });
    const [database] = (await client.describeDBInstances({ DBInstanceIdentifier })).DBInstances;
    await client.modifyDBInstance({ DBInstanceIdentifier, BackupRetentionPeriod: 3, ApplyImmediately: true });
    const [changed] = (await client.describeDBInstances({ Filters: [{ Name: "db-instance-id", Values: [DBInstanceIdentifier] }] })).DBInstances;
    await client.addTagsToResource({ ResourceName: database.DBInstanceArn, Tags: tags({ Changed: "yes" }) });
    const { TagList } = await client.listTagsForResource({ ResourceName: database.DBInstanceArn });
    await client.deleteDBInstance({ DBInstanceIdentifier, FinalDBSnapshotIdentifier: "js-final" });
    await waitUntilDBInstanceDeleted(every(client), { DBInstanceIdentifier });
    await waitUntilDBSnapshotAvailable(every(client), { DBSnapshotIdentifier: "js-final" });
    const gone = await refusal(client.describeDBInstances({ DBInstanceIdentifier }));
    await client.deleteDBSubnetGroup({ DBSubnetGroupName });
    return {
        version: database.EngineVersion, port: database.Endpoint.Port, retention: changed.BackupRetentionPeriod,
        tags: Object.fromEntries(TagList.map(tag => [tag.Key, tag.Value])), gone,
    };
}

async function elasticache() {
    const client = make(ElastiCache);
    const CacheClusterId = "js-cache", CacheParameterGroupName = "js-params";
    await client.createCacheParameterGroup({ CacheParameterGroupName, CacheParameterGroupFamily: "memcached1.6", Description: "large" });
    await client.modifyCacheParameterGroup({ CacheParameterGroupName, ParameterNameValues: [{ ParameterName: "max_item_size", ParameterValue: "2097152" }] });
    await client.createCacheCluster({
        CacheClusterId, CacheParameterGroupName, Engine: "memcached", CacheNodeType: "cache.t4g.micro", NumCacheNodes: 1, Tags: tags({ Client: "js" }),
    });
    await waitUntilCacheClusterAvailable(every(client), { CacheClusterId });
    await client.modifyCacheCluster({ CacheClusterId, NumCacheNodes: 2, ApplyImmediately: true });
    await waitUntilCacheClusterAvailable(every(client), { CacheClusterId });
    const [cluster] = (await client.describeCacheClusters({ CacheClusterId, ShowCacheNodeInfo: true })).CacheClusters;
    await client.deleteCacheCluster({ CacheClusterId });
    await waitUntilCacheClusterDeleted(every(client), { CacheClusterId });
    const changed = await collect(paginateDescribeCacheParameters({ client }, { CacheParameterGroupName, Source: "user" }), page => page.Parameters);
    const gone = await refusal(client.describeCacheClusters({ CacheClusterId }));
    return {
        nodes: cluster.CacheNodes.map(node => node.CacheNodeId), port: cluster.ConfigurationEndpoint.Port,
        parameters: Object.fromEntries(changed.map(one => [one.ParameterName, one.ParameterValue])), gone,
    };
}

const work = { sts, s3, ssm, ec2, rds, elasticache };
const answers = Object.fromEntries(await Promise.all(Object.entries(work).map(async ([name, run]) => [name, await run()])));
const { ec2: machines, ...others } = answers;
console.log(JSON.stringify({ ...others, ...machines }, null, 1));
