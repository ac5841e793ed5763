#!/usr/bin/env python3
"""Uses CloudWatch and CloudWatch Logs as botocore does, which speaks its own choice of protocol.

    python3 monitoring.py ENDPOINT ACCESS_KEY SECRET

Prints one JSON object of what it saw.
"""
import datetime
import json
import sys
import traceback

import botocore.config
import botocore.exceptions
import botocore.session


def main(endpoint, key, secret):
    session = botocore.session.Session()
    # Without retries: the first answer is what counts.
    config = botocore.config.Config(retries={"max_attempts": 0}, request_min_compression_size_bytes=100)
    options = {"region_name": "us-east-1", "endpoint_url": endpoint, "aws_access_key_id": key, "aws_secret_access_key": secret, "config": config}
    figures, logs = session.create_client("cloudwatch", **options), session.create_client("logs", **options)
    now = datetime.datetime.now(datetime.timezone.utc)
    seen = {"protocol": figures.meta.service_model.metadata["protocol"]}
    figures.put_metric_data(Namespace="T", MetricData=[
        {"MetricName": "a", "Timestamp": now, "Value": value, "Unit": "Count", "Dimensions": [{"Name": "Host", "Value": "i-1"}]} for value in range(50)])
    statistics = figures.get_metric_statistics(
        Namespace="T", MetricName="a", Dimensions=[{"Name": "Host", "Value": "i-1"}], StartTime=now - datetime.timedelta(minutes=5),
        EndTime=now + datetime.timedelta(minutes=5), Period=600, Statistics=["Sum", "Maximum"])
    seen["sum"] = sum(point["Sum"] for point in statistics["Datapoints"])
    figures.put_metric_alarm(AlarmName="x", Namespace="T", MetricName="a", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1.5,
                             ComparisonOperator="GreaterThanThreshold", Tags=[{"Key": "k", "Value": "v"}])
    alarm = figures.describe_alarms(AlarmNames=["x"])["MetricAlarms"][0]
    seen["alarm"] = [alarm["AlarmName"], alarm["Threshold"], alarm["AlarmConfigurationUpdatedTimestamp"].year == now.year]
    try:
        figures.get_dashboard(DashboardName="none")
    except botocore.exceptions.ClientError as error:
        seen["missing"] = [error.response["Error"]["Code"], type(error).__name__]
    logs.create_log_group(logGroupName="/g")
    logs.create_log_stream(logGroupName="/g", logStreamName="s")
    logs.put_log_events(logGroupName="/g", logStreamName="s", logEvents=[{"timestamp": int(now.timestamp() * 1000), "message": "hello"}])
    seen["logs"] = [event["message"] for event in logs.filter_log_events(logGroupName="/g", filterPattern="hello")["events"]]
    print(json.dumps(seen))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception:  # any other code than 2 would leave the reason out of what is shown
        traceback.print_exc()
        sys.exit(2)
