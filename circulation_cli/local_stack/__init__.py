"""The local stack: template.yaml on this machine.

An engine replaces DynamoDB, and a database file SQS. The gateway, the pumps and the schedules
invoke the functions with the same events as Lambda's triggers on AWS.
"""
