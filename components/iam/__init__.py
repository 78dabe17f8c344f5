"""IAM policy documents: pure functions of ARNs."""
