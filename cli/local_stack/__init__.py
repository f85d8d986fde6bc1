"""The local stack: template.yaml on this machine, for development and tests. Not a product.

MiniStack stands in for DynamoDB and SQS; the gateway, the stream pump and the schedules here stand
in for what wakes the functions in Lambda, and hand them the same events.
"""
