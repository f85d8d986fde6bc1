"""The local stack: template.yaml on this machine.

An engine stands in for DynamoDB, and a file for SQS; the gateway, the stream pump and the schedules
here stand in for what wakes the functions in Lambda, and hand them the same events.
"""
