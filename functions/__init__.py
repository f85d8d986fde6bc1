"""The functions: what wakes us. One module for each Lambda function of template.yaml."""
